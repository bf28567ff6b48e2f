"""What stands on disk round a text: projects, what they declare and have installed, the files beside.

One file an ecosystem. Each answers ``provides``: whether a module or name is there for a text of a folder, with yes, no
or None for "can't tell". All of it is read from files, and nothing is executed.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Concatenate, ParamSpec, Protocol, TypeVar

from aicheck_checks.surroundings.disk import Disk

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Disk", "Provides", "Surroundings"]

Arguments = ParamSpec("Arguments")
Value = TypeVar("Value")


class Provides(Protocol):
    """What each ecosystem's ``provides`` is."""

    def __call__(self, disk: Disk, folder: str, name: str, /) -> bool | None:
        """Whether a text in the folder can use a module or name; None for can't tell."""


class Surroundings:
    """What stands round one folder, as the owner of a ``disk`` knows it."""

    def __init__(self, folder: str, disk: Disk | None = None) -> None:
        self.folder = os.path.abspath(folder)
        self.disk = disk if disk is not None else Disk()

    def __reduce__(self) -> tuple[object, ...]:
        """Another process has a disk of its own."""
        return Surroundings, (self.folder,)

    def ask(
        self,
        make: Callable[Concatenate[Disk, str, Arguments], Value],
        *args: Arguments.args,
        **kwargs: Arguments.kwargs,
    ) -> Value:
        """A fact about the folder."""
        return self.disk.fact(make, self.folder, *args, **kwargs)
