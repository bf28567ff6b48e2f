"""KPI: edits that failed."""

from aicheck_app.monitor.kpi import Kpi

KPI = Kpi(
    name="edits_failed",
    title="Edits that failed",
    over=("edits_failed",),
    of=("edits", "edits_failed"),
    unit="of edits tried",
    worse="higher",
    page=(
        "Edits that the client could not apply: the text to replace was not there, was there several times, "
        "or the file had changed."
    ),
    across=True,
)
