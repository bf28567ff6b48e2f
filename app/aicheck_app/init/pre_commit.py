"""Our hook in `.pre-commit-config.yaml`: put in and taken out as text, so that all else stays as its author wrote it.

A YAML library says where the list of repositories stands (https://pre-commit.com, "Adding pre-commit plugins to your
project"); afterwards it must read the new text as the old one with our entry in it, and nothing else.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple

from aicheck_app.errors import AicheckError
from aicheck_checks.programs import environment, find, installed

if TYPE_CHECKING:
    from ruamel.yaml.error import StreamMark
    from ruamel.yaml.events import Event

FILE = ".pre-commit-config.yaml"
HOOKS = ("aicheck", "aicheck-ai-only")
SECONDS = 60


class _Item(NamedTuple):
    """A repository of the list: where it begins, and where what it holds ends (code points)."""

    start: int
    end: int


class _List(NamedTuple):
    """The list of repositories: how it is written, where it begins and ends (code points), and its items."""

    flow: bool
    start: int
    end: int
    column: int
    items: list[_Item]


def added(text: str, repo: str, rev: str, hook: str) -> str:
    """A configuration with our hook; the same one if it has it already. Raises AicheckError for what can't be changed safely."""
    settings = _load(text)
    if has_hook(settings):
        return text
    entry = {"repo": repo, "rev": rev, "hooks": [{"id": hook}]}
    new = _added(text, settings, entry)
    expected = {**settings, "repos": [*(settings.get("repos") or ()), entry]}
    with suppress(AicheckError):
        if _load(new) == expected:
            return new
    raise AicheckError(
        f"{FILE} is written in a way that can't be changed safely; add this to its 'repos':\n{_block(entry, 2)}"
    )


def removed(text: str) -> str:
    """A configuration without our hooks. Raises AicheckError for what can't be changed safely."""
    settings = _load(text)
    if not has_hook(settings):
        return text
    repos = [repo for repo in settings["repos"] if not _is_ours(repo)]
    found = _find(text)
    ours = [item for item, repo in zip(found.items, settings["repos"], strict=True) if _is_ours(repo)] if found else []
    new = text
    for item in reversed(ours):
        assert found is not None
        new = _without(new, item, found)
    key = _empty_key(new) if not repos else None
    if key is not None:
        begin = new.rfind("\n", 0, key) + 1
        colon = new.index(":", begin) + 1
        new = f"{new[:colon]} []{new[colon:]}"
    if (_load(new).get("repos") or []) != repos:
        raise AicheckError(f"{FILE} is written in a way that can't be changed safely; take the hook out by hand")
    return new


def has_hook(settings: dict[str, Any]) -> bool:
    """Whether a configuration runs one of our hooks."""
    return any(hook in HOOKS for repo in settings.get("repos") or () for hook in _ids(repo))


def has_only_ai(text: str) -> bool:
    """Whether a configuration runs our hook for AI-written lines. Raises AicheckError for what is none."""
    return any(HOOKS[1] in _ids(repo) for repo in _load(text).get("repos") or ())


