"""What pygls keeps and must not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aicheck_lsp.server import Server

if TYPE_CHECKING:
    from collections.abc import Iterator


def test_a_notification_that_was_handled_is_forgotten() -> None:
    """pygls 2.1.1 keeps the future of every one that is handled in steps, and so each keystroke."""
    protocol = Server().protocol
    done: list[Any] = []

    def steps(*_: Any) -> Iterator[Any]:
        yield (lambda: 1), (), None

    protocol._execute_handler("n1", steps, done.append)
    assert len(done) == 1
    assert protocol._request_futures == {}
