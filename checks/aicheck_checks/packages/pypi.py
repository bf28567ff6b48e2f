"""From a Python module's name to the distributions that may provide it."""

from __future__ import annotations

import os
import re
from functools import lru_cache

AFFIXES = ("python-{}", "py{}", "py-{}", "{}-python", "{}-py", "{}-client", "{}-sdk", "django-{}", "types-{}")
"""Habits of naming a distribution after its module."""


def normal(name: str) -> str:
    """A distribution's name as the index spells it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


@lru_cache(maxsize=1)
def import_names() -> dict[str, tuple[str, ...]]:
    """Modules whose distributions have other names; ``-`` for those that come with a host program."""
    path = os.path.join(os.path.dirname(__file__), "..", "data", "import_names.txt")
    with open(path, encoding="utf-8") as file:
        return {words[0]: tuple(words[1:]) for line in file if (words := line.split())}


def distributions(module: str) -> list[str]:
    """Names (normalised) under which a top-level module may be distributed, likeliest first."""
    plain = normal(module)
    return [*import_names().get(module, ()), plain, *(affix.format(plain) for affix in AFFIXES)]


def modules(distribution: str) -> set[str]:
    """Names under which a distribution may be imported."""
    plain = distribution.replace("-", "_")
    names = {plain, distribution.replace("-", ""), plain.split("_")[0]}
    names |= {module for module, listed in import_names().items() if distribution in listed}
    for prefix in ("python_", "py_", "django_", "flask_", "types_", "py"):
        if plain.startswith(prefix):
            names.add(plain[len(prefix) :])
    for suffix in ("_python", "_py", "_binary", "_client", "_sdk"):
        if plain.endswith(suffix):
            names.add(plain[: -len(suffix)])
    return names
