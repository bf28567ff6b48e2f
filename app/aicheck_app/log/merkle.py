"""Merkle trees over the outputs of a day, so that one can be shown while the others stay private.

A leaf is the hash of 0x00, the record's salt and the record as it is handed out; an inner node of 0x01 and its two children
(RFC 6962, 2.1). Without its 128 bits of salt nobody can try out what a leaf may hold.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from aicheck_app import hashing

if TYPE_CHECKING:
    from collections.abc import Sequence


class Proof(NamedTuple):
    """That a leaf is the one in this place among so many: the nodes beside its way to the root, from the leaf on."""

    place: int
    size: int
    beside: list[str]


def leaf(salt: str, text: str) -> bytes:
    """The leaf of a record in its canonical form."""
    return hashing.raw(b"\x00" + hashing.as_bytes(salt) + hashing.as_bytes(text))


def root(leaves: Sequence[bytes]) -> bytes:
    """The root over leaves; that of none is the hash of nothing."""
    if not leaves:
        return hashing.raw(b"")
    if len(leaves) == 1:
        return leaves[0]
    half = _split(len(leaves))
    return _node(root(leaves[:half]), root(leaves[half:]))


def prove(leaves: Sequence[bytes], place: int) -> Proof:
    """The proof for a leaf."""
    return Proof(place, len(leaves), [node.hex() for node in _beside(leaves, place)])


def proven(found: bytes, proof: Proof) -> bytes | None:
    """The root that a proof leads to; None where it is none (RFC 9162, 2.1.3.2)."""
    place, last, node = proof.place, proof.size - 1, found
    if not 0 <= place <= last:
        return None
    for step in proof.beside:
        if last == 0:
            return None
        try:
            other = bytes.fromhex(step)
        except ValueError:
            return None
        if place & 1 or place == last:
            node = _node(other, node)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            node = _node(node, other)
        place, last = place >> 1, last >> 1
    return node if last == 0 else None


def _beside(leaves: Sequence[bytes], place: int) -> list[bytes]:
    if len(leaves) <= 1:
        return []
    half = _split(len(leaves))
    if place < half:
        return [*_beside(leaves[:half], place), root(leaves[half:])]
    return [*_beside(leaves[half:], place - half), root(leaves[:half])]


def _split(size: int) -> int:
    """The largest power of two below a size."""
    return 1 << (size - 1).bit_length() - 1


def _node(left: bytes, right: bytes) -> bytes:
    return hashing.raw(b"\x01" + left + right)
