#!/usr/bin/env python3
"""Make a release of what is committed: ``python3 scripts/release.py FOLDER [--tag TAG] [--source ADDRESS] [--platform NAME...]``.

Into FOLDER go the wheel and the source distribution, a package for VS Code for each platform with the server inside, the
Neovim plugin, the Claude Code marketplace, lists of the parts (CycloneDX) of the Python and the npm side, the notes of this
version out of CHANGELOG.md, and checksums. Two builds of one commit are equal byte for byte, wherever they are made, with the
same versions of Python and Node. Needs git, Node with npm, and the package indexes; the tools are those of release.lock.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import venv
import zipfile
from pathlib import Path

import build_vega
import versions

ROOT = Path(__file__).resolve().parents[1]
PLATFORMS = ("linux-x64", "linux-arm64", "alpine-x64", "darwin-x64", "darwin-arm64", "win32-x64", "win32-arm64")
WHEEL_BYTES = 12_000_000
"""The most that a wheel may have: it is fetched by every job of everybody's CI."""
NEOVIM = ("editors/neovim", ("doc", "lsp", "lua", "plugin", "README.md"))
CLAUDE_CODE = (".", (".claude-plugin", "editors/claude-code"))
"""A folder of the repository and what of it is packed; beside it the licence."""


def run(*command: str | Path, cwd: Path = ROOT, **environment: str) -> str:
    """Run a program and return what it prints; leave with its last words if it fails."""
    program = shutil.which(command[0]) or str(
        command[0]
    )  # on Windows npm is npm.cmd, which is only found by its whole name
    done = subprocess.run(
        [program, *map(str, command[1:])], cwd=cwd, env={**os.environ, **environment}, stdout=subprocess.PIPE,
        encoding="utf-8", check=False,
    )  # fmt: skip
    if done.returncode:
        sys.exit(f"{done.stdout}'{' '.join(map(str, command[:4]))}' failed: no release was made")
    return done.stdout


class Build:
    """A release in the making: a clone of its own, the locked tools, and the folder that things go to."""

    def __init__(self, place: Path, folder: Path, source: str) -> None:
        self.tree, self.folder, self.source = place / "tree", folder, source
        run("git", "clone", "--quiet", "--depth", "1", ROOT.as_uri(), self.tree)
        self.version = versions.version(self.tree)
        self.epoch = run("git", "log", "-1", "--format=%ct", cwd=self.tree).strip()
        os.environ |= {"SOURCE_DATE_EPOCH": self.epoch, "TZ": "UTC", "PYTHONHASHSEED": "0"}
        self.tools = made_environment(place / "tools")
        run(self.tools / "python", "-I", "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
            "--require-hashes", "-r", self.tree / "scripts/release.lock")  # fmt: skip

    def distributions(self) -> Path:
        """The wheel and the source distribution."""
        run(self.tools / "python", "-I", "-m", "hatchling", "build", "-d", self.folder, cwd=self.tree)
        (wheel,) = self.folder.glob("*.whl")
        if wheel.stat().st_size > WHEEL_BYTES:
            sys.exit(f"{wheel.name} has {wheel.stat().st_size} bytes, more than {WHEEL_BYTES}")
        return wheel

    def extensions(self, wheel: Path, platforms: list[str]) -> None:
        """The packages for VS Code."""
        extension = self.tree / "editors/vscode"
        run("npm", "ci", "--silent", "--no-audit", "--no-fund", cwd=extension)
        run("npm", "run", "--silent", "build", cwd=extension, AICHECK_SOURCE=self.source)
        for platform in platforms:
            told(f"the package for VS Code on {platform}")
            run(self.tools / "python", "-I", "bundle.py", platform, wheel, cwd=extension)
            file = self.folder / f"aicheck-{platform}-{self.version}.vsix"
            # Not searched for secrets, which takes minutes: it is made of a clone and of locked packages alone.
            run(
                "npm",
                "run",
                "--silent",
                "pack",
                "--",
                "--allow-package-all-secrets",
                "--target",
                platform,
                "-o",
                file,
                cwd=extension,
            )

    def archive(self, name: str, below: str, parts: tuple[str, ...]) -> None:
        """Some files of a folder of the repository as an archive, whose entries all have the commit's time."""
        folder = self.tree / below
        listed = run("git", "ls-files", "-z", "--", *parts, cwd=folder).split("\0")
        files = {one: folder / one for one in listed if one} | {"LICENSE": self.tree / "LICENSE"}
        with zipfile.ZipFile(self.folder / f"{name}-{self.version}.zip", "w", zipfile.ZIP_DEFLATED) as packed:
            for inside, file in sorted(files.items()):
                entry = zipfile.ZipInfo.from_file(file, f"{name}/{inside}")
                entry.date_time = commit_time(int(self.epoch))
                entry.external_attr = 0o100644 << 16
                packed.writestr(entry, file.read_bytes(), zipfile.ZIP_DEFLATED)

    def parts(self, wheel: Path, place: Path) -> None:
        """Lists of what aicheck is made of: what an installed wheel with all languages brings, and what the extension does."""
        installed = made_environment(place / "installed")
        pinned = re.findall(r"^\S+==[^\\\n]+", (self.tree / "requirements.lock").read_text("utf-8"), re.MULTILINE)
        (place / "pinned.txt").write_text("\n".join(pinned), "utf-8")
        pip = (installed / "python", "-I", "-m", "pip")
        run(
            *pip,
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--constraint",
            place / "pinned.txt",
            f"{wheel}[languages]",
        )
        run(*pip, "uninstall", "--quiet", "--yes", "pip", "setuptools")
        for told_of_here in installed.parent.rglob("direct_url.json"):
            told_of_here.unlink()
        python = self.folder / f"aicheck-{self.version}.python.cdx.json"
        run(self.tools / "cyclonedx-py", "environment", "--output-reproducible", "--spec-version", "1.6", "--of", "JSON", "-o",
            python, installed / "python")  # fmt: skip
        said = run(
            "npm",
            "sbom",
            "--sbom-format",
            "cyclonedx",
            "--omit",
            "dev",
            "--package-lock-only",
            cwd=self.tree / "editors/vscode",
        )
        parts = json.loads(said)
        del parts["serialNumber"], parts["metadata"]["timestamp"]  # they are new each time
        charts = {
            name: version for name, version in build_vega.PACKAGES.items() if name != "esbuild"
        }  # in the wheel's vega.js
        parts["components"] += [
            {
                "bom-ref": f"{name}@{version}",
                "type": "library",
                "name": name,
                "version": version,
                "purl": f"pkg:npm/{name}@{version}",
            }
            for name, version in charts.items()
        ]
        npm = self.folder / f"aicheck-{self.version}.npm.cdx.json"
        npm.write_text(json.dumps(parts, indent=2) + "\n", "utf-8")

    def notes(self, tag: str) -> None:
        """This version's section of the changelog; what a tag releases must have a date there."""
        text = section((self.tree / "CHANGELOG.md").read_text("utf-8"), self.version)
        if tag and (tag != f"v{self.version}" or "unreleased" in text.partition("\n")[0]):
            sys.exit(
                f"the tag {tag} needs the version {tag[1:]} and a dated section in CHANGELOG.md: see docs/release.md"
            )
        (self.folder / "notes.md").write_text(text, "utf-8")

    def checksums(self) -> None:
        """A line a file, as ``sha256sum --check`` reads them."""
        lines = [
            f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n" for file in sorted(self.folder.iterdir())
        ]
        (self.folder / "SHA256SUMS").write_text("".join(lines), "utf-8")


