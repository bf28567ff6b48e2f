"""What compilers and tests said of agents' edits, and what was found of the same edits: seen, caught, and why not.

    python -m benchmarks.failures SESSIONS [--clones FOLDER] [--write]

In each session of Claude Code a command's output is read for the messages of go, tsc, node, python, ruff, cargo, javac and dotnet
that name a file and what is wrong there. A message is joined to the file's last edit before the command. The sessions are ingested
into a log of their own, which is then asked what was found of that file's edits up to then, and of what kind.
"""

from __future__ import annotations

import argparse
import os
import re
import tempfile
from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from aicheck_app.capture.commands import effects
from aicheck_app.capture.examine import Examiner
from aicheck_app.config import Config
from aicheck_app.log.listing import older
from aicheck_app.log.store import Log
from benchmarks import readme, sessions

if TYPE_CHECKING:
    from collections.abc import Iterator

_PLACED = re.compile(
    r"^(?:\s*-->\s*|vet: |#\s*|\s+)?(?P<path>[\w./@+-]*[\w-]\.(?:go|tsx?|jsx?|mjs|py|rs|java|cs|kt|swift))"
    r"(?:[:(](?P<line>\d{1,6})[,:)]\d{0,6}\)?:?| line (?P<other>\d{1,6}))?:?\s*(?P<said>[^\n]{0,300})",
    re.MULTILINE,
)
_KINDS = (
    ("syntax", re.compile(r"syntax error|^expected '[^']+', found|SyntaxError|unterminated string|error TS1\d{3}\b|[Uu]nexpected token")),
    ("unused import", re.compile(r"imported and not used|F401|TS6133|unused import")),
    ("unused variable", re.compile(r"declared and not used|F841|unused variable")),
    ("name", re.compile(
        r"undefined: (?P<go>\w+)(?![\w.])|Cannot find name '(?P<ts>\w+)'|name '(?P<py>\w+)' is not defined"
        r"|Undefined name [`'](?P<ruff>\w+)|cannot find (?:\w+ )+`(?P<rs>\w+)`|(?P<js>\w+) is not defined"
        r"|error CS0103: The name '(?P<cs>\w+)'"
    )),
)  # fmt: skip


class Failure(NamedTuple):
    """What a tool said of a file after an edit of it."""

    session: str
    path: str
    kind: str
    name: str
    edits: tuple[str, ...]
    """The ids of the calls that edited the file before, in their order."""


