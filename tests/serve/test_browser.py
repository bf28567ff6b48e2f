"""The pages in a real browser: by keyboard alone, in light and dark, as axe-core sees them, and what other sites can do to them."""

from __future__ import annotations

import os
import shutil
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from aicheck_app.capture.ingest import Ingest
from aicheck_app.capture.reader import transcripts
from aicheck_app.config import Config
from aicheck_app.demo import sessions
from aicheck_app.log import queries
from aicheck_app.log.store import Log
from tests.serve.browsing import serving

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

    from aicheck_app.serve.running import Server

ROOT = Path(__file__).parents[2]
AXE = ROOT / ".editors/axe/node_modules/axe-core/axe.min.js"
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
UNTIL = "2026-03-22"
"""The last day of the made-up sessions."""
PAGES = ("", "?verdict=suspect", "?agent=nobody", f"series?until={UNTIL}", f"series/suspect?until={UNTIL}&among=model", "report", "report?made=1", "rules/COR001", "keys", "nowhere")  # fmt: skip
ALERTS = "document.documentElement.dataset.violations || ''"


@pytest.fixture
def server(home: Path, tmp_path: Path) -> Iterator[Server]:
    """The log of the made-up sessions, with their texts."""
    sessions.write(str(tmp_path / "sessions"))
    with Log() as log:
        Ingest(log, Config(excerpt="full")).run(list(transcripts(str(tmp_path / "sessions"))))
    with serving() as found:
        yield found


@contextmanager
def browser() -> Iterator[Page]:
    """A window of Chromium that keeps what it complains of."""
    playwright = pytest.importorskip("playwright.sync_api", reason="no Python package 'playwright'")
    if CHROMIUM is None or not AXE.is_file():
        pytest.skip("no Chromium or no axe-core: 'python3 scripts/setup_editors.py chromium axe' sets them up")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TMPDIR", "/tmp")  # the names of sockets have a limit
        yield from _window(playwright)


def _window(playwright: Any) -> Iterator[Page]:
    with playwright.sync_playwright() as driver:
        options = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        window = driver.chromium.launch(executable_path=CHROMIUM, args=options)
        try:
            yield window.new_page(viewport={"width": 1280, "height": 860})
        finally:
            window.close()


def entered(page: Page, server: Server) -> str:
    page.goto(server.access.address)
    page.wait_for_url("**/")
    page.wait_for_selector("h1")
    assert "token" not in page.url
    return page.url


@contextmanager
def another_site(html: str) -> Iterator[str]:
    """A page on another port of this machine, which is the same site to a browser."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(html.encode())
            seen.append(self.headers.get("Cookie", ""))

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - as http.server calls it
            pass

    seen: list[str] = []
    site = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=site.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{site.server_port}/"
    finally:
        site.shutdown()
        site.server_close()
        thread.join()
    assert not any("aicheck" in each for each in seen)


@pytest.mark.e2e
def test_the_pages_in_light_and_dark(server: Server) -> None:
    """Nothing is fetched from elsewhere, no policy is broken, and axe-core finds nothing; pictures are kept where they are asked for."""
    with browser() as page:
        complaints: list[str] = []
        asked: set[str] = set()
        page.on(
            "console", lambda message: complaints.append(message.text) if "Failed to load" not in message.text else None
        )
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: asked.add(request.url.partition("/")[2].partition("/")[2].partition("/")[0]))
        home = entered(page, server)
        page.goto(f"{home}?verdict=suspect")
        output = page.locator("a.row").first.get_attribute("href") or ""
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            for path in (*PAGES, output.rpartition("/outputs/")[1][1:] + output.rpartition("/outputs/")[2]):
                page.goto(home + path)
                if "series/" in path:
                    page.wait_for_selector("svg")
                page.context.new_cdp_session(page).send("Page.setBypassCSP", {"enabled": True})
                page.reload()
                page.evaluate(AXE.read_text("utf-8"))
                found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
                told = [(each["id"], [node["html"] for node in each["nodes"]][:3]) for each in found["violations"]]
                assert told == [], (scheme, path)
                page.context.new_cdp_session(page).send("Page.setBypassCSP", {"enabled": False})
        assert complaints == []
        assert asked == {server.access.hosts[0]}
        if folder := os.environ.get("AICHECK_PICTURES"):
            pictures(page, home, Path(folder))


def pictures(page: Page, home: str, folder: Path) -> None:
    """The pages as they are shown in docs/images."""
    for scheme, path in (("light", "?verdict=suspect"), ("dark", f"series/suspect?until={UNTIL}&among=version")):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.goto(home + path)
        page.wait_for_timeout(500)
        page.screenshot(path=str(folder / f"serve-{scheme}.png"))


@pytest.mark.e2e
def test_by_keyboard_alone(server: Server) -> None:
    """From the list to a judgement, without a pointer."""
    with browser() as page:
        home = entered(page, server)
        page.keyboard.press("/")
        page.keyboard.type("suspect")
        page.keyboard.press("Enter")
        page.wait_for_url("**verdict=suspect**")
        for key in ("j", "j", "k", "j"):
            page.keyboard.press(key)
        page.keyboard.press("Enter")
        page.wait_for_url("**/outputs/**")  # with its script, which the next keys are for
        identifier = page.url.rpartition("/")[2]
        page.keyboard.press("d")
        page.keyboard.press("Enter")
        page.wait_for_url("**#judgement")
        assert "dismissed" in page.locator("#judgement").inner_text()
        with Log() as log:
            assert [(mark.target, mark.mark) for mark in queries.marks(log)] == [(identifier, "dismissed")]
        page.keyboard.press("o")
        page.wait_for_url(home)
        page.keyboard.press("n")
        page.wait_for_url("**older=**")
        page.keyboard.press("p")
        page.wait_for_url("**newer=**")
        page.keyboard.press("?")
        page.wait_for_url("**/keys")
        page.locator("#keys-on").press("Space")
        page.keyboard.press("o")
        page.wait_for_timeout(300)
        assert page.url.endswith("/keys")
        for _ in range(3):
            page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.tagName") in ("A", "BODY", "DIV")


@pytest.mark.e2e
def test_another_site_can_neither_read_nor_judge(server: Server) -> None:
    """Not even one that knows the folder and is on this very machine; and our cookie does not come to it."""
    with browser() as page:
        home = entered(page, server)
        target = f"{home}outputs/x"
        html = f"""<body><form id="f" method="post" action="{target}" target="frame"><input name="said" value="confirmed"></form>
            <iframe name="frame" src="{home}"></iframe><img src="{home}static/icon.svg"><script src="{home}static/keys.js"></script><script>
            const tries = [fetch("{home}", {{credentials: "include"}}), fetch("{home}", {{credentials: "include", mode: "no-cors"}}),
              fetch("{target}", {{method: "POST", mode: "no-cors", credentials: "include", body: "said=confirmed"}})];
            Promise.allSettled(tries).then((all) => {{ document.getElementById("f").submit();
              document.title = all.map((one) => one.status === "fulfilled" ? one.value.type + one.value.status : "refused").join(" "); }});
            </script>"""
        with another_site(html) as address:
            answers: list[int] = []
            page.on("response", lambda answer: answers.append(answer.status) if answer.url.startswith(home) else None)
            page.goto(address)
            page.wait_for_function("document.title !== ''")
            page.wait_for_timeout(500)
            assert page.title().split()[0] == "refused"
            assert answers
            assert set(answers) == {403}
            page.goto(f"{address}again")
        with Log() as log:
            assert list(queries.marks(log)) == []
        assert page.goto(home).status == 200  # type: ignore[union-attr]
