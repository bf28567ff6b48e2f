"""How files are named in the log: never with a home folder, a server or a user's name.

The layouts of home folders: Filesystem Hierarchy Standard 3.0 (``/home``), Fedora's ``/var/home``, BSD's ``/usr/home``,
Solaris's ``/export/home``, macOS's and Windows' ``Users``, and Windows' drives as WSL mounts them.
"""

from __future__ import annotations

import os
import posixpath
import re
import stat
import sys
from contextlib import suppress
from functools import lru_cache

from aicheck_checks.patterns import lazy

_SEPARATOR = r"(?:[\\/]|%2[Ff]|%5[Cc])"
_NAME = r"[^\s\\/\"'`<>|:;,()\[\]{}*?$%&=]{1,64}"
_BELOW = (
    r"(?:var|usr|export|srv|nfs\d?|data\d?|gpfs|lustre|scratch|storage|vol\d?|Volumes|mnt(?:/[\w.-]{1,64})?"
    r"|net/[\w.-]{1,64}|[a-z]|System/Volumes/Data)"
)
"""What mounts and shares of home folders hang below."""
_ROOTS = rf"(?:/{_BELOW})?/(?:home\d?|[Uu]sers)"
_WINDOWS = r"(?i:home|users|documents and settings)"
_HOMES = r"[\\/]{1,4}(?:home|[Uu]sers)[\\/]{1,4}"
_HOME = lazy(rf"{_ROOTS}/[^/]+")
_TO_NAME = r"(?:/{1,4}\.{1,2}(?=/)){0,8}/{1,4}"
"""Separators, doubled or with dots between them, up to a name."""
_OWNER = rf"{_NAME}(?:/{{1,4}}\.\.(?=/)/{{1,4}}{_NAME}){{0,8}}(?:\\? {_NAME}(?=/))?"
"""A user's name, with a second word where the next separator follows it."""
_MEDIA = rf"/media/(?!(?:images?|img|icons?|audio|videos?|photos?|fonts?|css|js|files?|uploads?|cdrom|usb)\b)(?!\w+\.){_NAME}"
"""Where disks of users are mounted; the names left out are folders of web sites."""
_IN_TEXT = lazy(
    "|".join(
        (
            rf"\A(?!/users/){_ROOTS}/{_NAME} {_NAME}\Z",  # /users/ is a route of many a web service
            rf"(?<=[\"'`])(?!/users/){_ROOTS}/{_NAME}(?: {_NAME}){{1,4}}(?=[\"'`/])",
            rf"(?<![\w.])(?<!:/)(?!/users/){_ROOTS}{_TO_NAME}{_OWNER}",
            rf"(?<![\w.])(?<!:/)(?:/run)?{_MEDIA}",
            rf"(?<![\w.])/var/(?:spool/)?mail/{_NAME}",
            rf"\b[A-Za-z]:[\\/]{{1,4}}{_WINDOWS}[\\/]{{1,4}}(?:[^\\/:*?\"<>|\r\n]{{1,64}}(?=[\\/])|{_NAME})",
            rf"(?<!http)(?<!https)://[\w.$+@%:-]{{1,100}}{_HOMES}{_NAME}",
            rf"(?<![\w:])[\\/]{{2,4}}[\w.$-]{{1,64}}(?:[\\/]{{1,2}}[\w.-]{{1,64}})?{_HOMES}{_NAME}",
            rf"%(?:2[Ff]|5[Cc])(?:home|[Uu]sers)%(?:2[Ff]|5[Cc]){_NAME}",
            rf"(?<![\w.-])(?:-(?:{_BELOW.replace('/', '-')}-)?(?:home\d?|Users)|[A-Za-z]--Users)-(?!dir\b|page\b)[^\s\\/\"'`<>|:;,()\[\]{{}}*?$%&=-]{{1,64}}",
        )
    )
)
"""Without the last: paths; the last is how Claude Code names the folder of a project's sessions, with ``-`` for each separator."""
_BARE = lazy(r"~[^/]*/?|(?:\.\./)*(?:home|[Uu]sers)/[^/.]+")
_URI = lazy(r"[A-Za-z][A-Za-z0-9+.-]+:/")
_ENCODED = lazy(r"%(?:2[EeFf]|3[Aa]|5[Cc]|7[Ee]|25)")
_BYTE = lazy(rb"%([0-9A-Fa-f]{2})")
_PRIVATE = lazy(r"/private(?=/(?:tmp|var|etc)(?:/|\Z))")
"""Where macOS keeps what it has links to at the root: agents name a folder by either."""
_DRIVE = lazy(r"(?://\?/|/)?[A-Za-z]:(?=/|\Z)")


