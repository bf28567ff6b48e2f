"""Pseudonyms: what a team's log calls people and projects, made with a key that only the team has.

Without the key nobody can try out who may be behind a name; with it, the same project has one name for all who work on it.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from aicheck_app import git, hashing
from aicheck_app.errors import AicheckError
from aicheck_app.home import home
from aicheck_checks.files import read_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from aicheck_app.log.store import Log

VARIABLE = "AICHECK_TEAM_KEY"
DIGITS = 12
_KEY = re.compile(r"[0-9a-f]{64}")
_USER = re.compile(r"^[^@/]{0,200}@")
_SCHEME = re.compile(r"^[a-z+]{1,20}://")


def has_team_key() -> bool:
    """Whether this user has the team's key."""
    return bool(os.environ.get(VARIABLE, "").strip()) or os.path.isfile(os.path.join(home(), "team.key"))


def team_key() -> bytes:
    """The team's key: of the variable, else of a file in the state folder. Raises AicheckError where there is none."""
    path = os.path.join(home(), "team.key")
    given = os.environ.get(VARIABLE, "").strip()
    if not given and os.path.isfile(path):
        given = read_bytes(path, 200).decode("ascii", "replace").strip()
    if not _KEY.fullmatch(given):
        raise AicheckError(
            f"the team's key is needed, 64 hexadecimal digits in {VARIABLE} or in {path}: 'aicheck team key' makes one, once for a team"
        )
    return bytes.fromhex(given)


def new_key() -> str:
    """A key by chance, in hexadecimal digits."""
    return os.urandom(32).hex()


def of_person(key: bytes, name: str) -> str:
    """What stands for a person."""
    return hashing.keyed(key, f"person\0{name.strip().lower()}", DIGITS)


def of_project(key: bytes, name: str) -> str:
    """What stands for a project: the same for each way of writing the address of its repository."""
    return hashing.keyed(key, f"project\0{address(name)}", DIGITS)


def address(remote: str) -> str:
    """The address of a repository without scheme, user and ending: ``host/owner/name``."""
    bare = _USER.sub("", _SCHEME.sub("", remote.strip().lower())).removesuffix("/").removesuffix(".git")
    host, colon, path = bare.partition(":")
    return f"{host}/{path.lstrip('/')}" if colon and "/" not in host else bare


def projects(log: Log, key: bytes, folders: Iterable[str]) -> dict[str, str]:
    """The pseudonyms of the projects in these folders, by the keyed hash that the log has for each folder of theirs.

    A folder may be written ``FOLDER=NAME``; else it is named by where git says that it comes from. Raises AicheckError if it has
    neither.
    """
    found: dict[str, str] = {}
    for given in folders:
        folder, _, name = given.partition("=")
        place = os.path.abspath(folder)
        root = git.top(place) or place
        name = name or git.remote(root)
        if not name:
            raise AicheckError(
                f"{folder} has no remote repository to be named by: give it as --project {folder}=NAME, with the name that all of the team use"
            )
        found.update({log.keyed(one): of_project(key, name) for one in {place, *_folders(root)}})
    _keep(log, key, found)
    return found


def everything(log: Log, key: bytes) -> dict[str, str]:
    """A pseudonym for each project of the log: the one that it was sent under by its name, else one that nobody else has, which
    does not tell which repository it is.
    """
    named = log.captured(_state(key)) or {}
    found = {
        project: named.get(project) or hashing.keyed(key, f"folder\0{log.keyed(project)}", DIGITS)
        for project in _known(log)
    }
    _keep(log, key, {project: named[project] for project in found if project in named})
    return found


def _keep(log: Log, key: bytes, found: Mapping[str, str]) -> None:
    """Keep under which names projects of the log were sent: all that is of one goes under the same."""
    named = log.captured(_state(key)) or {}
    log.remember(_state(key), {**named, **{project: found[project] for project in _known(log) if project in found}})


def _state(key: bytes) -> str:
    return f"team: names {hashing.keyed(key, 'names', DIGITS)}"


def _known(log: Log) -> list[str]:
    return [project for (project,) in log.rows("SELECT DISTINCT project FROM facts WHERE project != ''")]


def login() -> str:
    """The name that the user has on this machine. Raises AicheckError where it has none."""
    import getpass

    try:
        return getpass.getuser()
    except (OSError, KeyError) as error:
        raise AicheckError("this machine has no name for you: say who you are with --as NAME") from error


def _folders(root: str) -> set[str]:
    """The folders of a repository that hold tracked files, and the repository itself."""
    found = {root}
    for path in git.files(root)[0] if git.top(root) else ():
        while len(path := os.path.dirname(path)) > len(root) and path not in found:
            found.add(path)
    return found
