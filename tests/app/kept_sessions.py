"""Databases as clients keep them, made by the clients' own schemas: opencode 1.18, Crush (August 2026), goose (schema 5)."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

GOOD = "import os\n\nprint(os.sep)\n"
BEGAN = 1_790_000_000_000
"""Milliseconds since 1970."""
_OPENCODE = """
CREATE TABLE session (id text PRIMARY KEY, project_id text NOT NULL, parent_id text, slug text NOT NULL, directory text NOT NULL,
  title text NOT NULL, version text NOT NULL, time_created integer NOT NULL, time_updated integer NOT NULL);
CREATE TABLE message (id text PRIMARY KEY, session_id text NOT NULL, time_created integer NOT NULL, time_updated integer NOT NULL,
  data text NOT NULL, FOREIGN KEY (session_id) REFERENCES session(id) ON DELETE CASCADE);
CREATE TABLE part (id text PRIMARY KEY, message_id text NOT NULL, session_id text NOT NULL, time_created integer NOT NULL,
  time_updated integer NOT NULL, data text NOT NULL, FOREIGN KEY (message_id) REFERENCES message(id) ON DELETE CASCADE);
CREATE INDEX recall_message_role_idx ON message (json_extract(data, '$.role'));
"""
_CRUSH = """
CREATE TABLE sessions (id TEXT PRIMARY KEY, parent_session_id TEXT, title TEXT NOT NULL, message_count INTEGER NOT NULL DEFAULT 0,
  prompt_tokens INTEGER NOT NULL DEFAULT 0, completion_tokens INTEGER NOT NULL DEFAULT 0, cost REAL NOT NULL DEFAULT 0.0,
  updated_at INTEGER NOT NULL, created_at INTEGER NOT NULL, summary_message_id TEXT, todos TEXT);
CREATE TABLE messages (id TEXT PRIMARY KEY, session_id TEXT NOT NULL, role TEXT NOT NULL, parts TEXT NOT NULL default '[]',
  model TEXT, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, finished_at INTEGER, provider TEXT,
  is_summary_message INTEGER DEFAULT 0 NOT NULL, FOREIGN KEY (session_id) REFERENCES sessions (id) ON DELETE CASCADE);
"""
_GOOSE = """
CREATE TABLE sessions (id TEXT PRIMARY KEY, name TEXT NOT NULL DEFAULT '', description TEXT NOT NULL DEFAULT '',
  session_type TEXT NOT NULL DEFAULT 'user', working_dir TEXT NOT NULL, created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
  updated_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP, extension_data TEXT DEFAULT '{}', total_tokens INTEGER,
  provider_name TEXT, model_config_json TEXT);
CREATE TABLE messages (id INTEGER PRIMARY KEY AUTOINCREMENT, message_id TEXT, session_id TEXT NOT NULL REFERENCES sessions(id), role TEXT NOT NULL,
  content_json TEXT NOT NULL, created_timestamp INTEGER NOT NULL, timestamp TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
  tokens INTEGER, metadata_json TEXT);
CREATE TABLE usage_ledger (id INTEGER PRIMARY KEY AUTOINCREMENT, session_id TEXT NOT NULL, created_timestamp INTEGER NOT NULL, model TEXT,
  input_tokens INTEGER, output_tokens INTEGER, is_compaction INTEGER DEFAULT 0);