def shown(path: str, cwd: str) -> str:
    """A path below the working folder relative to it; else the file's name alone.

    Where the working folder is the root or holds homes, the path starts below the home folder.
    """
    root, where = _normal(cwd), _normal(path)
    if where.startswith("~"):
        return _name(where)
    where = posixpath.normpath(posixpath.join(root if root.startswith("/") else "", where))
    if where.startswith("/"):
        return _below(where, root) or _name(where)
    return _name(where) if where.startswith("..") else where


def without_home(text: str) -> str:
    """A text with ``~`` in place of each home folder: of this process, and what looks like anyone's."""
    own = _own()
    if own is not None:
        text = own.sub("~", text)
    return _IN_TEXT.sub("~", text)


def _name(path: str) -> str:
    """The name of a file, but not of a home folder, which is its owner's."""
    return "~" if _home(path) == len(path) or _BARE.fullmatch(path) else posixpath.basename(path)


def _below(path: str, root: str) -> str:
    root = posixpath.normpath(root) if root.startswith("/") else ""
    if not root or not path.startswith(root.rstrip("/") + "/"):
        return ""
    home = _home(path)
    start = home if home > len(root) else len(root.rstrip("/"))
    return path[start:].lstrip("/")


def _home(path: str) -> int:
    """Where the home folder in a normal path ends; 0 without one."""
    own = _normal(os.path.expanduser("~")).rstrip("/")
    if own and f"{path}/".startswith(f"{own}/"):
        return len(own)
    found = _HOME.match(path)
    return found.end() if found else 0


def _normal(path: str) -> str:
    """A path with ``/`` alone: no scheme, host, drive, server or percent-encoding."""
    if _URI.match(path):
        path = path.partition(":")[2]
        path = "/" + path[2:].partition("/")[2] if path.startswith("//") else path
    if _ENCODED.search(path):
        path = _decoded(path)
    path = path.replace("\\", "/")
    drive = _DRIVE.match(path)
    path = "/" + path[drive.end() :] if drive else path
    path = _PRIVATE.sub("", path, 1) if _PRIVATE.match(path) else path
    return posixpath.normpath("/" + path.lstrip("/")) if path.startswith("/") else path


def _decoded(path: str) -> str:
    """Without percent-encoding, also where it was applied twice."""
    data = path.encode("utf-8", "surrogatepass")
    for _ in range(3):
        data = _BYTE.sub(lambda found: bytes.fromhex(found[1].decode()), data)
    return data.decode("utf-8", "replace")


@lru_cache(maxsize=1)
def _own() -> re.Pattern[str] | None:
    """The home folder of this process, with either separator."""
    parts = [re.escape(part) for part in os.path.expanduser("~").replace("\\", "/").strip("/").split("/") if part]
    if not parts:
        return None
    between = _SEPARATOR + "{1,4}"
    way = ("" if os.name == "nt" else between) + between.join(parts)
    if sys.platform in ("darwin", "win32"):
        way = f"(?i:{way})"  # there a name is found in any case
    return re.compile(rf"(?<![\w.]){way}(?![\w.-])")


def close_to_others(path: str) -> None:
    """Take the rights of other users from one of our own files, which an older program or a copy may have left open to them.

    By its name: opening and closing a database would end the locks of this process's other threads.
    """
    if sys.platform == "win32":
        return
    with suppress(OSError):
        status = os.lstat(path)
        if stat.S_ISREG(status.st_mode) and status.st_uid == os.geteuid() and status.st_mode & 0o077:
            os.chmod(path, 0o600)


def still(path: str) -> str:
    """The address by which SQLite reads a database in a folder that can't be written to; empty elsewhere.

    There it could not put its own files beside the database; with no changes waiting it needs none.
    """
    waiting = os.path.exists(f"{path}-wal") and os.path.getsize(f"{path}-wal") > 0
    if waiting or os.access(os.path.dirname(path) or ".", os.W_OK):
        return ""
    return f"{uri(path)}?mode=ro&immutable=1"


def uri(path: str) -> str:
    """A path as SQLite's URI (https://www.sqlite.org/uri.html)."""
    way = os.path.abspath(path).replace(os.sep, "/")
    way = way if way.startswith("/") else f"/{way}"  # C:/ is file:///C:/
    return "file://" + way.replace("%", "%25").replace("?", "%3f").replace("#", "%23")
