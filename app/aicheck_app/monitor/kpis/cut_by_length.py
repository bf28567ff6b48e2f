"""KPI: answers cut by their length."""

from aicheck_app.monitor.kpi import Kpi

KPI = Kpi(
    name="cut_by_length",
    title="Answers cut by their length",
    over=("cut_by_length",),
    of=("messages",),
    unit="per 1,000 messages",
    worse="higher",
    page=("Messages that ended because the limit of output tokens was reached."),
    kind="ratio",
    scale=1000,
    hit=True,
)
