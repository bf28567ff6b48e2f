"""KPI: stopped early."""

from aicheck_app.monitor.kpi import Kpi

KPI = Kpi(
    name="stopped_early",
    title="Stopped early",
    over=("stopped_early",),
    of=("turns",),
    unit="of turns",
    worse="higher",
    page=("Turns whose last sentence announces a step, with no call behind it."),
    hit=True,
)
