"""Refreshing the package indexes from the registry that the user's pip or npm is configured for.

PyPI and its mirrors list all names by the simple repository API (PEP 691,
``application/vnd.pypi.simple.v1+json``), older mirrors as a page of links (PEP 503); npm registries that are replicas list
theirs under ``/-/all`` or ``/_all_docs``, the public one does not.
"""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import tempfile
from datetime import UTC, datetime
from time import monotonic
from typing import TYPE_CHECKING

import msgspec

from aicheck_app.errors import AicheckError
from aicheck_app.home import index_folder
from aicheck_app.writing import put
from aicheck_checks.packages.index import Index, build, open_index
from aicheck_checks.packages.pypi import normal
from aicheck_checks.programs import environment, find, python, runnable

if TYPE_CHECKING:
    from collections.abc import Callable

    from aicheck_checks.packages.index import Registry

REGISTRIES: tuple[Registry, ...] = ("pypi", "npm")
MIN_SHARE = 0.5
"""A list with fewer names than this share of the present one is a private mirror's or cut off."""
_TIMEOUT_SECONDS = 60
_BLOCK = 1 << 16
_MAX_BYTES = 1 << 30
_MAX_SECONDS = 1_800
"""For a whole list of names; PyPI's has some 40 MB."""
_ANCHOR = re.compile(rb"<a\b[^<>]*>\s*([A-Za-z0-9][A-Za-z0-9._-]*)\s*</a>")


class _Project(msgspec.Struct):
    name: str


class _Listing(msgspec.Struct):
    projects: list[_Project]


def configured(registry: Registry) -> str:
    """The address that pip or npm would ask. Raises AicheckError."""
    if registry == "pypi":
        said = _output([*python("pip"), "install", "--help"]) or _output(["pip", "install", "--help"])
        found = re.search(r"--index-url\s+<url>.{0,500}?\(default\s+([^\s)]+)\)", said, re.DOTALL)
        address = found[1] if found else ""
    else:
        address = _output(["npm", "config", "get", "registry"]).strip()
    if not address.startswith(("http://", "https://")):
        tool = "pip" if registry == "pypi" else "npm"
        raise AicheckError(f"{tool} names no index to ask; give one with --url")
    return address


def _output(command: list[str]) -> str:
    program = find(command[0]) if not os.path.isabs(command[0]) else command[0]
    if program is None:
        return ""
    done = subprocess.run(
        runnable([program, *command[1:]]), capture_output=True, text=True, encoding="utf-8", errors="replace",
        check=False, timeout=_TIMEOUT_SECONDS, env=environment(),
        cwd=os.path.expanduser("~"),  # npm takes a setting of the folder it stands in for the user's
    )  # fmt: skip
    return done.stdout


def update(registry: Registry, url: str, progress: Callable[[int], None] = lambda _: None) -> Index:
    """Ask the registry at ``url`` for all its names and write the index; ``progress`` is told bytes read.

    Raises AicheckError where the registry has no such list, or too short a one.
    """
    names = _pypi_names(url, progress) if registry == "pypi" else _npm_names(url, progress)
    present = open_index(registry, index_folder)
    if len(names) < present.names * MIN_SHARE:
        raise AicheckError(
            f"{url} lists {len(names):,} names, the present index of {registry} has {present.names:,}:"
            " a mirror of a part can't say what does not exist; the present index stays"
        )
    made = datetime.now(UTC).date().isoformat()
    data = build(registry, names, present.known(), made=made, complete=True)
    return Index(_write(registry, data))


def _pypi_names(url: str, progress: Callable[[int], None]) -> list[str]:
    data = _get(url.rstrip("/") + "/", "application/vnd.pypi.simple.v1+json, text/html;q=0.1", progress)
    try:
        return [normal(project.name) for project in msgspec.json.decode(data, type=_Listing).projects]
    except msgspec.DecodeError:
        found = [normal(name.decode("ascii", "replace")) for name in _ANCHOR.findall(data)]
    if not found:
        raise AicheckError(f"{url} does not speak the simple repository API (PEP 691 and 503)")
    return found


def _npm_names(url: str, progress: Callable[[int], None]) -> list[str]:
    for path in ("/-/all", "/_all_docs"):
        try:
            listing = msgspec.json.decode(_get(url.rstrip("/") + path, "application/json", progress))
        except (AicheckError, msgspec.DecodeError):
            continue
        rows = listing.get("rows") if isinstance(listing, dict) else None
        if isinstance(rows, list):
            return [str(row["id"]) for row in rows if isinstance(row, dict) and "id" in row]
        if isinstance(listing, dict) and "_updated" in listing:
            return [name for name in listing if not name.startswith("_")]
    raise AicheckError(f"{url} gives no list of its packages (as the public npm registry); the present index stays")


def _get(url: str, accept: str, progress: Callable[[int], None]) -> bytes:
    import ssl
    from urllib.error import URLError
    from urllib.request import Request, urlopen

    authority = next((v for k in ("PIP_CERT", "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE") if (v := os.environ.get(k))), None)
    request = Request(url, headers={"Accept": accept, "User-Agent": "aicheck"})
    parts, left, late = [], _MAX_BYTES, monotonic() + _MAX_SECONDS
    try:
        context = ssl.create_default_context(cafile=authority)
        with urlopen(request, timeout=_TIMEOUT_SECONDS, context=context) as answer:
            while block := answer.read(_BLOCK):
                parts.append(block)
                progress(len(block))
                left -= len(block)
                if left < 0 or monotonic() > late:
                    raise AicheckError(f"{url} sends too much, or too slowly; the present index stays")
    except (URLError, OSError, ValueError) as error:
        raise AicheckError(f"{url} can't be read: {error}") from error
    return b"".join(parts)


def _write(registry: Registry, data: bytes) -> str:
    """Write beside and rename, so that a reader never sees half an index."""
    folder = index_folder()
    path = os.path.join(folder, f"{registry}.index")
    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)
        handle, beside = tempfile.mkstemp(dir=folder)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            put(beside, path)
        except OSError:
            with contextlib.suppress(OSError):
                os.unlink(beside)
            raise
    except OSError as error:
        raise AicheckError(f"the index can't be written to {folder}: {error.strerror}") from error
    return path
