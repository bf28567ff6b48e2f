"""The text parses, but stops inside its last function: evidence says that more should follow.

## Why it matters
When a model is stopped at the end of a line, the rest still parses: a function
that prepares a value and never uses it, imports for code that never came. No
single sign is proof, so the signs are weighed together.

## How it is weighed
Each group of evidence (how the text ends, what the last function promises, what
is prepared and unused, which names are missing) adds one weight: the logarithm
of how much likelier that sign is in a cut file than in a whole one, fitted
jointly over thousands of released Python files and as many cut copies
(`benchmarks/fit_abrupt_end.py`; the weights are in `data/abrupt_end.json`). The
finding names the signs that weighed most. One weight is set, not fitted: a last
line without a line break (3 of 5,769 released files, but most raw replies of
models) counts as if one whole text in twenty had none, ln 20 = 3.0.

## Instead
Ask for the rest from the last line on, or discard the output.

## Known limits
A cut that leaves a tidy ending is not seen: better a miss than a false alarm.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from aicheck_checks.analysis import evidence
from aicheck_checks.analysis.ending import Ending, ending
from aicheck_checks.analysis.signs import describe
from aicheck_checks.finding import Found
from aicheck_checks.languages.tree import text_of
from aicheck_checks.patterns import lazy
from aicheck_checks.rule import Case, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicheck_checks.source import Source


_MEASURES = lazy(r"(?:time|timeraw|mem|peakmem|track|bench(?:mark)?|perf)_|benchmark$")
"""Benchmarks throw away what they compute, as those of asv do (https://asv.readthedocs.io/en/stable/writing_benchmarks.html)."""


@lru_cache(maxsize=1)
def weights() -> tuple[float, dict[str, dict[str, float]]]:
    """The threshold and the weight of each category of each group (natural logarithms)."""
    import json
    import os

    path = os.path.join(os.path.dirname(__file__), "..", "..", "data", "abrupt_end.json")
    with open(path, encoding="utf-8") as file:
        table = json.load(file)
    return table["threshold"], table["weights"]


def score(categories: dict[str, str]) -> float:
    """The sum of the weights."""
    _, table = weights()
    return sum(table[group].get(category, 0.0) for group, category in categories.items())


def _most(categories: dict[str, str]) -> float:
    """What the groups not yet looked at could add at most."""
    _, table = weights()
    return sum(max(table[group].values()) for group in table if group not in categories)


def _evidence(source: Source, easier: float = 0.0) -> tuple[Ending, dict[str, str]] | None:
    """The ending and its signs, if they reach the threshold lowered by ``easier``."""
    if source.tree is None or source.diagnostics is None or _has_lone_returns(source):
        return None
    end = ending(source.tree.root_node)
    if end is None or _MEASURES.match(text_of(end.function.child_by_field_name("name"))):
        return None
    threshold = weights()[0] - easier
    categories = evidence.gather(source, end, lambda found: score(found) + _most(found) >= threshold)
    return (end, categories) if score(categories) >= threshold else None


def _has_lone_returns(source: Source) -> bool:
    """Whether a carriage return alone ends a line: the grammar takes it for a blank, and the lines behind it for one."""
    return "\r" in source.text and source.text.count("\n") + 1 != len(source.lines)


def seems_cut(source: Source, *, easier: float) -> bool:
    """Whether there are signs of a cut, with a threshold lowered by ``easier``."""
    return _evidence(source, easier) is not None


def check(source: Source) -> Iterator[Found]:
    """The last statement, if the evidence against it reaches the threshold."""
    found = _evidence(source)
    if found is None:
        return
    end, categories = found
    _, table = weights()
    signs = sorted(categories.items(), key=lambda item: -table[item[0]].get(item[1], 0.0))
    strong = [sign for sign in signs if table[sign[0]].get(sign[1], 0.0) > 0.3]
    reasons = tuple(dict.fromkeys(describe(*sign) for sign in strong[:4]))
    message = f"seems cut off: {'; '.join(reasons)}"
    start = source.char_offset(end.statement.start_byte)
    stop = source.char_offset(end.statement.end_byte)
    yield Found(message, start, stop, confidence="medium", reasons=reasons)


_CUT = (
    "import json\nimport os\n\n\ndef load(path: str, strict: bool) -> dict:\n"
    '    """Load the settings.\n\n    Returns the settings as a dict.\n    """\n'
    "    full = os.path.abspath(path)\n    text = open(full).read()\n"
)

RULE = Rule(
    code="TRU004",
    name="abrupt-end",
    summary="parses, but stops inside its last function",
    page=__doc__,
    check=check,
    needs=(
        "tree",
        "linter",
    ),
    settles="text",
    when="parses",
    languages=("python",),
    yields_to=("TRU006", "ELI", "REP001"),
    good=(
        Case(_CUT + "    # as JSON\r    return json.loads(text)\n"),
        Case("import os\n\n\ndef size(path: str) -> int:\n    return os.stat(path).st_size\n"),
        Case("def greet(name):\n    print(f'hello {name}')\n"),
        Case("class A:\n    def __init__(self, x):\n        self.x = x\n"),
    ),
    bad=(
        Case(
            _CUT,
            line=11,
            says="seems cut off",
            symptom="the last function has no return and its work is not used",
        ),
    ),
)
