"""Whether the language server's memory stays flat: an hour's edits in 50 documents, sped up.

    python -m benchmarks.lsp_memory [--edits 20000] [--write]

Every edit inserts or removes a line in one of 50 Python documents of 400 lines, in turn;
every hundredth is an AI-written function that is logged and then removed. Megabytes resident.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time

from tests.lsp.client import Client, insert, replace

from benchmarks import readme
from benchmarks.lsp import memory, python

DOCUMENTS = 50
LINES = 400
SAMPLES = 8
BLOCK = "def added(x):\n    first = x + 1\n    second = first * 2\n    return missing(second)\n"


def measure(edits: int) -> list[tuple[int, float]]:
    """Megabytes after so many edits."""
    found: list[tuple[int, float]] = []
    text = python(LINES).text
    with tempfile.TemporaryDirectory() as folder:
        os.environ["AICHECK_HOME"] = folder
        client = Client(folder, settings={"scope": "ai", "log": True})
        try:
            uris = [client.open(os.path.join(folder, f"m{n}.py"), text) for n in range(DOCUMENTS)]
            versions = dict.fromkeys(uris, 1)
            client.quiet(5.0)
            for number in range(edits):
                uri = uris[number % DOCUMENTS]
                _edit(client, uri, versions, number)
                if number % 50 == 49:
                    time.sleep(0.3)
                    client.quiet(0.05)
                if (number + 1) % (edits // SAMPLES) == 0:
                    client.quiet(3.0)
                    found.append((number + 1, memory(client.process.pid)))
        finally:
            client.kill()
    return found


def _edit(client: Client, uri: str, versions: dict[str, int], number: int) -> None:
    text = BLOCK if number // DOCUMENTS % 100 == 99 else f"value_{number} = {number}\n"
    for change in (insert(0, 0, text), replace((0, 0), (text.count("\n"), 0), "")):
        versions[uri] += 1
        client.change(uri, versions[uri], change)


def main() -> None:
    """Run and print; see the module's docstring."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--edits", type=int, default=20_000)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    found = measure(options.edits)
    lines = ["| edits | MB |", "| ---: | ---: |", *(f"| {2 * edits:,} | {size:.0f} |" for edits, size in found)]
    print("\n".join(lines))
    if options.write:
        readme.write("lsp-memory", "\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
