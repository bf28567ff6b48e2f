"""What leaves for a team's log of a person's own: its records of chosen projects, and what rates are made of."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any, NamedTuple

from aicheck_app import hashing
from aicheck_app.log import facts
from aicheck_app.log.chain import SALT
from aicheck_app.log.fields import cleaned, storable
from aicheck_app.log.handed_out import handed_out
from aicheck_app.log.queries import prunings
from aicheck_app.log.verify import Pruning

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from aicheck_app.log.records import Body
    from aicheck_app.log.store import Log

BATCH = 5_000
_IDS = ("session", "message", "request", "tool_use")
_PLAIN = ("code", "line", "column", "severity", "confidence")
"""Members of a finding that hold no words."""
_EXTENSION = 12
_RECORDS = (
    f"SELECT seq, body, hash FROM records WHERE seq > ? AND kind NOT IN ('prune', 'canary') ORDER BY seq LIMIT {BATCH}"
)
_FACTS = f"SELECT id, {', '.join(facts.KEY)}, first, last, touched, {', '.join(facts.COUNTERS)} FROM facts"


class Sent(NamedTuple):
    """A record as it is sent: its place in its log, its day, its project's pseudonym, what it says, its hash in the chain."""

    seq: int
    day: str
    project: str
    body: Body
    hash: str


class Leaving:
    """What of a log may leave: ``projects`` are pseudonyms by the keyed hashes that the log has for their folders.

    Sessions are hashes under the team's ``key``, and ids of messages and requests stay, unless ``ids`` says otherwise; findings go
    without their words, and files are named by hashes, unless ``excerpts`` does. What names no project itself (an event, a judgement) goes with its session, or with the output that it is about.
    """

    def __init__(
        self, log: Log, projects: Mapping[str, str], key: bytes, *, excerpts: bool = False, ids: bool = False
    ) -> None:
        self.log = log
        self.key = key
        self.ids = ids
        self.projects = projects
        self.excerpts = excerpts
        self._sessions = self._of_sessions()

    @property
    def scope(self) -> str:
        """What tells this choice of projects from another: each has its own place in the log up to which all was sent."""
        return hashing.of_text(f"{sorted(self.projects.items())} {self.excerpts} {self.ids}", 16)

    def records(self, since: int) -> Iterator[tuple[int, list[Sent]]]:
        """The records behind a place in the log, in batches, each with the place that it goes up to."""
        while rows := list(self.log.rows(_RECORDS, (since,))):
            since = rows[-1][0]
            bodies = [(seq, json.loads(body), bytes(stored).hex()) for seq, body, stored in rows]
            yield since, [one for row in bodies if (one := self._sent(*row)) is not None]

    def facts(self, since: int) -> Iterator[dict[str, object]]:
        """The rows of facts that were changed at or behind a place in the log, in the order of their changes."""
        names = ("id", *facts.KEY, "first", "last", "touched", *facts.COUNTERS)
        for row in self.log.rows(f"{_FACTS} WHERE touched >= ? ORDER BY touched, id", (since,)):
            found = dict(zip(names, row, strict=True))
            project = self.projects.get(found["project"]) or (
                "" if found["project"] else self._sessions.get(found["session"], "")
            )
            if project:
                yield {**found, "project": project, "session": self._session(str(found["session"]))}

    def held(self) -> set[int]:
        """The rows of facts that the log has, of whatever project."""
        return {int(row) for (row,) in self.log.rows("SELECT id FROM facts")}

    def newest(self) -> int:
        """The place of the newest record."""
        return next((int(seq or 0) for (seq,) in self.log.rows("SELECT max(seq) FROM records")), 0)

    def _of_sessions(self) -> dict[str, str]:
        """The pseudonym of the project of each session that is of one of them, by the hash that facts have for it."""
        rows = self.log.rows("SELECT DISTINCT session, project FROM facts WHERE project != '' AND session != ''")
        return {session: self.projects[project] for session, project in rows if project in self.projects}

    def _sent(self, seq: int, body: Body, stored: str) -> Sent | None:
        project = self._project(body)
        if not project:
            return None
        (kept,) = cleaned([handed_out(self.log, body)])
        if "project" in kept:
            kept["project"] = project
        if not self.ids:
            kept = {name: value for name, value in kept.items() if name not in _IDS}
            known = facts.session_of(str(body.get("agent", "")), str(body.get("session", "")))
            kept["session"] = self._session(known)
        if not self.excerpts:
            kept |= self._without_words(kept)
        kept = {name: value for name, value in kept.items() if value not in ("", [], None)}
        day = facts.day_of(str(kept.get("time", "")))
        return Sent(seq, day, project, _storable(kept), stored if body.get(SALT) else "")

    def _session(self, known: str) -> str:
        """What stands for a session, by the hash that facts have for it."""
        return hashing.keyed(self.key, f"session\0{known}", 16) if known else ""

    def _without_words(self, kept: Body) -> Body:
        """What findings and paths come to that hold no words of anybody's code or files."""
        findings = [{name: each[name] for name in _PLAIN if name in each} for each in kept.get("findings", ())]
        path = str(kept.get("path", ""))
        named = self.log.keyed(path) + os.path.splitext(path.replace("\\", "/"))[1][:_EXTENSION] if path else ""
        return {
            "findings": findings,
            "path": named,
            "words": "",
            "said": [],
            "reason": "" if kept.get("kind") == "event" else kept.get("reason", ""),
        }

    def hash_at(self, place: int) -> str:
        """The hash of the record in a place of the log, also of one that was pruned; empty where there is none."""
        asked = "SELECT hash FROM records WHERE seq = ?1 UNION ALL SELECT hash FROM pruned WHERE seq = ?1"
        return next((bytes(found).hex() for (found,) in self.log.rows(asked, (place,))), "")

    def has_purged(self) -> bool:
        """Whether a project was purged from the log."""
        return any(isinstance(one, Pruning) and not one.before for one in prunings(self.log))

    def _project(self, body: Body) -> str:
        if own := body.get("project"):
            return self.projects.get(str(own), "")
        if target := body.get("target"):
            about = self.log.rows("SELECT body FROM records WHERE id = ?", (target,))
            return next((self._project(json.loads(found)) for (found,) in about), "")
        return self._sessions.get(facts.session_of(str(body.get("agent", "")), str(body.get("session", ""))), "")


def _storable(value: Any) -> Any:
    """PostgreSQL's JSON holds neither NUL nor half a surrogate pair: U+FFFD stands for them."""
    if isinstance(value, str):
        return storable(value.replace("\0", "\ufffd"))
    if isinstance(value, dict):
        return {storable(key.replace("\0", "\ufffd")): _storable(each) for key, each in value.items()}
    return [_storable(each) for each in value] if isinstance(value, list) else value
