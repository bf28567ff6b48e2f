"""The site is built without a network and without a warning, and asks nothing of one when it is read."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
_LOADED = re.compile(
    r"""<(?:script|img|iframe|source)[^>]*\ssrc="(?:https?:)?//|<link[^>]*\shref="(?:https?:)?//|url\(["']?(?:https?:)?//"""
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Strict: a link that leads nowhere, an anchor that is not there, a page that is in no navigation are failures."""
    folder = tmp_path_factory.mktemp("site")
    nowhere = "http://127.0.0.1:9"
    environment = {**os.environ, "HTTP_PROXY": nowhere, "HTTPS_PROXY": nowhere, "NO_MKDOCS_2_WARNING": "1"}
    paths = [str(ROOT / name) for name in ("app", "checks", "lsp_server")]
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)],
        cwd=ROOT, env={**environment, "PYTHONPATH": os.pathsep.join(paths)}, capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout + done.stderr) == (0, "")
    return folder


def test_nothing_is_loaded_from_elsewhere(site: Path) -> None:
    pages = [*site.rglob("*.html"), *site.rglob("*.css")]
    assert len(pages) > 100
    assert {str(page.relative_to(site)) for page in pages if _LOADED.search(page.read_text("utf-8"))} == set()


def test_the_search_works_from_a_folder(site: Path) -> None:
    """The index stands in a script, and the worker is replaced by a frame: what browsers allow for files."""
    index = (site / "search/search_index.js").read_text("utf-8")
    assert index.startswith("var __index = ")
    assert "my file ends in" in index
    assert 'src="assets/iframe-worker.js"' in (site / "index.html").read_text("utf-8")


def test_pages_and_files_beside_docs_are_there_under_working_links(site: Path) -> None:
    home = (site / "index.html").read_text("utf-8")
    assert 'href="start/vscode.html"' in home
    assert 'href="repository/ARCHITECTURE.html"' in home
    assert 'src="images/vscode-finding.png"' in home
    ci = (site / "start/ci.html").read_text("utf-8")
    assert 'href="../repository/examples/ci/github.yml.html"' in ci
    assert "fetch-depth" in (site / "repository/examples/ci/github.yml.html").read_text("utf-8")


def test_each_rule_is_in_the_navigation(site: Path) -> None:
    page = (site / "rules/TRU001.html").read_text("utf-8")
    assert re.search(r'<a href="TRU002\.html" class="md-footer__link md-footer__link--next"', page)
