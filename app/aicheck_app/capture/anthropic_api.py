"""Watching an ``anthropic`` client: every response's code becomes outputs, with request id, model, stop reason and times.

    from aicheck_app.capture.anthropic_api import watch
    client = watch(Anthropic())

The SDK's middleware (2.x, https://github.com/anthropics/anthropic-sdk-python) hands over each HTTP response;
the bytes that the caller reads are noted in passing and looked at afterwards, on a thread of our own. What the caller gets,
and when, and which exceptions, stays as it is. Nothing of the SDK is imported: any version's messages will do.
"""

from __future__ import annotations

import atexit
import os
import queue
import threading
import time
import uuid
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar
from weakref import WeakSet

from aicheck_app import faults
from aicheck_app.capture.edits import edits_of
from aicheck_app.capture.json_values import number, text
from aicheck_app.capture.messages import of_batch, of_body, of_stream
from aicheck_app.capture.session import Session, hash_of
from aicheck_app.clock import now
from aicheck_app.config import Config, load, without_repository
from aicheck_app.errors import AicheckError
from aicheck_app.log import records
from aicheck_app.log.chain import identity
from aicheck_app.log.spooling import open_log
from aicheck_app.observe import observe
from aicheck_app.origin import Origin
from aicheck_checks.worker import Worker

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator


Client = TypeVar("Client")
AGENT = "anthropic-api"
MAX_BYTES = 50_000_000
"""Of one response; what is longer is not kept for looking at."""
FLUSH_SECONDS = 10.0
_DELTA = b"content_block_delta"


_WATCHERS: WeakSet[Watcher] = WeakSet()


class Exchange:
    """One response as it goes by."""

    def __init__(self, url: str, status: int, headers: Any, began: float) -> None:
        self.url = url
        self.status = status
        self.request = str(headers.get("request-id", ""))
        self.version = str(headers.get("anthropic-sdk-version", ""))
        self.kind = str(headers.get("content-type", ""))
        self.began = began
        self.first_token = 0
        self.chunks: list[bytes] = []
        self.size = 0
        self.whole = False
        self.fault = ""

    def add(self, chunk: bytes) -> None:
        """Note a piece of the body that the caller reads."""
        self.size += len(chunk)
        if self.size <= MAX_BYTES:
            self.chunks.append(chunk)
        if not self.first_token and _DELTA in chunk:
            self.first_token = max(round(1000 * (time.monotonic() - self.began)), 1)


class Watcher:
    """Takes exchanges and logs their outputs on a thread of its own; ``failures`` counts what could not be logged."""

    def __init__(self, config: Config, session: str) -> None:
        self.config = config
        self.session = session
        self.failures = 0
        self._worker = Worker()
        self._queue: queue.SimpleQueue[Exchange | threading.Event] = queue.SimpleQueue()
        self._process = 0
        _WATCHERS.add(self)
        atexit.register(self.flush)

    def put(self, exchange: Exchange) -> None:
        """Look at an exchange, later."""
        self._queue.put(exchange)
        if self._process != os.getpid():  # the first one, or the first in a forked process, which has no threads
            try:
                threading.Thread(target=self._work, daemon=True, name="aicheck-watch").start()
                self._process = os.getpid()
            except (
                RuntimeError
            ) as error:  # no thread can be had now, or the interpreter is ending; the next one tries again
                faults.note("watch", error)

    def flush(self, seconds: float = FLUSH_SECONDS) -> bool:
        """Wait until all that was put is looked at; says whether all of it is logged."""
        if self._process != os.getpid():
            self._log_here()
            return not self.failures
        done = threading.Event()
        self._queue.put(done)
        return done.wait(seconds) and not self.failures

    def _log_here(self) -> None:
        """Log what no thread could be had for."""
        while not self._queue.empty():
            self._take(self._queue.get())

    def _work(self) -> None:
        while True:
            self._take(self._queue.get())

    def _take(self, item: Exchange | threading.Event) -> None:
        if isinstance(item, threading.Event):
            item.set()
            return
        try:
            self._log(item)
        except Exception as error:  # noqa: BLE001 - the caller's program must not notice us
            self.failures += 1
            faults.note("watch", error)

    def _log(self, exchange: Exchange) -> None:
        origin = Origin(
            agent=AGENT, agent_version=exchange.version, provider="anthropic", session=self.session,
            request=exchange.request, time=now(), first_token=exchange.first_token, attribution="api",
        )  # fmt: skip
        reader = _Reply()
        for message in _messages(exchange):
            reader.take(message, origin)
        if exchange.size > MAX_BYTES:
            exchange.fault = exchange.fault or f"not looked at: a response of more than {MAX_BYTES:,} bytes"
        events = [] if exchange.status == 200 and not exchange.fault else [self._event(exchange)]
        outputs = reader.finish()
        if outputs or events:
            with open_log() as log:
                observe(outputs, log, self.config, extra=events, check=self._worker.check_all)

    def _event(self, exchange: Exchange) -> records.Event:
        """A response that failed or broke off: no output, but part of what the service was like."""
        at = now()
        return records.Event(
            id=identity("event", self.session, exchange.request, at, str(exchange.began)), time=at, event="api error",
            agent=AGENT, session=self.session, request=exchange.request, reason=exchange.fault or f"HTTP {exchange.status}",
        )  # fmt: skip


