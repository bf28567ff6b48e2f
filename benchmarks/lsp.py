"""How fast the language server answers, beside ``ruff server`` and a pygls server that does nothing.

    python -m benchmarks.lsp [--edits 200] [--peers FOLDER] [--write]

The documents are released modules of the installed packages, those nearest to the wanted number of lines of which neither
aicheck nor ruff says anything. A plain client inserts and removes a syntax error at places drawn by chance between the
definitions and waits each time for the right diagnostics of that very version; ``burst`` are 40 changes of
one character, 5 ms apart; ``name`` is the p50 of inserting and removing a name that only
ruff knows to be undefined. ``--peers`` names a folder with the programs of other servers, measured
on one file only. Times are milliseconds as the client sees them.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tests.lsp.client import Client, insert, replace

from aicheck_checks.engine import check
from aicheck_checks.source import Source
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
SEED = 7
MIN_PLACES = 20
_STARTS = ("function_definition", "class_definition", "decorated_definition")


class Figures(NamedTuple):
    """Milliseconds, rounds of checks, and megabytes."""

    p50: float
    p95: float
    name: float
    first: float
    burst: float
    rounds: int
    memory: float


class Document(NamedTuple):
    """A module: its language, text, and the lines (from 0) where a statement of its own can stand."""

    title: str
    language: str
    text: str
    places: list[int]


def python(lines: int) -> Document:
    """The released module nearest to so many lines, with definitions of its own, of which nobody says anything."""
    folder = Path(sysconfig.get_path("purelib"))
    for path in sorted(folder.rglob("*.py"), key=lambda path: abs(len(_lines(path)) - lines)):
        read = _lines(path)
        tree = Source("\n".join(read), path="a.py").tree if abs(len(read) - lines) < lines / 2 else None
        places = (
            [node.start_point.row for node in tree.root_node.named_children if node.type in _STARTS] if tree else []
        )
        if len(places) > MIN_PLACES and _is_silent(path):
            return Document(f"{path.relative_to(folder)}, {len(read):,} lines", "python", "\n".join(read), places)
    raise FileNotFoundError("no such module is installed")


def typescript(lines: int) -> Document:
    """A made-up module, for no package that is installed here has one."""
    block = "export function f{0}(x: number): string[] {{\n  const found = [...Array(x).keys()].map(String);\n  if (!found.length) {{\n    return [];\n  }}\n  return found;\n}}\n"
    text = "".join(block.format(n) for n in range(lines // 7))
    return Document(f"TypeScript, made up, {lines:,} lines", "typescript", text, list(range(0, lines // 7 * 7, 7)))


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text("utf-8").split("\n")
    except UnicodeDecodeError:
        return []


def _is_silent(path: Path) -> bool:
    result = check(Source(path.read_text("utf-8"), path="a.py"))
    ruff = subprocess.run(
        [str(BIN / "ruff"), "check", "--isolated", "--no-cache", "-q", "--select", "E9,F63,F7,F82", str(path)],
        capture_output=True,
        check=False,
    )
    return result.findings == () and result.reason == "" and ruff.returncode == 0


def measure(command: list[str] | None, document: Document, edits: int) -> Figures:
    """One server with one document."""
    text, language = document.text, document.language
    bad = BAD if language == "python" else TYPESCRIPT_BAD
    ending = ".py" if language == "python" else ".ts"
    rng = random.Random(SEED)
    with tempfile.TemporaryDirectory() as folder:
        os.environ["AICHECK_HOME"] = str(Path(folder) / "home")
        began = time.perf_counter()
        client = Client(folder, command=command)
        try:
            lines = text.split("\n")
            middle = document.places[len(document.places) // 2]
            broken = "\n".join([*lines[:middle], bad.rstrip("\n"), *lines[middle:]])
            uri = client.open(str(Path(folder) / f"a{ending}"), broken, language)
            _answered(client, uri, 1, bool)
            first = time.perf_counter() - began
            client.change(uri, 2, replace((middle, 0), (middle + 1, 0), ""))
            _answered(client, uri, 2, _none)
            client.quiet(1.5)
            taken, version = _edits(client, uri, rng.choices(document.places, k=edits // 2), bad, 2)
            named: list[float] = []
            if language == "python" and command in (SERVERS["aicheck"], SERVERS["ruff server"]):
                named, version = _edits(client, uri, rng.choices(document.places, k=edits // 8), NAME, version)
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


def _edits(client: Client, uri: str, places: list[int], bad: str, version: int) -> tuple[list[float], int]:
    taken: list[float] = []
    for line in places:
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


def _cells(command: list[str] | None, document: Document, edits: int) -> str:
    try:
        f = measure(command, document, edits)
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
    documents = [python(1000), typescript(1000), python(4_000)]
    lines = [
        "| document | server | edit p50 | p95 | name | first diagnostics | burst settled | answers | MB |",
        "| --- | --- |" + " ---: |" * 7,
    ]
    for document in documents:
        for server, command in _servers(options.peers if document is documents[0] else None).items():
            if server == "ruff server" and document.language != "python":
                continue
            lines.append(f"| {document.title} | {server} | {_cells(command, document, options.edits)} |")
            print(lines[-1], flush=True)
    if options.write:
        readme.write("lsp", "\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
