"""Run what the pages show: ``python docs/shown.py [PAGE...]`` writes the outputs anew; tests/docs/test_shown.py compares them.

A block ``console`` holds commands behind ``$`` (``>`` goes on) and what they print. All of a page's blocks run in their order in one
folder, which has a copy of examples/ and nothing else, with a home of its own and no network. In an output, ``…`` stands for any text, and
alone on a line for any lines. A comment ``<!-- not run: REASON -->`` above a block leaves it out.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[1]
ANY = "…"
_FENCE = re.compile(
    r"^(?P<indent> *)(?P<fence>`{3,})(?P<info>[^\n`]*)\n(?P<text>.*?)^(?P=indent)(?P=fence) *$",
    re.DOTALL | re.MULTILINE,
)
_NOT_RUN = re.compile(r"<!-- not run: ([^\n]+) -->\s*$")
_AICHECK = """#!/bin/sh
exec {python} -c 'import sys; sys.argv[0] = "aicheck"; from aicheck_app.cli.main import main; main()' "$@"
"""


class Block(NamedTuple):
    """A fenced block: its language, its text without the indentation, where the text stands in the page, and why it is not run."""

    info: str
    text: str
    span: tuple[int, int]
    indent: str
    not_run: str


class Step(NamedTuple):
    """A command, as it is typed, and what the page says that it prints."""

    command: str
    shown: str


def blocks(text: str) -> Iterator[Block]:
    """The fenced blocks of a page."""
    for match in _FENCE.finditer(text):
        reason = _NOT_RUN.search(text[: match.start()])
        yield Block(
            match["info"].strip(),
            textwrap.dedent(match["text"]),
            match.span("text"),
            match["indent"],
            reason[1] if reason else "",
        )


def steps(block: Block) -> list[Step]:
    """The commands of a block ``console``, each with its output."""
    found: list[list[str]] = []
    for line in block.text.splitlines():
        if line.startswith("$ "):
            found.append([line, ""])
        elif line.startswith("> ") and not found[-1][1]:
            found[-1][0] += "\n" + line
        else:
            found[-1][1] += line + "\n"
    return [Step(command, shown) for command, shown in found]


def run(text: str) -> list[tuple[Block, list[tuple[Step, str]]]]:
    """Each block of a page that is run, with its steps and what they printed."""
    found = [block for block in blocks(text) if block.info == "console" and not block.not_run]
    if not found:
        return []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        environment = _environment(folder)
        return [(block, [(step, _printed(step, folder, environment)) for step in steps(block)]) for block in found]


def fits(shown: str, printed: str) -> bool:
    """Whether an output is as the page shows it, but for what ``…`` stands for."""
    lines = [
        ".*" if line == ANY else r"[^\n]*".join(map(re.escape, line.split(ANY)))
        for line in shown.rstrip("\n").split("\n")
    ]
    return re.fullmatch("\n".join(lines), printed.rstrip("\n"), re.DOTALL) is not None


def pages() -> list[Path]:
    """All pages that may show commands."""
    beside = [ROOT / "README.md", ROOT / "examples/README.md", *(ROOT / "editors").glob("*/README.md")]
    return [
        *beside,
        *sorted(path for path in (ROOT / "docs").rglob("*.md") if not re.fullmatch(r"[A-Z]{3}\d{3}", path.stem)),
    ]


def _environment(folder: Path) -> dict[str, str]:
    """Make the folder and its programs; the environment in which a page's commands run."""
    shutil.copytree(ROOT / "examples", folder / "work/examples")
    for name in ("home", "bin", "tmp"):
        (folder / name).mkdir()
    program = folder / "bin/aicheck"
    program.write_text(_AICHECK.format(python=sys.executable))
    program.chmod(0o755)
    paths = [str(ROOT / name) for name in ("app", "checks", "lsp_server")]
    return {
        "HOME": str(folder / "home"), "AICHECK_HOME": str(folder / "home/aicheck"), "TMPDIR": str(folder / "tmp"),
        "PATH": os.pathsep.join((str(folder / "bin"), str(Path(sys.executable).parent), "/usr/bin", "/bin")),
        "PYTHONPATH": os.pathsep.join(paths), "GIT_CONFIG_GLOBAL": os.devnull, "AICHECK_HOOK_HELPER": "off",
        "LC_ALL": "C.UTF-8", "COLUMNS": "100", "HTTPS_PROXY": "http://127.0.0.1:9", "HTTP_PROXY": "http://127.0.0.1:9",
    }  # fmt: skip


def _printed(step: Step, folder: Path, environment: dict[str, str]) -> str:
    """What a command prints, on both outputs, with the made-up home as ``~``."""
    typed = "\n".join(line[2:] for line in step.command.split("\n"))
    done = subprocess.run(
        ["/bin/sh", "-c", typed], cwd=folder / "work", env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, encoding="utf-8", check=False, timeout=300,
    )  # fmt: skip
    printed = done.stdout.replace(str(folder / "work"), "~/work").replace(str(folder / "home"), "~")
    printed = printed.replace(str(Path(sys.executable).parent), "/usr/bin")
    return "".join(line.rstrip() + "\n" for line in printed.splitlines())


def main() -> None:
    """Write the outputs that are not as their pages show them."""
    for path in [Path(name).resolve() for name in sys.argv[1:]] or pages():
        text = path.read_text("utf-8")
        for block, done in reversed(run(text)):
            lines = "".join(
                f"{step.command}\n{step.shown if fits(step.shown, printed) else printed}" for step, printed in done
            )
            text = text[: block.span[0]] + textwrap.indent(lines, block.indent) + text[block.span[1] :]
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
