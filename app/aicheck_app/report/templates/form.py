"""A vendor's issue form as it is kept (``forms/``): its fields, and its options word for word."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import NamedTuple


class Field(NamedTuple):
    """A field of a form; ``options`` are the texts that a choice may have."""

    id: str
    type: str
    label: str
    required: bool
    options: list[str]


class Form(NamedTuple):
    """A form. ``repository`` is its owner and name on GitHub, empty elsewhere; ``changed`` and ``read`` are days."""

    name: str
    repository: str
    template: str
    changed: str
    read: str
    title: str
    fields: list[Field]


def form(name: str) -> Form:
    """The form of this name."""
    text = files("aicheck_app.report.templates").joinpath("forms", f"{name}.json").read_text(encoding="utf-8")
    found = json.loads(text)
    about = {key: found[key] for key in ("repository", "template", "changed", "read", "title")}
    return Form(name=name, **about, fields=[Field(**one) for one in found["fields"]])
