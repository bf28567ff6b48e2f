"""KPI: truncated outputs."""

from aicheck_app.monitor.kpi import Kpi

KPI = Kpi(
    name="truncation",
    title="Truncated outputs",
    over=("tru",),
    of=("checked",),
    unit="of checked outputs",
    worse="higher",
    page=("Outputs that end too early, or that lost the end or a definition of the version before."),
    hit=True,
    by_language=True,
    sides=True,
    family="TRU",
)
