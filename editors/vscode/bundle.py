#!/usr/bin/env python3
"""Put the server's libraries into ``bundled/libs`` for the platform that this runs on: ``npm run bundle``.

Compiled modules carry the version of Python in their names, so one folder serves all versions in ``PYTHONS``, as
Microsoft's template for Python tools has it for one. What pip installs is held to the versions of requirements.lock.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

ROOT = Path(__file__).resolve().parents[2]
BUNDLED = Path(__file__).resolve().parent / "bundled"
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
OWN = ("aicheck_app", "aicheck_checks", "aicheck_lsp")
EXTRAS = "[languages]"
PROGRAMS = {"ruff", "ruff.exe"}
"""What is kept of ``bin``: scripts would name the Python of the machine that this runs on."""
COMPILED = ("__pycache__", "*.pyc")
TESTS = "tests"
"""Left out of others' packages; a folder of our own by that name is a family of rules."""


def pip(*arguments: str | Path) -> None:
    """Run pip, apart from the working folder and the user's own packages."""
    command = (sys.executable, "-I", "-m", "pip", *map(str, arguments), "--quiet", "--disable-pip-version-check")
    subprocess.run(command, check=True, cwd=tempfile.gettempdir())


def pinned() -> str:
    """The lock's versions as constraints. Its hashes would have to cover the wheel of this clone too."""
    return "\n".join(re.findall(r"^\S+==[^\\\n]+", (ROOT / "requirements.lock").read_text(), re.MULTILINE)) + "\n"


def install(folder: Path, pythons: Iterable[str], what: str, *options: str | Path, left_out: tuple[str, ...]) -> None:
    """Install something as each of these Pythons needs it into one folder, but for files and folders of some names."""
    with tempfile.TemporaryDirectory() as made:
        for version in pythons:
            place = Path(made) / version
            pip("install", "--target", place, "--python-version", version, "--implementation", "cp",
                "--only-binary=:all:", "--no-compile", *options, what)  # fmt: skip
            shutil.copytree(place, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns(*left_out))
    for program in (folder / "bin").glob("*"):
        if program.name not in PROGRAMS:
            program.unlink()


def main() -> None:
    """Make the bundle; what the server needs is only installed anew where the lock or the packages' list has changed."""
    libraries, stamp = BUNDLED / "libs", BUNDLED / "state"
    told = (ROOT / "requirements.lock", ROOT / "pyproject.toml", Path(__file__))
    state = f"{sys.platform} {hashlib.sha256(b''.join(path.read_bytes() for path in told)).hexdigest()}"
    with tempfile.TemporaryDirectory() as made:
        pip("wheel", "--no-deps", "--wheel-dir", made, ROOT)
        (wheel,) = Path(made).glob("*.whl")
        if not stamp.exists() or stamp.read_text() != state:
            shutil.rmtree(BUNDLED, ignore_errors=True)
            constraints = Path(made) / "constraints.txt"
            constraints.write_text(pinned())
            install(libraries, PYTHONS, f"{wheel}{EXTRAS}", "--constraint", constraints, left_out=(*COMPILED, TESTS))
            stamp.write_text(state)
        for own in OWN:
            shutil.rmtree(libraries / own, ignore_errors=True)
        install(libraries, PYTHONS[:1], str(wheel), "--no-deps", left_out=COMPILED)


if __name__ == "__main__":
    main()
