"""KPI: missing imports and names."""

from aicheck_app.monitor.kpi import Kpi

KPI = Kpi(
    name="imports",
    title="Missing imports and names",
    over=("imp",),
    of=("checked",),
    unit="of checked outputs",
    worse="higher",
    page=("Outputs that use a name or a module which nothing provides, or that drop an import which is still used."),
    hit=True,
    by_language=True,
    sides=True,
    family="IMP",
)
