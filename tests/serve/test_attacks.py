"""Who should not see the page does not: other sites, other ports and users of this machine, and what strangers put into the log."""

from __future__ import annotations

import http.client
import re
import socket
from contextlib import suppress
from html.parser import HTMLParser
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest

from aicheck_app.log import queries
from aicheck_app.log.store import Log
from aicheck_app.serve.difference import difference
from aicheck_app.serve.guard import MAX_BODY
from aicheck_app.serve.running import Server
from tests.security import planted_log
from tests.security.planted import PLANTED, printed
from tests.serve.browsing import Browser, browsing, filled, serving

if TYPE_CHECKING:
    from pathlib import Path

GUARDED = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none';"
        " frame-ancestors 'none'"
    ),
    "cache-control": "no-store",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}


def refused(browser: Browser, status: int = 403, /, **headers: str) -> None:
    """An answer that tells nothing of the log or of where the page is."""
    said = {"Cookie": browser.cookie, "Sec_Fetch_Site": "same-origin", **headers}
    answer = browser.ask("GET", browser.home, **{name: value for name, value in said.items() if value})
    assert answer.status == status, answer
    assert browser.home.strip("/") not in answer.text + str(answer.headers)
    assert "Outputs" not in answer.text


def test_the_address_lets_one_browser_in_once(home: Path) -> None:
    with serving() as server:
        address = server.access.address
        first, second = Browser(server), Browser(server)
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/\?token=[\w-]{43}", address)
        assert first.entered.headers["set-cookie"] == f"{first.cookie}; Path={first.home}; HttpOnly; SameSite=Strict"
        assert first.entered.headers["refresh"] == f"0; url={first.home}"
        assert address.rpartition("=")[2] not in first.cookie + first.home + first.entered.text
        for entered in (second.entered, second.ask("GET", address[address.index("/?") :], Cookie=first.cookie)):
            assert entered.status == 403
            assert "set-cookie" not in entered.headers
        assert server.access.address == f"http://127.0.0.1:{first.port}/"


def test_every_answer_is_guarded(browser: Browser) -> None:
    answers = [
        browser.entered,
        browser.get(),
        browser.get("static/keys.js"),
        browser.get("nowhere"),
        browser.ask("GET", "/"),
    ]
    answers += [browser.post("outputs/0001", said="confirmed", secret=browser.secret), browser.get("report", made="1")]
    assert [answer.status for answer in answers] == [200, 200, 200, 404, 403, 303, 200]
    for answer in answers:
        assert {name: answer.headers.get(name) for name in GUARDED} == GUARDED
        assert "server" not in answer.headers
        assert "<script>" not in answer.text
        assert " style=" not in answer.text
        assert not re.search(r'(?:src|href|action)="(?!/)', answer.text.replace('href="#', ""))


@pytest.mark.parametrize(
    "host",
    [
        "evil.example", "evil.example:{port}", "127.0.0.1", "localhost", "127.0.0.1:1", "localhost.evil.example:{port}", "[::1]:{port}",
        "127.0.0.1:{port}.evil.example", "evil.example@127.0.0.1:{port}", "2130706433:{port}", "127.1:{port}", "0.0.0.0:{port}", "LOCALHOST:{port}",
    ],
)  # fmt: skip
def test_a_name_that_was_made_to_mean_this_machine(browser: Browser, host: str) -> None:
    refused(browser, Host=host.format(port=browser.port))
    refused(browser, Host=host.format(port=browser.port), Cookie="")


def test_both_names_of_this_machine_are_known(browser: Browser) -> None:
    for host in ("127.0.0.1", "localhost"):
        assert browser.ask("GET", browser.home, Cookie=browser.cookie, Host=f"{host}:{browser.port}").status == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"}, {"Origin": "http://127.0.0.1:1"}, {"Origin": "https://127.0.0.1:{port}"}, {"Origin": "http://localhost:{port}"},
        {"Sec_Fetch_Site": "cross-site"}, {"Sec_Fetch_Site": "same-site"}, {"Sec_Fetch_Site": "same-origin, none"},
        {"Cookie": ""}, {"Cookie": "aicheck="}, {"Cookie": "aicheck=é"}, {"Cookie": "other={value}"}, {"Cookie": "aicheck={value}x"}, {"Cookie": "aicheck"},
    ],
)  # fmt: skip
def test_other_pages_and_other_cookies(browser: Browser, headers: dict[str, str]) -> None:
    value = browser.cookie.partition("=")[2]
    made = {name: text.format(port=browser.port, value=value) for name, text in headers.items()}
    refused(browser, **made)
    answer = browser.ask(
        "POST", f"{browser.home}outputs/000a", urlencode({"said": "confirmed", "secret": browser.secret}).encode(),
        **{"Cookie": browser.cookie, "Sec_Fetch_Site": "same-origin", **made},
    )  # fmt: skip
    assert answer.status == 403
    with Log() as log:
        assert list(queries.marks(log)) == []


