"""What may stand in a record: strings without secrets and home folders, of bounded length, and times of one form.

What each string is, say the types of ``records.py``; any other, as of a member that a newer aicheck wrote, is a name.

Everything but our own hashes and numbers comes from outside: model names, session ids and error messages are as
much a stranger's words as code is. Each record passes ``cleaned`` on its way into the log.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from aicheck_app.log.paths import shown, without_home
from aicheck_app.log.records import LENGTH, Body, forms
from aicheck_app.redaction import redact, redact_id, redact_path
from aicheck_checks.patterns import lazy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from aicheck_app.log.records import Form


NAME = LENGTH["name"]
_READ = 8
"""So many times the length that is kept is looked at, for secrets are cut to short marks; of code twice."""
_ID = lazy(r"[A-Za-z0-9_.:-]{1,100}")
"""Ids look drawn by chance because they are: they lose no word for its looks, else two sessions would be one."""
_KEYED = lazy(r"[0-9a-f]{12}")
_HASH = lazy(r"[0-9a-f]+|[0-9A-Za-z.-]{1,64}")
_TIME = lazy(
    r"(?!0000)[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\.[0-9]{3}Z"
)
"""Times that need no calendar to be one."""
_CONTROL = lazy(r"[\x00-\x1f\x7f-\x9f]")
_OUTSIDE = lazy(r"^(?:[\\/~%]|[A-Za-z][A-Za-z0-9+.-]*:)|(?:^|[\\/])\.\.(?:[\\/]|$)")
_DEPTH = 6
_STATE_DEPTH = 50
_LARGEST = 2**53 - 1
"""All readers of JSON agree on integers up to here, and no count of a record reaches it."""
_LARGEST_OF_STATES = 2**63 - 1
"""States hold times of files in nanoseconds too; SQLite reads integers up to here."""


class _Harmless(NamedTuple):
    """Strings that redaction was seen to leave as they are."""

    names: frozenset[str] = frozenset()
    paths: frozenset[str] = frozenset()


def cleaned(bodies: Sequence[Body]) -> list[Body]:
    """The records as they may be kept; a second time changes nothing.

    Most names and paths are harmless, and redaction takes longer to begin than to read on: it looks at all of them in one
    text, a line each, and again at each that is not as it was.
    """
    strings = [(_form(k), v) for body in bodies for k, v in body.items() if isinstance(v, str) and len(v) <= NAME]
    counted = [key for body in bodies for v in body.values() if isinstance(v, dict) for key in _strings(list(v), 1)]
    harmless = _Harmless(
        _unharmed(redact, (*(v for form, v in strings if form in ("name", "id")), *counted)),
        _unharmed(redact_path, (v for form, v in strings if form == "path")),
    )
    return [_cleaned(body, harmless) for body in bodies]


def _form(member: str) -> Form:
    return forms().get(member, "name")


def _unharmed(redacted: Callable[[str], str], texts: Iterable[str]) -> frozenset[str]:
    lines = "\n".join(dict.fromkeys(text for text in texts if "\n" not in text))
    return frozenset(lines.split("\n")) & frozenset(redacted(lines).split("\n"))


def _cleaned(body: Body, harmless: _Harmless) -> Body:
    kept = {key: _value(key, value, _DEPTH, harmless) for key, value in body.items()}
    return kept if kept.get("time", "-") else {key: value for key, value in kept.items() if key != "time"}


def name(text: str) -> str:
    """A name as it may be kept.

    Queries compare names, and SQLite has none for lone surrogates and ends some at a NUL: U+FFFD stands for them, and for
    every other control character.
    """
    return _name(text[: NAME * _READ])


@lru_cache(maxsize=4096)
def _name(text: str) -> str:
    """Of a text that is cut already: what is remembered is bounded in size as well as in number."""
    return storable(_safe(_CONTROL.sub("\ufffd", text), NAME))


def path(text: str) -> str:
    """A path as it may be kept: relative, or a name alone."""
    relative = shown(text, "") if _OUTSIDE.search(text) else text
    return storable(redact_path(relative)[: LENGTH["path"]])


def message(text: str) -> str:
    """A finding's message as it may be kept."""
    return _safe(text, LENGTH["prose"])


def session_id(text: str) -> str:
    """A session's id as it is kept, and so as it is looked for."""
    return _string("session", text, _Harmless())


