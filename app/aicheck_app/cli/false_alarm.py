"""``aicheck report --false-alarm``: the smallest text that brings a finding, shown, and written if that is wanted."""

from __future__ import annotations

import os
import re
import sys
from typing import TYPE_CHECKING

from aicheck_app.cli.ask import confirmed
from aicheck_app.cli.report import write
from aicheck_app.cli.run_check import tell_refused
from aicheck_app.config import load
from aicheck_app.errors import AicheckError
from aicheck_app.log.found import found
from aicheck_app.log.store import Log
from aicheck_app.reduction import alarm
from aicheck_app.reduction.smallest import NAMING_SECONDS, SECONDS, smallest
from aicheck_app.report.false_alarm import rendered
from aicheck_app.report.sinks.terminal import document, echo

if TYPE_CHECKING:
    from aicheck_app.reduction.alarm import Alarm

_ID = re.compile(r"[0-9a-f]{5,64}")


def report_false_alarm(
    said: str, code: str, *, revision: str | None, output: str | None, preview: bool, yes: bool
) -> None:
    """Show what would be written, and write it if a person says so, or ``yes``."""
    meant = _meant(said, code.upper(), revision)
    echo(f"aicheck: making the text smaller, for {SECONDS + NAMING_SECONDS:g} s at most", err=True)
    text = rendered(smallest(meant.case, meant.finding))
    document(text)
    if preview:
        return
    if not yes and output is None and not (sys.stdin is not None and sys.stdin.isatty()):
        echo("aicheck: nothing was written: -o FILE or --yes writes it", err=True)
        return
    path = output or f"false-alarm-{meant.finding.code}.md"
    if yes or confirmed(f"Write this to {path}?", err=True):
        write(text, path)
        echo("say in it why the text is right, then post it as an issue; aicheck sends nothing", err=True)
    else:
        echo("nothing was written", err=True)


def _meant(said: str, code: str, revision: str | None) -> Alarm:
    """The finding of a file, or of an output by the beginning of its id, that is named with or without its line."""
    name, line = _placed(said)
    if not os.path.exists(name) and _ID.fullmatch(name):
        with Log(read_only=True) as log:
            return alarm.of_output(log, found(log, name), load(), line=line, code=code)
    if not os.path.isfile(name):
        raise AicheckError(f"{name}: no such file, and no id of an output (see 'aicheck log list')")
    config = load(os.path.dirname(os.path.abspath(name)))
    tell_refused(config)
    return alarm.of_file(name, config, line=line, code=code, revision=revision)


def _placed(said: str) -> tuple[str, int]:
    """A name and the line behind it; 0 where none is said."""
    name, _, line = said.rpartition(":")
    return (name, int(line)) if name and line.isdecimal() and not os.path.exists(said) else (said, 0)
