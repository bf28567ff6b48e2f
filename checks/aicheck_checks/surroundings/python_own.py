"""Where the modules of a Python project's own packages are, and whether they are there at all."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from aicheck_checks.patterns import lazy
from aicheck_checks.surroundings.disk import above
from aicheck_checks.surroundings.made import is_ignored, named_in
from aicheck_checks.surroundings.python import environment, roots_of
from aicheck_checks.surroundings.python_environment import has_module
from aicheck_checks.surroundings.python_exports import exports, makes_modules
from aicheck_checks.surroundings.python_repository import declares
from aicheck_checks.surroundings.repository import paths

if TYPE_CHECKING:
    from aicheck_checks.surroundings.disk import Disk

_GENERATED = lazy(
    r"(?:.*_pb2(?:_grpc)?|.*_?version_?|__about__|.*generated.*|ui_.*|.*_(?:ui|rc|cffi|thrift|build|capnp)|_build.*|_?parsetab|_?lextab)$"
)
"""Modules that builds make."""
_BUILDS = (
    "pyproject.toml", "setup.py", "setup.cfg", "meson.build", "CMakeLists.txt", "Makefile", "MANIFEST.in", "Cargo.toml",
    "build.py", "hatch_build.py", "tox.ini", "noxfile.py", "Dockerfile", "BUILD", "BUILD.bazel",
)  # fmt: skip
"""Files that say what is made."""
_COMPILED = (".pyx", ".pxd", ".c", ".cpp", ".cc", ".rs", ".f90")
"""Sources of extension modules."""
_STARS = 8
"""Star imports that lead on to others."""


def missing_module(disk: Disk, folder: str, module: str) -> bool | None:
    """Whether a module of the project's own packages is not there; None for can't tell, and for what is no module of theirs.

    ``module`` is as an import names it; leading dots are relative to the package of a folder.
    """
    bases, parts = _bases(disk, folder, module)
    if not bases or not parts or not all(_in_package(disk, base) for base in bases):
        return None
    steps = [_walk(disk, base, parts) for base in bases]
    if any(found is None or found for found in steps):
        return False if any(steps) else None
    doubtful = any(
        _is_made(disk, folder, base, parts) or _makes_modules(disk, _deepest(disk, base, parts)) for base in bases
    )
    return None if doubtful else True


def missing_name(disk: Disk, folder: str, module: str, name: str, path: str) -> bool | None:
    """Whether a module of the project's own is there and has no such name; None for can't tell.

    ``path`` is the file that asks: a module that takes from itself is not judged.
    """
    bases, parts = _bases(disk, folder, module)
    steps = [_walk(disk, base, parts) if parts else (base,) for base in bases]
    if not steps or any(not step for step in steps):
        return None
    places = {place for step in steps for place in step or ()}
    if path in places:
        return None
    answers = [_has(disk, place, name, _STARS) for place in places]
    if any(answer is not False for answer in answers):
        return None if None in answers else False
    return not any(_is_made(disk, folder, place, (name,)) for place in places if disk.is_dir(place))


def _deepest(disk: Disk, base: str, parts: tuple[str, ...]) -> str:
    """The last folder on the way to a module that is there."""
    for part in parts:
        if not disk.is_dir(os.path.join(base, part)):
            break
        base = os.path.join(base, part)
    return base


def _bases(disk: Disk, folder: str, module: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The folders that the walk to a module begins in, and the names on its way."""
    name = module.lstrip(".")
    parts = tuple(name.split(".")) if name else ()
    dots = len(module) - len(name)
    if dots:
        base = folder
        for _ in range(dots - 1):
            base = os.path.dirname(base)
        return (base,), parts
    bases = _packages(disk, folder, parts[0])
    return bases, parts[1:]


def _in_package(disk: Disk, folder: str) -> bool:
    """Whether a folder belongs to a regular package: to one without `__init__`, other places may add."""
    return any(disk.is_file(os.path.join(here, "__init__.py")) for here in (folder, os.path.dirname(folder)))


def _makes_modules(disk: Disk, folder: str) -> bool:
    """Whether a package, or one round it, makes its modules as it runs."""
    for here in above(folder):
        init = os.path.join(here, "__init__.py")
        if not disk.is_file(init):
            return False
        if disk.fact(makes_modules, init):
            return True
    return False


