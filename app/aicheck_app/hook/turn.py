"""What a turn's edits came to, at its end: from the part of the transcript that the turn wrote.

An edit may use what the next one imports, so imports are judged now, and at each build that the turn ran. ``aicheck ingest`` later finds
the same outputs, under the same keys.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicheck_app import faults
from aicheck_app.capture.claude_code import Session
from aicheck_app.capture.committed import Committed
from aicheck_app.capture.lines import paired
from aicheck_app.origin import Look
from aicheck_checks.files import open_regular

if TYPE_CHECKING:
    from aicheck_app.hook.event import Event
    from aicheck_app.origin import Output

MAX_BYTES = 20_000_000
MAX_OUTPUTS = 300
"""Of one turn; ``aicheck ingest`` finds the rest."""


def edited(event: Event, start: int) -> tuple[list[Output], list[Look]]:
    """The outputs of the turn that began at this byte of the transcript, and the second looks that they need."""
    if not event.transcript.endswith(".jsonl"):
        return [], []
    try:
        with open_regular(event.transcript) as file:
            file.seek(start)
            lines = file.read(MAX_BYTES).splitlines()
    except OSError as error:
        faults.note("hook: the transcript of a turn can't be read", error)
        return [], []
    session = Session()
    session.place, session.committed = event.transcript, Committed()
    session.each([paired(line) for line in lines], session.read)
    session.end_turn()
    looks = [
        Look(_by_hook(look.file), tuple(map(_by_hook, look.edits)), look.when) for look in session.looks()[:MAX_OUTPUTS]
    ]
    return [_by_hook(output) for output in session.finish()[:MAX_OUTPUTS]], looks


def _by_hook(output: Output) -> Output:
    return output._replace(origin=output.origin._replace(attribution="hook"))
