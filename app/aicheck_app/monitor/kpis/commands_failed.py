"""KPI: commands that failed."""

from aicheck_app.monitor.kpi import Kpi

KPI = Kpi(
    name="commands_failed",
    title="Commands that failed",
    over=("commands_failed",),
    of=("commands",),
    unit="of shell commands",
    worse="higher",
    page=("Shell commands that ended with an error."),
    across=True,
)
