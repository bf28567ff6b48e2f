"""KPI: work forgotten."""

from aicheck_app.monitor.kpi import Kpi

KPI = Kpi(
    name="context",
    title="Work forgotten",
    over=("ctx",),
    of=("checked",),
    unit="of checked outputs",
    worse="higher",
    page=("Outputs that undo or lack what the same session did before."),
    hit=True,
    by_language=True,
    sides=True,
    family="CTX",
)
