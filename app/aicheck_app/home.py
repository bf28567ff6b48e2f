"""Where aicheck keeps its files: one folder, moved as a whole by ``AICHECK_HOME``."""

from __future__ import annotations

import os


def home() -> str:
    """The state folder: ``AICHECK_HOME``, else the platform's user state folder.

    XDG Base Directory Specification on Unix, Application Support on macOS,
    LOCALAPPDATA on Windows. The folder may not exist yet.
    """
    chosen = os.environ.get("AICHECK_HOME")
    if chosen:
        return os.path.abspath(os.path.expanduser(chosen))
    import platformdirs

    return platformdirs.user_state_dir("aicheck", appauthor=False)


def index_folder() -> str:
    """The folder of package indexes that the user updated."""
    return os.path.join(home(), "index")


def database() -> str:
    """The path of the log."""
    return os.path.join(home(), "log.sqlite3")
