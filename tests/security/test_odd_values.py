"""Odd values in one call, file, id or setting cost no other, and what a repository says hides nothing."""

from __future__ import annotations

import json
import os
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from aicheck_app.config import load
from aicheck_app.log.store import Log
from tests.security.processes import aicheck

if TYPE_CHECKING:
    from pathlib import Path

BAD = "def f(:\n"
COLD = {"AICHECK_HOOK_HELPER": "off"}


def write(folder: Path, name: str, content: str = BAD, **more: Any) -> dict[str, Any]:
    return {
        "hook_event_name": "PostToolUse", "session_id": "s", "cwd": str(folder), "tool_name": "Write",
        "tool_use_id": f"toolu_{name}_0123456789abcdef", "transcript_path": "",
        "tool_input": {"file_path": str(folder / name), "content": content}, **more,
    }  # fmt: skip


def hook(folder: Path, payload: dict[str, Any] | str) -> bytes:
    data = payload if isinstance(payload, str) else json.dumps(payload)
    return aicheck(folder, "hook", "--agent", "claude-code", data=data, environment=COLD).stdout


def outputs() -> list[dict[str, Any]]:
    with Log(read_only=True) as log:
        return list(log.bodies("kind = 'output'"))


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(
        ["git", "-c", "user.name=a", "-c", "user.email=a@b.invalid", *arguments],
        cwd=folder,
        check=True,
        capture_output=True,
    )


WIDER = {"excerpt": '"full"', "paths": '"relative"', "line-hashes": "true", "hook": '"silent"', "deep": "true"}


@pytest.mark.parametrize("key", WIDER)
def test_a_repository_does_not_widen_what_the_user_has_said(key: str, tmp_path: Path, home: Path) -> None:
    home.mkdir()
    (home / "aicheck.toml").write_text('excerpt = "none"\npaths = "hash"\nline-hashes = false\nhook = "context"\n')
    plain = load(str(home))
    (tmp_path / "aicheck.toml").write_text(f"{key} = {WIDER[key]}\n")
    config = load(str(tmp_path))
    assert len(config.refused) == 1
    assert (
        config._replace(refused=(), excludes=plain.excludes) == plain
    )  # what is left out holds from the repository on
    assert {layer.patterns for layer in config.excludes.layers} == {layer.patterns for layer in plain.excludes.layers}


def test_a_repository_may_ask_for_less_to_be_kept(tmp_path: Path) -> None:
    (tmp_path / "aicheck.toml").write_text('excerpt = "none"\npaths = "hash"\nline-hashes = false\n')
    config = load(str(tmp_path))
    assert (config.excerpt, config.paths, config.line_hashes, config.refused) == ("none", "hash", False, ())


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only root can give files away")
def test_settings_of_another_user_above_a_project_are_not_followed(tmp_path: Path) -> None:
    project = tmp_path / "project"
    project.mkdir()
    (tmp_path / "aicheck.toml").write_text('ignore = ["SYN"]\n')
    assert load(str(project)).checks.ignore == ("SYN",)
    os.chown(tmp_path / "aicheck.toml", 12345, 12345)
    os.chown(tmp_path, 12345, 12345)
    assert load(str(project)).checks.ignore == ()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "repository"
    folder.mkdir()
    git(folder, "init", "-q")
    hook(folder, write(folder, "a.py", "value = compute(1,\n"))
    (folder / "a.py").write_text("value = compute(1,\n")
    return folder


@pytest.mark.e2e
@pytest.mark.parametrize("attributes", ["", "*.py -diff", "*.py binary", "*.py diff=nothing", "* -text -diff"])
def test_attributes_of_a_repository_hide_no_ai_written_line(attributes: str, repository: Path) -> None:
    (repository / ".gitattributes").write_text(f"{attributes}\n")
    git(repository, "add", ".")
    assert aicheck(repository, "check", "--staged", "--only-ai").returncode == 1


@pytest.mark.e2e
def test_a_log_that_can_t_be_read_is_not_taken_for_an_empty_one(repository: Path, home: Path) -> None:
    git(repository, "add", ".")
    (home / "log.sqlite3").write_bytes(b"damaged" * 1000)
    done = aicheck(repository, "check", "--staged", "--only-ai")
    assert done.returncode == 2
    assert b"damaged" in done.stderr


@pytest.mark.e2e
def test_nothing_known_of_what_is_staged_is_said(repository: Path) -> None:
    (repository / "a.py").unlink()
    (repository / "b.py").write_text("x = 1\n")
    git(repository, "add", ".")
    done = aicheck(repository, "check", "--staged", "--only-ai")
    assert (done.returncode, b"none of the 1 staged files" in done.stderr) == (0, True)


