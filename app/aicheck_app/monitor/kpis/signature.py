"""KPI: length of thinking."""

from aicheck_app.monitor.kpi import Kpi

KPI = Kpi(
    name="signature",
    title="Length of thinking",
    over=("signature",),
    of=("thinking_blocks",),
    unit="characters of signature per thinking block",
    worse="lower",
    page=(
        "The length of a thinking block's signature grows with that of the thinking, and stays where its text "
        "is hidden. Clients that keep no signature are not counted."
    ),
    kind="ratio",
    scale=1,
    hangs_together=True,
    across=True,
    shown_by="thinking_blocks",
)
