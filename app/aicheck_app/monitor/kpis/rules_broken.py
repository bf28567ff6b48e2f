"""KPI: project rules broken."""

from aicheck_app.monitor.kpi import Kpi

KPI = Kpi(
    name="rules_broken",
    title="Project rules broken",
    over=("rules_broken",),
    of=("rules_kept", "rules_broken"),
    unit="of steps that a rule is about",
    worse="higher",
    page=("Steps that broke a rule which the project states in its settings or instructions."),
)
