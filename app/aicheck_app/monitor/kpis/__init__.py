"""All KPIs, one file each, in the order in which they are shown; the first is the headline."""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aicheck_app.monitor.kpi import Kpi

NAMES = (
    "suspect", "syntax", "imports", "truncation", "elision", "corruption", "refusal_text", "repetition",
    "context", "logic", "efficiency", "kept", "edits_failed", "rework", "undone", "commands_failed",
    "rereads", "repeated_calls", "interrupts", "reads_per_edit", "blind_edits", "tests_lost",
    "tests_weakened", "checks_lowered", "unsaved_lost", "said_done", "stopped_early", "todo_open", "rules_broken", "tokens", "thinking", "thinking_tokens",
    "signature", "words", "cache_read", "first_token", "fallbacks", "refusals", "cut_by_length",
)  # fmt: skip


@lru_cache(maxsize=1)
def kpis() -> tuple[Kpi, ...]:
    """The KPIs."""
    return tuple(import_module(f"{__name__}.{name}").KPI for name in NAMES)


def named(name: str) -> Kpi | None:
    """The KPI of this name."""
    return next((kpi for kpi in kpis() if kpi.name == name), None)
