"""Delta debugging: as few of many pieces as still do what all of them do.

A. Zeller, R. Hildebrandt: Simplifying and Isolating Failure-Inducing Input, IEEE Transactions on Software Engineering 28(2), 2002.
Only the complements are tried: what brings a finding is rarely one run of pieces.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Piece = TypeVar("Piece")


def fewest(
    pieces: Sequence[Piece], holds: Callable[[Sequence[Piece]], bool], go_on: Callable[[], bool] = lambda: True
) -> list[Piece]:
    """Some of the pieces, in their order, for which it ``holds`` as it does for all of them, and not for any one fewer.

    Begun from the end, since what comes later uses what stands before it. Ends early, with what it has, when it is not to ``go_on``.
    """
    kept, size = list(pieces), max(len(pieces), 1)
    while size and go_on():
        at, before = len(kept), len(kept)
        while at > 0 and go_on():
            start = max(at - size, 0)
            rest = kept[:start] + kept[at:]
            if holds(rest):
                kept = rest
            at = start
        size = size if size == 1 and len(kept) < before else size // 2
    return kept
