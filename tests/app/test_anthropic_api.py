"""``watch``: the real client against a local server gives its caller the same with and without it; what is logged."""

from __future__ import annotations

import asyncio
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

from aicheck_app.capture.anthropic_api import flush, watch
from aicheck_app.capture.messages import of_batch, of_body, of_stream
from aicheck_app.errors import AicheckError
from aicheck_app.log.store import Log
from tests.app.anthropic_server import CODE, TEXT, events, message, serving

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

anthropic = pytest.importorskip("anthropic", reason="the extra 'api' is not installed")

ASK: dict[str, Any] = {"max_tokens": 100, "messages": [{"role": "user", "content": "go"}]}
TOOLS = [{"name": "write", "input_schema": {"type": "object"}}]


@pytest.fixture
def server() -> Iterator[str]:
    with serving() as address:
        yield address


@cache
def connections() -> Any:
    """One for all tests: making it takes a third of a second."""
    return anthropic.DefaultHttpxClient(verify=False)


def client(address: str, max_retries: int = 2) -> Any:
    return anthropic.Anthropic(api_key="k", base_url=address, max_retries=max_retries, http_client=connections())


def records(kind: str = "output") -> list[dict[str, Any]]:
    with Log(read_only=True) as log:
        return list(log.bodies("kind = ?", (kind,)))


@pytest.fixture(scope="module", autouse=True)
def closed() -> Iterator[None]:
    yield
    connections().close()
    connections.cache_clear()


def plain(c: Any, model: str) -> Any:
    return c.messages.create(model=model, **ASK).to_dict()


def tools(c: Any, model: str) -> Any:
    return c.messages.create(model=model, tools=TOOLS, **ASK).to_dict()


def streamed(c: Any, model: str) -> Any:
    return [event.to_dict() for event in c.messages.create(model=model, stream=True, **ASK)]


def helper(c: Any, model: str) -> Any:
    with c.messages.stream(model=model, tools=TOOLS, **ASK) as stream:
        return ["".join(stream.text_stream), stream.get_final_message().to_dict(), stream.request_id]


def raw(c: Any, model: str) -> Any:
    answer = c.messages.with_raw_response.create(model=model, **ASK)
    return [answer.status_code, answer.headers["request-id"], answer.parse().to_dict()]


def batch(c: Any, _: str) -> Any:
    return [result.to_dict() for result in c.messages.batches.results("batch_1")]


def early(c: Any, model: str) -> Any:
    with c.messages.create(model=model, stream=True, **ASK) as stream:
        return [next(iter(stream)).to_dict() for _ in range(3)]


CALLS: list[Callable[[Any, str], Any]] = [plain, tools, streamed, helper, raw, batch, early]


def outcome(call: Callable[[Any, str], Any], c: Any, model: str) -> Any:
    try:
        return call(c, model)
    except Exception as error:  # noqa: BLE001 - whatever the client raises
        return type(error).__name__, str(error), getattr(error, "request_id", None)


@pytest.mark.parametrize("model", ["m", "max:m", "refusal:m", "once429:m", "529:m", "400:m", "cut:m", "error:m"])
@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.__name__)
def test_the_caller_gets_the_same_with_and_without(call: Callable[[Any, str], Any], model: str) -> None:
    results = []
    for watched in (False, True):
        with serving() as address:
            c = client(address, max_retries=1)
            chosen = watch(c) if watched else c
            results.append(outcome(call, chosen, model))
            assert flush(chosen)
    assert results[0] == results[1]


