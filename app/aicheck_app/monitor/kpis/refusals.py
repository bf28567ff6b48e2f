"""KPI: refusals."""

from aicheck_app.monitor.kpi import Kpi

KPI = Kpi(
    name="refusals",
    title="Refusals",
    over=("refusals",),
    of=("messages",),
    unit="per 1,000 messages",
    worse="higher",
    page=("Answers that the service refused or a filter cut off."),
    kind="ratio",
    scale=1000,
    hit=True,
)
