"""Who may see the page: the browser that first followed the address which the command printed, and nobody else.

A cookie goes to every port of a host, so other programs on this machine could be sent ours. Ours is bound to a folder of the
address that nobody can guess: a browser sends it nowhere else.
"""

from __future__ import annotations

from secrets import compare_digest, token_urlsafe

HOST = "127.0.0.1"
_COOKIE = "aicheck"
_BYTES = 32


class Access:
    """The secrets of one run, and the names that its page answers to."""

    def __init__(self, port: int) -> None:
        self.folder = token_urlsafe(_BYTES)
        self.form = token_urlsafe(_BYTES)
        """What each form carries, so that only our own pages can send one."""
        self._cookie = token_urlsafe(_BYTES)
        self._token: str | None = token_urlsafe(_BYTES)
        end = "" if port == 80 else f":{port}"
        self.hosts = (f"{HOST}{end}", f"localhost{end}")

    @property
    def address(self) -> str:
        """The address that lets one browser in; the one of the page itself once that was used."""
        return f"http://{self.hosts[0]}/{f'?token={self._token}' if self._token else ''}"

    @property
    def is_used(self) -> bool:
        """Whether a browser was let in."""
        return self._token is None

    def enter(self, token: str) -> bool:
        """Whether this is the token of the address; it is so once."""
        if self._token is None or not alike(token, self._token):
            return False
        self._token = None
        return True

    def set_cookie(self) -> str:
        """What is said to the browser that was let in."""
        return f"{_COOKIE}={self._cookie}; Path=/{self.folder}/; HttpOnly; SameSite=Strict"

    def knows(self, path: str, cookies: str) -> bool:
        """Whether a path is of our folder and comes with our cookie."""
        pairs = (pair.strip().partition("=") for pair in cookies.split(";"))
        sent = [value for name, _, value in pairs if name == _COOKIE]
        there = alike(path[1:].partition("/")[0], self.folder)
        return any(alike(value, self._cookie) for value in sent) and there


def alike(given: str, secret: str) -> bool:
    """Whether somebody knows a secret; how long that takes says nothing of how much of it."""
    return compare_digest(given.encode("utf-8", "replace"), secret.encode())