class _Reply(Session):
    """Turns messages into outputs."""

    def __init__(self) -> None:
        super().__init__(AGENT, "anthropic")

    def take(self, message: dict[str, Any], origin: Origin) -> None:
        """A message: its code blocks, and what it gave to tools."""
        usage = message.get("usage")
        tokens = usage.get("output_tokens") if isinstance(usage, dict) else 0
        known = origin._replace(
            message=text(message.get("id")), model=text(message.get("model")), stop_reason=text(message.get("stop_reason")),
            tokens=number(tokens),
        )  # fmt: skip
        content = message.get("content")
        blocks = [block for block in content if isinstance(block, dict)] if isinstance(content, list) else []
        for at, block in enumerate(blocks):
            last = at == len(blocks) - 1
            if block.get("type") == "text":
                self.reply(text(block.get("text")), known.message or known.request, known)
            elif block.get("type") == "tool_use":
                self._tool(block, known._replace(tool_use=text(block.get("id"))), last)
        if not known.stop_reason:  # broken off: what the break cut says nothing of the model
            self.drop_last()

    def _tool(self, block: dict[str, Any], origin: Origin, last: bool) -> None:
        given = block.get("input")
        name = text(block.get("name"))
        edits = edits_of(given)
        for at, edit in enumerate(edits):
            output = edit.output(f"{origin.tool_use}:{at}", name, origin)
            self.emit(output._replace(last_of_message=last, partial=False))
        if not edits and isinstance(given, dict) and isinstance(given.get("code"), str):
            code = f"```{text(given.get('language'))}\n{given['code']}\n```"
            self.reply(code, origin.tool_use or hash_of(code), origin)


class _Faces(NamedTuple):
    """The two middlewares, for clients of either kind."""

    now: Callable[[Any, Callable[[Any], Any]], Any]
    later: Callable[[Any, Callable[[Any], Awaitable[Any]]], Awaitable[Any]]


def watch(client: Client, *, config: Config | None = None, session: str = "") -> Client:
    """A client that answers as the given one does, and whose responses are checked and logged.

    Works with ``Anthropic`` and ``AsyncAnthropic``, plain, streaming, with tools and batches. Raises
    AicheckError for a client without middleware. ``flush(client)`` waits for the log.
    """
    extended = getattr(client, "with_middleware", None)
    if extended is None:
        raise AicheckError("this client has no middleware: aicheck watches those of anthropic 2.x and newer")
    watcher = Watcher(config or _settings(), session or f"api-{uuid.uuid4().hex[:12]}")
    faces = _faces(watcher)
    watched: Client = extended(faces.later if _is_async(client) else faces.now)
    watched._aicheck = watcher  # type: ignore[attr-defined]
    return watched


