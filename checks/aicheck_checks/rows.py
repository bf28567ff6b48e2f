"""Rules of one shape, a row each: what another linter says of a place, as information.

Such a rule never makes an output suspect; its rate is what counts.
"""

from __future__ import annotations

from functools import partial
from textwrap import fill
from typing import TYPE_CHECKING, NamedTuple

from aicheck_checks.analysis.linted import inferred, linted
from aicheck_checks.rule import Rule

if TYPE_CHECKING:
    from aicheck_checks.rule import Case, Need

_PAGE = """\
{title}

## Why it matters
{why}

## Instead
{instead}

## When it counts
{counts}
"""
_WIDTH = 80


class Row(NamedTuple):
    """A rule's code, name, summary and page, which messages it is made of, and its cases.

    ``unnecessary`` is about code that does nothing. ``ruff`` holds codes of ruff (https://docs.astral.sh/ruff/rules/), ``pylint`` symbols of pylint's messages.
    """

    code: str
    name: str
    summary: str
    title: str
    why: str
    instead: str
    good: tuple[Case, ...]
    bad: tuple[Case, ...]
    ruff: tuple[str, ...] = ()
    unnecessary: bool = False
    pylint: tuple[str, ...] = ()


def rule_of(row: Row) -> Rule:
    """The rule that a row is."""
    needs: tuple[Need, ...] = ("inferred",) if row.pylint else ("linter",)
    ask = partial(inferred, symbols=frozenset(row.pylint)) if row.pylint else partial(linted, codes=frozenset(row.ruff))
    return Rule(
        row.code, row.name, row.summary, _page(row), ask, row.good, row.bad, when="parses", languages=("python",),
        needs=needs, info=True, unnecessary=row.unnecessary,
    )  # fmt: skip


def _page(row: Row) -> str:
    linter = f"pylint's {', '.join(row.pylint)}" if row.pylint else f"ruff's {', '.join(row.ruff)}"
    counts = (
        f"Found by {linter}. It is information, never makes an output suspect, and is shown only when `--quality` "
        f"(setting `quality`) or `--select {row.code[:3]}` asks for it; logged outputs always count it."
    )
    if row.pylint:
        counts += " It needs `--deep` too, since it takes seconds."
    why, instead, counts = (fill(text, _WIDTH) for text in (row.why, row.instead, counts))
    return _PAGE.format(title=row.title, why=why, instead=instead, counts=counts)