"""


def opencode(path: Path, *, more: bool = False) -> None:
    """A session: a reading, an edit, a new file, an edit that failed, a command that did and one that was refused; ``more``
    adds another turn by another model, which the person broke off."""

    def tool(name: str, call: str, given: Any, status: str = "completed", **state: Any) -> dict[str, Any]:
        return {"type": "tool", "tool": name, "callID": call, "state": {"status": status, "input": given, **state}}

    shown = {
        "type": "file",
        "path": "/w/a.py",
        "text": "import os\n\nprint(os.sep)",
        "lineStart": 1,
        "lineEnd": 3,
        "totalLines": 3,
    }
    first = [
        {"type": "step-start"},
        {"type": "text", "text": "I will look."},
        tool("read", "c1", {"filePath": "/w/a.py"}, output="...", metadata={"display": shown}),
        tool("edit", "c2", {"filePath": "/w/a.py", "oldString": "os.sep", "newString": "os.linesep"}, output="Edit applied."),
        tool("write", "c3", {"filePath": "/w/b.py", "content": GOOD}, output="Wrote file.", metadata={"exists": False}),
        tool("edit", "c4", {"filePath": "/w/a.py", "oldString": "no", "newString": "x"}, "error", error="Could not find oldString in the file."),
        tool("bash", "c5", {"command": "pytest"}, output="1 failed", metadata={"exit": 1}),
        tool("bash", "c6", {"command": "rm -r x"}, "error", error="The user rejected permission to use this specific tool call."),
        tool("todowrite", "c7", {"todos": []}, output="", metadata={"todos": [{"content": "x", "status": "pending"}]}),
    ]  # fmt: skip
    about = {
        "role": "assistant",
        "providerID": "p",
        "variant": "high",
        "tokens": {"input": 9, "output": 4, "reasoning": 1, "cache": {"read": 7, "write": 2}},
    }
    answers = [
        (
            {
                **about,
                "modelID": "m-1",
                "finish": "tool-calls",
                "time": {"created": BEGAN + 1000, "completed": BEGAN + 3000},
            },
            first,
        )
    ]
    if more:
        broken = {
            **about,
            "modelID": "m-2",
            "time": {"created": BEGAN + 9000},
            "error": {"name": "MessageAbortedError"},
        }
        answers += [
            ({"role": "user", "time": {"created": BEGAN + 8000}}, [{"type": "text", "text": "go on"}]),
            (broken, [{"type": "text", "text": "```py\nx = 1\n```"}]),
        ]
    messages: list[tuple[Any, list[Any]]] = [
        ({"role": "user", "time": {"created": BEGAN}}, [{"type": "text", "text": "go"}]),
        *answers,
    ]
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("PRAGMA journal_mode = WAL")
        if not db.execute("SELECT 1 FROM sqlite_master").fetchone():
            db.executescript(_OPENCODE)
        db.execute(
            "INSERT OR IGNORE INTO session VALUES ('ses_1', 'p', NULL, 's', '/w', 't', '1.18.33', ?, ?)", (BEGAN, BEGAN)
        )
        for number, (info, parts) in enumerate(messages):
            when = info["time"]["created"]
            db.execute(
                "INSERT OR REPLACE INTO message VALUES (?, 'ses_1', ?, ?, ?)",
                (f"msg_{number}", when, when, json.dumps(info)),
            )
            for at, part in enumerate(parts):
                row = (f"prt_{number}_{at:02}", f"msg_{number}", when, when, json.dumps(part))
                db.execute("INSERT OR REPLACE INTO part VALUES (?, ?, 'ses_1', ?, ?, ?)", row)


def crush(path: Path) -> None:
    """A session: an edit whose texts are told, a new file, an edit that was refused, one that was broken off, and an answer that a filter cut off."""

    def call(identifier: str, name: str, **given: Any) -> dict[str, Any]:
        return {
            "type": "tool_call",
            "data": {"id": identifier, "name": name, "input": json.dumps(given), "finished": True},
        }

    def result(identifier: str, content: str, *, failed: bool = False, **facts: Any) -> dict[str, Any]:
        data = {
            "tool_call_id": identifier,
            "content": content,
            "metadata": json.dumps(facts) if facts else "",
            "is_error": failed,
        }
        return {"type": "tool_result", "data": data}

    def finish(reason: str) -> dict[str, Any]:
        return {"type": "finish", "data": {"reason": reason, "time": BEGAN // 1000 + 3}}

    calls = [
        call("c1", "edit", file_path="/w/a.py", old_string="os.sep", new_string="os.linesep"),
        call("c2", "write", file_path="/w/b.py", content=GOOD),
        call("c3", "edit", file_path="/w/a.py", old_string="x", new_string="y"),
        call("c4", "bash", command="pytest", description="tests"),
        call("c5", "write", file_path="/w/c.py", content=GOOD),
    ]
    results = [
        result(
            "c1", "done", additions=1, removals=1, old_content=GOOD, new_content=GOOD.replace("os.sep", "os.linesep")
        ),
        result("c2", "File successfully written: /w/b.py", diff="", additions=3, removals=0),
        result("c3", "User denied permission", failed=True),
        result("c4", "1 failed\nExit code 1"),
        result("c5", ""),
    ]
    rows = [
        ("user", [{"type": "text", "data": {"text": "go"}}], None),
        ("assistant", [{"type": "reasoning", "data": {"thinking": "t"}}, *calls, finish("tool_use")], "m-1"),
        ("tool", results, None),
        ("assistant", [{"type": "text", "data": {"text": "I can't."}}, finish("content_filter")], "m-2"),
    ]
    with closing(sqlite3.connect(path)) as db, db:
        db.executescript(_CRUSH)
        db.execute("INSERT INTO sessions (id, title, updated_at, created_at) VALUES ('s1', 't', 0, 0)")
        for number, (role, parts, model) in enumerate(rows):
            when = BEGAN // 1000 + number
            db.execute(
                "INSERT INTO messages VALUES (?, 's1', ?, ?, ?, ?, ?, NULL, 'p', 0)",
                (f"m{number}", role, json.dumps(parts), model, when, when),
            )


def goose(path: Path) -> None:
    """A session: a new file, an edit in the tool's own words, one that failed though the call did not, and one that was declined."""

    def request(identifier: str, name: str, **given: Any) -> dict[str, Any]:
        return {
            "type": "toolRequest",
            "id": identifier,
            "toolCall": {"status": "success", "value": {"name": name, "arguments": given}},
        }

    def response(identifier: str, said: str, *, failed: bool = False) -> dict[str, Any]:
        content = [{"type": "text", "text": said}]
        value: Any = {"content": content, "isError": True} if failed else content
        return {"type": "toolResponse", "id": identifier, "toolResult": {"status": "success", "value": value}}

    rows = [
        ("user", [{"type": "text", "text": "go"}]),
        ("user", [{"type": "text", "text": "<turn-context>"}]),
        ("assistant", [
            {"type": "thinking", "thinking": "t"}, {"type": "text", "text": "now"},
            request("c1", "write", path="/w/b.py", content=GOOD),
            request("c2", "edit", path="/w/b.py", before="os.sep", after="os.linesep"),
            request("c3", "developer__text_editor", command="str_replace", path="/w/b.py", old_str="no", new_str="x"),
            request("c4", "developer__shell", command="rm -r x"),
        ]),
        ("user", [
            response("c1", "Created /w/b.py (3 lines)"), response("c2", "Edited"), response("c3", "No match found for the text", failed=True),
            response("c4", "The user has declined to run this tool. DO NOT attempt to call this tool again."),
        ]),
    ]  # fmt: skip
    with closing(sqlite3.connect(path)) as db, db:
        db.executescript(_GOOSE)
        model = json.dumps({"model_name": "m-1", "context_limit": 1})
        db.execute(
            "INSERT INTO sessions (id, working_dir, provider_name, model_config_json) VALUES ('20260901_1', '/w', 'p', ?)",
            (model,),
        )
        usage = {"inputTokens": 12, "outputTokens": 4, "cacheReadTokens": 10, "elapsedMs": 7, "timeToFirstTokenMs": 1}
        told = {"userVisible": True, "inference": {"provider": "p", "requestedModel": "m-1"}, "usage": usage}
        about = [{"userVisible": True}, {"userVisible": False, "turnContext": True}, told, {"userVisible": True}]
        for number, ((role, content), metadata) in enumerate(zip(rows, about, strict=True)):
            db.execute(
                "INSERT INTO messages (message_id, session_id, role, content_json, created_timestamp, metadata_json)"
                " VALUES ('chatcmpl', '20260901_1', ?, ?, ?, ?)",
                (role, json.dumps(content), BEGAN // 1000 + number, json.dumps(metadata)),
            )
        db.execute("INSERT INTO usage_ledger VALUES (1, '20260901_1', ?, 'm-served', 12, 4, 0)", (BEGAN // 1000,))


def compacted(path: Path) -> None:
    """The same session of goose after a compaction: all rows are there again under new ids."""
    columns = "message_id, session_id, role, content_json, created_timestamp, metadata_json"
    with closing(sqlite3.connect(path)) as db, db:
        rows = db.execute(f"SELECT {columns} FROM messages").fetchall()
        db.execute("DELETE FROM messages")
        db.executemany(f"INSERT INTO messages ({columns}) VALUES (?, ?, ?, ?, ?, ?)", rows)
        db.execute("UPDATE messages SET created_timestamp = created_timestamp")
