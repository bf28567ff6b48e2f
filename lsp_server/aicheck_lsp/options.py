"""What a user sets in the editor: the keys of aicheck's settings in the editor's spelling, and the server's own."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, NamedTuple

from aicheck_app.config import KEYS, Config, merged, near, without_repository
from aicheck_app.errors import AicheckError

if TYPE_CHECKING:
    from collections.abc import Mapping

Scope = Literal["ai", "changed", "all"]
SCOPES: tuple[Scope, ...] = ("ai", "changed", "all")
WHERE = "editor settings"


class Options(NamedTuple):
    """The server's own settings.

    ``scope`` is what findings are shown of: AI-written text, what changed since the file
    was opened, or all text. ``ai_files`` are patterns of files that are AI-written as a
    whole. ``code_lens`` shows agent, model and verdict above AI-written text. ``log``
    says whether outputs are logged. ``trusted`` says that the user trusts the workspace, so that its
    own settings files may say what is started.
    """

    scope: Scope = "ai"
    ai_files: tuple[str, ...] = ()
    code_lens: bool = False
    log: bool = True
    trusted: bool = False


_OWN = ("scope", "aiFiles", "codeLens", "log", "trusted")


def spelling(key: str) -> str:
    """An editor's key as the settings file spells it (``maxBytes`` as ``max-bytes``)."""
    return re.sub(r"(?<=[a-z])([A-Z])", lambda match: f"-{match[1].lower()}", key)


def split(given: Mapping[str, object] | None) -> tuple[Options, dict[str, object], list[str]]:
    """The server's options, the settings for the checks, and what is wrong with the rest."""
    own: dict[str, object] = {}
    checks: dict[str, object] = {}
    wrong: list[str] = []
    known = {*_OWN, *KEYS}
    for key, value in (given or {}).items():
        if value is None:
            continue
        if key in _OWN:
            own[key] = value
        elif spelling(key) in KEYS:
            checks[spelling(key)] = value
        elif key not in ("path", "trace", "server", "enable", "importStrategy"):  # the extension's own
            wrong.append(f"{WHERE}: unknown setting 'aicheck.{key}'{near(key, known)}")
    options, faults = _own(own)
    return options, checks, [*wrong, *faults]


def _own(given: dict[str, object]) -> tuple[Options, list[str]]:
    options, wrong = Options(), []
    scope, files = given.get("scope", "ai"), given.get("aiFiles", [])
    if scope in SCOPES:
        options = options._replace(scope=scope)
    else:
        wrong.append(f"{WHERE}: 'aicheck.scope' must be one of {', '.join(SCOPES)}")
    if isinstance(files, list) and all(isinstance(pattern, str) for pattern in files):
        options = options._replace(ai_files=tuple(files))
    else:
        wrong.append(f"{WHERE}: 'aicheck.aiFiles' must be a list of patterns")
    switches = {"codeLens": options.code_lens, "log": options.log, "trusted": options.trusted}
    for key in switches:
        value = given.get(key, switches[key])
        if isinstance(value, bool):
            switches[key] = value
        else:
            wrong.append(f"{WHERE}: 'aicheck.{key}' must be true or false")
    options = options._replace(code_lens=switches["codeLens"], log=switches["log"], trusted=switches["trusted"])
    return options, wrong


def config_for(
    folder: str, checks: dict[str, object], *, trusted: bool = False, project: str = ""
) -> tuple[Config, str]:
    """The configuration of a folder under the editor's settings; what is wrong with it, or nothing.

    ``project`` is where patterns hold from if no settings file and no repository says so.
    """
    try:
        return merged(folder, checks, WHERE, trusted=trusted, project=project), ""
    except AicheckError as error:
        return without_repository(), str(error)
