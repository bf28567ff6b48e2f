"""The local page over a log of many outputs: how long each page takes, beside a file that the same server gives out.

    python -m benchmarks.serve [--outputs 1000000] [--home FOLDER]

The log is made as ``benchmarks.scale`` makes it. Each page is asked for as a browser does, over loopback; the first time is of a
server that has just started, the other is the median of ten.
"""

from __future__ import annotations

import http.client
import os
import statistics
import subprocess
import sys
import time

from benchmarks.scale import long_log

PAGES = (
    ("a file of the same server", "static/icon.svg"),
    ("the newest outputs", ""),
    ("the newest suspect ones", "?verdict=suspect"),
    ("of a project", "?project=000000000003"),
    ("of the oldest model", "?model=model-0"),
    ("of an agent that there is none of", "?agent=nobody"),
    ("before the last of them", "?until={early}"),
    ("one output", "outputs/{output}"),
)
ROUNDS = 10


class Browser:
    """A browser that was let in."""

    def __init__(self, address: str) -> None:
        self.host, _, token = address.removeprefix("http://").partition("/")
        _, headers = self._ask(f"/{token}", "")
        self.cookie = headers["set-cookie"].partition(";")[0]
        self.folder = headers["refresh"].rpartition("=")[2]

    def seconds(self, path: str) -> float:
        """How long a page takes, until its last byte."""
        began = time.perf_counter()
        self._ask(self.folder + path, self.cookie)
        return time.perf_counter() - began

    def _ask(self, target: str, cookie: str) -> tuple[bytes, dict[str, str]]:
        connection = http.client.HTTPConnection(self.host, timeout=600)
        connection.request("GET", target, headers={"Cookie": cookie})
        answer = connection.getresponse()
        text = answer.read()
        assert answer.status == 200, (target, answer.status, text[-500:])
        connection.close()
        return text, {name.lower(): value for name, value in answer.getheaders()}


def measured(home: str, path: str) -> tuple[float, float]:
    """Seconds of a page: of a server that was just started, and in the median."""
    script = "import sys; sys.argv[0] = 'aicheck'; from aicheck_app.cli.main import main; main()"
    command = [sys.executable, "-c", script, "serve", "--no-browser"]
    server = subprocess.Popen(command, env={**os.environ, "AICHECK_HOME": home}, stderr=subprocess.PIPE, text=True)
    assert server.stderr is not None
    try:
        browser = Browser(server.stderr.readline().split()[1])
        first = browser.seconds(path)
        return first, statistics.median(browser.seconds(path) for _ in range(ROUNDS))
    finally:
        server.terminate()
        server.communicate()


def main() -> None:
    """Print the table."""
    with long_log(__doc__) as (home, _):
        places = {"early": time.strftime("%Y-%m-%d", time.gmtime(time.time() - 600 * 86_400)), "output": "o000000050"}
        print("| page | first, ms | then, ms |\n| --- | ---: | ---: |")
        for name, target in PAGES:
            first, then = measured(home, target.format(**places))
            print(f"| {name} | {first * 1000:.0f} | {then * 1000:.0f} |", flush=True)


if __name__ == "__main__":
    main()
