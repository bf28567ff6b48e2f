"""KPI: messages that think."""

from aicheck_app.monitor.kpi import Kpi

KPI = Kpi(
    name="thinking",
    title="Messages that think",
    over=("thinking",),
    of=("messages",),
    unit="of messages",
    worse="lower",
    page=("Messages with a thinking block, whether its text is shown or not."),
    hangs_together=True,
    across=True,
)