def refusal(text: str) -> str:
    """What pre-commit itself says against a configuration; nothing if it takes it or is not installed."""
    program = find("pre-commit") or installed("pre-commit")
    if program is None or not text.strip():
        return ""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, FILE)
        with open(path, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        try:
            done = subprocess.run(
                [program, "validate-config", path],
                capture_output=True,
                text=True,
                timeout=SECONDS,
                check=False,
                env=environment(),
            )
        except (OSError, subprocess.TimeoutExpired):
            return ""
    said = (done.stdout + done.stderr).replace(path, FILE).strip()
    return said if done.returncode else ""


def _load(text: str) -> dict[str, Any]:
    """The settings of a configuration, in plain types. Raises AicheckError for what is none."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        documents = list(YAML(typ="safe", pure=True).load_all(text.removeprefix("\ufeff")))
    except (YAMLError, ValueError, RecursionError) as error:
        raise AicheckError(
            f"{FILE} is not valid YAML, so nothing was changed: {' '.join(str(error).split())}"
        ) from error
    if len(documents) > 1:
        raise AicheckError(f"{FILE} holds several documents, of which pre-commit takes one; nothing was changed")
    settings = documents[0] if documents else None
    if isinstance(settings, list):
        raise AicheckError(f"{FILE} is of an old form: run 'pre-commit migrate-config' first; nothing was changed")
    if settings is None:
        return {}
    if not isinstance(settings, dict) or not isinstance(settings.get("repos") or [], list):
        raise AicheckError(
            f"{FILE} has no list of 'repos', so it is no configuration of pre-commit; nothing was changed"
        )
    return settings


def _ids(repo: Any) -> list[Any]:
    hooks = repo.get("hooks") if isinstance(repo, dict) else None
    return [hook.get("id") for hook in hooks if isinstance(hook, dict)] if isinstance(hooks, list) else []


def _is_ours(repo: Any) -> bool:
    ids = _ids(repo)
    return bool(ids) and all(one in HOOKS for one in ids)


def _added(text: str, settings: dict[str, Any], entry: dict[str, Any]) -> str:
    end = "\r\n" if "\r\n" in text else "\n"
    found = _find(text)
    if found is None or not settings.get("repos"):
        return _begun(text, found, entry).replace("\r\n", "\n").replace("\n", end)
    if found.flow:
        last = found.items[-1].end
        return f"{text[:last]}, {_flow(entry)}{text[last:]}"
    lines = _block(entry, found.column)
    last = text.find("\n", found.items[-1].end - 1 if text[found.items[-1].end - 1] == "\n" else found.items[-1].end)
    if last < 0:
        return f"{text.rstrip()}{end}{lines.replace(chr(10), end)}"
    return text[: last + 1] + lines.replace("\n", end) + text[last + 1 :]


def _begun(text: str, found: _List | None, entry: dict[str, Any]) -> str:
    """A configuration whose list is empty or not there."""
    lines = _block(entry, 2)
    if found is not None:
        return text[: found.start].rstrip() + "\n" + lines + text[found.end :].lstrip("\r\n")
    key = _empty_key(text)
    if key is not None:
        return text[:key] + "\n" + lines + text[key:].lstrip("\r\n")
    whole = text.rstrip()
    return (f"{whole}\n" if whole else "") + f"repos:\n{lines}"


def _empty_key(text: str) -> int | None:
    """Where a ``repos:`` without a value ends, its comment included."""
    at = 0
    for line in text.splitlines(keepends=True):
        if line.split("#")[0].rstrip() in ("repos:", "'repos':", '"repos":'):
            return at + len(line.rstrip())
        at += len(line)
    return None


def _block(entry: dict[str, Any], column: int) -> str:
    dash = " " * column
    hook = entry["hooks"][0]["id"]
    return f"{dash}- repo: {_scalar(entry['repo'])}\n{dash}  rev: {_scalar(entry['rev'])}\n{dash}  hooks:\n{dash}    - id: {hook}\n"


def _flow(entry: dict[str, Any]) -> str:
    hook = entry["hooks"][0]["id"]
    return f"{{repo: {_scalar(entry['repo'], flow=True)}, rev: {_scalar(entry['rev'], flow=True)}, hooks: [{{id: {hook}}}]}}"


def _scalar(value: str, *, flow: bool = False) -> str:
    """A string that YAML reads as itself: a commit of digits alone is a number otherwise."""
    plain = value.replace("/", "").replace(":", "").replace(".", "").replace("-", "").replace("_", "").replace("@", "")
    safe = (
        plain.isalnum() and not plain[:-1].replace("e", "").isdigit() and ": " not in value and not value.endswith(":")
    )
    return value if safe and not (flow and ":" in value) else "'" + value.replace("'", "''") + "'"


def _without(text: str, item: _Item, found: _List) -> str:
    if found.flow:
        before, after = text[: item.start].rstrip(), text[item.end :]
        if before.endswith(","):
            return before[:-1] + after
        rest = after.lstrip()
        return before + (rest[1:].lstrip() if rest.startswith(",") else after)
    begin = text.rfind("\n", 0, item.start) + 1
    end = text.find("\n", max(item.end - 1, item.start))
    return text[:begin] + (text[end + 1 :] if end >= 0 else "")


def _find(text: str) -> _List | None:
    """Where the value of the key ``repos`` at the top is a list; None where there is none."""
    from ruamel.yaml import YAML

    shift = len(text) - len(text.removeprefix("\ufeff"))
    events = list(YAML(typ="rt", pure=True).parse(text[shift:]))
    depth, key, at = 0, None, None
    for number, event in enumerate(events):
        kind = type(event).__name__
        if depth == 1 and at is None and kind in ("ScalarEvent", "AliasEvent"):
            key = getattr(event, "value", "") if key is None else None
            continue
        if kind == "SequenceStartEvent" and depth == 1 and key == "repos":
            return _list_at(events, number, shift)
        if kind.endswith(("MappingStartEvent", "SequenceStartEvent")):
            depth += 1
        elif kind.endswith(("MappingEndEvent", "SequenceEndEvent")):
            depth -= 1
            if depth == 1:
                key = None
    return None


def _list_at(events: list[Event], begin: int, shift: int) -> _List:
    first = events[begin]
    items: list[_Item] = []
    depth, start, last = 0, 0, 0
    for event in events[begin + 1 :]:
        kind = type(event).__name__
        opens, closes = kind.endswith("StartEvent"), kind.endswith("EndEvent")
        if depth == 0 and closes:
            return _List(
                bool(getattr(first, "flow_style", False)),
                _at(first.start_mark, shift),
                _at(event.end_mark, shift),
                first.start_mark.column,
                items,
            )
        if depth == 0:
            start = _at(event.start_mark, shift)
        depth += opens - closes
        if not closes or getattr(event, "flow_style", None) or event.end_mark.index > event.start_mark.index:
            last = _at(event.end_mark, shift)
        if depth == 0:
            items.append(_Item(start, last))
    raise AicheckError(f"{FILE} ends within its list of repositories; nothing was changed")


def _at(mark: StreamMark, shift: int) -> int:
    index: int = mark.index
    return index + shift
