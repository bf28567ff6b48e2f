"""What is said where an extra is missing: the command that adds it to this very installation."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import pytest

from aicheck_app.init import extras, origin
from aicheck_app.init.extras import wanted

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a POSIX shell's quotes and paths")


class Installed:
    """A console script of ours, of an installation with this note of its installer."""

    name, value = "ours", "aicheck_app.cli.main:main"

    def __init__(self, note: dict[str, Any] | None) -> None:
        self.dist = self
        self.note = note

    def read_text(self, name: str) -> str | None:
        return json.dumps(self.note) if name == "direct_url.json" and self.note is not None else None


PIP, UV = "{python} -m pip install ", "uv pip install --python {python} "


@pytest.mark.parametrize(
    ("note", "pip", "said"),
    [
        ({"url": "file:///src/ai%20check", "dir_info": {}}, True, PIP + "'/src/ai check[serve]'"),
        ({"url": "file:///src/a", "dir_info": {"editable": True}}, True, PIP + "--editable '/src/a[serve]'"),
        ({"url": "file:///a.whl", "archive_info": {}}, False, UV + "'/a.whl[serve]'"),
        (
            {"url": "https://x.example/a.git", "vcs_info": {"vcs": "git", "commit_id": "c0ffee"}}, True,
            PIP + "'ours[serve] @ git+https://x.example/a.git@c0ffee'",
        ),
        ({"url": "https://x.example/a.whl"}, True, PIP + "'ours[serve] @ https://x.example/a.whl'"),
    ],
)  # fmt: skip
def test_the_command_fits_the_installation(
    monkeypatch: pytest.MonkeyPatch, note: dict[str, Any], pip: bool, said: str
) -> None:
    installed(monkeypatch, note)
    monkeypatch.setattr(extras, "find_spec", lambda _: object() if pip else None)
    monkeypatch.setattr(sys, "executable", "/env/bin/python")
    assert wanted("serve") == "to have it, run: " + said.format(python="/env/bin/python")


@pytest.mark.parametrize("note", [None, {}])
def test_where_no_installer_noted_anything_no_index_is_named(
    monkeypatch: pytest.MonkeyPatch, note: dict[str, Any] | None
) -> None:
    installed(monkeypatch, note)
    assert wanted("mcp") == "install aicheck with its extra 'mcp', from where it came"


def installed(monkeypatch: pytest.MonkeyPatch, note: dict[str, Any] | None) -> None:
    def found(**_: str) -> list[EntryPoint]:
        return [Installed(note)]  # type: ignore[list-item]

    monkeypatch.setattr(origin, "entry_points", found)
