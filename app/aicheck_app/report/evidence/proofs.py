"""Proofs that exhibits are outputs of the log, without the others of their day."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from aicheck_app.log import queries
from aicheck_app.log.chain import SALT, canonical
from aicheck_app.log.merkle import leaf, prove, root

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from aicheck_app.log.records import Body
    from aicheck_app.log.store import Log

MAX_OUTPUTS = 20_000
"""Outputs of a day beyond which nothing is proven of it."""


def proofs(log: Log, exhibits: Sequence[Body], shown: Callable[[Body], Body]) -> dict[str, Any]:
    """The root of each day that an exhibit is of, and a proof for each exhibit by its id.

    ``shown`` makes of a stored output what others see of it; that is what a leaf holds.
    """
    wanted: dict[str, set[str]] = defaultdict(set)
    for exhibit in exhibits:
        wanted[str(exhibit.get("time", ""))[:10]].add(str(exhibit["id"]))
    days, found = [], {}
    for day, identifiers in sorted(wanted.items()):
        salted = queries.outputs_of_day(log, day, MAX_OUTPUTS + 1) if day else []
        if not 0 < len(salted) <= MAX_OUTPUTS:
            continue
        made = [(str(body.pop(SALT, "")), shown(body)) for body in salted]
        leaves = [leaf(salt, canonical(one)) for salt, one in made]
        days.append({"day": day, "root": root(leaves).hex(), "outputs": len(leaves)})
        for place, (salt, one) in enumerate(made):
            if one["id"] in identifiers and salt:
                found[one["id"]] = {"day": day, "salt": salt, "leaf_of": one, **prove(leaves, place)._asdict()}
    return {"days": days, "exhibits": found}
