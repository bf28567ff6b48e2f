"""Where what a client writes has changed: it would look like a change of quality (``edges.tsv``)."""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

_NUMBERS = re.compile(r"\d{1,9}")
_MOST = 4
Version = tuple[int, ...]


class Edge(NamedTuple):
    """From one version of a client on, and before another one, some counters are not filled, or are filled in another way."""

    agent: str
    first: Version
    end: Version
    """Empty where it holds for all that followed."""
    filled: bool
    counters: frozenset[str]
    words: str


@lru_cache(maxsize=1)
def edges() -> tuple[Edge, ...]:
    """All edges that are known, in the order of the file."""
    lines = files("aicheck_app.monitor").joinpath("edges.tsv").read_text(encoding="utf-8").splitlines()[1:]
    return tuple(_edge(*line.split("\t")) for line in lines)


@lru_cache(maxsize=4096)
def unfilled(agent: str, version: str, counters: tuple[str, ...]) -> bool:
    """Whether a version of a client does not fill one of these counters."""
    return any(not edge.filled for edge in _touching(agent, counters) if _holds(edge, parsed(version)))


@lru_cache(maxsize=4096)
def era(agent: str, version: str, counters: tuple[str, ...]) -> int:
    """How many changes of how these counters are filled a version has behind it: what lies between two can be compared."""
    return sum(edge.filled and edge.first <= parsed(version) for edge in _touching(agent, counters))


@lru_cache(maxsize=4096)
def parsed(version: str) -> Version:
    """The numbers of a version, the first four."""
    return tuple(map(int, _NUMBERS.findall(version)[:_MOST]))


def _touching(agent: str, counters: Iterable[str]) -> list[Edge]:
    wanted = set(counters)
    return [edge for edge in edges() if edge.agent == agent and edge.counters & wanted]


def _holds(edge: Edge, version: Version) -> bool:
    return edge.first <= version and (not edge.end or version < edge.end)


def _edge(agent: str, first: str, end: str, filled: str, counters: str, words: str) -> Edge:
    return Edge(agent, parsed(first), parsed(end), filled == "yes", frozenset(counters.split()), words)
