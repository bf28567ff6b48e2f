"""What is left out of every look round unless somebody names it: folders of tools and of other people's code, and what
the settings ``exclude`` and ``extend-exclude`` and the option ``--exclude`` say. The one place for all doors.
"""

from __future__ import annotations

import os
from typing import NamedTuple

from aicheck_checks.globs import compiled, name_below

DEFAULT = (
    ".bzr", ".direnv", ".eggs", ".git", ".git-rewrite", ".hg", ".ipynb_checkpoints", ".mypy_cache", ".nox", ".pants.d",
    ".pyenv", ".pytest_cache", ".pytype", ".ruff_cache", ".svn", ".tox", ".venv", ".vscode", "__pycache__", "__pypackages__",
    "_build", "buck-out", "build", "dist", "node_modules", "site-packages", "third_party", "vendor", "venv",
)  # fmt: skip
"""Names of folders: those that ruff leaves out (https://docs.astral.sh/ruff/settings/#exclude), and those of builds and of
code that others wrote."""
REASON = "excluded by the settings"
"""Why an output in a file that is left out is not checked."""


class Layer(NamedTuple):
    """Patterns that hold from one folder on; without a ``root``, from where the look round begins."""

    patterns: tuple[str, ...]
    root: str = ""


class Excludes(NamedTuple):
    """What the settings leave out, in layers: what any of them leaves out is left out."""

    layers: tuple[Layer, ...] = (Layer(DEFAULT),)

    def also(self, patterns: tuple[str, ...], root: str) -> Excludes:
        """These, and patterns that hold from another folder on."""
        return Excludes((*self.layers, Layer(patterns, root))) if patterns else self

    def below(self, folder: str) -> Below:
        """What is left out below a folder (an absolute path), which itself is looked at: somebody has named it."""
        return Below(self, folder)

    def has(self, path: str, project: str = "", *, folder: bool = False) -> bool:
        """Whether a file, or a ``folder``, is left out that is met by itself, in an editor, a hook or a list of changes.

        It is looked for from the settings' folder on, or if it is not there, from ``project``; elsewhere nothing is left out.
        """
        tops = (*(layer.root for layer in self.layers), project)
        top = next((top for top in tops if top and name_below(path, top) is not None), "")
        return bool(top) and self.below(top).has(path, folder=folder)


class Below:
    """One look round below a folder: each folder on the way to a file is judged once."""

    def __init__(self, excludes: Excludes, folder: str) -> None:
        self._top = folder
        self._folders: dict[str, bool] = {}
        self._layers = [(compiled(patterns), root or folder) for patterns, root in excludes.layers]

    def holds(self, path: str) -> bool:
        """Whether a path leads below the folder."""
        return name_below(path, self._top) is not None

    def has(self, path: str, *, folder: bool = False) -> bool:
        """Whether a file, or a ``folder``, is left out, or a folder between it and the top."""
        above = os.path.dirname(path)
        if above not in self._folders:
            name = name_below(above, self._top) or ""
            ends = [len(above) - len(name) + at for at, char in enumerate(f"{name}/") if char == "/"] if name else []
            self._folders[above] = any(self._says(above[:end], folder=True) for end in ends)
        return self._folders[above] or (self.holds(path) and self._says(path, folder=folder))

    def _says(self, path: str, *, folder: bool) -> bool:
        """Whether a file or folder is left out by itself; patterns of another place see it from the top on."""
        seen = name_below(path, self._top) or ""
        return any(globs.says(name_below(path, root) or seen, folder=folder) for globs, root in self._layers)
