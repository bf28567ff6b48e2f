"""KPI: output tokens."""

from aicheck_app.monitor.kpi import Kpi

KPI = Kpi(
    name="tokens",
    title="Output tokens",
    over=("tokens",),
    of=("messages",),
    unit="tokens per message",
    worse="either",
    page=("Output tokens of the model, as the service counts them."),
    kind="ratio",
    scale=1,
    hangs_together=True,
    across=True,
    tokens=True,
)