class Edited:
    """What a session did to a file so far."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.written = self.removed = ""

    def take(self, call: str, given: dict[str, Any]) -> None:
        """An edit was applied."""
        self.calls.append(call)
        self.written += str(given.get("new_string") or given.get("content") or "") + "\n"
        self.removed += str(given.get("old_string") or "") + "\n"


def failures(file: str) -> Iterator[Failure]:
    """What commands said of the files that the session had edited, each message once."""
    calls: dict[str, dict[str, Any]] = {}
    edited: dict[str, Edited] = defaultdict(Edited)
    later = _imports(file)
    told: set[tuple[str, str]] = set()
    for row, block in _blocks(file):
        if block.get("type") == "tool_use":
            calls[block["id"]] = block
        call = calls.get(str(block.get("tool_use_id") or ""), {})
        given = call.get("input") or {}
        path = str(given.get("file_path") or "")
        if call.get("name") in ("Edit", "Write", "MultiEdit") and path and not block.get("is_error"):
            edited[path].take(block["tool_use_id"], given)
        elif call.get("name") == "Bash" and effects(str(given.get("command") or "")).builds:
            for place, kind, name in _said(_text(block), list(edited)):
                if kind == "name":
                    kind = _kind_of(name, later[place], edited[place])
                if (place, kind + name) not in told:
                    told.add((place, kind + name))
                    yield Failure(str(row.get("sessionId") or ""), place, kind, name, tuple(edited[place].calls))


def _kind_of(name: str, later: str, edited: Edited) -> str:
    """What an unknown name lacks: an import, if the session wrote one for it afterwards or took one away before."""
    imports = re.compile(
        rf"(?:import|use|using|require|^\s*\"|from)[^\n]*\b{re.escape(name)}\b|\"[\w./-]*\b{re.escape(name)}\"",
        re.MULTILINE,
    )
    if imports.search(edited.removed) and not imports.search(edited.written):
        return "dropped import"
    if not re.search(rf"\b{re.escape(name)}\b", edited.written):
        return "name that no edit wrote"
    return "missing import" if imports.search(later) else "undefined name"


def _blocks(file: str) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """The blocks of all messages, each with its line."""
    for row in sessions.rows(file):
        message = row.get("message")
        for block in message.get("content") or [] if isinstance(message, dict) else []:
            if isinstance(block, dict):
                yield row, block


def _imports(file: str) -> dict[str, str]:
    """All that the session wrote into each file."""
    found: dict[str, str] = defaultdict(str)
    for _, block in _blocks(file):
        given = block.get("input")
        if block.get("type") == "tool_use" and isinstance(given, dict):
            found[str(given.get("file_path") or "")] += (
                str(given.get("new_string") or given.get("content") or "") + "\n"
            )
    return found


def _said(output: str, paths: list[str]) -> Iterator[tuple[str, str, str]]:
    """The edited file, the kind and the name of each message of a tool."""
    for match in _PLACED.finditer(output[:200_000]):
        path = next((one for one in paths if one.endswith("/" + match["path"].lstrip("./"))), None)
        if path is None:
            continue
        for kind, pattern in _KINDS:
            if found := pattern.search(match["said"].strip()):
                yield path, kind, next(filter(None, found.groups()), "")
                break


def _text(block: dict[str, Any]) -> str:
    content = block.get("content")
    if isinstance(content, list):
        return "\n".join(str(one.get("text") or "") for one in content if isinstance(one, dict))
    return str(content or "")


class Found(NamedTuple):
    """What the log says of an edit."""

    whole: bool
    suspect: bool
    said: tuple[str, ...]
    when: tuple[str, ...]


def logged(log: Log) -> dict[str, Found]:
    """What was found of each edit, by its call's id."""
    when: dict[str, list[str]] = defaultdict(list)
    for body in log.bodies("kind = 'later'"):
        when[body["target"]].append(body["when"])
    return {
        one.record.tool_use: Found(
            one.record.unit == "file", one.record.verdict == "suspect",
            tuple(f"{found.code} {found.message}" for found in one.record.findings), tuple(when[one.record.id]),
        )
        for one in older(log, 10**9)
    }  # fmt: skip


def outcome(failure: Failure, found: dict[str, Found]) -> str:
    """Whether a failure was caught: by a finding of one of the file's edits that names the same, or of the same kind."""
    edits = [found[one] for one in failure.edits if one in found]
    said = [line for one in edits for line in one.said]
    if failure.kind == "syntax":
        caught = any(line.startswith(("SYN", "TRU", "COR", "ELI")) for line in said)
    else:
        caught = any(line.startswith("IMP") and f"'{failure.name}'" in line for line in said)
    if caught:
        return "caught"
    return "not seen by a rule" if edits and edits[-1].whole else "file unknown"


def main() -> None:
    """Run and print; see the module's docstring."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("sessions", type=Path)
    parser.add_argument("--clones", type=Path)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    by: dict[str, Counter[str]] = defaultdict(Counter)
    told: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as home, Log(os.path.join(home, "log.sqlite3")) as log:
        files = list(sessions.files(options.sessions))
        for repository in sorted({repository for _, repository in files}):
            examiner = Examiner(log, Config())
            examiner.committed = sessions.committed(repository, options.clones)
            for batch in (batch for file, own in files if own == repository for batch in examiner.file(file)):
                log.write(batch.bodies, batch.captured)
        found = logged(log)
        named: set[tuple[str, str]] = set()
        for file, _ in files:
            for failure in failures(file):
                by[failure.kind][outcome(failure, found)] += 1
                named |= {(edit, failure.name) for edit in failure.edits}
        for edit, one in found.items():
            for line in (line for line in one.said if line.startswith("IMP") and one.suspect):
                hit = any((edit, name) in named for name in re.findall(r"'(\w+)'", line))
                told["named by a tool as well" if hit else f"not named ({', '.join(one.when) or 'at once'})"] += 1
    head = [
        "| what a tool said | seen | caught | not seen by a rule | file unknown |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    rows = [
        f"| {kind} | {sum(counts.values())} | {counts['caught']} | {counts['not seen by a rule']} | {counts['file unknown']} |"
        for kind, counts in sorted(by.items())
    ]
    text = (
        "\n".join([*head, *rows])
        + f"\n\nFindings of imports and names: {', '.join(f'{n} {what}' for what, n in told.most_common())}.\n"
    )
    print(text)
    if options.write:
        readme.write("failures", text)


if __name__ == "__main__":
    main()
