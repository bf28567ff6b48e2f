"""What a server answers from: one folder, and of the log what is of that folder's project."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from aicheck_app.config import load
from aicheck_app.errors import AicheckError
from aicheck_checks.files import place
from aicheck_checks.worker import Worker

if TYPE_CHECKING:
    from aicheck_app.config import Config
    from aicheck_app.log.store import Log


class Here:
    """The folder that the server runs in. Without ``everything``, the log is told of as far as it is of this project."""

    def __init__(self, *, everything: bool = False) -> None:
        self.folder = os.getcwd()
        self.everything = everything
        self.worker = Worker()

    @property
    def config(self) -> Config:
        """The folder's settings, as they are now. Raises AicheckError for what is wrong with them."""
        return load()

    def project(self, log: Log) -> str:
        """The project as the log names it; empty where all projects are told of."""
        return "" if self.everything else log.keyed(self.folder)

    def file(self, path: str) -> tuple[str, str]:
        """A path from the folder on, and where it leads, which is what to open: a link may lead elsewhere by then.

        Raises AicheckError for one that leads out of the folder, by itself or by a link.
        """
        named = os.path.join(self.folder, path)
        try:
            real = os.path.realpath(named)
            leads, top = place(real), place(self.folder)
        except (OSError, ValueError) as error:
            raise AicheckError("no file can have this name") from error
        if not leads.startswith(os.path.join(top, "")):
            raise AicheckError(
                f"'{path}' is not below {self.folder}, and nothing else is read; 'aicheck mcp --root FOLDER' serves another folder"
            )
        return os.path.relpath(named, self.folder), real