def storable(text: str) -> str:
    """A text that UTF-8 can hold."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def state(value: object) -> Any:
    """The state of a captured file or session as it is kept: its strings are names, as those of records are.

    What a stranger called a tool stands in it too: all of them are redacted together (``cleaned``). Our own keyed hashes, of
    which there may be thousands, are known by their form.
    """
    return _state(value, _unharmed(redact, _strings(value, _STATE_DEPTH)), _STATE_DEPTH)


def _state(value: object, harmless: frozenset[str], depth: int) -> Any:
    if isinstance(value, str):
        return value if _KEYED.fullmatch(value) else _known_name(value, harmless)
    if value is None or isinstance(value, (bool, int, float)):
        return _number(value, _LARGEST_OF_STATES)
    if depth == 0 or not isinstance(value, (dict, list, tuple)):
        return name(_described(value))
    if isinstance(value, dict):
        given = value.items()
        return _merged((_state(_key(key), harmless, depth), _state(each, harmless, depth - 1)) for key, each in given)
    return [_state(each, harmless, depth - 1) for each in value]


def _strings(value: object, depth: int) -> Iterator[str]:
    """The names in a value that are short enough to be redacted together with others, but for our own hashes."""
    if isinstance(value, str) and len(value) <= NAME and not _KEYED.fullmatch(value):
        yield value
    elif depth and isinstance(value, (dict, list, tuple)):
        for each in value:
            yield from _strings(each, depth - 1)
        if isinstance(value, dict):
            yield from _strings(list(value.values()), depth - 1)


def _known_name(text: str, harmless: frozenset[str]) -> str:
    """A name as it may be kept, of which redaction may have been seen to leave it as it is."""
    if text in harmless and text.isascii() and text.isprintable():
        return without_home(text)[:NAME]
    return name(text)


def _number(value: float | None, largest: int = _LARGEST) -> float | None:
    """What JSON's readers agree on; what is larger counts as not there."""
    if value is None or isinstance(value, bool):
        return value
    return value if abs(value) <= largest else 0  # NaN is no number up to any other


def _key(key: object) -> str:
    return key if isinstance(key, str) else str(_number(key)) if isinstance(key, (int, float)) else _described(key)


def _described(value: object) -> str:
    try:
        return repr(value)[:NAME]
    except (ValueError, RecursionError):  # a huge integer within, or too many levels
        return type(value).__name__


def _value(field: str, value: object, depth: int, harmless: _Harmless) -> Any:
    if isinstance(value, str):
        return _string(field, value, harmless)
    if value is None or isinstance(value, (bool, int, float)):
        return _number(value)
    if depth == 0 or not isinstance(value, (dict, list, tuple)):
        return _string(field, _described(value), harmless)
    if isinstance(value, dict):
        return _counters(field, value, depth - 1, harmless)
    return [_value(field, item, depth - 1, harmless) for item in value]


def _counters(field: str, counts: dict[Any, object], depth: int, harmless: _Harmless) -> Body:
    """A mapping of outside names."""
    given = ((_key(key), value) for key, value in counts.items())
    return _merged(
        (_known_name(key, harmless.names), _value(f"{field}.{key}", value, depth, harmless)) for key, value in given
    )


def _merged(pairs: Iterable[tuple[str, Any]]) -> Body:
    """A mapping in which what two names count is added up if they came to the same."""
    found: Body = {}
    for key, value in pairs:
        both = isinstance(found.get(key), int) and isinstance(value, int)
        found[key] = max(min(found[key] + value, _LARGEST), -_LARGEST) if both else value
    return found


def _string(field: str, text: str, harmless: _Harmless) -> str:
    form = _form(field)
    if form == "time":
        return _time(text)
    if form == "path":
        return text if text in harmless.paths and not _OUTSIDE.search(text) and text.isascii() else path(text)
    if form == "hash" and _HASH.fullmatch(text):
        return text
    if text in harmless.names and text.isascii() and text.isprintable():
        return _known_name(text, harmless.names)
    if form == "id" and _ID.fullmatch(text):
        return redact_id(text)
    if form == "text":
        return _safe(text, LENGTH[form], 2)
    return _safe(text, LENGTH[form]) if form == "prose" else name(text)


def _safe(text: str, limit: int, read: int = _READ) -> str:
    return without_home(redact(text[: limit * read]))[:limit]


def _time(text: str) -> str:
    """UTC in the one form that sorts; what is no time is none."""
    if not text or _TIME.fullmatch(text):
        return text
    from datetime import UTC, datetime  # takes longer to import than an edit takes to check

    try:
        given = datetime.fromisoformat(text.strip())
        given = given.replace(tzinfo=UTC) if given.tzinfo is None else given.astimezone(UTC)
    except (ValueError, OverflowError):
        return ""
    return f"{given.replace(tzinfo=None).isoformat(timespec='milliseconds')}Z"