def _is_async(client: object) -> bool:
    """Whether a client, or what it is derived from, is the SDK's asynchronous one."""
    kinds = [kind for kind in type(client).__mro__ if kind.__module__.split(".")[0] == "anthropic"]
    return any(kind.__name__.startswith("Async") for kind in kinds or [type(client)])


def _settings() -> Config:
    """The settings of the working folder; where they are wrong, the user's own: the caller's program goes on."""
    try:
        return load()
    except AicheckError as error:
        faults.note("watch", error)
        return without_repository()


def flush(client: object, seconds: float = FLUSH_SECONDS) -> bool:
    """Wait until all that a watched client has received is looked at; says whether all of it is logged."""
    watcher = getattr(client, "_aicheck", None)
    if isinstance(watcher, Watcher):
        return watcher.flush(seconds)
    done = [one.flush(seconds) for one in list(_WATCHERS)]  # a copy of a watched client does not know its watcher
    return all(done)


def _faces(watcher: Watcher) -> _Faces:
    def handle(request: Any, call_next: Callable[[Any], Any]) -> Any:
        began = time.monotonic()
        try:
            response = call_next(request)
        except Exception as error:
            _failed(request, error, began, watcher)
            raise
        _listen(response, began, watcher)
        return response

    async def handle_async(request: Any, call_next: Callable[[Any], Awaitable[Any]]) -> Any:
        began = time.monotonic()
        try:
            response = await call_next(request)
        except Exception as error:
            _failed(request, error, began, watcher)
            raise
        _listen(response, began, watcher)
        return response

    return _Faces(handle, handle_async)


def _failed(request: Any, error: Exception, began: float, watcher: Watcher) -> None:
    """Note that no response came."""
    exchange = Exchange(str(getattr(request, "url", "")), 0, {}, began)
    exchange.fault = type(error).__name__
    watcher.put(exchange)


def _listen(response: Any, began: float, watcher: Watcher) -> None:
    """Note the body of a response that is there, or as the caller reads it."""
    try:
        raw = response.http_response
        url = str(raw.request.url.path)
        if "/messages" not in url or url.endswith("/count_tokens"):
            return
        exchange = Exchange(url, raw.status_code, raw.headers, began)
        if raw.is_stream_consumed or raw.is_closed:
            exchange.add(raw.content)
            exchange.whole = True
            watcher.put(exchange)
        else:
            _tee(raw, exchange, watcher)
    except Exception as error:  # noqa: BLE001 - the caller's response comes first
        watcher.failures += 1
        faults.note("watch", error)


def _tee(raw: Any, exchange: Exchange, watcher: Watcher) -> None:
    """Have the body noted piece by piece as it is read, whichever way the client reads it."""
    read, read_later = raw.iter_bytes, raw.aiter_bytes

    def pieces(*given: Any, **named: Any) -> Iterator[bytes]:
        try:
            for chunk in read(*given, **named):
                exchange.add(chunk)
                yield chunk
            exchange.whole = True
        except Exception as error:
            exchange.fault = f"stream: {type(error).__name__}"
            raise
        finally:
            watcher.put(exchange)

    async def pieces_later(*given: Any, **named: Any) -> AsyncIterator[bytes]:
        try:
            async for chunk in read_later(*given, **named):
                exchange.add(chunk)
                yield chunk
            exchange.whole = True
        except Exception as error:
            exchange.fault = f"stream: {type(error).__name__}"
            raise
        finally:
            watcher.put(exchange)

    raw.iter_bytes, raw.aiter_bytes = pieces, pieces_later


def _messages(exchange: Exchange) -> list[dict[str, Any]]:
    body = b"".join(exchange.chunks)
    if exchange.status != 200 or exchange.size > MAX_BYTES:
        return []
    if "event-stream" in exchange.kind:
        message, fault = of_stream(body)
        exchange.fault = exchange.fault or fault
        return [message] if message else []
    if exchange.url.endswith("/results"):
        return of_batch(body)
    return of_body(body)
