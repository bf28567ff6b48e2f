"""Settings by the path of their keys, of whatever form they are: TOML, INI, YAML, JSON, or a program that is made of them.

Read line by line, as people write settings: a key and its value on a line, what belongs to it deeper or in brackets below. A text that
is written otherwise says less, never something wrong: whoever asks compares two versions of one file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicheck_checks.patterns import lazy

if TYPE_CHECKING:
    from aicheck_checks.source import Source

MOST = 5_000
"""Lines of settings that are read."""
LONG = 1_000
"""Code points of a line that hold no setting by anyone's hand."""
_SECTION = lazy(r"\[{1,2}([^\[\],]{1,200})\]{1,2}\s*(?:[#;].*)?$")
_KEY = lazy(r"(?:- )?[\"']?(@?[\w./@*:-]{1,100}?)[\"']?\s*(?:[:=](?=[\s\"'\[{\d]|$)|=)\s*")
_COMMENT = lazy(r"(?:#|//|;|/\*|\*)")
_BEHIND = lazy(r"\s(?:#|//)\s[^\"']*$")
_VALUE = lazy(r"[^\s,\"'\[\]{}()]+")

Settings = dict[str, tuple[str, ...]]
"""The values of each setting, by the path of its keys with dots between."""


def settings_of(source: Source) -> Settings:
    """The settings that a text holds."""
    found: dict[str, list[str]] = {}
    above: list[tuple[int, str]] = []
    for line in source.lines[:MOST]:
        said = line.strip()
        if not said or len(line) > LONG or _COMMENT.match(said):
            continue
        depth = len(line) - len(line.lstrip())
        section = _SECTION.match(said) if depth == 0 else None
        if section is not None:
            above = [(-1, section[1].strip().strip("\"'"))]
            continue
        said = _BEHIND.sub("", said)
        match = _KEY.match(said)
        if match is not None:
            depth += 2 if said.startswith("- ") else 0
            while above and above[-1][0] >= depth:
                above.pop()
            above.append((depth, match[1]))
        path = ".".join(key for _, key in above)
        found.setdefault(path, []).extend(_VALUE.findall(said[match.end() if match else 0 :]))
    return {path: tuple(values) for path, values in found.items()}
