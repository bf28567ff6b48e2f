"""What a change took away that the project still uses: functions, methods, exports, keys of resources, blocks of Terraform."""

from __future__ import annotations

import os
import re
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from aicheck_checks.analysis.outside import Lost, may_come_from_outside
from aicheck_checks.patterns import lazy
from aicheck_checks.surroundings.own_texts import own_texts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from aicheck_checks.source import Source

_ENDS = {
    "python": (".py",), "php": (".php",), "terraform": (".tf",), "xml": (".xaml", ".axaml", ".cs"),
    **dict.fromkeys(("javascript", "typescript", "tsx"), (".ts", ".tsx", ".js", ".jsx", ".mts", ".mjs", ".cts", ".cjs", ".vue", ".svelte", ".astro")),
}  # fmt: skip
"""Where uses are looked for."""
_KEY = lazy(r"\bx:Key=\"([\w.]+)\"")
_BLOCK = lazy(r"^(resource|data|variable|module)[ \t]+\"([\w-]+)\"(?:[ \t]+\"([\w-]+)\")?", re.MULTILINE)
_EXPORT = lazy(
    r"^export[ \t]+(?:default[ \t]+)?(?:async[ \t]+)?(?:function\*?|class|const|let|enum|interface|type)[ \t]+([\w$]+)",
    re.MULTILINE,
)
_REEXPORT = lazy(r"^export[ \t]*(?:type[ \t]*)?(?:\*|\{)|\bmodule\.exports\b", re.MULTILINE)
_IMPORT = lazy(r"import\s+(?:type\s+)?(?:[\w$]+\s*,\s*)?\{([^{}]*)\}\s*from\s*[\"'](\.[^\"'\n]*)[\"']")
_BUILT_IN = frozenset(name for kind in (dict, list, str, set, bytes, int, float, tuple) for name in dir(kind))


MOST_LOST = 40
"""Lost things that are looked for; where more are gone, these stand for all."""


class Orphan(NamedTuple):
    """What is gone, as it is called where it is used, and the file that uses it (a whole path)."""

    what: str
    used_in: str


def orphans(source: Source) -> Iterator[Orphan]:
    """Each thing that is gone from a text, stands nowhere else in its repository, and is used there."""
    name = source.language.name if source.language is not None else ""
    if source.before is None or name not in _ENDS:
        return
    lost = list(islice(_lost(source, name), MOST_LOST))
    around = source.surroundings if lost else None
    if around is None:
        return
    known = around.ask(own_texts, _ENDS[name])
    if known is None:
        return
    path = os.path.normpath(os.path.join(around.folder, os.path.basename(source.path)))
    texts = {**known, path: source.text}
    for what in lost:
        if name in ("python", "php") and "." in what and _is_inherited(source, what, path, known):
            continue
        user = _user(name, what, path, texts)
        if user is not None:
            yield Orphan(what, user)


def _lost(source: Source, language: str) -> Iterator[str]:
    assert source.before is not None
    old, new = source.before, source.text
    if language == "xml":
        yield from sorted(set(_KEY.findall(old.text)) - set(_KEY.findall(new)))
    elif language == "terraform":
        yield from sorted(set(map(_address, _BLOCK.findall(old.text))) - set(map(_address, _BLOCK.findall(new))))
    elif language in ("python", "php"):
        now = source.definitions
        short = {name.rpartition(".")[2] for name in now}
        for name, definition in old.definitions.items():
            owner, _, last = name.rpartition(".")
            counts = definition.kind == "function" or (language == "python" and not owner)
            if name not in now and last not in short and counts and not last.startswith("__"):
                yield from (name,) if not owner or owner in now else ()
    elif not _REEXPORT.search(new):
        yield from sorted(set(_EXPORT.findall(old.text)) - set(_EXPORT.findall(new)))


def _address(block: tuple[str, str, str]) -> str:
    kind, first, second = block
    return {
        "resource": f"{first}.{second}",
        "data": f"data.{first}.{second}",
        "variable": f"var.{first}",
        "module": f"module.{first}",
    }[kind]


def _user(language: str, what: str, path: str, texts: Mapping[str, str]) -> str | None:
    """The first file that uses what is gone; None if none does, or another one may define it."""
    if language == "xml":
        use = re.compile(rf"Resource\s+{re.escape(what)}\s*\}}|Resource\(\"{re.escape(what)}\"\)")
        if any(f'x:Key="{what}"' in text for text in texts.values()):
            return None
        return next((file for file, text in texts.items() if what in text and use.search(text)), None)
    if language == "terraform":
        beside = {file: text for file, text in texts.items() if os.path.dirname(file) == os.path.dirname(path)}
        if any(what in map(_address, _BLOCK.findall(text)) for text in beside.values()):
            return None
        use = re.compile(rf"(?<![\w.-]){re.escape(what)}(?![\w-])")
        return next(
            (file for file, text in beside.items() if what in text and use.search(_without_comments(text))), None
        )
    if language in ("python", "php"):
        return _caller(language, what, path, texts)
    return next((file for file, text in texts.items() if what in text and _imports(file, text, what, path)), None)


def _without_comments(text: str) -> str:
    return re.sub(r"^[ \t]*+(?:#|//).*$|^(?:moved|removed|import)[ \t]*\{[^{}]*\}", "", text, flags=re.MULTILINE)


def _imports(file: str, text: str, what: str, path: str) -> bool:
    """Whether a file imports a name from the module at a path."""
    base = os.path.dirname(file)
    wanted = {path, os.path.splitext(path)[0]}
    wanted |= {os.path.dirname(path)} if os.path.basename(path).startswith("index.") else set()
    for names, module in _IMPORT.findall(text):
        place = os.path.normpath(os.path.join(base, module))
        if (place in wanted or os.path.splitext(place)[0] in wanted) and re.search(
            rf"(?<![\w$]){re.escape(what)}(?![\w$])", names
        ):
            return True
    return False


def _is_inherited(source: Source, what: str, path: str, known: Mapping[str, str]) -> bool:
    """Whether a method may come from a base class that is none of the project's."""
    *owners, name = what.split(".")
    lost = Lost(name, tuple(owners))
    return may_come_from_outside(source, lost, [text for file, text in known.items() if file != path])


def _caller(language: str, what: str, path: str, texts: Mapping[str, str]) -> str | None:
    owner, _, name = what.rpartition(".")
    defines = re.compile(
        rf"\b(?:def|class|function)\s+&?{re.escape(name)}\b|"
        rf"(?<![\w.>$]){re.escape(name)} ?(?::[^=\n]{{0,100}})?=(?!=)|[\"']{re.escape(name)}[\"']"
    )
    if len(name) < 3 or name in _BUILT_IN or any(name in text and defines.search(text) for text in texts.values()):
        return None
    module = os.path.splitext(os.path.basename(path))[0]
    if owner:
        use = re.compile(rf"(?:\.|->|::){re.escape(name)}\s*\(")
        near = owner.rpartition(".")[2] if language == "php" else module
    elif language == "python":
        if re.search(rf"\bimport\b[^=]{{0,500}}\b{re.escape(name)}\b", texts[path]):
            return None  # moved, and brought back
        use = re.compile(
            rf"^[ \t]*+from [\w.]{{0,200}}\b{re.escape(module)} import [^\n]{{0,500}}\b{re.escape(name)}\b",
            re.MULTILINE,
        )
        near = module
    else:
        return None
    hits = (
        file for file, text in texts.items() if name in text and (file == path or near in text) and use.search(text)
    )
    return next(hits, None)
