"""KPI: files read again."""

from aicheck_app.monitor.kpi import Kpi

KPI = Kpi(
    name="rereads",
    title="Files read again",
    over=("rereads",),
    of=("reads",),
    unit="of reads",
    worse="higher",
    page=("Readings of a file, or of the same part of it, that had been read and not edited since."),
)
