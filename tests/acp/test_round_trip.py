"""The protocol's own SDK on both sides of the proxy, each in a process of its own."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

import pytest

from aicheck_app import faults
from tests.acp.client import Editor, asked
from tests.acp.processes import logged

pytestmark = pytest.mark.e2e

AGENT = [sys.executable, str(Path(__file__).parent / "sdk_agent.py")]
GOOD = "import os\n\n\ndef f(x):\n    return os.fspath(x)\n"
LACKS = "import os\n\n\ndef f(x):\n    return json.dumps(os.fspath(x))\n"
CUT = "def f(x):\n    return f(x,\n"


def test_edits_are_logged_with_their_ids_and_refused_ones_are_not(tmp_path: Path) -> None:
    work = tmp_path / "work"
    work.mkdir()
    (work / "aicheck.toml").write_text('exclude = ["made"]\n')
    (work / "made").mkdir()
    (work / "b.py").write_text(GOOD)
    steps = [
        {"name": "a.py", "new": CUT},
        {"name": "b.py", "old": GOOD, "new": LACKS},
        {"name": "refused.py", "new": CUT},
        {"name": "c.py", "new": GOOD, "by": "editor"},
        {"name": "made/d.py", "new": CUT},
    ]
    editor = Editor(refused="refused")
    session, ended = asyncio.run(asked(editor, work, json.dumps(steps), AGENT, {}))
    assert (session, ended) == ("session-1", "end_turn")
    assert len(editor.told) == 2 * len(steps) + 1
    assert not (work / "refused.py").exists()
    records = logged(5)
    outputs = {record["tool_use"][-1]: record for record in records if record["kind"] == "output"}
    found = {
        number: (one["path"], one["verdict"], [each["code"] for each in one.get("findings", [])], one["bytes"])
        for number, one in outputs.items()
    }
    assert found == {
        "0": ("a.py", "suspect", ["TRU001"], len(CUT)),
        "1": ("b.py", "clean", [], len("    return json.dumps(os.fspath(x))")),
        "3": ("c.py", "clean", [], len(GOOD)),
        "4": ("made/d.py", "unchecked", [], len(CUT)),
    }
    said = {(one["agent"], one["agent_version"], one["session"], one["attribution"]) for one in outputs.values()}
    assert said == {("test-agent", "1.2", "session-1", "hook")}
    (later,) = [record for record in records if record["kind"] == "later"]
    assert later["target"] == outputs["1"]["id"]
    assert [each["code"] for each in later["findings"]] == ["IMP001"]
    assert faults.recorded().newest == []
