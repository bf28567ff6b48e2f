"""What a Python project has: its own modules, its declared dependencies, its environment.

All of it is read from files (PEP 621 pyproject.toml, requirements files,
setup.cfg, lock files, `pyvenv.cfg`, `*.dist-info`); nothing is executed.
"""

from __future__ import annotations

import os
import re
from functools import cached_property, lru_cache

from aicheck_checks.files import listing, read
from aicheck_checks.packages.pypi import modules as import_modules
from aicheck_checks.packages.pypi import normal
from aicheck_checks.patterns import lazy
from aicheck_checks.toml import read_toml

MARKERS = (
    "pyproject.toml", "setup.cfg", "setup.py", "requirements.txt", "Pipfile", "poetry.lock", "uv.lock",
    "environment.yml", "tox.ini",
)  # fmt: skip
MAX_FOLDERS = 2_000
"""Folders of a root that are looked into for modules."""
MAX_NAMES = 20_000
"""Names looked at in all of them together."""
MAX_MANIFEST = 2_000_000
"""Code points read of a manifest; lock files are long."""
_INSTALLED = lazy(r"[/\\](?:site-packages|dist-packages|node_modules|lib[/\\]python\d[\d.]*)(?:[/\\]|$)")
_REQUIREMENT = lazy(r"^[^\S\n]*[\"']?([A-Za-z0-9][A-Za-z0-9._-]*)", re.MULTILINE)


def _lists_requirements(name: str) -> bool:
    """Whether a file of this name says what a project needs, one a line or in strings."""
    if name in ("setup.cfg", "setup.py", "tox.ini", "environment.yml"):
        return True
    named = "requirements" in name or (name.startswith("constraints") and name.endswith(".txt"))
    return named and name.endswith((".txt", ".in"))


class Project:
    """A folder with Python metadata; built once per folder by ``project_of``."""

    def __init__(self, root: str) -> None:
        self.root = root

    def __reduce__(self) -> tuple[object, ...]:
        """Another process reads the project itself, once."""
        return _project, (self.root,)

    @property
    def complete(self) -> bool:
        """Whether the environment has all that the metadata declares, so that absence means something."""
        return bool(self.installed) and all(self._have(name) for name in self.declared)

    def provides(self, module: str, path: str) -> bool | None:
        """Whether a top-level module is there for a file of the project; None for can't tell."""
        if module in self.modules or self._beside(module, path):
            return True
        if self._declares(module):
            return True
        if not self.installed:
            return None
        return module in self.installed

    def _have(self, distribution: str) -> bool:
        return any(name in self.installed for name in import_modules(distribution))

    def _declares(self, module: str) -> bool:
        return any(module in import_modules(name) for name in self.declared)

    def _beside(self, module: str, path: str) -> bool:
        """A module in the folder of the file or in one of the folders above it, up to the root."""
        folder = os.path.dirname(os.path.abspath(path))
        while True:
            if is_module(folder, module):
                return True
            if folder in (self.root, os.path.dirname(folder)) or not folder.startswith(self.root):
                return False
            folder = os.path.dirname(folder)

    @cached_property
    def modules(self) -> frozenset[str]:
        """Top-level modules in the root, `src` and other folders that hold packages."""
        found: set[str] = set()
        left = MAX_NAMES
        for folder in (self.root, *(os.path.join(self.root, n) for n in listing(self.root)[:MAX_FOLDERS])):
            if os.path.isdir(folder) and not os.path.basename(folder).startswith((".", "node_modules")):
                names = listing(folder)[:left]
                left -= len(names)
                found |= {name.partition(".")[0] for name in names if _is_code(folder, name)}
        return frozenset(found)

    @cached_property
    def declared(self) -> frozenset[str]:
        """Distribution names (normalised as in PEP 503) in the project's metadata."""
        found: set[str] = set()
        for name in listing(self.root):
            path = os.path.join(self.root, name)
            if name in ("pyproject.toml", "Pipfile", "poetry.lock", "uv.lock", "pdm.lock", "pylock.toml"):
                found |= _from_toml(path)
            elif _lists_requirements(name):
                found |= {normal(n) for n in _REQUIREMENT.findall(read(path, MAX_MANIFEST))}
                found |= {
                    normal(n)
                    for n in re.findall(r"[\"']([A-Za-z][\w.-]*)\s*(?:[\[<>=!~;].*)?[\"']", read(path, MAX_MANIFEST))
                }
            elif name == "requirements" and os.path.isdir(path):
                for inner in listing(path):
                    found |= {normal(n) for n in _REQUIREMENT.findall(read(os.path.join(path, inner), MAX_MANIFEST))}
        return frozenset(found)

    @cached_property
    def installed(self) -> frozenset[str]:
        """Top-level modules of the project's environment; empty where none is found."""
        found: set[str] = set()
        for folder in self.site_packages:
            for name in listing(folder):
                if not name.endswith((".dist-info", ".egg-info", ".pth")):
                    found.add(name.partition(".")[0])
        return frozenset(found)

    @cached_property
    def site_packages(self) -> list[str]:
        """The folders of installed packages of the project's environment, else of the active one."""
        candidates = [os.path.join(self.root, n) for n in (".venv", "venv", "env", ".env", ".tox/py")]
        candidates += [v for k in ("VIRTUAL_ENV", "CONDA_PREFIX") if (v := os.environ.get(k))]
        found = []
        for home in candidates:
            for lib in ("lib", "Lib", "lib64"):
                base = os.path.join(home, lib)
                if os.path.isfile(os.path.join(home, "pyvenv.cfg")) or "conda" in home:
                    found += [os.path.join(base, n, "site-packages") for n in listing(base) if n.startswith("python")]
                    found.append(os.path.join(base, "site-packages"))
        return [folder for folder in found if os.path.isdir(folder)]


