"""Persons' logs with outputs, messages and sessions, drawn by chance from a number."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

from aicheck_app.log.chain import identity
from aicheck_app.log.records import Event, Finding, Later, Mark, Message, Output, Session
from aicheck_app.log.store import Log

if TYPE_CHECKING:
    from pathlib import Path

    from aicheck_app.log.records import Record

PROJECTS = ("/home/ana/work/shop", "/home/ana/work/secret")


def drawn(number: int, outputs: int, log: Log, person: str = "ana") -> list[Record]:
    """Records of a person, in order: what ``number`` is drawn the same comes out the same."""
    chance = random.Random(number)
    found: list[Record] = []
    for at in range(outputs):
        session, day = (
            f"{person}-{number}-{at // 8}",
            f"2026-{1 + at * 6 // max(outputs, 1):02}-{1 + at % 28:02}T10:00:00.{at % 1000:03}Z",
        )
        project = log.keyed(PROJECTS[at // 8 % 2])
        known: dict[str, Any] = {
            "session": session,
            "time": day,
            "agent": "claude-code",
            "agent_version": f"2.1.{chance.randrange(4)}",
            "model": f"m{chance.randrange(2)}",
        }
        bad = chance.random() < 0.2
        findings = (
            [
                Finding(
                    code="TRU001",
                    message="cut off",
                    line=1,
                    column=1,
                    severity="error",
                    confidence="high",
                    excerpt="x = (",
                )
            ]
            if bad
            else []
        )
        output = Output(
            id=identity("output", person, str(number), str(at)), tool="Edit", unit="file", language=chance.choice(("python", "go")), verdict="suspect" if bad else "clean",
            project=project, path="a.py", lines=chance.randrange(1, 90), findings=findings, line_hashes="ab12cd34", ruleset="r1", attribution="transcript", **known,
        )  # fmt: skip
        found.append(output)
        found.append(
            Message(
                id=identity("message", output.id),
                project=project,
                tokens=chance.randrange(1, 900),
                thinking_blocks=chance.randrange(2),
                **known,
            )
        )
        if at % 8 == 7:
            found.append(
                Session(
                    id=identity("session", output.id),
                    project=project,
                    session=session,
                    agent="claude-code",
                    time=day,
                    context={"edits": 8, "rework": chance.randrange(4), "reads": 3},
                )
            )
            found.append(
                Event(id=identity("event", output.id), event="refusal", session=session, agent="claude-code", time=day)
            )
        if at % 11 == 0 and not bad:
            late = Finding(code="IMP001", message="lost import", line=2, column=1, severity="error", confidence="high")
            found.append(
                Later(
                    id=identity("later", output.id),
                    time=day,
                    target=output.id,
                    when="build",
                    session=session,
                    verdict="suspect",
                    findings=[late],
                )
            )
        if at % 13 == 0 and bad:
            found.append(Mark(id=identity("mark", output.id), time=day, target=output.id, mark="dismissed"))
    return found


def filled(folder: Path, number: int, outputs: int, person: str = "ana") -> Log:
    """A log of its own with records."""
    log = Log(str(folder / f"{person}{number}" / "log.sqlite3"))
    log.append(drawn(number, outputs, log, person))
    return log
