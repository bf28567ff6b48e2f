"""KPI: unsaved work lost."""

from aicheck_app.monitor.kpi import Kpi

KPI = Kpi(
    name="unsaved_lost",
    title="Unsaved work lost",
    over=("unsaved_lost",),
    of=("edits",),
    unit="per 1,000 edits",
    worse="higher",
    page=("Files with uncommitted edits of the session that a command overwrote, took back or removed."),
    kind="ratio",
    scale=1000,
    hit=True,
)
