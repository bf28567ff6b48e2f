"""KPI: answered by another model."""

from aicheck_app.monitor.kpi import Kpi

KPI = Kpi(
    name="fallbacks",
    title="Answered by another model",
    over=("fallbacks",),
    of=("messages",),
    unit="per 1,000 messages",
    worse="higher",
    page=("Answers for which the client recorded that another model than the one asked for stepped in."),
    kind="ratio",
    scale=1000,
    hit=True,
)
