"""KPI: kept by the user."""

from aicheck_app.monitor.kpi import Kpi

KPI = Kpi(
    name="kept",
    title="Kept by the user",
    over=("kept",),
    of=("kept", "edited", "deleted"),
    unit="of outputs that the editor could follow",
    worse="lower",
    page=(
        "Outputs that still stood as they were written when the editor looked again; others were changed or "
        "deleted by the user. Only editors tell this."
    ),
    by_language=True,
    sides=True,
)
