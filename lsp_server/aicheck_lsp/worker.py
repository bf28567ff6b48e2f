"""Checking one document: the newest version first, one round at a time, cheap rules before dear ones.

Each open document has a worker of its own. It wakes when the text changes, checks
off the event loop, and shows only what was found of the version that is still the
newest. What streams in is not judged before it has settled.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from time import monotonic
from typing import TYPE_CHECKING, Any

from aicheck_app.origin import Origin
from aicheck_checks.registry import BY_CODE
from aicheck_lsp import checks, outputs
from aicheck_lsp.document import Shown
from aicheck_lsp.spans import Span

if TYPE_CHECKING:
    from collections.abc import Callable

    from aicheck_checks.engine import Result
    from aicheck_checks.rule import Need
    from aicheck_lsp.document import Document
    from aicheck_lsp.recogniser import Insertion
    from aicheck_lsp.server import Server

STREAM_SECONDS = 0.02
"""In a run of chunks the instant tier waits for this pause."""
RUFF_SECONDS = 0.003
"""Ruff is asked after this pause: beside the answer to the next change, it would slow that down."""
FAST_SECONDS = 0.04
"""The rules that need ruff wait for this pause."""
HOOK_SECONDS = 2.0
"""A hook logs within this time what its agent has written to disk: till then nobody else's word is taken for it."""