def test_code_blocks_and_tool_inputs_are_logged_with_their_origin(server: str) -> None:
    c = client(server)
    watched = watch(c, session="run-1")
    helper(watched, "m")
    assert flush(watched)
    reply, tool = records()
    for record in (reply, tool):
        for key in ("id", "sha256", "bytes", "time", "line_hashes", "file", "agent_version"):
            record.pop(key, None)
        assert record.pop("first_token") > 0
    common = {
        "kind": "output", "language": "python", "ruleset": "1", "agent": "anthropic-api", "model": "m", "provider": "anthropic",
        "session": "run-1", "message": "msg_1", "request": "req_1", "stop_reason": "tool_use", "tokens": 42, "attribution": "api",
    }  # fmt: skip
    assert reply == {**common, "tool": "reply", "unit": "reply", "verdict": "clean", "lines": 6}
    (finding,) = tool.pop("findings")
    assert finding["code"] == "TRU001"
    assert tool == {
        **common,
        "tool": "write",
        "unit": "file",
        "verdict": "suspect",
        "lines": 6,
        "path": "a.py",
        "tool_use": "toolu_1",
    }


def test_what_the_service_stopped_is_known_by_its_reason(server: str) -> None:
    c = client(server)
    watched = watch(c)
    plain(watched, "max:m")
    assert flush(watched)
    (record,) = records()
    assert (record["verdict"], record["stop_reason"]) == ("suspect", "max_tokens")
    assert {f["code"] for f in record["findings"]} & {"TRU001", "TRU005"}


@pytest.mark.parametrize(
    ("call", "model", "reasons"),
    [
        (plain, "once429:m", ["HTTP 429"]), (plain, "529:m", ["HTTP 529"] * 2), (streamed, "error:m", ["overloaded_error"]),
        (streamed, "cut:m", ["stream: RemoteProtocolError"]),
    ],
)  # fmt: skip
def test_faults_of_the_service_are_events_not_outputs(
    server: str, call: Callable[[Any, str], Any], model: str, reasons: list[str]
) -> None:
    watched = watch(client(server, max_retries=1))
    outcome(call, watched, model)
    assert flush(watched)
    assert [event["reason"] for event in records("event")] == reasons
    assert [record["verdict"] for record in records()] == (["clean"] if model.startswith("once") else [])


def test_a_stream_that_the_caller_leaves_says_nothing_of_the_model(server: str) -> None:
    c = client(server)
    watched = watch(c)
    early(watched, "m")
    assert flush(watched)
    with pytest.raises(AicheckError, match="empty"):
        records()


def test_the_asynchronous_client_too(server: str) -> None:
    async def ask(watched: bool) -> list[Any]:
        async with anthropic.AsyncAnthropic(api_key="k", base_url=server) as c:
            chosen = watch(c) if watched else c
            whole = await chosen.messages.create(model="m", tools=TOOLS, **ASK)
            pieces = [event.to_dict() async for event in await chosen.messages.create(model="m", stream=True, **ASK)]
            async with chosen.messages.stream(model="m", **ASK) as stream:
                final = await stream.get_final_message()
            assert flush(chosen)
            return [whole.to_dict(), pieces, final.to_dict()]

    assert asyncio.run(ask(watched=False)) == asyncio.run(ask(watched=True))
    assert sorted(record["tool"] for record in records()) == ["reply", "write"]


def test_a_log_that_can_not_be_written_is_no_matter_of_the_callers(server: str, home: Path) -> None:
    home.write_text("in the way")
    c = client(server)
    watched = watch(c)
    assert plain(watched, "m") == plain(c, "m")
    assert flush(watched)
    assert watched._aicheck.failures == 0
    home.unlink()
    with Log() as log:
        assert len(list(log.bodies())) > 0


def test_a_client_without_middleware_is_told() -> None:
    with pytest.raises(AicheckError, match=r"anthropic 2\.x"):
        watch(object())


def test_streams_and_bodies_come_to_the_same_message() -> None:
    whole = message({"model": "m", "tools": [1]})
    lines = "".join(
        f"event: {e['type']}\r\ndata: {__import__('json').dumps(e)}\r\n\r\n" for e in events(whole)
    ).encode()
    streamed_message, fault = of_stream(lines)
    assert fault == ""
    assert streamed_message is not None
    assert (streamed_message["content"], streamed_message["stop_reason"]) == (whole["content"], "tool_use")
    assert of_body(b"[]") == of_body(b"{") == of_batch(b"\xff\n{}") == []
    assert CODE in TEXT
    for cut in range(0, len(lines), 7):
        of_stream(lines[:cut])
