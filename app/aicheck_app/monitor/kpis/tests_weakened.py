"""KPI: outputs that weaken tests."""

from aicheck_app.monitor.kpi import Kpi

KPI = Kpi(
    name="tests_weakened",
    title="Outputs that weaken tests",
    over=("tst",),
    of=("checked",),
    unit="of checked outputs",
    worse="higher",
    page=("Outputs after which a test claims less than before, though nothing else in it changed."),
    hit=True,
    by_language=True,
    sides=True,
    family="TST",
)