def test_a_form_of_another_page_changes_nothing(browser: Browser) -> None:
    """As a page on another port of this machine could send it, were the cookie to come along."""
    for secret in ("", "x", browser.secret[:-1], f"{browser.secret}x", "é"):
        assert browser.post("outputs/000a", said="confirmed", secret=secret).status == 403
    assert browser.post("outputs/000a", b'{"said": "confirmed"}').status == 403
    assert browser.get("outputs/000a", said="confirmed", secret=browser.secret).status == 200
    with Log() as log:
        assert list(queries.marks(log)) == []


def test_a_cookie_of_another_run_and_a_folder_of_another_run(home: Path) -> None:
    filled()
    with browsing() as one, browsing() as other:
        for home_, cookie in (
            (one.home, other.cookie),
            (other.home, one.cookie),
            (other.home, f"{one.cookie}; {one.cookie}"),
        ):
            assert one.ask("GET", home_, Cookie=cookie).status == 403
        assert one.ask("GET", one.home, Cookie=f"{other.cookie}; x=y; {one.cookie}").status == 200


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "TRACE", "PATCH", "CONNECT", "get"])
def test_other_methods(browser: Browser, method: str) -> None:
    assert browser.ask(method, f"{browser.home}outputs/000a", Cookie=browser.cookie).status in (400, 405)


@pytest.mark.parametrize(
    "headers",
    [
        {"Content_Length": str(MAX_BODY + 1)}, {"Content_Length": "99999999999999999999"}, {"Transfer_Encoding": "chunked"}, {"Content_Length": "-1"},
        {"Content_Length": "٣"},
    ],
)  # fmt: skip
def test_bodies_that_are_larger_than_is_read(browser: Browser, headers: dict[str, str]) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", browser.port, timeout=10)
    connection.putrequest("POST", f"{browser.home}outputs/000a", skip_accept_encoding=True)
    for name, value in {"Cookie": browser.cookie, **headers}.items():
        connection.putheader(name.replace("_", "-"), value.encode())
    connection.endheaders()
    assert connection.getresponse().status in (400, 413)
    connection.close()
    assert browser.get().status == 200


def test_a_form_of_many_fields(browser: Browser) -> None:
    body = "&".join(f"f{n}=x" for n in range(2_000)) + f"&said=confirmed&secret={browser.secret}"
    assert browser.post("outputs/000a", body.encode()).status == 403


TRICKS = [
    "static/../../log.sqlite3", "static/%2e%2e/%2e%2e/log.sqlite3", "static/..%2f..%2flog.sqlite3", "static/..%5c..%5clog.sqlite3",
    "static//etc/passwd", "static/serve.css%00.js", "static/%252e%252e%252flog.key", "static/page.html.j2", "static/", "../", "..%2f", "//", ".",
    "outputs/..%2f..%2f", "outputs/%00", "outputs/%ff%fe", f"outputs/{'a' * 30_000}", "outputs/", "report/../../../etc/passwd", "report/%2fetc%2fpasswd",
    "rules/..%2f..", "series/__init__", "series/%7b%7b7*7%7d%7d", "?token=x",
]  # fmt: skip


@pytest.mark.parametrize("path", TRICKS, ids=lambda path: path[:30])
def test_paths_that_lead_elsewhere(browser: Browser, path: str, home: Path) -> None:
    target = f"{browser.home}{path}"
    answer = browser.ask("GET", target, Cookie=browser.cookie)
    assert answer.status in (307, 403, 404) or (path == "?token=x" and answer.status == 200), answer
    assert "root:" not in answer.text
    assert "SQLite" not in answer.text
    assert not answer.headers.get("location", "").startswith("//")
    assert answer.headers.get("location", "http://127.0.0.1").startswith("http://127.0.0.1")
    assert not (home / "faults.log").exists()


def opened(browser: Browser, said: str) -> socket.socket:
    """A connection on which so much was said."""
    made = socket.create_connection(("127.0.0.1", browser.port), timeout=30)
    made.sendall(said.encode())
    return made


@pytest.mark.parametrize("also", ["Origin: https://evil.example", "Sec-Fetch-Site: cross-site"])
def test_a_header_that_is_said_twice(browser: Browser, also: str) -> None:
    said = (
        f"Host: 127.0.0.1:{browser.port}\r\nCookie: {browser.cookie}\r\nOrigin: null\r\nSec-Fetch-Site: same-origin\r\n"
    )
    with opened(browser, f"GET {browser.home} HTTP/1.1\r\n{said}{also}\r\n\r\n") as raw:
        assert raw.recv(12) == b"HTTP/1.1 403"


