"""KPI: refusals in place of code."""

from aicheck_app.monitor.kpi import Kpi

KPI = Kpi(
    name="refusal_text",
    title="Refusals in place of code",
    over=("ref",),
    of=("checked",),
    unit="of checked outputs",
    worse="higher",
    page=("Outputs that hold the words of a refusal or of a service's notice."),
    hit=True,
    by_language=True,
    sides=True,
    family="REF",
)
