"""``aicheck verify``."""

from __future__ import annotations

import click

from aicheck_app.errors import AicheckError
from aicheck_app.report.sinks.terminal import echo


@click.command("verify", short_help="Check a report that you were given.")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
def command(files: tuple[str, ...]) -> int:
    """Work the figures of a report out again, on any machine; exit 1 if one is not as it says, 2 if a file can't be read as a report.

    What is wrong is said in a line each, and so is all that had to be taken on the report's word.

    Of a JSON report all totals, rates and intervals are worked out again from the counts that stand in it, and each exhibit is
    shown to be one of the outputs that its day's root stands for; and the hash that the report states of itself is checked, as it
    is in a Markdown report's last line. Whoever makes up a whole report can make up its hashes too: compare these with the ones
    that were made known, and with 'aicheck log verify' on the machine that it comes from.

    \b
    aicheck verify report.json
    """
    from aicheck_app.report.evidence.verify import verify

    wrong = unread = False
    for file in files:
        try:
            found = verify(file)
        except AicheckError as error:
            echo(str(error), err=True)
            unread = True
            continue
        for fault in found.faults:
            echo(f"{file}: not as it says: {fault}")
        if not found.faults:
            whole = (
                f"{found.figures:,} figures worked out again, all as it says" if found.figures else "the text is whole"
            )
            echo(f"{file}: {whole}. Taken on its word: {'; '.join(found.taken)}.")
        wrong |= bool(found.faults)
    return 2 if unread else int(wrong)
