"""Whether the signals of a turn's end are true: against turns of real sessions that were labelled by reading them.

    python -m benchmarks.turns SESSIONS [--write]

``SESSIONS`` holds ``AGENT/OWNER+NAME/FILE``; ``data/turns.jsonl`` names the labelled turns by their file's name, hashed, and their
number. A turn that is labelled and not found is counted, so that the figures never rest on fewer turns than they say.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from aicheck_app.capture.reader import Reader
from aicheck_app.log import records
from benchmarks import readme, sessions

if TYPE_CHECKING:
    from collections.abc import Iterable

LABELS = Path(__file__).with_name("data") / "turns.jsonl"
SIGNALS = ("said_done_failed", "said_done_unchecked", "stopped_early")


class Key(NamedTuple):
    """A turn: its file's name, hashed, and its number there."""

    file: str
    number: int


def labelled(lines: Iterable[str]) -> dict[Key, set[str]]:
    """The labels of each turn; a turn without any is one whose end was as it was said to be."""
    rows: list[dict[str, Any]] = [json.loads(line) for line in lines]
    return {Key(row["file_sha256"], row["turn"]): set(row["labels"]) for row in rows}


def told(folder: Path, wanted: set[str]) -> dict[Key, set[str]]:
    """The signals of each turn of the files wanted, as the log would hold them."""
    found: dict[Key, set[str]] = {}
    for file, _ in sessions.files(folder):
        name = hashlib.sha256(Path(file).name.encode()).hexdigest()
        if name in wanted:
            for record in _turns(file):
                found[Key(name, record.number)] = set(record.signals)
    return found


def _turns(file: str) -> list[records.Turn]:
    facts: list[records.Record] = []
    for session in Reader(file):
        session.finish()
        session.looks()
        facts += session.facts()
    return [fact for fact in facts if isinstance(fact, records.Turn) and not fact.side_chain]


def table(labels: dict[Key, set[str]], signals: dict[Key, set[str]]) -> str:
    """The table for benchmarks/README.md: of each signal, how often it is true and how often it is told where it is true."""
    turns = labels.keys() & signals.keys()
    lines = [
        f"{len(turns):,} labelled turns ({len(labels) - len(turns)} more not found in these sessions).\n",
        "| signal | true by label | told | told and true | precision | recall |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    true = Counter(name for key in turns for name in labels[key])
    said = Counter(name for key in turns for name in signals[key])
    both = Counter(name for key in turns for name in labels[key] & signals[key])
    for name in SIGNALS:
        precision, recall = _share(both[name], said[name]), _share(both[name], true[name])
        lines.append(f"| `{name}` | {true[name]} | {said[name]} | {both[name]} | {precision} | {recall} |")
    return "\n".join(lines) + "\n"


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.0%}" if whole else "-"


def main() -> None:
    """Measure, print, and write the table where asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sessions", type=Path)
    parser.add_argument("--write", action="store_true", help="put the table into benchmarks/README.md")
    asked = parser.parse_args()
    labels = labelled(LABELS.read_text("utf-8").splitlines())
    text = table(labels, told(asked.sessions, {key.file for key in labels}))
    print(text)
    if asked.write:
        readme.write("turns", text)


if __name__ == "__main__":
    main()
