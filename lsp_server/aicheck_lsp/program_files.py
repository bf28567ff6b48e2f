"""Files that programs write: settings of editors, and what package managers keep.

What comes into them many lines at once is mostly an editor's, an extension's or a tool's doing. There the shape and the
speed of a change are no signs of an AI; what the log knows, or the editor says, counts as everywhere.
"""

from __future__ import annotations

import os

_EDITORS = frozenset({".fleet", ".idea", ".settings", ".vs", ".vscode", ".vscode-server", ".vscode-test", ".zed"})
"""Folders in which editors keep a project's settings."""
_PROFILE = frozenset({"Machine", "User", "profiles"})
"""Folders in which VS Code and its kin keep the settings of a machine, a user, a profile."""
_SETTINGS = frozenset({"keybindings.json", "settings.json", "tasks.json", "launch.json", "mcp.json"})
_LOCKED = frozenset(
    {
        "cargo.lock", "composer.lock", "flake.lock", "gemfile.lock", "go.sum", "gradle.lockfile", "npm-shrinkwrap.json",
        "package-lock.json", "packages.lock.json", "package.resolved", "pdm.lock", "pipfile.lock", "pixi.lock",
        "pnpm-lock.yaml", "podfile.lock", "poetry.lock", "pubspec.lock", "pylock.toml", "uv.lock", "yarn.lock",
    }
)  # fmt: skip
"""What package managers write, in lower case."""


def written_by_programs(path: str) -> bool:
    """Whether a file is one that programs write."""
    *folders, name = path.replace(os.sep, "/").split("/")
    if name.lower() in _LOCKED or name.endswith(".code-workspace") or not _EDITORS.isdisjoint(folders):
        return True
    return name in _SETTINGS and not _PROFILE.isdisjoint(folders[-3:])
