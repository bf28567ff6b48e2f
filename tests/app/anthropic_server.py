"""A local server that speaks the Messages API: plain, streamed, batches, and everything that goes wrong with it.

What it answers is decided by the request's model name: words before a colon ask for a fault.
"""

from __future__ import annotations

import json
import threading
from collections import Counter
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Answer = Callable[[dict[str, Any]], dict[str, Any]]

CODE = "import os\n\n\ndef f(x):\n    return os.fspath(x)\n"
CUT = "import os\n\n\ndef f(x):\n    return os.fspath(x,\n"
TEXT = f"Here:\n\n```python\n{CODE}```\n"


def message(body: dict[str, Any]) -> dict[str, Any]:
    """A whole message: text, or a tool call if tools were offered."""
    content: list[dict[str, Any]] = [{"type": "text", "text": TEXT}]
    stop = "end_turn"
    if body.get("tools"):
        content.append(
            {"type": "tool_use", "id": "toolu_1", "name": "write", "input": {"path": "a.py", "content": CUT}}
        )
        stop = "tool_use"
    if body["model"].startswith("max:"):
        content, stop = [{"type": "text", "text": f"```python\n{CUT}"}], "max_tokens"
    if body["model"].startswith("refusal:"):
        content, stop = [{"type": "text", "text": "I can't help with that."}], "refusal"
    return {
        "id": "msg_1", "type": "message", "role": "assistant", "model": body["model"], "content": content,
        "stop_reason": stop, "stop_sequence": None, "usage": {"input_tokens": 5, "output_tokens": 42},
    }  # fmt: skip


def events(whole: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The events that a message is streamed as, a few characters each."""
    yield {
        "type": "message_start",
        "message": {**whole, "content": [], "stop_reason": None, "usage": {"input_tokens": 5, "output_tokens": 1}},
    }
    for index, block in enumerate(whole["content"]):
        text = block.get("text") if block["type"] == "text" else json.dumps(block["input"])
        empty = {**block, **({"text": ""} if block["type"] == "text" else {"input": {}})}
        yield {"type": "content_block_start", "index": index, "content_block": empty}
        for at in range(0, len(text), 20):
            piece = text[at : at + 20]
            delta = (
                {"type": "text_delta", "text": piece}
                if block["type"] == "text"
                else {"type": "input_json_delta", "partial_json": piece}
            )
            yield {"type": "content_block_delta", "index": index, "delta": delta}
        yield {"type": "content_block_stop", "index": index}
    yield {
        "type": "message_delta",
        "delta": {"stop_reason": whole["stop_reason"], "stop_sequence": None},
        "usage": {"output_tokens": 42},
    }
    yield {"type": "message_stop"}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    seen: Counter[str]
    answer: Answer

    def log_message(self, *_: Any) -> None:
        pass

    def do_GET(self) -> None:
        results = [
            {"custom_id": "a", "result": {"type": "succeeded", "message": message({"model": "m", "tools": [1]})}},
            {
                "custom_id": "b",
                "result": {"type": "errored", "error": {"type": "error", "error": {"type": "x", "message": "no"}}},
            },
        ]
        if self.path.endswith("/results"):
            self._send(200, "".join(json.dumps(r) + "\n" for r in results).encode(), "application/x-jsonl")
            return
        batch = {
            "id": "batch_1", "type": "message_batch", "processing_status": "ended", "created_at": "2026-01-01T00:00:00Z",
            "expires_at": "2026-01-01T00:00:00Z", "request_counts": {"processing": 0, "succeeded": 1, "errored": 1, "canceled": 0, "expired": 0},
            "results_url": f"http://{self.headers['Host']}/v1/messages/batches/batch_1/results",
        }  # fmt: skip
        self._send(200, json.dumps(batch).encode())

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        fault = body["model"].partition(":")[0] if ":" in body["model"] else ""
        self.seen[fault] += 1
        if fault.isdigit() or (fault == "once429" and self.seen[fault] == 1):
            status = int(fault) if fault.isdigit() else 429
            error = {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}
            self._send(status, json.dumps(error).encode())
        elif body.get("stream"):
            self._stream(self.answer(body), fault)
        else:
            self._send(200, json.dumps(self.answer(body)).encode())

    def _send(self, status: int, data: bytes, kind: str = "application/json") -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.send_header("request-id", "req_1")
        self.send_header("retry-after-ms", "1")
        self.end_headers()
        self.wfile.write(data)

    def _stream(self, whole: dict[str, Any], fault: str) -> None:
        self.send_response(200)
        for name, value in (
            ("Content-Type", "text/event-stream"),
            ("Transfer-Encoding", "chunked"),
            ("request-id", "req_1"),
        ):
            self.send_header(name, value)
        self.end_headers()
        for number, event in enumerate(events(whole)):
            if number == 4 and fault == "cut":
                self.close_connection = True
                return
            if number == 4 and fault == "error":
                event = {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}
            data = f"event: {event['type']}\ndata: {json.dumps(event)}\n\n".encode()
            self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
            if event["type"] == "error":
                break
        self.wfile.write(b"0\r\n\r\n")


@contextmanager
def serving(answer: Answer = message) -> Iterator[str]:
    """The server's address, as long as it serves."""
    handler = type("Handler", (_Handler,), {"seen": Counter(), "answer": staticmethod(answer)})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
