"""KPI: reads per edit."""

from aicheck_app.monitor.kpi import Kpi

KPI = Kpi(
    name="reads_per_edit",
    title="Reads per edit",
    over=("reads",),
    of=("edits",),
    unit="reads per edit",
    worse="lower",
    page=("How much a session reads for each edit that it makes. Compare with the same project only."),
    kind="ratio",
    scale=1,
    across=True,
)
