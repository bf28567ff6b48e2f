"""A false alarm in Markdown, as the form for it (.github/ISSUE_TEMPLATE/false-alarm.yml) asks for it."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

from aicheck_app import __version__
from aicheck_app.redaction import redact
from aicheck_app.report.sinks.json import dumps
from aicheck_app.report.sinks.markdown import block, code, text
from aicheck_checks import RULESET
from aicheck_checks.registry import BY_CODE
from aicheck_checks.settings import DEFAULT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicheck_app.reduction.smallest import Smallest
    from aicheck_checks.settings import Settings

MOST = 20_000
"""Code points of a text."""
_WORDS = 60
_FROM_TIERS = {"quality": "quality = true", "deep": "deep = true"}


def rendered(found: Smallest) -> str:
    """The issue, with one field left for whoever reports it."""
    case, source, finding = found.case, found.source, found.finding
    place = source.position(finding.start)
    language = source.language.name if source.language is not None else ""
    sure = f"{finding.severity}, {finding.confidence} confidence"
    where = f"on line {place.line}, column {place.column}"
    lines = [
        "### Finding", "",
        f"{finding.code} {BY_CODE[finding.code].name} ({sure}) {where}: {text(redact(finding.message))}", "",
        "### Smallest text that brings it", "", _about(found, language), "", *_block(case.text, language), "",
    ]  # fmt: skip
    if case.previous is not None:
        lines += ["The version before, which the finding needs:", "", *_block(case.previous, language), ""]
    lines += [
        "### Settings that matter", "", *(_settings(case.settings) or ["none: it is found with the defaults"]), "",
        "### Versions", "", *(f"- {one}" for one in _versions(found)), "",
        "### Why the text is right", "",
        "(Please say it here: what the code does, and where the name, the module or the syntax comes from.)", "",
    ]  # fmt: skip
    return "\n".join(lines)


def _about(found: Smallest, language: str) -> str:
    case = found.case
    unit = {
        "file": "as a file",
        "fragment": "as a part of a file",
        "reply": "as code of a reply",
        "prose": "as words of a reply",
    }
    said = [f"Checked {unit[case.kind]} {code(case.path)}{f' ({language})' if language else ''}."]
    if case.text and not case.text.endswith("\n"):
        said.append("Its last line has no line break.")
    if not found.alone:
        said.append("It needs what stands round the file on the disk of who reports it, which is not in here.")
    if not found.shown:
        said.append("A secret was taken out of it, without which the finding does not come.")
    if not found.whole:
        said.append("It may not be the smallest: the search was stopped at its limit.")
    if found.own:
        more = f" and {len(found.own) - _WORDS:,} more" if len(found.own) > _WORDS else ""
        said.append(f"Words that are still those of the text: {', '.join(map(code, found.own[:_WORDS]))}{more}.")
    return " ".join(said)


def _block(value: str, language: str) -> list[str]:
    return block(value.removesuffix("\n"), language, MOST)


def _settings(settings: Settings) -> list[str]:
    """A line for each setting that the finding needs, as the settings file has it."""
    found = [f"- {code(_FROM_TIERS[tier])}" for tier in settings.tiers if tier in _FROM_TIERS]
    for name in ("select", "ignore", "max_bytes", "all_lines", "tools"):
        value = getattr(settings, name)
        if value != getattr(DEFAULT, name):
            key = name.replace("_", "-")
            found.append(f"- {code(f'{key} = {dumps(value)}')}")
    if settings.per_file_ignores:
        found.append("- `per-file-ignores`")
    if settings.index_folder is not None:
        found.append("- package indexes that `aicheck index update` brought")
    return found


def _versions(found: Smallest) -> Iterator[str]:
    yield f"aicheck {__version__}, rules {RULESET}"
    yield f"Python {platform.python_version()}, {platform.system()}"
    language = found.source.language
    packages = ["ruff"] if language is not None and language.name == "python" else []
    if language is not None and language.grammar:
        packages += ["tree-sitter", language.grammar.replace("_", "-")]
    for package in packages:
        try:
            yield f"{package} {version(package)}"
        except PackageNotFoundError:
            yield f"{package}: not installed as a package"
