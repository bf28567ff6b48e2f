"""The entry point of ``aicheck``."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Run the command line.

    ``aicheck hook`` and ``aicheck check FILE...`` without options, which agents, editors and
    hooks call most, are run without click: its import takes longer than the check. So is ``aicheck acp -- AGENT``, for which
    the environment is kept as it was given.
    """
    environment = dict(os.environ)
    _leave_working_folder()
    arguments = sys.argv[1:]
    if arguments[:1] == ["hook"] and not {"-h", "--help"} & set(arguments) and not _on_a_terminal():
        from aicheck_app.hook.client import main as hook

        hook(arguments[1:])
    from aicheck_app.cli.fault import bounded

    if arguments[:2] == ["acp", "--"] and len(arguments) > 2:
        sys.exit(bounded(lambda: _proxy(arguments[2:], environment)))
    if len(arguments) > 1 and arguments[0] == "check" and not any(a.startswith("-") for a in arguments):
        _leave(bounded(lambda: _check(arguments[1:])))
    sys.exit(bounded(_group))


def _check(paths: list[str]) -> int:
    from aicheck_app.cli.run_check import run_plain

    return run_plain(paths)


def _proxy(agent: list[str], environment: dict[str, str]) -> int:
    from aicheck_app.acp.proxy import main

    main(agent, environment)


def _group() -> int:
    from aicheck_app.cli.group import run

    return run()


def _on_a_terminal() -> bool:
    return sys.stdin is not None and sys.stdin.isatty()


def _leave_working_folder() -> None:
    """Import nothing from where we stand, here and in every Python that is started (a pool's workers, say).

    An empty entry in PYTHONPATH, which a trailing colon makes, means the working folder, and so may a stranger's repository.
    """
    os.environ["PYTHONSAFEPATH"] = "1"
    given = os.environ.get("PYTHONPATH")
    if given and not all(map(os.path.isabs, entries := given.split(os.pathsep))):
        sys.path[:] = [folder for folder in sys.path if folder not in ("", _working_folder())]
        os.environ["PYTHONPATH"] = os.pathsep.join(filter(os.path.isabs, entries))


def _working_folder() -> str:
    try:
        return os.getcwd()
    except OSError:  # it was deleted
        return ""


def _leave(code: int) -> None:
    """End at once: tearing down the interpreter takes a tenth of the run, and nothing is left to close."""
    try:
        for stream in filter(None, (sys.stdout, sys.stderr)):
            stream.flush()
    except OSError:
        code = 2
    os._exit(code)
