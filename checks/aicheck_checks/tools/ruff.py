"""ruff, driven as what it is: one process for many texts, JSON out.

ruff is the authority on whether Python parses and on undefined and unused
names (https://docs.astral.sh/ruff/rules/). It runs isolated from any
configuration, on private copies of the texts, so that what is judged is
exactly what was given, also for unsaved buffers and historical outputs.
"""

from __future__ import annotations

import json
import math
import os
import subprocess
from contextlib import suppress
from threading import Timer
from typing import TYPE_CHECKING

from aicheck_checks.diagnostic import Diagnostic
from aicheck_checks.programs import environment, find, installed, limit_computing

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from aicheck_checks.source import Source

SELECT = "F401,F403,F405,F701,F702,F704,F706,F707,F811,F821,F822,F841"
QUALITY = (
    "B006,B012,B015,B018,B023,B025,B033,C400,C401,C402,C413,C414,C416,C419,F601,F631,F632,F634,PERF102,PERF401,"
    "PERF402,PIE810,PLR0124,PLR0133,PLW0127,SIM118,SIM222,SIM223"
)
"""What only the families LOG and EFF use."""
TARGET = "py314"
SECONDS = 2
"""Computing time of a run, on all its threads together, and a tenth of a second more for each text: a loaded machine changes nothing."""
PATIENCE_SECONDS = 30.0
"""A run that does not end by then waits for something that does not come, or no limit of computing time is known on this system."""
MISSING = "not installed beside aicheck, nor on the PATH"
FAILED = f"it failed, or took longer than {SECONDS} s"
MAX_DIAGNOSTICS = 1_000
"""Of one text; ruff lists them in the order of the text."""


def executable() -> str | None:
    """The ruff beside this Python, else the one on PATH."""
    return installed("ruff") or find("ruff")


def _command(program: str, select: str, *arguments: str) -> list[str]:
    return [
        program, "check", "--isolated", "--no-cache", "--quiet", "--exit-zero",
        "--target-version", TARGET, "--select", select,
        "--output-format", "json-lines", *arguments,
    ]  # fmt: skip


def _number(line: bytes) -> int:
    """Of which text a line of ruff's output speaks: the copies are named by numbers, a single text is not."""
    path = line.partition(b'"filename":"')[2].partition(b'"')[0]
    name = path.replace(b"\\", b"/").rpartition(b"/")[2].partition(b".")[0]
    return int(name) if name.isdigit() else 0


def _diagnostic(row: dict[str, object]) -> Diagnostic:
    start, end = row["location"], row["end_location"]
    assert isinstance(start, dict)
    assert isinstance(end, dict)
    return Diagnostic(
        str(row["code"] or "invalid-syntax"),
        str(row["message"]),
        start["row"],
        start["column"],
        end["row"],
        end["column"],
    )


class Run:
    """A ruff process at work on some sources; ``collect`` waits and hands out its diagnostics.

    Starting and collecting are apart so that the caller works while ruff does.
    """

    def __init__(self, sources: Sequence[Source], *, threads: int | None = None, quality: bool = False) -> None:
        self.quality = quality
        self.sources = sources
        self.folder: str | None = None
        self.process: subprocess.Popen[bytes] | None = None
        program = executable() if sources else None
        self.failure = ""
        if program is None:
            self.failure = MISSING
            return
        arguments = self._stdin() if len(sources) == 1 else self._copies()
        self.process = subprocess.Popen(
            _command(program, f"{SELECT},{QUALITY}" if quality else SELECT, *arguments),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment(**({"RAYON_NUM_THREADS": str(threads)} if threads is not None else {})),
            cwd=self.folder or os.path.dirname(program),  # ours may be gone
        )
        limit_computing(self.process, SECONDS + math.ceil(len(sources) / 10))

    def _stdin(self) -> tuple[str, ...]:
        return ("--stdin-filename", "stub.pyi" if _is_stub(self.sources[0]) else "module.py", "-")

    def _copies(self) -> tuple[str, ...]:
        from tempfile import mkdtemp

        self.folder = mkdtemp(prefix="aicheck-")
        for number, source in enumerate(self.sources):
            suffix = ".pyi" if _is_stub(source) else ".py"
            with open(os.path.join(self.folder, f"{number}{suffix}"), "wb") as copy:
                copy.write(source.data)
        return (".",)

    def collect(self) -> None:
        """Set ``diagnostics`` on every source; it stays None where ruff could not judge."""
        try:
            found = self._diagnostics()
        finally:
            if self.folder is not None:
                from shutil import rmtree

                rmtree(self.folder, ignore_errors=True)
        if found is None:
            self._one_by_one()
            return
        for source, diagnostics in zip(self.sources, found, strict=True):
            diagnostics.sort(key=Diagnostic.order)
            source.diagnostics = [d for d in diagnostics if not (_awaits(d) and _is_notebook(source))]

    def _diagnostics(self) -> list[list[Diagnostic]] | None:
        """The diagnostics of each source, or None where ruff fails or takes too long."""
        if self.process is None:
            return None
        found: list[list[Diagnostic]] = [[] for _ in self.sources]
        killer = Timer(PATIENCE_SECONDS + len(self.sources) / 10, self.process.kill)
        killer.start()
        try:
            assert self.process.stdin is not None
            assert self.process.stdout is not None
            with self.process:
                with suppress(BrokenPipeError):
                    self.process.stdin.write(self.sources[0].data if self.folder is None else b"")
                with suppress(BrokenPipeError):
                    self.process.stdin.close()
                for line in self.process.stdout:
                    diagnostics = found[_number(line)]
                    if len(diagnostics) < MAX_DIAGNOSTICS:
                        diagnostics.append(_diagnostic(json.loads(line)))
                    elif len(found) == 1:
                        self.process.kill()
                        return found
        except (ValueError, TypeError, KeyError, AssertionError):  # killed in the middle of a line, or no ruff at all
            return None
        finally:
            killer.cancel()
        return found if self.process.returncode == 0 else None

    def _one_by_one(self) -> None:
        """One text that kills ruff must not take the judgement of the others with it."""
        if self.process is None or len(self.sources) == 1:
            for source in self.sources:
                source.unanswered["ruff"] = self.failure or FAILED
        else:
            half = len(self.sources) // 2
            for part in (self.sources[:half], self.sources[half:]):
                Run(part, quality=self.quality).collect()


def _is_notebook(source: Source) -> bool:
    """Whether a text is the cells of a notebook, where IPython awaits at the top."""
    return source.path.endswith(".ipynb")


def _awaits(diagnostic: Diagnostic) -> bool:
    return diagnostic.code == "F704" and "await" in diagnostic.message


def _is_stub(source: Source) -> bool:
    return source.path.endswith(".pyi")


def check(sources: Iterable[Source], *, threads: int | None = None) -> None:
    """Run ruff over the sources and set their ``diagnostics``."""
    Run(list(sources), threads=threads).collect()
