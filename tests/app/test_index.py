"""``aicheck index`` against a local server that speaks the simple repository API."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from click.testing import CliRunner

from aicheck_app import package_index
from aicheck_app.cli.group import aicheck
from aicheck_app.errors import AicheckError
from aicheck_app.home import index_folder
from aicheck_checks.packages.index import open_index

PAGES = {
    "/simple/": json.dumps({"meta": {"api-version": "1.1"}, "projects": [{"name": "New_Thing"}, {"name": "flask"}]}),
    "/html/": "<html></html>",
    "/links/": '<a href="a-b/">A.b</a>\n<a href="flask/">flask</a>',
    "/npm/_all_docs": json.dumps({"total_rows": 1, "rows": [{"id": "new-thing", "key": "new-thing"}]}),
}


class _Registry(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        page = PAGES.get(self.path)
        simple = self.path != "/simple/" or "vnd.pypi.simple.v1+json" in self.headers["Accept"]
        self.send_response(200 if page is not None and simple else 404)
        self.end_headers()
        self.wfile.write((page or "").encode())

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setattr(package_index, "MIN_SHARE", 0)
    server = HTTPServer(("127.0.0.1", 0), _Registry)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_update_takes_all_names_of_the_configured_index(registry: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", f"{registry}/simple")
    done = CliRunner().invoke(aicheck, ["index", "update"])
    assert done.exit_code == 0, done.output
    index = open_index("pypi", index_folder)
    assert (index.names, index.complete, "new-thing" in index, "numpy" in index) == (2, True, True, False)
    assert index.rank("numpy") is not None
    shown = CliRunner().invoke(aicheck, ["index", "status", "--format", "json"]).output
    assert next((row["registry"], row["names"]) for row in json.loads(shown)["indexes"]) == ("pypi", 2)


def test_a_mirror_that_only_has_pages_of_links_will_do(registry: str) -> None:
    index = package_index.update("pypi", f"{registry}/links")
    assert ("a-b" in index, index.names) == (True, 2)


def test_npm_registries_that_list_their_packages_are_read(registry: str) -> None:
    assert package_index.update("npm", f"{registry}/npm").names == 1


@pytest.mark.parametrize(("path", "says"), [("/html", "simple repository API"), ("/none", "can't be read")])
def test_an_index_that_gives_no_list_changes_nothing(registry: str, path: str, says: str) -> None:
    with pytest.raises(AicheckError, match=says):
        package_index.update("pypi", registry + path)
    with pytest.raises(AicheckError, match="gives no list"):
        package_index.update("npm", registry + path)


def test_a_short_list_does_not_replace_the_complete_one(registry: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package_index, "MIN_SHARE", 0.5)
    with pytest.raises(AicheckError, match="lists 2 names"):
        package_index.update("pypi", f"{registry}/simple")
