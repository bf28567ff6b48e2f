"""KPI: syntax errors."""

from aicheck_app.monitor.kpi import Kpi

KPI = Kpi(
    name="syntax",
    title="Syntax errors",
    over=("syn",),
    of=("checked",),
    unit="of checked outputs",
    worse="higher",
    page=("Outputs that do not parse, where no other rule knows the cause."),
    hit=True,
    by_language=True,
    sides=True,
    family="SYN",
)
