"""The same exception is caught twice by one `try`.

## Why it matters
The second handler never runs.

## Instead
Merge the handlers, or catch what was meant.

## When it counts
Found by ruff's B025. It is information, never makes an output suspect, and is
shown only when `--quality` (setting `quality`) or `--select LOG` asks for it;
logged outputs always count it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicheck_checks.rule import Case, Rule
from aicheck_checks.rules.linted import linted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicheck_checks.finding import Finding
    from aicheck_checks.source import Source

_CODES = frozenset({"B025"})


def check(source: Source) -> Iterator[Finding]:
    """Each place that the linter names."""
    return linted(source, "LOG006", _CODES)


RULE = Rule(
    code="LOG006",
    name="duplicate-handler",
    summary="the same exception is caught twice",
    page=__doc__,
    check=check,
    when="parses",
    languages=("python",),
    tier="quality",
    good=(
        Case(
            "def f(a):\n    try:\n        a()\n    except ValueError:\n        return 1\n    except KeyError:\n        return 2\n"
        ),
    ),
    bad=(
        Case(
            "def f(a):\n    try:\n        a()\n    except ValueError:\n        return 1\n    except ValueError:\n        return 2\n",
            line=6,
        ),
    ),
)
