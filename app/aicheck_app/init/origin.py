"""Where this aicheck was installed from: the one source that everything else is set up from as well.

Installers write it down (PEP 610, `direct_url.json`). No index is ever named: our name there may be anybody's.
"""

from __future__ import annotations

import json
import os
import subprocess
from importlib.metadata import entry_points
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from aicheck_app import __version__
from aicheck_checks.programs import environment, find

SECONDS = 20
"""After which a repository that does not answer is one without a known revision."""


class Source(NamedTuple):
    """A git repository of aicheck, by URL or path, and a revision that it has."""

    repo: str
    rev: str


class Recorded(NamedTuple):
    """What the installer noted: our distribution, the address, the commit of a repository, whether a folder was installed to be edited."""

    name: str = ""
    url: str = ""
    commit: str = ""
    editable: bool = False

    @property
    def path(self) -> str:
        """The folder or file that was installed; empty where it came over a network."""
        path = unquote(urlsplit(self.url).path) if self.url.startswith("file:") else ""
        return path.removeprefix("/") if os.name == "nt" else path

    def with_extra(self, extra: str) -> str:
        """What an installer is given to install the same with an extra; empty where nothing was noted."""
        if not self.url:
            return ""
        if self.path:
            return f"{self.path}[{extra}]"
        return f"{self.name}[{extra}] @ " + (f"git+{self.url}@{self.commit}" if self.commit else self.url)


def source() -> Source | None:
    """The repository that this installation came from, with the revision to use; None where it came from elsewhere."""
    noted = recorded()
    if not noted.url:
        return None
    if noted.path:
        return _clone(noted.path)
    return Source(noted.url, noted.commit) if noted.commit else None


def revision_of(repo: str) -> str | None:
    """The tag of this version in a repository, or else its newest commit; None where git can't say."""
    tag = f"v{__version__}"
    if _git("ls-remote", "--exit-code", "--tags", "--", repo, f"refs/tags/{tag}"):
        return tag
    newest = _git("ls-remote", "--exit-code", "--", repo, "HEAD")
    return newest.split()[0] if newest else None


def has_revision(repo: str, rev: str) -> bool:
    """Whether a repository has a tag or branch of this name; a commit's full name is taken on trust, for servers do not list them."""
    if len(rev) == 40 and all(char in "0123456789abcdef" for char in rev):
        return True
    return bool(_git("ls-remote", "--exit-code", "--", repo, rev))


def recorded() -> Recorded:
    """What the installer of this aicheck noted; nothing where it noted none."""
    ours = next(
        (
            entry.dist
            for entry in entry_points(group="console_scripts", name="aicheck")
            if entry.value.startswith("aicheck_app.")
        ),
        None,
    )
    try:
        noted = json.loads((ours.read_text("direct_url.json") if ours is not None else None) or "{}")
    except ValueError:
        return Recorded()
    if ours is None or not isinstance(noted, dict):
        return Recorded()
    info, folder = noted.get("vcs_info"), noted.get("dir_info")
    return Recorded(
        ours.name,
        str(noted.get("url", "")),
        str(info.get("commit_id", "")) if isinstance(info, dict) else "",
        isinstance(folder, dict) and folder.get("editable") is True,
    )


def _clone(folder: str) -> Source | None:
    """A clone's own remote if that has its commit, so that others can use it as well; else the clone itself."""
    top = _git("-C", folder, "rev-parse", "--show-toplevel").strip()
    commit = _git("-C", folder, "rev-parse", "HEAD").strip()
    if not top or not commit:
        return None
    remote = _git("-C", top, "remote", "get-url", "origin").strip()
    pushed = remote and _git("-C", top, "branch", "--remotes", "--contains", commit)
    return Source(remote if pushed else top, commit)


def _git(*arguments: str) -> str:
    """What git says, nothing where it fails; it may ask nobody anything."""
    program = find("git")
    if program is None:
        return ""
    try:
        done = subprocess.run(
            [program, *arguments],
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
            env=environment(GIT_TERMINAL_PROMPT="0", LC_ALL="C"),
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout if done.returncode == 0 else ""
