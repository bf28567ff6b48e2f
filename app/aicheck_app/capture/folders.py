"""The settings by which outputs are judged: those of the folder that their own session worked in, as a hook asks for them.

The folder that ``aicheck ingest`` is called in says nothing: what stands in it may be a stranger's repository, and the sessions
are those of all projects.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from aicheck_app.config import load
from aicheck_app.errors import AicheckError

if TYPE_CHECKING:
    from aicheck_app.config import Config


class Folders:
    """The settings of sessions' folders, each asked for once; ``own`` holds where a folder is not here, or says nothing sound.

    ``here`` says that the sessions were held on this machine; else no folder is asked.
    """

    def __init__(self, own: Config, *, here: bool = True) -> None:
        self.own = own
        self.troubles: dict[str, None] = {}
        """What is wrong with the settings of projects, each once."""
        self._here = here
        self._known: dict[str, Config] = {}

    def config(self, cwd: str) -> Config:
        """The settings that hold for a session's folder."""
        if not self._here or not os.path.isabs(cwd):
            return self.own
        if cwd not in self._known:
            self._known[cwd] = self._asked(cwd) if os.path.isdir(cwd) else self.own
        return self._known[cwd]

    def _asked(self, cwd: str) -> Config:
        try:
            return load(cwd)
        except AicheckError as error:
            self.troubles[str(error)] = None
            return self.own
