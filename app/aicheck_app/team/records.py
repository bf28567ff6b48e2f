"""What leaves for a team's log of a person's own: its records of chosen projects, and what rates are made of."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from aicheck_app import hashing
from aicheck_app.log import facts
from aicheck_app.log.chain import SALT
from aicheck_app.log.fields import cleaned, storable
from aicheck_app.log.handed_out import handed_out

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from aicheck_app.log.records import Body
    from aicheck_app.log.store import Log

BATCH = 5_000
_RECORDS = (
    "SELECT seq, body, hash FROM records WHERE seq > ? AND kind NOT IN ('prune', 'canary') ORDER BY seq LIMIT 5000"
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

    What names no project itself (an event, a judgement) goes with its session, or with the output that it is about.
    """

    def __init__(self, log: Log, projects: Mapping[str, str], *, excerpts: bool = False) -> None:
        self.log = log
        self.projects = projects
        self.excerpts = excerpts
        self._sessions = self._of_sessions()

    @property
    def scope(self) -> str:
        """What tells this choice of projects from another: each has its own place in the log up to which all was sent."""
        return hashing.of_text(f"{sorted(self.projects.items())} {self.excerpts}", 16)

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
                yield {**found, "project": project}

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
        if not self.excerpts:
            kept["findings"] = [{k: v for k, v in each.items() if k != "excerpt"} for each in kept.get("findings", ())]
        kept = {name: value for name, value in kept.items() if value not in ("", [], None)}
        day = facts.day_of(str(kept.get("time", "")))
        return Sent(seq, day, project, _storable(kept), stored if body.get(SALT) else "")

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
