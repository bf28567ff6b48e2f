#!/usr/bin/env python3
"""Put the server's libraries into ``bundled/libs``: ``npm run bundle``.

Compiled modules carry the version of Python in their names, so one folder serves all versions in ``PYTHONS``, as
Microsoft's template for Python tools has it for one. What is installed is held to the versions of requirements.lock. It is
made for the platform that this runs on; ``bundle.py PLATFORM WHEEL`` makes it for another one from a wheel of aicheck that
is there. It is uv that installs, since pip asks the markers of packages of the system that it runs on.
"""

from __future__ import annotations

import hashlib
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

ROOT = Path(__file__).resolve().parents[2]
BUNDLED = Path(__file__).resolve().parent / "bundled"
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
OWN = ("aicheck_app", "aicheck_checks", "aicheck_lsp")
PROGRAMS = {"ruff", "ruff.exe"}
"""What is kept of ``bin``: scripts would name the Python of the machine that this runs on."""
UV = "0.13.9"
PLATFORMS = {
    "linux-x64": "x86_64-manylinux_2_28",
    "linux-arm64": "aarch64-manylinux_2_28",
    "alpine-x64": "x86_64-unknown-linux-musl",
    "darwin-x64": "x86_64-apple-darwin",
    "darwin-arm64": "aarch64-apple-darwin",
    "win32-x64": "x86_64-pc-windows-msvc",
    "win32-arm64": "aarch64-pc-windows-msvc",
}
"""VS Code's name of a platform, and uv's. VS Code itself asks for glibc 2.28."""
NO_WHEEL = {
    "linux-arm64": {"tree-sitter-dockerfile"},
    "alpine-x64": {"tree-sitter-dockerfile", "tree-sitter-scss"},
    "darwin-x64": {"tree-sitter-dockerfile"},
    "win32-x64": {"tree-sitter-dockerfile"},
    "win32-arm64": {"tree-sitter-dockerfile", "tree-sitter-scss"},
}
"""Grammars of the extra ``languages`` that nobody has built for a platform: such files are unchecked there, and told so."""
OF_THE_INSTALL = ("RECORD", "REQUESTED", "INSTALLER", "direct_url.json", "uv_cache.json", ".lock", ".gitignore")
"""What is written of how and from where it installed; it would tell of the machine that this runs on."""
COMPILED = ("__pycache__", "*.pyc")
TESTS = "tests"
"""Left out of others' packages; a folder of our own by that name is a family of rules."""


def here() -> str:
    """VS Code's name of the platform that this runs on."""
    arm = platform.machine().lower() in ("arm64", "aarch64")
    system = "alpine" if Path("/etc/alpine-release").exists() else sys.platform
    return f"{system}-{'arm64' if arm else 'x64'}"


def run(*command: str | Path) -> None:
    """Run a program apart from the working folder, whose settings are not meant."""
    subprocess.run([str(part) for part in command], check=True, cwd=tempfile.gettempdir())


def pip(*arguments: str | Path) -> None:
    """Run pip without the user's own packages."""
    run(sys.executable, "-I", "-m", "pip", *arguments, "--quiet", "--disable-pip-version-check")


def pinned() -> list[str]:
    """The lock's versions as constraints. Its hashes would have to cover the wheel of this clone too."""
    return re.findall(r"^\S+==[^\\\n]+", (ROOT / "requirements.lock").read_text(), re.MULTILINE)


def grammars(target: str) -> list[str]:
    """The extra ``languages``, as far as it is built for the target."""
    listed = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]["languages"]
    return [one for one in listed if re.split(r"[^\w-]", one)[0] not in NO_WHEEL.get(target, ())]


def install(folder: Path, target: str, pythons: Iterable[str], *what: str | Path, left_out: tuple[str, ...]) -> None:
    """Install something as each of these Pythons needs it into one folder, but for files and folders of some names."""
    uv = BUNDLED / "uv" / "bin" / ("uv.exe" if sys.platform == "win32" else "uv")
    with tempfile.TemporaryDirectory(dir=BUNDLED) as made:
        for version in pythons:
            place = Path(made) / version
            run(uv, "pip", "install", "--quiet", "--no-config", "--target", place, "--python", sys.executable,
                "--python-version", version, "--python-platform", PLATFORMS[target], "--only-binary", ":all:",
                "--link-mode", "copy", *what)  # fmt: skip
            ignored = shutil.ignore_patterns(*left_out)
            shutil.copytree(place, folder, dirs_exist_ok=True, ignore=ignored, copy_function=os.replace)
    for program in (folder / "bin").glob("*"):
        if program.name not in PROGRAMS:
            program.unlink()


def main() -> None:
    """Make the bundle; what the server needs is only installed anew where the lock or the packages' list has changed."""
    target = sys.argv[1] if len(sys.argv) > 1 else here()
    libraries, stamp = BUNDLED / "libs", BUNDLED / "state"
    told = (ROOT / "requirements.lock", ROOT / "pyproject.toml", Path(__file__))
    state = f"{target} {hashlib.sha256(b''.join(path.read_bytes() for path in told)).hexdigest()}"
    with tempfile.TemporaryDirectory() as made:
        if len(sys.argv) > 2:
            shutil.copy(sys.argv[2], made)
        else:
            pip("wheel", "--no-deps", "--wheel-dir", made, ROOT)
        (wheel,) = Path(made).glob("*.whl")
        if not stamp.exists() or stamp.read_text() != state:
            shutil.rmtree(BUNDLED, ignore_errors=True)
            constraints = Path(made) / "constraints.txt"
            constraints.write_text("\n".join(pinned()) + "\n")
            pip("install", "--target", BUNDLED / "uv", "--no-compile", f"uv=={UV}")
            wanted = ("--constraint", constraints, wheel, *grammars(target))
            install(libraries, target, PYTHONS, *wanted, left_out=(*COMPILED, *OF_THE_INSTALL, TESTS))
            stamp.write_text(state)
        for own in OWN:
            shutil.rmtree(libraries / own, ignore_errors=True)
        install(libraries, target, PYTHONS[:1], "--no-deps", wheel, left_out=(*COMPILED, *OF_THE_INSTALL))


if __name__ == "__main__":
    main()