def _packages(disk: Disk, folder: str, name: str) -> tuple[str, ...]:
    """The project's packages of a name; none where the name may be somebody else's."""
    roots = disk.fact(roots_of, folder)
    if not roots or name in sys.stdlib_module_names:
        return ()
    places = disk.fact(_tops, roots[-1]).get(name, ())
    searched = {place for root in roots for place in (root, os.path.join(root, "src"))}
    own = own_top(disk, folder)
    if os.path.basename(own) != name and not any(os.path.dirname(place) in searched for place in places):
        return ()
    sure = os.path.basename(own) == name and os.path.dirname(own) in searched
    return places if (sure or not _is_foreign(disk, folder, roots[-1], name)) else ()


def _is_foreign(disk: Disk, folder: str, top: str, name: str) -> bool:
    """Whether the name may be that of a package which the project only uses."""
    installed = environment(disk, folder)
    return declares(disk, top, name) or (bool(installed) and has_module(disk, installed, name))


def own_top(disk: Disk, folder: str) -> str:
    """The outermost package that a folder is part of, or the folder."""
    top = folder
    for here in above(folder):
        if not disk.is_file(os.path.join(here, "__init__.py")):
            break
        top = here
    return top


def _tops(disk: Disk, top: str) -> dict[str, tuple[str, ...]]:
    """The outermost packages of a repository, and the folders in which each stands."""
    packages = {os.path.dirname(path) for path in disk.fact(paths, top) if path.endswith("/__init__.py")}
    found: dict[str, list[str]] = {}
    for package in sorted(packages):
        if os.path.dirname(package) not in packages:
            found.setdefault(os.path.basename(package), []).append(os.path.join(top, *package.split("/")))
    return {name: tuple(places) for name, places in found.items()}


def _walk(disk: Disk, base: str, parts: tuple[str, ...]) -> tuple[str, ...] | None:
    """Where a dotted name leads: its files or folder, an empty tuple for nowhere, or None for can't tell.

    A file of any ending counts: what it is compiled or made to is not known here.
    """
    here = base
    for part in parts[:-1]:
        if part not in disk.listing(here):
            return None if _stems(disk, here, part) else ()
        here = os.path.join(here, part)
    return tuple(os.path.join(here, name) for name in _stems(disk, here, parts[-1]))


def _stems(disk: Disk, folder: str, stem: str) -> list[str]:
    """The names in a folder that may be a module, on disks that know no case as well."""
    return [name for name in disk.listing(folder) if name.partition(".")[0].lower() == stem.lower()]


def _is_made(disk: Disk, folder: str, base: str, parts: tuple[str, ...]) -> bool:
    """Whether a module that is not there may be made by a build."""
    roots = disk.fact(roots_of, folder)
    if any(_GENERATED.match(part) for part in parts):
        return True
    if not roots:
        return False
    if parts[-1].startswith("_") and disk.fact(_compiles, roots[-1]):
        return True
    if any(parts[-1] in disk.fact(named_in, root, _BUILDS) for root in roots):
        return True
    return is_ignored(disk, roots[-1], os.path.join(base, *parts), ("", ".py", "/__init__.py"))


def _compiles(disk: Disk, top: str) -> bool:
    return any(path.endswith(_COMPILED) for path in disk.fact(paths, top))


def _has(disk: Disk, place: str, name: str, stars: int) -> bool | None:
    """Whether a module (a file, or a package's folder) has a name; None for can't tell."""
    if disk.is_dir(place):
        if _stems(disk, place, name):
            return True
        inits = [
            os.path.join(place, one)
            for one in ("__init__.py", "__init__.pyi")
            if disk.is_file(os.path.join(place, one))
        ]
        if not inits:
            return None
        place_folder = place
    elif place.endswith((".py", ".pyi")):
        inits, place_folder = [place], os.path.dirname(place)
    else:
        return None
    answers = [_binds(disk, init, place_folder, name, stars) for init in inits]
    return True if True in answers else None if None in answers else False


def _binds(disk: Disk, file: str, folder: str, name: str, stars: int) -> bool | None:
    """Whether a file binds a name, by itself or by a star import."""
    found = disk.fact(exports, file)
    if found is None or not stars:
        return None
    if name in found.names:
        return True
    for star in found.stars:
        bases, parts = _bases(disk, folder, star)
        steps = [_walk(disk, base, parts) if parts else (base,) for base in bases]
        if not steps or any(not step for step in steps):
            return None
        answers = [_has(disk, place, name, stars - 1) for step in steps for place in step or ()]
        if any(answer is not False for answer in answers):
            return True if True in answers else None
    return False
