"""Charts as SVG, in the page's light or dark colours, the same bytes for the same data: bars in groups, and panels over time."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTH = 720
LEFT = 190
"""Where bars begin; names stand before."""
_STYLE = (
    "text{font:13px system-ui,sans-serif;fill:#24292f}.small{font-size:11px}.title{font-weight:600;font-size:14px}"
    ".soft{fill:#57606a}.line{stroke:#d0d7de;stroke-width:1}.a{fill:#3f51b5;stroke:#3f51b5}.b{fill:#9aa4b2;stroke:#9aa4b2}"
    ".c{fill:#c9d1d9;stroke:#c9d1d9}.bad{fill:#c62828;stroke:#c62828}.curve{fill:none!important;stroke-width:1.8}.dash{stroke-dasharray:5 4;stroke-width:1.5}"
    "@media(prefers-color-scheme:dark){text{fill:#e6edf3}.soft{fill:#9da7b3}.line{stroke:#3d444d}.a{fill:#8c9eff;stroke:#8c9eff}"
    ".b{fill:#7d8793;stroke:#7d8793}.c{fill:#4d5661;stroke:#4d5661}.bad{fill:#ff8a80;stroke:#ff8a80}}"
)


class Panel(NamedTuple):
    """What is drawn over days: a title, values by day as dots or a curve, and days that are marked with a word."""

    title: str
    values: Sequence[tuple[float, float]]
    highest: float
    ticks: Sequence[tuple[float, str]]
    curve: bool = False
    limit: tuple[float, str] | None = None
    marks: Sequence[tuple[float, str]] = ()
    strokes: Sequence[float] = ()
    """Days that get a short stroke at the bottom."""


def bars(
    title: str, spoken: str, groups: Sequence[tuple[str, Sequence[float]]], names: Sequence[str], unit: str, most: float
) -> str:
    """Groups of horizontal bars, each with its number."""
    each = 15
    parts = [_title(title)]
    for at, name in enumerate(names):
        x = LEFT + 150 * at
        parts += [
            f'<rect class="{"abc"[at]}" x="{x}" y="36" width="11" height="11"/>',
            _text(x + 17, 46, name, "small"),
        ]
    y = 62
    for name, values in groups:
        parts.append(_text(LEFT - 10, y + each * len(values) / 2 + 4, name, anchor="end"))
        for at, value in enumerate(values):
            length = value / most * (WIDTH - LEFT - 80)
            parts.append(
                f'<rect class="{"abc"[at]}" x="{LEFT}" y="{y}" width="{max(length, 1):.1f}" height="{each - 3}"/>'
            )
            parts.append(_text(LEFT + length + 8, y + each - 5, f"{value:,.4g}{unit}", "small soft"))
            y += each
        y += 9
    return _whole(parts, y, spoken)


def panels(title: str, spoken: str, drawn: Sequence[Panel], days: int, every: int) -> str:
    """Panels one below the other over the same days."""
    parts, y, height, left = [_title(title)], 58.0, 130.0, 70
    wide = WIDTH - left - 24

    def across(day: float) -> float:
        return left + day / days * wide

    for panel in drawn:
        parts.append(_text(left, y - 8, panel.title, "small soft"))

        def up(value: float, top: float = y, highest: float = panel.highest) -> float:
            return top + height - min(value, highest) / highest * height

        for value, word in panel.ticks:
            parts.append(
                f'<line class="line" x1="{left}" x2="{WIDTH - 24}" y1="{up(value):.1f}" y2="{up(value):.1f}"/>'
            )
            parts.append(_text(left - 8, up(value) + 4, word, "small soft", "end"))
        points = [(across(day), up(value)) for day, value in panel.values]
        if panel.curve:
            parts.append(f'<polyline class="a curve" points="{" ".join(f"{a:.1f},{b:.1f}" for a, b in points)}"/>')
        else:
            parts += [f'<circle class="a" cx="{a:.1f}" cy="{b:.1f}" r="2.2"/>' for a, b in points]
        if panel.limit:
            value, word = panel.limit
            parts.append(
                f'<line class="bad dash" x1="{left}" x2="{WIDTH - 24}" y1="{up(value):.1f}" y2="{up(value):.1f}"/>'
            )
            parts.append(_text(left + 6, up(value) - 5, word, "small"))
        for day in panel.strokes:
            parts.append(
                f'<line class="bad" x1="{across(day):.1f}" x2="{across(day):.1f}" y1="{y + height - 14}" y2="{y + height}"/>'
            )
        for day, word in panel.marks:
            parts.append(
                f'<line class="bad dash" x1="{across(day):.1f}" x2="{across(day):.1f}" y1="{y}" y2="{y + height}"/>'
            )
            parts.append(_text(across(day) + 5, y + (26 if panel.curve else 11), word, "small"))
        y += height + 34
    for day in range(0, days + 1, every):
        parts.append(_text(across(day), y - 16, f"day {day}" if day else "0", "small soft", "middle"))
    return _whole(parts, y, spoken)


def _title(title: str) -> str:
    return _text(10, 22, title, "title")


def _text(x: float, y: float, words: str, style: str = "", anchor: str = "start") -> str:
    return f'<text class="{style}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(words)}</text>'


def _whole(parts: Sequence[str], height: float, spoken: str) -> str:
    inside = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:.0f}" role="img">\n'
        f"<title>{escape(spoken)}</title><style>{_STYLE}</style>\n{inside}\n</svg>\n"
    )
