"""KPI: open items at the end."""

from aicheck_app.monitor.kpi import Kpi

KPI = Kpi(
    name="todo_open",
    title="Open items at the end",
    over=("todo_open",),
    of=("turns",),
    unit="of turns",
    worse="higher",
    page=("Turns that ended with open items on the model's own list."),
    hit=True,
)
