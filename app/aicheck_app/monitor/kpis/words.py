"""KPI: words and calls."""

from aicheck_app.monitor.kpi import Kpi

KPI = Kpi(
    name="words",
    title="Words and calls",
    over=("characters",),
    of=("messages",),
    unit="characters per message",
    worse="either",
    page=("What the model wrote in a message: its words, and the input of its calls."),
    kind="ratio",
    scale=1,
    across=True,
)
