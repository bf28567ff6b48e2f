"""KPI: corrupted outputs."""

from aicheck_app.monitor.kpi import Kpi

KPI = Kpi(
    name="corruption",
    title="Corrupted outputs",
    over=("cor",),
    of=("checked",),
    unit="of checked outputs",
    worse="higher",
    page=(
        "Outputs with leaked tokens, markers of edits or merges, foreign script, prose, or calls of tools in "
        "their words."
    ),
    hit=True,
    by_language=True,
    sides=True,
    family="COR",
)
