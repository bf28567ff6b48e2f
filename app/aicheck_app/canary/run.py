"""Asking the tasks: one request after the other, models in turn, within a budget, each answer logged at once."""

from __future__ import annotations

import time
import uuid
from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from aicheck_app import hashing
from aicheck_app.canary.compare import RUN
from aicheck_app.canary.judge import judge
from aicheck_app.clock import now
from aicheck_app.errors import AicheckError
from aicheck_app.log.chain import identity
from aicheck_app.log.records import Canary
from aicheck_app.redaction import redact

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from aicheck_app.canary.tasks import Task
    from aicheck_app.log.store import Log

AGENT = "canary"
CHARS_PER_TOKEN = 3.0
"""Characters of a prompt that make a token, at the least: an estimate from above."""
PATIENCE = 5
"""So many errors of the service in a row end a run."""
HOPELESS = (400, 401, 403, 404)
"""Statuses that the next request would meet again."""


class Price(NamedTuple):
    """US dollars for a million tokens."""

    input: float
    output: float

    def cost(self, given: float, taken: float) -> float:
        """US dollars for so many tokens."""
        return (given * self.input + taken * self.output) / 1e6


class Plan(NamedTuple):
    """What is to be asked: every task of every model, ``repeat`` times."""

    tasks: Sequence[Task]
    models: Sequence[str]
    repeat: int = 1

    def attempts(self) -> Iterator[tuple[int, Task, str]]:
        """In the order of asking: the models alternate, and so does who comes first, so that time wrongs none."""
        turn = 0
        for attempt in range(1, self.repeat + 1):
            for task in self.tasks:
                models = self.models if turn % 2 == 0 else self.models[::-1]
                turn += 1
                yield from ((attempt, task, model) for model in models)

    def most_tokens(self) -> tuple[int, int]:
        """Tokens given and taken, at the most."""
        times = len(self.models) * self.repeat
        pairs = [most_tokens(task) for task in self.tasks]
        return times * sum(given for given, _ in pairs), times * sum(taken for _, taken in pairs)


class Summary(NamedTuple):
    """What a run did. ``stopped`` says why it ended early, or nothing."""

    run: str
    passed: Counter[str]
    failed: Counter[str]
    errors: Counter[str]
    tokens: tuple[int, int]
    stopped: str


def most_tokens(task: Task) -> tuple[int, int]:
    """Tokens that one attempt gives and takes at the most: each message repeats those before it."""
    said, given, taken = 0.0, 0.0, 0
    for message in task.messages:
        said += len(message) / CHARS_PER_TOKEN + 10
        given += said
        taken += task.max_tokens
        said += task.max_tokens
    return round(given), taken


def run(
    client: Any,
    plan: Plan,
    log: Log,
    *,
    price: Price | None = None,
    budget: float = 0.0,
    progress: Callable[[], None] = lambda: None,
) -> Summary:
    """Ask all, judge and log each answer as it comes; ``client`` is an ``Anthropic``, ``budget`` is in US dollars.

    Ends early when the next request could pass the budget, and when the service does nothing but
    fail. Raises AicheckError if the service refuses requests altogether, or if a ``Log`` can't be written.
    """
    name = f"{RUN}{uuid.uuid4().hex[:10]}"
    counts: dict[str, Counter[str]] = {"passed": Counter(), "failed": Counter(), "error": Counter()}
    given = taken = in_a_row = 0
    stopped = ""
    for attempt, task, model in plan.attempts():
        if price is not None and price.cost(given, taken) + price.cost(*most_tokens(task)) > budget:
            stopped = f"the next request could pass the budget of ${budget:.2f}"
            break
        answer = _attempt(client, task, model)
        answer.id, answer.session, answer.attempt = identity(name, task.id, model, str(attempt)), name, attempt
        log.append([answer])
        counts[answer.verdict][model] += 1
        given, taken = given + answer.input_tokens, taken + answer.tokens
        in_a_row = in_a_row + 1 if answer.verdict == "error" else 0
        progress()
        if in_a_row == PATIENCE:
            stopped = f"{PATIENCE} errors in a row, the last: {answer.reasons[0]}"
            break
    return Summary(name, counts["passed"], counts["failed"], counts["error"], (given, taken), stopped)


def _attempt(client: Any, task: Task, model: str) -> Canary:
    """One task asked once, as a record."""
    record = Canary(
        time=now(), agent=AGENT, provider="anthropic", attribution="api", model=model, task=task.id,
        task_digest=task.digest, family=task.family, language=task.language,
    )  # fmt: skip
    began = time.monotonic()
    try:
        text, answer = _conversation(client, task, model, record)
    except Exception as error:
        status = getattr(error, "status_code", None)
        if status in HOPELESS or (status is None and not _of_network(error)):
            raise AicheckError(f"the service refuses the request for {model}: {error}") from error
        record.verdict, record.reasons = "error", [f"HTTP {status}" if status else type(error).__name__]
        record.request = getattr(error, "request_id", "") or ""
        return record
    record.milliseconds = round(1000 * (time.monotonic() - began))
    record.served, record.message, record.stop_reason = answer.model, answer.id, answer.stop_reason or ""
    record.request = getattr(answer, "_request_id", "") or ""
    _judged(record, task, text)
    return record


def _conversation(client: Any, task: Task, model: str, record: Canary) -> tuple[str, Any]:
    """Say all that a task says, in turn; the text of the last answer, and the answer. Raises what the client raises."""
    said: list[dict[str, str]] = []
    text, answer = "", None
    for message in task.messages:  # of which every task has one
        said.append({"role": "user", "content": message})
        answer = client.messages.create(model=model, max_tokens=task.max_tokens, messages=said)
        record.input_tokens += answer.usage.input_tokens
        record.tokens += answer.usage.output_tokens
        text = "".join(block.text for block in answer.content if block.type == "text")
        said.append({"role": "assistant", "content": text or "(nothing)"})
    return text, answer


def _judged(record: Canary, task: Task, text: str) -> None:
    found = judge(task, text, record.stop_reason)
    record.verdict, record.reasons = (
        "passed" if found.passed else "failed",
        [redact(reason) for reason in found.reasons],
    )
    record.sha256 = hashing.of_text(text)
    record.lines = sum(bool(line.strip()) for line in found.code.split("\n"))


def _of_network(error: Exception) -> bool:
    """Whether no answer came at all, as the SDK names it; it is not imported here."""
    return any(kind.__name__ in ("APIConnectionError", "APIError") for kind in type(error).__mro__)
