"""What ``watch(client)`` costs the caller: the same calls with and without it, in turn, against a local server.

    python -m benchmarks.watch [--calls 400] [--write]

Milliseconds from the call to its whole answer; a stream is read to its end.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from typing import Any

from anthropic import Anthropic
from tests.app.anthropic_server import serving

from aicheck_app.capture.anthropic_api import flush, watch
from benchmarks import readme

ASK: dict[str, Any] = {"model": "m", "max_tokens": 100, "messages": [{"role": "user", "content": "go"}]}


def plain(client: Anthropic) -> None:
    """One whole answer."""
    client.messages.create(**ASK)


def stream(client: Anthropic) -> None:
    """One streamed answer."""
    for _ in client.messages.create(stream=True, **ASK):
        pass


def batch(client: Anthropic) -> None:
    """The results of a batch."""
    list(client.messages.batches.results("batch_1"))


def measure(call: Any, clients: tuple[Anthropic, Anthropic], calls: int) -> tuple[list[float], list[float]]:
    """Seconds of each call without and with."""
    taken: tuple[list[float], list[float]] = ([], [])
    for number in range(2 * calls):
        began = time.perf_counter()
        call(clients[number % 2])
        taken[number % 2].append(time.perf_counter() - began)
        if number % 2:
            flush(clients[1])
    return taken


def main() -> None:
    """Run and print; see the module's docstring."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--calls", type=int, default=400)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    lines = ["| call | without p50 | with p50 | overhead p50 | with p95 |", "| --- | ---: | ---: | ---: | ---: |"]
    with tempfile.TemporaryDirectory() as home, serving() as address:
        os.environ["AICHECK_HOME"] = home
        client = Anthropic(api_key="k", base_url=address)
        clients = client, watch(client)
        for call in (plain, stream, batch):
            measure(call, clients, 20)
            without, beside = measure(call, clients, options.calls)
            first, second = 1000 * statistics.median(without), 1000 * statistics.median(beside)
            late = 1000 * sorted(beside)[int(len(beside) * 0.95)]
            lines.append(f"| {call.__name__} | {first:.2f} | {second:.2f} | {second - first:+.2f} | {late:.2f} |")
        client.close()
    print("\n".join(lines))
    if options.write:
        readme.write("watch", "\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
