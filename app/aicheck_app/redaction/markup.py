"""Secrets in tags and in records of name and value: XML, HTML, property lists, and pairs of JSON and YAML."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicheck_app.redaction.names import NONE, named
from aicheck_app.redaction.page import Page, Span
from aicheck_app.redaction.values import literal
from aicheck_checks.patterns import lazy

if TYPE_CHECKING:
    from collections.abc import Iterator

_ELEMENT = lazy(
    r"<(?P<name>[\w:.-]{1,80})(?P<attributes>(?:\s[^<>]{0,400})?)>(?:\s{0,8}<!\[CDATA\[)?(?P<value>[^<>]{1,4000}?)(?:\]\]>\s{0,8})?(?=</)"
)
_TAG = lazy(r"<[\w:.-]{1,80}\s(?P<attributes>[^<>]{1,1000}?)/?>")
_ATTRIBUTE = lazy(
    r"(?P<name>[\w:.@-]{1,60})\s{0,4}=\s{0,4}\\?(?P<quote>[\"'])(?P<value>[^\"'<>]{0,1000}?)\\?(?P=quote)"
)
_CALLS = frozenset(
    "name key id type property field label for param keyname autocomplete android:name formcontrolname ng-model v-model data-name".split()
)
_HOLDS = frozenset("value content default data-value defaultvalue data".split())
_PLIST = lazy(r"<key>(?P<name>[^<>]{1,80})</key>\s{0,40}<(?:string|data)>\s{0,40}(?P<value>[^<>]{1,4000}?)\s{0,40}</")
_MEMBERS = lazy(
    r"(?i)\\?[\"']?\b(?:name|key|id|property|field|variable|env|parameterkey|option)\\?[\"']?\s{0,4}(?:=>|[:=])\s{0,4}\\?[\"']?(?P<name>[\w.:/ -]{1,80})\\?[\"']?,?\s{1,80}(?:#[^\n]{0,200}\n\s{0,80})?"
    r"\\?[\"']?(?:value|default|content|data|secret|parametervalue|val)\\?[\"']?\s{0,4}(?:=>|[:=])\s{0,4}(?:\\?\"(?P<double>[^\"\n]{1,4000}?)\\?\"|\\?'(?P<single>[^'\n]{1,4000}?)\\?'|(?P<bare>[^\s,;(){}\"']{3,4000}))"
)
_REVERSED = lazy(
    r"\\?[\"']?\b(?:value|default|parametervalue)\\?[\"']?\s{0,4}(?:=>|[:=])\s{0,4}(?:\\?\"(?P<double>[^\"\n]{1,4000}?)\\?\"|\\?'(?P<single>[^'\n]{1,4000}?)\\?'|(?P<bare>[^\s,;(){}\"']{3,4000})),?\s{1,80}"
    r"\\?[\"']?(?:name|key|parameterkey|variable)\\?[\"']?\s{0,4}(?:=>|[:=])\s{0,4}\\?[\"']?(?P<name>[\w.:/ -]{1,80})"
)
_NESTED = lazy(
    r"\b(?:name|key|id)\s{0,4}=\s{0,4}[\"'](?P<name>[^\"'<>]{1,80})[\"'][^<>]{0,200}>\s{0,80}<(?:value|string)>\s{0,80}(?P<value>[^<>]{1,4000}?)\s{0,80}</"
)
_VARIABLE = lazy(r"(?i)\bvariable\s{1,4}\"(?P<name>[\w-]{1,80})\"\s{0,4}\{(?P<body>[^{}]{1,1000})\}")
_DEFAULT = lazy(r"\bdefault\s{0,20}=\s{0,20}\"(?P<value>[^\"\n]{1,1000})\"")


def find(page: Page) -> Iterator[Span]:
    """The secret contents of a text's tags and records."""
    if "<" in page.text:
        yield from _elements(page)
        yield from _attributes(page)
    if page.has("value", "default", "content", "data", "secret"):
        yield from _members(page)
    if "variable" in page.lower and "default" in page.lower:
        yield from _variables(page)


def _elements(page: Page) -> Iterator[Span]:
    for pattern in (_ELEMENT, _PLIST, _NESTED) if "</" in page.text else ():
        for match in pattern.finditer(page.text):
            known = named(match["name"])
            if known is NONE and pattern is _ELEMENT and match["attributes"]:
                known = max(
                    (
                        named(a["value"])
                        for a in _ATTRIBUTE.finditer(match["attributes"])
                        if a["name"].lower() in _CALLS
                    ),
                    default=known,
                )
            value = match["value"].strip()
            if known and value and literal(value, known):
                start = match.start("value") + match["value"].index(value)
                yield Span(start, start + len(value), "markup")


def _attributes(page: Page) -> Iterator[Span]:
    """Of a tag that an attribute calls a secret: the attribute that holds its value."""
    for tag in _TAG.finditer(page.text):
        attributes = list(_ATTRIBUTE.finditer(page.text, *tag.span("attributes")))
        known = max((named(a["value"]) for a in attributes if a["name"].lower() in _CALLS), default=NONE)
        known = max(known, named(page.text[tag.start() + 1 : tag.start("attributes")]))
        for attribute in attributes:
            if known and attribute["name"].lower() in _HOLDS and literal(attribute["value"], known):
                yield Span(*attribute.span("value"), "markup")


def _members(page: Page) -> Iterator[Span]:
    for match in (*_MEMBERS.finditer(page.text), *_REVERSED.finditer(page.text)):
        group = next(g for g in ("double", "single", "bare") if match[g] is not None)
        known = named(match["name"].strip())
        if known and literal(match[group], known):
            yield Span(*match.span(group), "assignment")


def _variables(page: Page) -> Iterator[Span]:
    """Terraform's variables with their defaults."""
    for match in _VARIABLE.finditer(page.text):
        known = named(match["name"])
        for default in _DEFAULT.finditer(page.text, *match.span("body")):
            if known and literal(default["value"], known):
                yield Span(*default.span("value"), "assignment")
