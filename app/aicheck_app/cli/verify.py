"""``aicheck verify``."""

from __future__ import annotations

import click

from aicheck_app.report.sinks.terminal import echo


@click.command("verify", short_help="Check a report that you were given.")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
def command(files: tuple[str, ...]) -> int:
    """Work the figures of a report out again, on any machine; exit 1 if one is not as it says.

    Of a JSON report all totals, rates and intervals are worked out again from the counts that stand in it, and each exhibit is
    shown to be one of the outputs that its day's root stands for; and the hash that the report states of itself is checked, as it
    is in a Markdown report's last line. Whoever makes up a whole report can make up its hashes too: compare these with the ones
    that were made known, and with 'aicheck log verify' on the machine that it comes from.

    \b
    aicheck verify report.json
    """
    from aicheck_app.report.evidence.verify import verify

    wrong = False
    for file in files:
        number, faults = verify(file)
        for fault in faults:
            echo(f"{file}: not as it says: {fault}")
        if not faults:
            echo(f"{file}: {number:,} figures worked out again, all as it says")
        wrong |= bool(faults)
    return 1 if wrong else 0
