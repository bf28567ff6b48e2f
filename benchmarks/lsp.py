"""How fast the language server answers, beside ``ruff server`` and a pygls server that does nothing.

    python -m benchmarks.lsp [--edits 200] [--peers FOLDER] [--write]

A plain client inserts and removes a syntax error in the middle of a file and waits
each time for the right diagnostics of that very version; ``burst`` are 40 changes of
one character, 5 ms apart; ``name`` is the p50 of inserting and removing a name that only
ruff knows to be undefined. ``--peers`` names a folder with the programs of other servers, measured
on one file only. Times are milliseconds as the client sees them.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tests.lsp.client import Client, insert, replace

from benchmarks import readme

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.lsp.client import Message

BIN = Path(sys.executable).parent
SERVERS = {
    "aicheck": None,
    "pygls that does nothing": [sys.executable, str(Path(__file__).with_name("lsp_floor.py"))],
    "ruff server": [str(BIN / "ruff"), "server"],
}
PEERS = {
    "ty": ["ty", "server"],
    "pyrefly": ["pyrefly", "lsp"],
    "pylsp": ["pylsp"],
    "basedpyright": ["basedpyright-langserver", "--stdio"],
    "jedi-language-server": ["jedi-language-server"],
}
PATIENCE = 60.0
"""A server whose edits take longer than this in all (seconds) is measured on those so far."""
BAD = "BAD = = 1\n"
NAME = "print(BAD_name)\n"
TYPESCRIPT_BAD = "let BAD = = 1;\n"
BURST = 40


class Figures(NamedTuple):
    """Milliseconds, rounds of checks, and megabytes."""

    p50: float
    p95: float
    name: float
    first: float
    burst: float
    rounds: int
    memory: float


def python(lines: int) -> str:
    """A module of so many lines."""
    block = "def f{0}(x: int) -> list[str]:\n    found = [str(n) for n in range(x)]\n    if not found:\n        return []\n    return found\n\n\n"
    return "import os\n\n\n" + "".join(block.format(n) for n in range(lines // 7)) + "print(os.name)\n"


def typescript(lines: int) -> str:
    """The same in TypeScript."""
    block = "export function f{0}(x: number): string[] {{\n  const found = [...Array(x).keys()].map(String);\n  if (!found.length) {{\n    return [];\n  }}\n  return found;\n}}\n"
    return "".join(block.format(n) for n in range(lines // 7))


def measure(command: list[str] | None, text: str, language: str, edits: int) -> Figures:
    """One server with one document."""
    bad = BAD if language == "python" else TYPESCRIPT_BAD
    ending = ".py" if language == "python" else ".ts"
    with tempfile.TemporaryDirectory() as folder:
        os.environ["AICHECK_HOME"] = str(Path(folder) / "home")
        began = time.perf_counter()
        client = Client(folder, command=command)
        try:
            lines = text.split("\n")
            middle = len(lines) // 14 * 7 + 2
            broken = "\n".join([*lines[:middle], bad.rstrip("\n"), *lines[middle:]])
            uri = client.open(str(Path(folder) / f"a{ending}"), broken, language)
            _answered(client, uri, 1, bool)
            first = time.perf_counter() - began
            client.change(uri, 2, replace((middle, 0), (middle + 1, 0), ""))
            _answered(client, uri, 2, _none)
            client.quiet(1.5)
            taken, version = _edits(client, uri, middle, bad, edits, 2)
            named: list[float] = []
            if language == "python" and command in (SERVERS["aicheck"], SERVERS["ruff server"]):
                named, version = _edits(client, uri, middle, NAME, edits // 4, version)
            client.quiet(1.0)
            burst, rounds = _burst(client, uri, middle, version)
            resident = memory(client.process.pid)
        finally:
            client.kill()
    taken.sort()
    return Figures(
        1000 * statistics.median(taken),
        1000 * taken[int(len(taken) * 0.95)],
        1000 * statistics.median(named) if named else 0.0,
        1000 * first,
        1000 * burst,
        rounds,
        resident,
    )


def _answered(client: Client, uri: str, version: int, right: Callable[[list[Message]], bool]) -> None:
    """Wait for the right diagnostics of a version; some servers do not name it."""
    client.wait(
        lambda m: (
            m.get("method") == "textDocument/publishDiagnostics" and m["params"]["uri"] == uri
            and m["params"].get("version") in (version, None) and right(m["params"]["diagnostics"])
        )
    )  # fmt: skip


def _none(diagnostics: list[Message]) -> bool:
    return not any(d["severity"] == 1 if "severity" in d else True for d in diagnostics)


def _edits(client: Client, uri: str, line: int, bad: str, edits: int, version: int) -> tuple[list[float], int]:
    taken: list[float] = []
    for _ in range(edits // 2):
        if sum(taken) > PATIENCE:
            break
        for change, right in ((insert(line, 0, bad), bool), (replace((line, 0), (line + 1, 0), ""), _none)):
            version += 1
            began = time.perf_counter()
            client.change(uri, version, change)
            wanted: Callable[[list[Message]], bool] = right
            _answered(client, uri, version, wanted)
            taken.append(time.perf_counter() - began)
            client.received.clear()
    return taken, version


def _burst(client: Client, uri: str, line: int, version: int) -> tuple[float, int]:
    """Type a broken line at 200 characters a second."""
    text = ("BAD = = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]")[:BURST]
    client.received.clear()
    for column, char in enumerate(text):
        version += 1
        client.change(uri, version, insert(line, column, char))
        time.sleep(0.005)
    last = time.perf_counter()
    _answered(client, uri, version, lambda _: True)
    settled = time.perf_counter() - last
    answers = [m for m in client.quiet(0.5) if m.get("method") == "textDocument/publishDiagnostics"]
    return settled, len(answers) + 1


def memory(process: int) -> float:
    """Resident megabytes of a process."""
    for line in Path(f"/proc/{process}/status").read_text("ascii").splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return 0.0


def _servers(peers: Path | None) -> dict[str, list[str] | None]:
    found = {name: [str(peers / command[0]), *command[1:]] for name, command in PEERS.items()} if peers else {}
    return {**SERVERS, **found}


def _cells(command: list[str] | None, text: str, language: str, edits: int) -> str:
    try:
        f = measure(command, text, language, edits)
    except TimeoutError:
        return "no answer" + " | -" * 6
    named = f"{f.name:.1f}" if f.name else "-"
    return f"{f.p50:.1f} | {f.p95:.1f} | {named} | {f.first:.0f} | {f.burst:.1f} | {f.rounds} | {f.memory:.0f}"


def main() -> None:
    """Run and print; see the module's docstring."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--edits", type=int, default=200)
    parser.add_argument("--peers", type=Path, metavar="FOLDER")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    texts = {
        "Python, 1,000 lines": (python(1000), "python"),
        "TypeScript, 1,000 lines": (typescript(1000), "typescript"),
        "Python, 10,000 lines": (python(10_000), "python"),
    }
    lines = [
        "| document | server | edit p50 | p95 | name | first diagnostics | burst settled | answers | MB |",
        "| --- | --- |" + " ---: |" * 7,
    ]
    for name, (text, language) in texts.items():
        for server, command in _servers(options.peers if "Python, 1,000" in name else None).items():
            if server == "ruff server" and language != "python":
                continue
            lines.append(f"| {name} | {server} | {_cells(command, text, language, options.edits)} |")
            print(lines[-1], flush=True)
    if options.write:
        readme.write("lsp", "\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
