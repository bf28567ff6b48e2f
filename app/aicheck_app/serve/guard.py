"""What every request has to pass before any page sees it, and what every answer says to the browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.datastructures import Headers, MutableHeaders

from aicheck_app import faults
from aicheck_app.serve.page import document, refusal

if TYPE_CHECKING:
    from starlette.responses import Response
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from aicheck_app.serve.access import Access

MAX_BODY = 16_384
"""Bytes of a request's body."""
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none';"
    " frame-ancestors 'none'"
)
_SAID = {
    "Content-Security-Policy": POLICY,
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
_METHODS = ("GET", "HEAD", "POST")
_ENTRANCE = "/"


class Guard:
    """The application behind its checks."""

    def __init__(self, app: ASGIApp, access: Access) -> None:
        self._app = app
        self._access = access

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it."""
        if scope["type"] != "http":
            return
        begun = False

        async def guarded(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                MutableHeaders(raw=message["headers"]).update(_SAID)
            await send(message)

        try:
            await (self._refused(scope) or self._app)(scope, receive, guarded)
        except Exception as error:  # noqa: BLE001 - one request costs no other
            if not begun:  # else it was told and written down
                faults.note("serve", error)
                await refusal(500, "aicheck failed.")(scope, receive, guarded)

    def _refused(self, scope: Scope) -> Response | None:
        """The answer to a request that no page is to see; None for all others."""
        headers, access = Headers(scope=scope), self._access
        if headers.getlist("host") not in [[host] for host in access.hosts]:
            return refusal(403, f"This page answers to http://{access.hosts[0]} alone.")
        if scope["method"] not in _METHODS:
            return refusal(405, "This is not done here.")
        length = headers.get("content-length", "0")
        if "transfer-encoding" in headers or not length.isdigit() or len(length) > 9 or int(length) > MAX_BODY:
            return refusal(413, "This is more than is read here.")
        if scope["path"] == _ENTRANCE and scope["method"] == "GET":
            return self._entrance(scope)
        if not self._is_from_here(headers) or not access.knows(scope["path"], headers.get("cookie", "")):
            return refusal(
                403, "This page is open to the browser that followed the address of 'aicheck serve', and to no other."
            )
        return None

    def _is_from_here(self, headers: Headers) -> bool:
        """Whether no other page sent the browser here: neither of another site nor of another port of this machine."""
        ours = ("null", f"http://{headers['host']}")  # a form says "null" of a page that tells nobody where it is
        return all(site in ("none", "same-origin") for site in headers.getlist("sec-fetch-site")) and all(
            origin in ours for origin in headers.getlist("origin")
        )

    def _entrance(self, scope: Scope) -> Response:
        """Let in who has the token.

        The page that it leads to is opened by a page of ours: a strict cookie is not sent where another one leads on.
        """
        name, _, token = scope["query_string"].decode("latin-1").partition("=")
        if name != "token" or not self._access.enter(token):
            return refusal(
                403, "This address was used already, or is not the one that was printed. Start 'aicheck serve' again."
            )
        home = f"/{self._access.folder}/"
        said = {"Set-Cookie": self._access.set_cookie(), "Refresh": f"0; url={home}"}
        return document("entered.html.j2", 200, said, home=home)
