"""What others see in place of ids and hashes: keyed hashes, which tell nothing to whoever guesses at texts or paths.

In the log itself ids are made of what a record is about, so that a second capture is a no-op, and outputs are looked up
by the hash of their text. With all but a word of a text known, either would give that word away.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicheck_app.log.chain import SALT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicheck_app.log.records import Body
    from aicheck_app.log.store import Log

KEYED = ("id", "target", "sha256", "file_sha256", "digest", "ids_digest")
"""Members that are handed out as keyed hashes alone."""
LEFT_OUT = ("line_hashes", "text", SALT)
"""Members of records that stay here. So do the key of keyed hashes and the state of captured files."""
_DIGITS = 20


def keyed(log: Log, value: str) -> str:
    """The hash under the log's key that stands for an id or a hash: the same for the same, in one log."""
    return log.keyed(f"handed out\0{value}", _DIGITS)


def handed_out(log: Log, record: Body) -> Body:
    """A record with what may leave this machine: without ``LEFT_OUT``, and keyed where it could be guessed at."""
    kept = {key: value for key, value in record.items() if key not in LEFT_OUT}
    if kept.get("kind") == "prune":
        kept.pop("hash", None)  # of the last record that an older aicheck pruned, which nothing unguessable is part of
    return {key: keyed(log, str(value)) if key in KEYED and value else value for key, value in kept.items()}


def head(log: Log) -> str:
    """The head, or nothing where the newest record has no salt: then its hash is as good as a hash of what it says."""
    newest = log.rows(f"SELECT json_extract(body, '$.{SALT}') FROM records ORDER BY seq DESC LIMIT 1")
    return log.head() if all(salt for (salt,) in newest) else ""


def named(log: Log, digits: str) -> Iterator[str]:
    """The ids of the records, other than marks, whose keyed hash starts so."""
    for (identifier,) in log.rows("SELECT id FROM records WHERE kind != 'mark'"):
        if keyed(log, identifier).startswith(digits):
            yield identifier
