"""KPI: suspect outputs."""

from aicheck_app.monitor.kpi import Kpi

KPI = Kpi(
    name="suspect",
    title="Suspect outputs",
    over=("suspect",),
    of=("checked",),
    unit="of checked outputs",
    worse="higher",
    page=(
        "An output is suspect if a rule says with at least medium confidence that it is damaged. This is the "
        "headline: it has half of the budget of false alarms."
    ),
    across=True,
    hit=True,
    by_language=True,
    sides=True,
)
