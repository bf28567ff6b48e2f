"""KPI: tests taken away."""

from aicheck_app.monitor.kpi import Kpi

KPI = Kpi(
    name="tests_lost",
    title="Tests taken away",
    over=("tests_removed", "tests_deleted"),
    of=("edits",),
    unit="per 1,000 edits",
    worse="higher",
    page=("Tests that an edit took out of a file, and files of tests that a command deleted."),
    kind="ratio",
    scale=1000,
    hit=True,
)