@lru_cache(maxsize=1024)
def _root(folder: str) -> str | None:
    if _INSTALLED.search(folder + os.sep):
        return None
    if any(os.path.exists(os.path.join(folder, name)) for name in MARKERS):
        return folder
    above = os.path.dirname(folder)
    if above == folder or os.path.exists(os.path.join(folder, ".git")):
        return None
    return _root(above)


@lru_cache(maxsize=64)
def _project(root: str) -> Project:
    return Project(root)


def project_of(path: str) -> Project | None:
    """The project round a file, or None (also for files of installed packages)."""
    root = _root(os.path.dirname(os.path.abspath(path)))
    return _project(root) if root is not None else None


def _is_code(folder: str, name: str) -> bool:
    if name.endswith((".py", ".pyi", ".so", ".pyd", ".pyx")):
        return True
    path = os.path.join(folder, name)
    return name.isidentifier() and os.path.isdir(path)


def is_module(folder: str, module: str) -> bool:
    """Whether a folder holds a module or package of this name."""
    return any(os.path.exists(os.path.join(folder, module + end)) for end in ("", ".py", ".pyi", ".pyx", ".so"))


def _from_toml(path: str) -> set[str]:
    found: set[str] = set()
    _walk(read_toml(path, MAX_MANIFEST), "", found)
    return found


def _walk(value: object, key: str, found: set[str]) -> None:
    """Requirement strings under any key about dependencies, and the names of locked packages."""
    if isinstance(value, dict):
        if "dependencies" in key.lower() or key in ("packages", "dev-packages"):
            found.update(normal(name) for name in value)
        if key == "package" and isinstance(value.get("name"), str):
            found.add(normal(value["name"]))
        for inner, item in value.items():
            _walk(item, inner if "dependenc" in inner.lower() or "dependenc" not in key.lower() else key, found)
    elif isinstance(value, list):
        for item in value:
            if not isinstance(item, str):
                _walk(item, key, found)
            elif "dependenc" in key.lower() or key == "requires":
                match = _REQUIREMENT.match(item)
                if match:
                    found.add(normal(match[1]))
