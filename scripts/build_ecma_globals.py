"""Make the list of JavaScript's and TypeScript's known globals that ships with aicheck.

    npm pack globals typescript @types/node     # and unpack them
    python scripts/build_ecma_globals.py GLOBALS/package/globals.json TYPESCRIPT/package/lib [NODE/package]

Sources: the npm package `globals` (MIT), TypeScript's `lib.*.d.ts` and Node's types.
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
    Deno Bun Express Electron Cypress cy Chai Mocha angular d3 _ chrome browser gapi firebase grecaptcha Stripe""".split()
)
"""Globals that a page or a compiler commonly brings."""
IMPORTED = frozenset("Observable Subscriber StyleSheet".split())
"""Globals of browsers whose name nearly always means a library's export."""
_DECLARED = re.compile(
    r"^(?:declare )?(?:var|let|const|function|class|interface|type|namespace|abstract class|enum) ([A-Za-z_$][\w$]*)",
    re.MULTILINE,
)


def main() -> None:
    """Run; see the module's docstring."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("globals", type=Path)
    parser.add_argument("library", type=Path)
    parser.add_argument("node", type=Path, nargs="?")
    options = parser.parse_args()
    names = set(UMD)
    for section, listed in json.loads(options.globals.read_text("utf-8")).items():
        if section not in LEFT_OUT:
            names |= set(listed)
    for file in options.library.glob("lib.*.d.ts"):
        names |= set(_DECLARED.findall(file.read_text("utf-8")))
    for file in options.node.rglob("*.d.ts") if options.node else ():
        inside = re.findall(r"declare global \{(.*?)^(?:    )?\}", file.read_text("utf-8"), re.DOTALL | re.MULTILINE)
        names |= {name for text in inside for name in _DECLARED.findall(re.sub(r"^ +", "", text, flags=re.MULTILINE))}
    names -= IMPORTED
    TARGET.write_text("\n".join(sorted(names)) + "\n", "utf-8")


if __name__ == "__main__":
    main()
