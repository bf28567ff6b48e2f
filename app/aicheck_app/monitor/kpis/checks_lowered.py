"""KPI: outputs that lower checks."""

from aicheck_app.monitor.kpi import Kpi

KPI = Kpi(
    name="checks_lowered",
    title="Outputs that lower checks",
    over=("lowered",),
    of=("checked",),
    unit="of checked outputs",
    worse="higher",
    page=(
        "Outputs that skip or delete tests, silence a checker, lower what a setting demands, or take a check out of the build: "
        "warnings and notes of the family TST."
    ),
    hit=True,
    by_language=True,
    sides=True,
    family="TST",
)
