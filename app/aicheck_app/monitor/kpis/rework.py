"""KPI: rework."""

from aicheck_app.monitor.kpi import Kpi

KPI = Kpi(
    name="rework",
    title="Rework",
    over=("rework",),
    of=("edits",),
    unit="of edits applied",
    worse="higher",
    page=("Edits of a file that one of the model's three messages before had edited."),
)
