"""KPI: interrupts."""

from aicheck_app.monitor.kpi import Kpi

KPI = Kpi(
    name="interrupts",
    title="Interrupts",
    over=("interrupts",),
    of=("calls",),
    unit="per 1,000 calls",
    worse="higher",
    page=("Times that the person stopped the model."),
    kind="ratio",
    scale=1000,
)
