"""KPI: repetition."""

from aicheck_app.monitor.kpi import Kpi

KPI = Kpi(
    name="repetition",
    title="Repetition",
    over=("rep",),
    of=("checked",),
    unit="of checked outputs",
    worse="higher",
    page=("Outputs that repeat lines or definitions."),
    hit=True,
    by_language=True,
    sides=True,
    family="REP",
)
