"""KPI: calls repeated."""

from aicheck_app.monitor.kpi import Kpi

KPI = Kpi(
    name="repeated_calls",
    title="Calls repeated",
    over=("repeated_calls",),
    of=("calls",),
    unit="of calls",
    worse="higher",
    page=("Calls with the tool and input of an earlier one, with no edit between them."),
)
