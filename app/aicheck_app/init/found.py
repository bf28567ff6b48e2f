"""What there is on this machine and in this folder that aicheck can be set up in."""

from __future__ import annotations

import os

from aicheck_app.hook import extensions, setup
from aicheck_app.init.pre_commit import FILE
from aicheck_checks.programs import find

_PROGRAMS = {
    "claude-code": "claude",
    "codex": "codex",
    "gemini": "gemini",
    "cursor": "cursor",
    "copilot-cli": "copilot",
    "qwen": "qwen",
    "droid": "droid",
    "auggie": "auggie",
}
"""What the agents are called on the path."""
_EDITORS = {
    "code": ("VS Code", "docs/editors.md"), "codium": ("VSCodium", "docs/editors.md"), "nvim": ("Neovim", "docs/editors.md"),
    "emacs": ("Emacs", "docs/editors.md"), "hx": ("Helix", "docs/editors.md"), "zed": ("Zed", "docs/editors.md"),
}  # fmt: skip
_CI = {".github/workflows": ("GitHub Actions", "examples/ci"), ".gitlab-ci.yml": ("GitLab CI", "examples/ci")}


def agents() -> list[str]:
    """The agents of ``setup.TARGETS`` that have settings here or are on the path."""
    return [name for name in _PROGRAMS if _has_settings(setup.TARGETS[name].user) or find(_PROGRAMS[name])]


def extended() -> list[str]:
    """The agents of ``extensions.EXTENSIONS`` that are on the path."""
    return [name for name in extensions.EXTENSIONS if find(name)]


def _has_settings(path: str) -> bool:
    home, folder = os.path.expanduser("~"), path.split("/")[1]
    return os.path.isdir(os.path.join(home, folder))


def pre_commit() -> bool:
    """Whether the current folder is one of a git work tree that uses pre-commit, or may."""
    return os.path.isfile(FILE) or (os.path.exists(".git") and find("pre-commit") is not None)


def hints() -> list[tuple[str, str]]:
    """The editors and the CI that are here, and where the repository of aicheck says what to do for them."""
    editors = [(title, page) for program, (title, page) in _EDITORS.items() if find(program)]
    ci = [(title, page) for place, (title, page) in _CI.items() if os.path.exists(place)]
    return [(title, f"see {page} in the repository of aicheck") for title, page in dict((*editors, *ci)).items()]