@pytest.mark.e2e
def test_short_ids_of_calls_are_of_one_session(tmp_path: Path) -> None:
    """Local models count their calls from 0 in each session."""
    told = [
        hook(tmp_path, write(tmp_path, name, content, session_id=session, tool_use_id="call_0"))
        for session, name, content in (("one", "a.py", BAD), ("two", "b.py", BAD), ("two", "c.py", f"x = 1\n{BAD}"))
    ]
    assert all(told)
    assert len(outputs()) == 3


@pytest.mark.e2e
@pytest.mark.parametrize(
    "odd",
    [
        '"extra": ' + "9" * 6_000,
        '"tool_use_id": "\\ud83d"',
        '"transcript_path": "~\\u0000/x.jsonl"',
        '"session_id": 5',
        '"cwd": null',
        '"tool_response": [[]]',
    ],
)
def test_an_odd_value_in_a_payload_costs_neither_record_nor_warning(odd: str, tmp_path: Path) -> None:
    payload = json.dumps(write(tmp_path, "a.py"))
    assert b"a.py" in hook(tmp_path, payload[:-1] + f", {odd}}}")
    assert len(outputs()) == 1


@pytest.mark.e2e
def test_one_odd_call_of_a_batch_costs_no_other(tmp_path: Path) -> None:
    calls = [write(tmp_path, name) for name in ("a.py", "b.py", "c.py")]
    calls[1]["tool_input"]["file_path"] = "~\0/b.py"
    told = hook(tmp_path, write(tmp_path, "x.py", hook_event_name="PostToolBatch", tool_calls=calls))
    assert b"a.py" in told
    assert b"c.py" in told


def session(folder: Path, name: str, *times: str, **usage: Any) -> None:
    lines = []
    for number, time in enumerate(times):
        text = f"```python\nx = {number}\n```"
        message = {
            "id": f"{name}{number}",
            "role": "assistant",
            "model": "claude",
            "content": [{"type": "text", "text": text}],
        }
        lines.append(
            {"type": "assistant", "sessionId": name, "timestamp": time, "message": {**message, "usage": usage}}
        )
    (folder / f"{name}.jsonl").write_text("".join(f"{json.dumps(line)}\n" for line in lines))


@pytest.mark.e2e
def test_what_a_run_left_out_by_time_the_next_one_finds(tmp_path: Path) -> None:
    session(tmp_path, "s", "2026-01-01T00:00:00.000Z", "2026-07-01T00:00:00.000Z")
    found = [
        json.loads(aicheck(tmp_path, "ingest", *options, "s.jsonl", "--format", "json").stdout)["outputs"]
        for options in (("--since", "2026-06-01"), (), ())
    ]
    assert found == [1, 1, 0]


@pytest.mark.e2e
def test_a_number_of_any_size_ends_no_run(tmp_path: Path) -> None:
    session(tmp_path, "a", "2026-01-01T00:00:00.000Z")
    session(tmp_path, "b", "2026-01-01T00:00:00.000Z")
    text = (tmp_path / "b.jsonl").read_text()
    (tmp_path / "b.jsonl").write_text(
        text.replace('"usage": {}', '"usage": {"output_tokens": ' + "9" * 4_299 + "}") * 2
    )
    session(tmp_path, "c", "2026-01-01T00:00:00.000Z")
    done = aicheck(tmp_path, "ingest", ".", "--format", "json")
    assert done.returncode == 0, done.stderr[-300:]
    assert json.loads(done.stdout)["sessions"] >= 2
    assert {record["session"] for record in outputs()} >= {"a", "c"}


def test_a_client_of_any_name_is_watched_as_what_it_is() -> None:
    anthropic = pytest.importorskip("anthropic")
    from aicheck_app.capture.anthropic_api import _is_async

    class Team(anthropic.AsyncAnthropic):  # type: ignore[misc, name-defined]
        """One of theirs."""

    class AsyncLooking(anthropic.Anthropic):  # type: ignore[misc, name-defined]
        """Named to be mistaken."""

    assert _is_async(Team(api_key="x"))
    assert not _is_async(AsyncLooking(api_key="x"))


@pytest.mark.e2e
def test_odd_values_of_an_origin_are_wrong_use(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("x = 1\n")
    for origin in ('{"agent": 5}', '{"cwd": 5}', '{"turn": "x"}', '{"side_chain": []}', "[1]", '"x"', "{"):
        done = aicheck(tmp_path, "check", "a.py", "--origin", origin)
        assert (done.returncode, done.stderr.count(b"\n")) == (2, 1), origin
