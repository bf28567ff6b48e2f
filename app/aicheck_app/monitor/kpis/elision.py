"""KPI: elided outputs."""

from aicheck_app.monitor.kpi import Kpi

KPI = Kpi(
    name="elision",
    title="Elided outputs",
    over=("eli",),
    of=("checked",),
    unit="of checked outputs",
    worse="higher",
    page=("Outputs in which a placeholder stands for code that was left out."),
    hit=True,
    by_language=True,
    sides=True,
    family="ELI",
)
