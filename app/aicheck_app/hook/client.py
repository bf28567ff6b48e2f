"""The start of ``aicheck hook``: pass the payload to the warm helper, or do the work here where there is none.

A hook runs at every edit, so this module imports next to nothing: bare Python starts in 10 ms,
and ``socket``, ``json`` or ``pathlib`` would cost more than asking the helper does.
"""

from __future__ import annotations

import os
import sys
from binascii import crc32  # hashlib would take longer to import

from aicheck_app import __version__

TYPE_CHECKING = False
if TYPE_CHECKING:
    import _socket

SECONDS = 15.0
"""A helper that has not answered by then is not waited for."""
ACCEPT_SECONDS = 0.5
"""One that has not even taken the payload by then is busy with others, or not a helper."""
HERE = b"!"
"""What the helper says as soon as it has taken a connection."""
DONE = b"+"
"""What a whole answer begins with; an answer without it broke off."""
MAX_PAYLOAD = 64 << 20
"""Bytes; agents send the file's text before and after, and what the model wrote."""


def main(arguments: list[str]) -> None:
    """Answer the payload on standard input, and end with exit code 0, whatever happens."""
    try:
        data = sys.stdin.buffer.read(MAX_PAYLOAD + 1)
        asked = _ask(arguments, data) if len(data) <= MAX_PAYLOAD else None
        if asked is None or not asked.startswith(DONE):
            from aicheck_app.hook.cold import answer_here

            asked = answer_here(arguments, data, broke_off=asked is not None)
        say(asked.removeprefix(DONE))
    except BaseException as error:  # noqa: BLE001 - the agent's work is never disturbed by a fault of ours
        from aicheck_app import faults

        faults.note("hook", error)
    finally:
        os._exit(0)


def working_folder() -> str:
    """Where this process works; nothing if that folder is gone."""
    try:
        return os.getcwd()
    except OSError:
        return ""


def say(answer: bytes) -> None:
    """Print an answer whole; nobody has to wait for what is done after it."""
    if answer:
        sys.stdout.buffer.write(answer)
        sys.stdout.buffer.flush()
        os.close(sys.stdout.fileno())


def folder() -> str:
    """Where the helper listens: ``AICHECK_HOME``, else the user's cache folder."""
    chosen = os.environ.get("AICHECK_HOME")
    if chosen:
        return os.path.abspath(os.path.expanduser(chosen))
    caches = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    return os.path.join(caches, "aicheck")


def socket_name() -> str:
    """The name of the socket there: a helper serves its own installation only.

    The place tells installations apart, and the Python that it is installed for: some installers link the same files into
    each. Whether the files there are still those that it has read, the helper looks at itself.
    """
    place = f"{sys.executable}\0{__file__}".encode("utf-8", "surrogateescape")
    return f"hook-{__version__}-{crc32(place):08x}-{os.stat(__file__).st_mtime_ns:x}.sock"


def is_own(path: str) -> bool:
    """Whether a folder or socket is this user's, and no other user can put something in its place."""
    if sys.platform == "win32":
        return False  # no owners are known there, and no helper is used
    status = os.lstat(path)
    return status.st_uid == os.geteuid() and not status.st_mode & 0o022


def wanted() -> bool:
    """Whether a helper is to be used at all."""
    return sys.platform != "win32" and os.environ.get("AICHECK_HOOK_HELPER") != "off"


def _ask(arguments: list[str], data: bytes) -> bytes | None:
    """The helper's answer, begun with ``DONE`` if it is whole; None where no helper has taken the payload."""
    if sys.platform == "win32" or not wanted():
        return None
    import _socket  # the module in C: `socket` itself takes 7 ms to import

    connection = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM)
    try:
        connection.settimeout(ACCEPT_SECONDS)
        if not _connect(connection):
            return None
        head = _head(os.getcwd(), arguments)
        connection.sendall(b"%d\n%s%s" % (len(head), head, data))
        connection.shutdown(_socket.SHUT_WR)
        answer = connection.recv(65536)
    except OSError:
        connection.close()
        return None
    if not answer.startswith(HERE):
        return None
    try:
        connection.settimeout(SECONDS)
        while piece := connection.recv(65536):
            answer += piece
    except OSError:
        pass
    connection.close()
    return answer[len(HERE) :]


def _connect(connection: _socket.socket) -> bool:
    """Connect to the helper, unless its folder, its socket or the process behind it may be somebody else's."""
    if sys.platform == "win32":
        return False
    here = os.getcwd()
    os.chdir(folder())  # a socket's address may have 107 bytes only, its folder any length
    try:
        if not (is_own(".") and is_own(socket_name())):
            return False
        connection.connect(socket_name())
    finally:
        os.chdir(here)
    return peer(connection) in (None, os.geteuid())


def peer(connection: _socket.socket) -> int | None:
    """The user at the other end of a connection; None where the system does not tell.

    Linux: SO_PEERCRED, a ``struct ucred`` (unix(7)). macOS: LOCAL_PEERCRED of level SOL_LOCAL, a ``struct xucred`` (unix(4),
    sys/un.h, sys/ucred.h), for which Python has no names. Both have the user's number as their second four bytes.
    """
    import _socket

    if sys.platform == "darwin":
        option = (0, 1, 76)
    elif hasattr(_socket, "SO_PEERCRED"):
        option = (_socket.SOL_SOCKET, _socket.SO_PEERCRED, 12)
    else:
        return None
    return int.from_bytes(connection.getsockopt(*option)[4:8], sys.byteorder)


def _head(folder: str, arguments: list[str]) -> bytes:
    """The working folder, the arguments and the environment: all that the work depends on besides the payload."""
    variables = [f"{name}={value}" for name, value in os.environ.items()]
    return b"\0".join(map(os.fsencode, (folder, str(len(arguments)), *arguments, *variables)))


def facts(head: bytes) -> tuple[str, list[str], dict[str, str]]:
    """What ``_head`` has put together. Raises ValueError."""
    folder, count, *rest = map(os.fsdecode, head.split(b"\0"))
    variables = (entry.partition("=") for entry in rest[int(count) :])
    return folder, rest[: int(count)], {name: value for name, _, value in variables}


def hint(arguments: list[str]) -> str:
    """The agent that ``--agent NAME`` names; other arguments do not matter here."""
    for at, argument in enumerate(arguments):
        if argument.startswith("--agent="):
            return argument.removeprefix("--agent=")
        if argument == "--agent":
            return "".join(arguments[at + 1 : at + 2])
    return ""
