"""Good files for the demo, and the ways in which its fictional client version spoils them."""

from __future__ import annotations

FILES = {
    "inventory/{noun}_store.py": '''\
"""Keep the {noun}s of a shop in a JSON file."""

import json
import os


class {Noun}Store:
    """All {noun}s, by name."""

    def __init__(self, path):
        self.path = path
        self.{noun}s = {{}}

    def load(self):
        """Read the {noun}s, if the file is there."""
        if not os.path.exists(self.path):
            return 0
        with open(self.path, encoding="utf-8") as file:
            self.{noun}s = json.load(file)
        return len(self.{noun}s)

    def add(self, name, price):
        """Add one {noun}; an old one of the same name is replaced."""
        self.{noun}s[name] = {{"name": name, "price": price}}
        return self.{noun}s[name]

    def total(self):
        """The price of all {noun}s together."""
        result = 0
        for {noun} in self.{noun}s.values():
            result += {noun}["price"]
        return result
''',
    "reports/{noun}_report.py": '''\
"""Write the {noun}s of a month as text."""

import sys
from collections import defaultdict
from datetime import date


def by_day({noun}s):
    """Group the {noun}s by the day they were made."""
    days = defaultdict(list)
    for {noun} in {noun}s:
        days[{noun}["day"]].append({noun})
    return dict(days)


def line(day, {noun}s):
    """One line of the report."""
    amount = sum({noun}["amount"] for {noun} in {noun}s)
    return f"{{day:%d %b}}  {{len({noun}s):4d}}  {{amount:10.2f}}"


def write({noun}s, out=sys.stdout):
    """Write the report and return the number of its lines."""
    lines = [line(day, found) for day, found in sorted(by_day({noun}s).items())]
    out.write(f"{noun}s on {{date.today():%d %b %Y}}\\n")
    out.write("\\n".join(lines) + "\\n")
    return len(lines)
''',
    "web/{noun}_client.py": '''\
"""A small client for the {noun} service."""

import time
import urllib.parse
import urllib.request
from dataclasses import dataclass


@dataclass
class {Noun}:
    """A {noun} as the service describes it."""

    name: str
    size: int = 0


def address(base: str, name: str) -> str:
    """The address of one {noun}."""
    return f"{{base}}/{noun}/{{urllib.parse.quote(name)}}"


def fetch(base: str, name: str, attempts: int = 3) -> {Noun}:
    """Fetch a {noun}, trying again after a pause."""
    for attempt in range(attempts):
        try:
            with urllib.request.urlopen(address(base, name)) as answer:
                return {Noun}(name, len(answer.read()))
        except OSError:
            time.sleep(2**attempt)
    raise TimeoutError(f"no {noun} {{name}} after {{attempts}} attempts")
''',
}
NOUNS = ("order", "ticket", "invoice", "parcel", "member", "recipe", "sensor", "voucher", "lesson", "booking")


def good(template: str, noun: str) -> tuple[str, str]:
    """The path and text of one file."""
    names = {"noun": noun, "Noun": noun.title()}
    return template.format(**names), FILES[template].format(**names)


def cut_off(text: str) -> str:
    """Stops in mid-line."""
    return text[: int(len(text) * 0.72)].rstrip() + " ("


def cut_clean(text: str) -> str:
    """Stops at the end of a line, inside a function: it still parses."""
    lines = text.splitlines(keepends=True)
    last = max(
        n
        for n, line in enumerate(lines)
        if line.lstrip().startswith(("result = 0", "days = ", "amount = ")) or "attempt in" in line
    )
    end = last + 1
    return (
        "".join(lines[:end])
        if "attempt in" not in lines[last]
        else "".join(lines[: end - 2]) + "    url = address(base, name)\n"
    )


def without_import(text: str) -> str:
    """Forgets its first import."""
    lines = text.splitlines(keepends=True)
    first = next(n for n, line in enumerate(lines) if line.startswith("import "))
    return "".join(lines[:first] + lines[first + 1 :])


def elided(text: str) -> str:
    """Says that the rest stays as it was, instead of the rest."""
    lines = text.splitlines(keepends=True)
    last = max(n for n, line in enumerate(lines) if line.lstrip().startswith("def "))
    indent = " " * (len(lines[last]) - len(lines[last].lstrip()) + 4)
    return "".join(lines[: last + 1]) + f"{indent}# ... rest of the implementation unchanged ...\n{indent}pass\n"


def fenced(text: str) -> str:
    """Comes wrapped as in a chat."""
    return f"Here is the updated file:\n\n```python\n{text}```\n"


def stray(text: str) -> str:
    """Has characters of another script in the middle of a name."""
    return (
        text.replace("result", "resu结果lt", 1)
        if "result" in text
        else text.replace("self", "se的lf", 1)
        if "self" in text
        else text.replace("name", "na的me", 1)
    )


DAMAGES = (cut_off, cut_clean, without_import, elided, fenced, stray)
