"""What a release is made with: one version in all places, actions pinned, archives of which nothing is left out."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import release
import versions

from aicheck_app import __version__

ROOT = Path(__file__).parents[1]
WORKFLOWS = [*sorted((ROOT / ".github/workflows").glob("*.yml")), ROOT / "action.yml", ROOT / "examples/ci/github.yml"]


def test_all_places_say_the_one_version() -> None:
    """After a change: ``python3 scripts/versions.py``."""
    found = {place: set(versions.said(place, pattern)) for place, pattern in (versions.SOURCE, *versions.COPIES)}
    assert found == {place: {__version__} for place in found}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    assert project["project"]["dynamic"] == ["version"]
    assert project["tool"]["hatch"]["version"]["path"] == versions.SOURCE[0]


def test_a_new_version_is_written_everywhere_and_nothing_else_is(tmp_path: Path) -> None:
    for place, pattern in (versions.SOURCE, *versions.COPIES):
        (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / place, tmp_path / place)
        versions.write(place, pattern, "12.0.3", tmp_path)
        was, now = (root / place for root in (ROOT, tmp_path))
        assert now.read_text("utf-8").replace("12.0.3", __version__) == was.read_text("utf-8")
        assert set(versions.said(place, pattern, tmp_path)) == {"12.0.3"}
    assert versions.version(tmp_path) == "12.0.3"


@pytest.mark.parametrize("new", ["1.2", "v1.2.3", "1.2.3rc1", "1.2.3\n", ""])
def test_what_is_no_version_is_refused(new: str) -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "scripts/versions.py", new], capture_output=True, text=True, check=False
    )
    assert (done.returncode, "give three numbers" in done.stderr) == (1, True)


def test_a_version_s_notes_are_its_section_alone() -> None:
    text = "# Changelog\n\n## 1.1.0 (unreleased)\n\n- b\n\n## 1.0.0 (2026-01-02)\n\n- a\n- c\n\n## 0.9.0\n"
    assert release.section(text, "1.0.0") == "## 1.0.0 (2026-01-02)\n\n- a\n- c\n"
    with pytest.raises(SystemExit, match=r"no section '## 1\.0'"):
        release.section(text, "1.0")


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.name)
def test_actions_are_pinned_by_commit_and_say_which_version_it_is(file: Path) -> None:
    used = re.findall(r"uses: (.*)", file.read_text("utf-8"))
    pinned = re.compile(r"[\w-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+")
    assert [one for one in used if not pinned.fullmatch(one) and not one.startswith("<OWNER>/aicheck@")] == []


def test_workflows_may_no_more_than_they_need_and_know_no_secret() -> None:
    granted = {}
    for file in sorted((ROOT / ".github/workflows").glob("*.yml")):
        text = file.read_text("utf-8")
        assert "\npermissions:\n  contents: read\n" in text
        assert "secrets." not in text
        granted[file.name] = re.findall(r"^ {6}([\w-]+: write)", text, re.MULTILINE)
    assert granted == {
        "ci.yml": [],
        "release.yml": ["attestations: write", "id-token: write", "id-token: write", "contents: write"],
    }


def test_the_platforms_of_a_release_are_those_that_the_bundle_knows() -> None:
    bundle = (ROOT / "editors/vscode/bundle.py").read_text("utf-8")
    assert tuple(re.findall(r'^    "([\w-]+)": "', bundle, re.MULTILINE)) == release.PLATFORMS
    tried = re.findall(r"platform: ([\w-]+) }", (ROOT / ".github/workflows/release.yml").read_text("utf-8"))
    assert set(release.PLATFORMS) - set(tried) == {"alpine-x64"}  # no host runs jobs on it


def test_what_is_packed_for_neovim_is_all_that_the_plugin_needs() -> None:
    below, parts = release.NEOVIM
    left_out = {path.name for path in (ROOT / below).iterdir()} - set(parts)
    assert left_out == {".luacheckrc", "stylua.mjs", "stylua.toml", "tests"}
