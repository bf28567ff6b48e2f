"""Make the list of JavaScript's and TypeScript's known globals that ships with aicheck.

    npm install globals typescript @types/node @cloudflare/workers-types @types/chrome ...
    python scripts/build_ecma_globals.py node_modules/globals/globals.json node_modules/typescript/lib [TYPES...]

Sources: the npm package `globals` (MIT), TypeScript's `lib.*.d.ts`, and packages of types (folders) that describe what a
host brings: those of Node, Cloudflare Workers (only what begins with D1, DurableObject, KV and R2: the rest are everybody's
names), Bun, browser extensions, test runners, proposals of the web.
"""

from __future__ import annotations

import argparse
import json
import re
from pathlib import Path

TARGET = Path(__file__).parents[1] / "checks/aicheck_checks/data/ecma_globals.txt"
LEFT_OUT = frozenset(
    "devtools applescript couch mongo nashorn phantomjs prototypejs rhino shelljs wsh atomtest yui embertest".split()
)
"""Environments that no module runs in; their names would hide missing imports."""
UMD = frozenset(
    """JSX Vue $ jQuery google NodeJS NodeModule NodeRequire BufferEncoding globalThis arguments undefined NaN
    Deno Bun Express Electron Cypress cy Chai Mocha angular d3 _ chrome browser gapi firebase grecaptcha Stripe
    JQuery JQueryStatic JQueryXHR JQueryEventObject Emscripten EmscriptenModule awslambda PageProps LayoutProps
    RouteContext Thenable Office Excel Fetcher Cloudflare ExecutionContext ExportedHandler WebSocketPair HTMLRewriter
    ScheduledController ScheduledEvent IncomingRequestCfProperties PagesFunction EventContext MessageBatch SqlStorage
    ForwardableEmailMessage Hyperdrive Vectorize VectorizeIndex rs rstest Javy ga dataLayer fbq twttr mixpanel Intercom zE""".split()
)
"""Globals that a page, a host or a compiler commonly brings."""
IMPORTED = frozenset("Observable Subscriber StyleSheet".split())
"""Globals of browsers whose name nearly always means a library's export."""
_EVERYBODYS = re.compile(r"[A-Z][a-z]+|\w{1,2}")
"""Names of a host's types that any program may have (Queue, Service): who uses them there declares the host's types."""
_DECLARED = re.compile(
    r"^(?:declare )?(?:var|let|const|function|class|interface|type|namespace|abstract class|enum) ([A-Za-z_$][\w$]*)",
    re.MULTILINE,
)


def _of_types(text: str) -> set[str]:
    """The globals that a file of types declares: all of a script's names, those in `declare global` of a module."""
    if not re.search(r"^(?:import|export)\b", text, re.MULTILINE):
        return set(_DECLARED.findall(text))
    inside = re.findall(r"^declare global \{(.*?)^\}", text, re.DOTALL | re.MULTILINE)
    umd = re.findall(r"^export as namespace ([\w$]+)", text, re.MULTILINE)
    return {
        *umd,
        *(name for part in inside for name in _DECLARED.findall(re.sub(r"^ +", "", part, flags=re.MULTILINE))),
    }


def main() -> None:
    """Run; see the module's docstring."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("globals", type=Path)
    parser.add_argument("library", type=Path)
    parser.add_argument("types", type=Path, nargs="*")
    options = parser.parse_args()
    names = set(UMD)
    for section, listed in json.loads(options.globals.read_text("utf-8")).items():
        if section not in LEFT_OUT:
            names |= set(listed)
    for file in options.library.glob("lib.*.d.ts"):
        names |= set(_DECLARED.findall(file.read_text("utf-8")))
    for package in options.types:
        for file in package.rglob("*.d.ts"):
            found = _of_types(file.read_text("utf-8"))
            names |= {name for name in found if not _EVERYBODYS.fullmatch(name)}
    names -= IMPORTED
    TARGET.write_text("\n".join(sorted(names)) + "\n", "utf-8")


if __name__ == "__main__":
    main()
