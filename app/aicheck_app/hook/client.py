"""The start of ``aicheck hook``: pass the payload to the warm helper, or do the work here where there is none.

A hook runs at every edit, so this module imports next to nothing: bare Python starts in 10 ms,
and ``socket``, ``json`` or ``pathlib`` would cost more than asking the helper does.
"""

from __future__ import annotations

import os
import sys

from aicheck_app import __version__

SECONDS = 15.0
"""A helper that has not answered by then is not waited for."""
DONE = b"+"
"""What a whole answer begins with."""
_ENVIRONMENT = ("VIRTUAL_ENV", "CONDA_PREFIX", "CLAUDE_CONFIG_DIR")
"""What of the environment the work depends on."""


def main(arguments: list[str]) -> None:
    """Answer the payload on standard input, and end with exit code 0, whatever happens."""
    answer = b""
    try:
        data = sys.stdin.buffer.read()
        asked = _ask(arguments, data)
        if asked is None:
            from aicheck_app.hook.cold import answer_here

            asked = answer_here(arguments, data)
        answer = asked
    except BaseException:  # noqa: BLE001 - the agent's work is never disturbed by a fault of ours
        pass
    try:
        sys.stdout.buffer.write(answer)
        sys.stdout.buffer.flush()
    finally:
        os._exit(0)


def folder() -> str:
    """Where the helper listens: ``AICHECK_HOME``, else the user's cache folder."""
    chosen = os.environ.get("AICHECK_HOME")
    if chosen:
        return os.path.abspath(os.path.expanduser(chosen))
    caches = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    return os.path.join(caches, "aicheck")


def socket_name() -> str:
    """The name of the socket there: a helper serves its own version only."""
    return f"hook-{__version__}.sock"


def wanted() -> bool:
    """Whether a helper is to be used at all."""
    return os.name == "posix" and os.environ.get("AICHECK_HOOK_HELPER") != "off"


def _ask(arguments: list[str], data: bytes) -> bytes | None:
    """The helper's answer; None where there is no helper, or it failed."""
    if not wanted():
        return None
    import _socket  # the module in C: `socket` itself takes 7 ms to import

    here = os.getcwd()
    facts = [here, *(os.environ.get(name, "") for name in _ENVIRONMENT), *arguments]
    connection = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM)
    connection.settimeout(SECONDS)
    try:
        os.chdir(folder())  # a socket's address may have 107 bytes only, its folder any length
        try:
            connection.connect(socket_name())
        finally:
            os.chdir(here)
        head = b"\0".join(map(os.fsencode, facts))
        connection.sendall(b"%d\n%s%s" % (len(head), head, data))
        connection.shutdown(_socket.SHUT_WR)
        answer = b""
        while piece := connection.recv(65536):
            answer += piece
    except OSError:
        return None
    finally:
        connection.close()
    return answer[len(DONE) :] if answer.startswith(DONE) else None


def hint(arguments: list[str]) -> str:
    """The agent that ``--agent NAME`` names; other arguments do not matter here."""
    for at, argument in enumerate(arguments):
        if argument.startswith("--agent="):
            return argument.removeprefix("--agent=")
        if argument == "--agent":
            return "".join(arguments[at + 1 : at + 2])
    return ""


def environment(values: list[str]) -> dict[str, str]:
    """The environment that a client has sent."""
    return dict(zip(_ENVIRONMENT, values, strict=False))


FACTS = 1 + len(_ENVIRONMENT)
"""How many of the facts that are sent come before the arguments."""
