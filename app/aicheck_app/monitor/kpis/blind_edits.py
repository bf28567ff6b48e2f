"""KPI: edits without a look."""

from aicheck_app.monitor.kpi import Kpi

KPI = Kpi(
    name="blind_edits",
    title="Edits without a look",
    over=("blind_edits",),
    of=("edits",),
    unit="of edits applied",
    worse="higher",
    page=("Edits of files that the session had neither read nor written before. Some clients do not let it happen."),
)