def made_environment(folder: Path) -> Path:
    """Make an environment; its folder of programs."""
    venv.create(folder, with_pip=True)
    return folder / ("Scripts" if os.name == "nt" else "bin")


def commit_time(epoch: int) -> tuple[int, int, int, int, int, int]:
    """A time as archives say it, in UTC."""
    from datetime import UTC, datetime

    time = datetime.fromtimestamp(epoch, UTC)
    return (time.year, time.month, time.day, time.hour, time.minute, time.second)


def section(changelog: str, version: str) -> str:
    """A version's section of a changelog; leaves if there is none."""
    found = re.search(rf"^## {re.escape(version)}(?![\w.]).*?(?=^## |\Z)", changelog, re.MULTILINE | re.DOTALL)
    if not found:
        sys.exit(f"CHANGELOG.md has no section '## {version}': write one")
    return found[0].strip() + "\n"


def told(what: str) -> None:
    """Say what is being made."""
    print(f"making {what} ...", flush=True)


def arguments() -> argparse.Namespace:
    """What was asked for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path, help="an empty folder")
    parser.add_argument(
        "--tag", default="", help="the tag that is released; its version and CHANGELOG.md are held against it"
    )
    parser.add_argument(
        "--source", default="", help="what the extension's 'Install Server' installs from, as git+https://HOST/PATH@TAG"
    )
    parser.add_argument(
        "--platform", action="append", choices=PLATFORMS, help="VS Code's name of a platform; all by default"
    )
    return parser.parse_args()


def main() -> None:
    """Run; see the module's docstring."""
    options = arguments()
    folder: Path = options.folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        sys.exit(f"{folder} is not empty")
    if run("git", "status", "--porcelain"):
        sys.exit(
            "a release is made of what is committed, and there are changes that are not: commit them, or put them aside"
        )
    os.umask(0o022)  # modes of files are in the packages
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as place:
        told("the tools")
        build = Build(Path(place), folder, options.source)
        build.notes(options.tag)
        told("wheel and source distribution")
        wheel = build.distributions()
        build.archive("aicheck.nvim", *NEOVIM)
        build.archive("aicheck-claude-code", *CLAUDE_CODE)
        told("the lists of parts")
        build.parts(wheel, Path(place))
        build.extensions(wheel, options.platform or list(PLATFORMS))
        build.checksums()
    print("".join(f"{file.stat().st_size:>12,}  {file.name}\n" for file in sorted(folder.iterdir())), end="")


if __name__ == "__main__":
    main()
