#!/usr/bin/env python3
"""Write aicheck's version to all places that say it: ``python3 scripts/versions.py [NEW]``.

Its one place is ``__version__`` of the application, which pyproject.toml reads. The others are copies, since an editor or a
host of code reads them where there is no Python. Without an argument the copies are written anew; a test holds that they agree.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ("app/aicheck_app/__init__.py", r'^__version__ = "(.*)"$')
PLUGIN = r'^  "version": "(.*)",$'
COPIES = (
    ("editors/vscode/package.json", PLUGIN),
    ("editors/vscode/package-lock.json", r'"name": "aicheck",\s+"version": "(.*)",$'),
    ("editors/claude-code/hooks-plugin/.claude-plugin/plugin.json", PLUGIN),
    ("editors/claude-code/lsp-plugin/.claude-plugin/plugin.json", PLUGIN),
    ("examples/ci/github.yml", r"/aicheck@v(\S+)"),
    ("examples/ci/gitlab.yml", r"/aicheck\.git@v(\S+)"),
)
FORM = r"\d+\.\d+\.\d+"
"""Three numbers: the marketplace of VS Code takes no other form."""


def said(place: str, pattern: str, root: Path = ROOT) -> list[str]:
    """The versions that a file says, in their order."""
    return re.findall(pattern, (root / place).read_text("utf-8"), re.MULTILINE)


def version(root: Path = ROOT) -> str:
    """The version of a clone."""
    (found,) = said(*SOURCE, root)
    return found


def write(place: str, pattern: str, new: str, root: Path = ROOT) -> None:
    """Put a version in the place of those that a file says."""
    text = (root / place).read_text("utf-8")

    def replaced(match: re.Match[str]) -> str:
        return match[0][: match.start(1) - match.start()] + new + match[0][match.end(1) - match.start() :]

    (root / place).write_text(re.sub(pattern, replaced, text, flags=re.MULTILINE), "utf-8")


def main() -> None:
    """Run; see the module's docstring."""
    new = sys.argv[1] if len(sys.argv) > 1 else version()
    if not re.fullmatch(FORM, new):
        sys.exit(f"'{new}' is no version: give three numbers, as 1.2.0")
    for place, pattern in (SOURCE, *COPIES):
        write(place, pattern, new)
    print(new)


if __name__ == "__main__":
    main()
