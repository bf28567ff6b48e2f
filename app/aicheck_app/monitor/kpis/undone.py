"""KPI: work undone."""

from aicheck_app.monitor.kpi import Kpi

KPI = Kpi(
    name="undone",
    title="Work undone",
    over=("undone",),
    of=("edits",),
    unit="of edits applied",
    worse="higher",
    page=("Edits after which a file is again as it was before an earlier edit of the session."),
)