def test_requests_that_never_end_are_hung_up_on(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aicheck_app.serve.connection.PATIENCE", 0.3)
    with browsing() as browser:
        for begun in ("", "GET / HTTP/1.1\r\nHost: x\r\nX"):
            with opened(browser, begun) as raw:
                assert raw.recv(100) == b""
        with opened(browser, "GET / HTTP/1.1\r\nHost: x\r\n\r\nGET /") as raw:
            assert b"".join(iter(lambda: raw.recv(10_000), b"")).startswith(b"HTTP/1.1 403")


def test_connections_are_bounded(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else another user of this machine could take all files that the process may open."""
    monkeypatch.setattr("aicheck_app.serve.connection.MOST", 2)
    with browsing() as browser:
        with opened(browser, "G"), opened(browser, "G"), opened(browser, "") as third, suppress(ConnectionResetError):
            assert third.recv(100) == b""
        assert browser.get("keys").status == 200


def test_a_form_that_does_not_come_whole_is_no_fault_of_ours(home: Path) -> None:
    with browsing() as browser:
        said = f"Host: 127.0.0.1:{browser.port}\r\nCookie: {browser.cookie}\r\nContent-Length: 1000\r\n"
        with opened(browser, f"POST {browser.home}outputs/000a HTTP/1.1\r\n{said}\r\nsaid="):
            assert browser.get("keys").status == 200
        assert browser.get("keys").status == 200
    assert not (home / "faults.log").exists()


def test_requests_that_are_none(browser: Browser) -> None:
    """What is sent raw costs its sender alone."""
    for data in (
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET\r\n\r\n",
        b"G" * 200_000,
        f"GET {browser.home} HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n".encode(),
    ):
        with socket.create_connection(("127.0.0.1", browser.port), timeout=10) as raw:
            raw.sendall(data)
            with suppress(OSError):  # it has been hung up on
                raw.shutdown(socket.SHUT_WR)
                assert raw.recv(100)[:12] in (b"HTTP/1.1 400", b""), data[:40]
    upgrade = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec_WebSocket_Key": "AAAAAAAAAAAAAAAAAAAAAA==",
        "Sec_WebSocket_Version": "13",
    }
    assert browser.ask("GET", browser.home, **upgrade).status == 403
    assert browser.get().status == 200


def test_the_page_is_on_loopback_alone_and_its_port_is_shared_with_nobody(home: Path) -> None:
    with serving() as server:
        host, port = server.socket.getsockname()
        assert host == "127.0.0.1"
        with pytest.raises(OSError, match=r"in use|forbidden"):
            Server(port)


class _Tags(HTMLParser):
    """Tags and attributes that only our own templates may make."""

    def __init__(self, home: str) -> None:
        super().__init__()
        self.home = home

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        assert tag not in ("img", "iframe", "object", "embed", "base", "style"), tag
        for name, value in attributes:
            assert not name.startswith("on"), name
            assert name not in ("srcset", "formaction", "xlink:href", "style"), name
            if name in ("src", "href", "action"):
                assert (value or "").startswith((self.home, "#main")), value

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)


def test_what_strangers_wrote_stays_text(home: Path) -> None:
    planted_log.write()
    with browsing() as browser:
        pages = [
            "",
            "?verdict=suspect",
            "report",
            "series?every=1",
            "series/suspect?among=model&until=2026-05-02",
            "report?made=1&paths=1",
        ]
        pages += [f"outputs/{kind}-{name.replace(' ', '%20')}" for kind in ("id", "un") for name in PLANTED]
        for text in (text[:5_000] for text in PLANTED.values()):
            filters = [dict.fromkeys(("agent", "project", "path"), text), {"since": text}, {"older": text}]
            pages += [f"?{urlencode(each, errors='replace')}" for each in filters]
        for path in pages:
            answer = browser.get(path)
            assert answer.status in (200, 400, 404), (path, answer)
            _Tags(browser.home).feed(printed(answer.text.encode()))
            assert "alert(1)" not in "".join(re.findall(r"<script(.*?)</script>", answer.text, re.DOTALL))
    assert not (home / "faults.log").exists(), (home / "faults.log").read_text()


def test_comparing_texts_takes_no_square_of_their_length() -> None:
    """Lines that come again and again are what makes a comparison line by line slow."""
    old = [f"{n % 90}" for n in range(2_000)]
    new = [f"{(n * 7) % 90}" for n in range(2_000)]
    found = difference(old, new)
    assert [line.text for line in found if line.sign == "-"] == old[1:]
    assert [line.text for line in found if line.sign == "+"] == new[1:]
