"""The tool ``check_file``: checks a file of the folder, as ``aicheck check FILE`` does."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from aicheck_app.checking import check_one
from aicheck_app.errors import AicheckError
from aicheck_app.files import Target
from aicheck_app.mcp.answers import Checked, checked

if TYPE_CHECKING:
    from collections.abc import Callable

    from aicheck_app.mcp.here import Here

TITLE = "Check a file"


def make(here: Here) -> Callable[..., Checked]:
    """The tool of a server."""

    def check_file(
        path: Annotated[str, Field(description="A file below the project's folder.")],
    ) -> Checked:
        """Check a file for damage: cut off, parts left out, imports missing, garbled. Nothing is written and nothing is logged."""
        name, real = here.file(path)
        if os.path.isdir(real):
            raise AicheckError(f"'{path}' is a folder: name a file; 'aicheck check {path}' checks folders")
        config = here.config
        report = check_one(Target(name, read_from=real), config.checks, here.worker.check_all)
        if report.failed:
            raise AicheckError(f"'{path}': {report.failed[0][1]}")
        return checked(report if config.notes else report.without_notes())

    return check_file
