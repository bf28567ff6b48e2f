"""KPI: time to first token."""

from aicheck_app.monitor.kpi import Kpi

KPI = Kpi(
    name="first_token",
    title="Time to first token",
    over=("first_token",),
    of=("first_tokens",),
    unit="milliseconds",
    worse="higher",
    page=("How long the service took to begin an answer, where a client records it."),
    kind="ratio",
    scale=1,
    hangs_together=True,
)
