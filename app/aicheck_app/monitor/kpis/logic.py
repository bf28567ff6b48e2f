"""KPI: findings of logic."""

from aicheck_app.monitor.kpi import Kpi

KPI = Kpi(
    name="logic",
    title="Findings of logic",
    over=("log",),
    of=("lines",),
    unit="findings per 1,000 lines",
    worse="higher",
    page=(
        "Findings of the family LOG, which are information and never make an output suspect, in what the model wrote."
    ),
    kind="ratio",
    scale=1000,
    by_language=True,
    sides=True,
)