class DocumentWorker:
    """Checks one document until it is closed."""

    def __init__(self, server: Server, document: Document) -> None:
        self.server = server
        self.document = document
        self._dirty = asyncio.Event()
        self._deep = False
        self._idle = asyncio.Event()
        self._left: asyncio.Future[Any] | None = None
        self._task = asyncio.ensure_future(self._run())
        self.poke()

    def poke(self, *, deep: bool = False) -> None:
        """The text or the settings have changed; ``deep`` asks for the slow tier too."""
        self._deep |= deep
        self._idle.clear()
        self._dirty.set()

    async def idle(self) -> None:
        """Wait until the newest version has been checked by the fast tier."""
        await self._idle.wait()

    async def stop(self) -> None:
        """End the work; what was recognised but not judged yet is judged first."""
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task
        await self.settle(at_once=True)

    async def _run(self) -> None:
        await self.server.settings_are_here()
        while True:
            await self._dirty.wait()
            self._dirty.clear()
            try:
                await self._round()
            except Exception as error:  # noqa: BLE001 - a failure here must not end the checking of a document
                self.server.failed(self.document.path, error)
                self._idle.set()

    async def _round(self) -> None:
        document = self.document
        growing = document.recogniser.growing
        if growing and not await self._quiet(STREAM_SECONDS):
            return
        if document.options.scope != "changed":  # what was there before is known to `_whole` alone
            await self._instant()
            if not growing and await self._quiet(RUFF_SECONDS):
                await self._by_ruff()
        if not await self._quiet(FAST_SECONDS):
            return
        await self._whole()
        settles_at = document.recogniser.settles_at
        if settles_at is not None:
            if not await self._quiet(max(settles_at - monotonic(), 0) + 0.01):
                return
            if document.recogniser.may_be_logged and document.just_written() and not await self._quiet_until_logged():
                return
            growing = document.recogniser.streaming
            if not await self.settle() and growing:
                await self._whole()
        if self._deep and "deep" in document.config.checks.tiers:
            await self._whole(deep=True)
        self._deep = False

    async def _quiet(self, seconds: float) -> bool:
        """Whether nothing changes for a time."""
        if self._dirty.is_set():
            return False
        try:
            await asyncio.wait_for(self._dirty.wait(), seconds)
        except TimeoutError:
            return True
        return False

    async def _quiet_until_logged(self) -> bool:
        """Whether nothing changes until an agent's hook has logged what stands on disk, or would have."""
        document, text = self.document, self.document.text.text
        late = monotonic() + HOOK_SECONDS
        while await self.server.off_loop(outputs.known, document.path, text, text) is None:
            if not await self._quiet(HOOK_SECONDS / 10):
                return False
            if monotonic() > late:
                break
        return True

    async def _instant(self) -> None:
        """Syntax tree and text; what the other rules had found stays on show as far as the text there is the same."""
        document = self.document
        version, snapshot = document.version, self._snapshot()
        result = await self.server.off_loop(checks.instant, snapshot, self.server.quick)
        if document.version == version:
            self._show_some(result, version, checks.INSTANT)

    async def _by_ruff(self) -> None:
        """What a warm ruff knows, beside what was found of the same version before."""
        document = self.document
        server, version, snapshot = self.server, document.version, self._snapshot()
        judged = await self._unless_changed(lambda: checks.by_ruff(snapshot, server.quick, server.ruff))
        if judged is not None and document.version == version:
            self._show_some(judged, version, checks.BY_RUFF)

    def _show_some(self, result: Result, version: int, within: frozenset[Need]) -> None:
        """Show what the rules found that need no more than this, beside what the others had found."""
        kept = [one for one in self.document.shown if not BY_CODE[one.finding.code].fits(within)]
        self._show(result, version, kept if result.unchecked is None else [])

    async def _whole(self, *, deep: bool = False) -> None:
        document = self.document
        server, version, snapshot = self.server, document.version, self._snapshot()
        worker = server.deep if deep else server.thorough
        result = await self._unless_changed(lambda: checks.whole(snapshot, worker, server.ruff, deep=deep))
        if result is not None and document.version == version:
            self._show(result, version, [])
            self._idle.set()

    async def _unless_changed(self, work: Callable[[], Result | None]) -> Result | None:
        """What a check says, or None as soon as the text changes: a dear one must not hold up the next keystroke.

        Such a check ends by itself on its thread; until then no other dear one is begun.
        """
        changed: asyncio.Future[Any] = asyncio.ensure_future(self._dirty.wait())
        try:
            if self._left is not None:
                await asyncio.wait({self._left, changed}, return_when=asyncio.FIRST_COMPLETED)
            if changed.done():
                return None
            left = self._left = asyncio.ensure_future(self.server.off_loop(work))
            await asyncio.wait({left, changed}, return_when=asyncio.FIRST_COMPLETED)
            return None if changed.done() else left.result()
        finally:
            changed.cancel()

    def _snapshot(self) -> checks.Snapshot:
        document = self.document
        language = document.language
        return checks.Snapshot(
            document.path, document.cell, language.name if language else "", document.text.text, document.baseline,
            document.config,
        )  # fmt: skip

    def _show(self, result: Result, version: int, kept: list[Shown]) -> None:
        document = self.document
        growing = document.recogniser.streaming
        found = [f for f in result.findings if document.concerns(f)]
        hidden = sum(f.suspect for f in result.findings) - sum(f.suspect for f in found)
        if growing:
            found = [f for f in found if BY_CODE[f.code].settles == "now"]
            kept = [one for one in kept if BY_CODE[one.finding.code].settles == "now"]
        document.shown = [*kept, *map(Shown, found)]
        document.unchecked = result.reason
        self.server.tell_skipped(result)
        self.server.show(document, version)
        self.server.tell_hidden(document, hidden)

    async def settle(self, *, at_once: bool = False) -> bool:
        """Judge the insertion that has settled, if there is one, and log it; says whether there was one."""
        document = self.document
        insertion = document.recogniser.settled(document.text.text, monotonic() + 3600 if at_once else monotonic())
        if insertion is None:
            return False
        if document.written_by_programs:
            insertion = insertion._replace(why="")
        if not (insertion.why or document.just_written()):
            return False
        return await self.judge(self._span(insertion))

    def _span(self, insertion: Insertion) -> Span:
        origin = Origin(attribution="heuristic")
        return Span(insertion.start, insertion.end, origin, "insertion", insertion.why, insertion.baseline)

    async def judge(self, span: Span) -> bool:
        """Find or log the output that a span is, and check the document with it; False for what only the log could know."""
        document, text, version = self.document, self.document.text.text, self.document.version
        if any(s.start <= span.start and span.end <= s.end and not s.touched for s in document.spans if s.record):
            await self._whole()  # judged before; shown again now that nothing streams in
            return True
        written = text[span.start : span.end]
        found = await self.server.off_loop(lambda: outputs.known(document.path, text, written))
        if found is None and not span.why:
            return False
        document.spans.append(span)
        document.ai_came_last = True
        if found is not None:
            span.why = f"logged as {found.origin.agent or 'an agent'}'s output {found.record}"
        elif document.options.log:
            found = await self.server.off_loop(lambda: outputs.judge(span, document, text, self.server.thorough))
        if found is not None:
            span.record, span.verdict, span.codes, span.origin = found.record, found.verdict, found.codes, found.origin
            if found.trouble:
                self.server.warn(found.trouble)
        if (
            found is not None
            and found.result is not None
            and (document.version, document.baseline) == (version, span.baseline)
        ):
            self._show(found.result, version, [])
            self._idle.set()
        else:
            await self._whole()
        await self.server.output_logged(document)
        return True
