"""What a run of ingest did, counted."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from aicheck_app.capture.tally import Tally

if TYPE_CHECKING:
    from aicheck_app.log.records import Body

OTHER_TEXT = "output that is known with another text"
"""A call's id is taken for unique: whoever writes a transcript can give an id again."""
MAX_LEFT = 1_000
"""Files that are named of those that were skipped."""


class Totals:
    """What a run of ingest did; ``as_dict`` is the documented JSON."""

    def __init__(self) -> None:
        self.files = 0
        self.sessions: set[str] = set()
        self.outputs = 0
        self.known = 0
        self.open = 0
        """Sessions whose last turn may go on: its messages are logged when nothing has followed for ten minutes."""
        self.findings: Counter[str] = Counter()
        self.by: dict[str, Counter[str]] = {n: Tally() for n in ("agent", "model", "tool")}
        self._verdicts: dict[str, str] = {}
        self.records = Tally()
        self.skipped = Tally()
        self.left: list[tuple[str, str]] = []
        """Files of which all or a part was skipped, and why."""
        self.troubles: dict[str, None] = {}
        """What is wrong with the settings of projects, which count as not there, each once."""
        self.rejected = Tally()
        self.failed = Tally()
        self.events = Tally()

    @property
    def verdicts(self) -> Counter[str]:
        """The outputs of this run by verdict, with what later looks made of them."""
        return Counter(self._verdicts.values())

    def leave(self, file: str, reason: str) -> None:
        """Count a file that was not read, and keep its name."""
        self.skipped[reason] += 1
        self.left.append((file, reason))

    def count(self, new: dict[str, dict[str, int]]) -> None:
        """Add what a session counted."""
        for name in ("rejected", "failed", "events"):
            getattr(self, name).update(new[name])

    def merge(self, other: Totals) -> None:
        """Add what another process has counted."""
        self.files += other.files
        self.known += other.known
        self.open += other.open
        self.left += other.left
        self.troubles.update(other.troubles)
        self.records.update(other.records)
        self.skipped.update(other.skipped)

    def as_dict(self) -> dict[str, Any]:
        """Counts for ``--format json``."""
        return {
            "version": 1,
            "files": self.files,
            "sessions": len(self.sessions),
            "outputs": self.outputs,
            "already_known": self.known,
            "open_sessions": self.open,
            "findings": dict(sorted(self.findings.items())),
            **{f"by_{name}": dict(sorted(counts.items())) for name, counts in self.by.items()},
            "by_verdict": dict(sorted(self.verdicts.items())),
            "records": dict(sorted(self.records.items())),
            "skipped": dict(sorted(self.skipped.items())),
            "skipped_files": [{"path": path, "reason": reason} for path, reason in self.left[:MAX_LEFT]],
            "settings": list(self.troubles),
            "rejected": dict(sorted(self.rejected.items())),
            "failed": dict(sorted(self.failed.items())),
            "events": dict(sorted((k, v) for k, v in self.events.items() if v)),
        }

    def met_again(self, known: str | None, digest: str | None) -> None:
        """Count an output that was known; of one whose text is another than was logged under its id nothing is logged."""
        self.known += 1
        if known and known != digest:
            self.skipped[OTHER_TEXT] += 1

    def add(self, body: Body, *, new: bool, known: str | None = None) -> None:
        """Count a record that was logged, or was known; then ``known`` is the hash of the text that was logged."""
        kind, found = body["kind"], body.get("findings", ())
        if kind == "later" and new:
            self.findings.update(one["code"] for one in found)
            if body["verdict"] == "suspect" and body["target"] in self._verdicts:
                self._verdicts[body["target"]] = "suspect"
        elif kind == "output" and not new:
            self.met_again(known, body.get("sha256"))
        elif kind == "output":
            self.outputs += 1
            self.findings.update(one["code"] for one in found)
            self.by["agent"][body.get("agent", "")] += 1
            self.by["model"][body.get("model", "unknown")] += 1
            self.by["tool"][body.get("tool", "")] += 1
            self._verdicts[body["id"]] = body["verdict"]
