"""KPI: thinking tokens."""

from aicheck_app.monitor.kpi import Kpi

KPI = Kpi(
    name="thinking_tokens",
    title="Thinking tokens",
    over=("thinking_tokens",),
    of=("tokens",),
    unit="of output tokens",
    worse="lower",
    page=("Output tokens that were spent on thinking, where the service counts them."),
    hangs_together=True,
    tokens=True,
    shown_by="thinking_blocks",
)
