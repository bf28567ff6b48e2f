"""KPI: read from the cache."""

from aicheck_app.monitor.kpi import Kpi

KPI = Kpi(
    name="cache_read",
    title="Read from the cache",
    over=("cache_read",),
    of=("cache_read", "cache_written", "input_tokens"),
    unit="of input tokens",
    worse="lower",
    page=("Input tokens that came from the service's cache. A share that falls makes sessions dearer."),
    hangs_together=True,
)
