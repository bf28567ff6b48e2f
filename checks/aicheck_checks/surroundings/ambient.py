"""The names that JavaScript and TypeScript files of a project use without importing them.

They come from declaration files (TypeScript Handbook, "Declaration Reference"), from packages of types (TSConfig
reference, `types` and `typeRoots`), from linters' and bundlers' configurations, and from build steps that write imports
into the code: Nuxt and Nitro ("Auto-imports"), unplugin-auto-import, WXT; and from the classic scripts of pages. What is not installed can't be read: then an
unknown name can't be told from one that it would bring.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, NamedTuple

from aicheck_checks.files import below
from aicheck_checks.patterns import lazy
from aicheck_checks.surroundings.disk import above
from aicheck_checks.surroundings.node import project_of, repository_of
from aicheck_checks.surroundings.node_repository import CODE, declared, mentioned
from aicheck_checks.surroundings.pages import loaded
from aicheck_checks.surroundings.repository import ending, texts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicheck_checks.surroundings.disk import Disk

_EACH = 1_000_000
"""Bytes read of a file."""
_ALL = 30_000_000
"""Bytes read of all files of a kind."""
_MAX_FILES = 300
"""Declaration files read of an installed package."""
_MAX_CONFIGS = 50
"""Configurations of TypeScript that are followed from one."""
_WRITES_IMPORTS = (
    "nuxt", "nuxt3", "nuxt-edge", "@nuxt/kit", "@nuxt/schema", "nitro", "nitropack", "nitro-nightly", "unplugin-auto-import",
    "wxt", "@wxt-dev/auto-imports", "vite-plugin-auto-import", "meteor-node-stubs",
)  # fmt: skip
_WRITES_IMPORTS_FILES = (
    "nuxt.config.ts", "nuxt.config.js", "nuxt.config.mjs", "nitro.config.ts", "wxt.config.ts", ".nuxt", ".meteor",
    "auto-imports.d.ts",
)  # fmt: skip
_KNOWN_TYPES = frozenset(
    """node jest mocha jasmine chai vitest vitest/globals vitest/importMeta vite/client vite/types/importMeta.d.ts react
    react-dom react/canary react-dom/canary react/experimental react/next react-dom/next @testing-library/jest-dom
    @testing-library/jest-dom/vitest webpack-env systemjs chrome google.maps gapi offscreencanvas resize-observer-browser
    trusted-types web web-bluetooth w3c-web-usb w3c-web-serial webmidi webxr wicg-file-system-access youtube @webgpu/types
    next next/types/global next/image-types/global estree json-schema json5 unist""".split()
)
"""Packages of types that bring no other names than `data/ecma_globals.txt` has."""
_NO_NAMES = lazy(
    r"(?:.*/client|cypress|puppeteer|svelte|@testing-library/.*|@docusaurus/.*|unplugin-(?!vue-macros).*|vite-plugin-.*|@sveltejs/.*"
    r"|@vitest/.*|@edge-runtime/types|element-plus/global|.*\.d\.ts)"
)
"""Packages of types that describe modules, or say more of names that are listed; files of the repository are read anyway."""
_AMBIENT_TYPES = (
    "@cloudflare/workers-types", "@cloudflare/vitest-pool-workers", "@types/vscode", "@types/office-js", "@types/office-runtime",
    "@types/google-apps-script", "@types/jquery", "@types/angular", "@types/leaflet", "@types/d3", "@types/three", "@types/k6",
    "@types/emscripten", "@types/cypress", "@types/meteor", "@types/ember", "@types/knockout", "@types/paypal-checkout-components",
    "@types/photoshop", "@types/illustrator", "@types/screeps", "@types/sharepoint", "@types/xrm", "@types/frida-gum",
    "@types/wechat-miniprogram", "miniprogram-api-typings", "@types/adone", "@types/nova-editor-node", "@types/greasemonkey",
    "@types/underscore", "@types/backbone", "@types/kendo-ui", "@types/phaser", "@types/p5", "@types/openlayers", "@types/autodesk-forge",
    "@types/bingmaps", "@types/arcgis-js-api", "@types/mapbox-gl", "@types/hapi", "@types/express-serve-static-core",
    "@figma/plugin-typings", "@minecraft/server", "@citizenfx/client", "@citizenfx/server", "@shopify/app-bridge-types", "sst", "bun-types", "@types/bun",
    "@rbxts/types", "@types/gjs", "@girs/gjs", "@types/k6-libs", "electron-vite", "@sanity/eslint-config-studio", "windicss",
)  # fmt: skip
"""Packages that bring names to all files, more than are listed."""
_HOSTS = ("wrangler.toml", "wrangler.json", "wrangler.jsonc", "sst.config.ts", "convex.json")
"""Configurations of hosts whose tools write declarations that are seldom kept."""
_WORD = r"(?:var|let|const|function|class|interface|type|namespace|module|enum)"
_DECLARED = lazy(rf"\b{_WORD}[^\S\n]+([A-Za-z_$][\w$]*)")
_SET = lazy(r"\b(?:globalThis|global|window|self)(?:[^\S\n]+as[^\S\n]+any\))?\.([A-Za-z_$][\w$]*)[^\S\n]*=(?!=)")
_GLOBAL_BLOCK = "declare global"
_MAX_BLOCK = 20_000
"""Code points behind `declare global` in which names are taken for declared there."""
_IS_MODULE = lazy(r"^(?:import|export)\b", re.MULTILINE)
_CLAUSE = lazy(
    r"^[^\S\n]*import[^\S\n]++(?:([^\n{}\"';()]{0,200}+\{[^{}]{0,4000}\})\s{0,9}+from\b|([^\n{}\"';()]{1,200}?)[^\S\n]from\b)",
    re.MULTILINE,
)
_MODULE = lazy(r"^(?:import|export)\b|\brequire\(|\bmodule\.exports\b", re.MULTILINE)
_TOP_LEVEL = lazy(
    r"^(?:async[^\S\n]+)?function\*?[^\S\n]+([A-Za-z_$][\w$]*)|^(?:var|let|const|class)[^\S\n]+([A-Za-z_$][\w$]*)",
    re.MULTILINE,
)
"""What a classic script declares for all others of its page."""
_NAME = lazy(r"[A-Za-z_$][\w$]*")
_EXPORTED = lazy(
    r"^export[^\S\n]+(?:(?:default|declare|async|abstract|const|let|var|function\*?|class|interface|type|enum|namespace)[^\S\n]+)+([A-Za-z_$][\w$]*)",
    re.MULTILINE,
)
_HEAD = 32_000
"""Bytes of a file in which its imports are looked for."""
_UMD = lazy(r"^export as namespace ([\w$]+)", re.MULTILINE)
_TOKEN = lazy(r"[a-z0-9]+")


class _Brought(NamedTuple):
    """What stands round one folder."""

    names: frozenset[str]
    related: frozenset[str]
    """What declared packages are called, squeezed: a global is named after its package."""
    unread: bool
    """Whether packages of types are listed that can't be read."""
    host: bool
    """Whether a host brings names that can't be read."""


def writes_imports(disk: Disk, folder: str) -> bool:
    """Whether a build step adds the imports of a folder's files."""
    project = disk.fact(project_of, folder)
    if project is not None and not project.declared.isdisjoint(_WRITES_IMPORTS):
        return True
    return any(disk.exists(os.path.join(here, name)) for here in _chain(disk, folder) for name in _WRITES_IMPORTS_FILES)


def provides(disk: Disk, folder: str, name: str) -> bool | None:
    """Whether a name is there without an import; None for can't tell."""
    top = repository_of(disk, folder)
    project = disk.fact(project_of, folder)
    if top is None or project is None or not disk.fact(declared, top):  # a page's scripts share their names
        return None
    brought = disk.fact(_brought, folder)
    if name in brought.names or _is_related(name, brought.related):
        return True
    if writes_imports(disk, folder) or (brought.host and not name[:1].islower()):  # a host's types begin with capitals
        return None
    page = disk.fact(loaded, _package(disk, folder) or top)
    if name in page.names:
        return True
    if (brought.host or brought.unread or page.unread) and name not in disk.fact(_imported, top):
        return None
    return (
        name in disk.fact(_declared, top)
        or name in disk.fact(_made, _package(disk, folder) or top)
        or name in disk.fact(mentioned, top)
    )


def _is_related(name: str, related: frozenset[str]) -> bool:
    """Whether a name is that of a package, or begins with it."""
    head = re.match(r"[A-Z]?[A-Z]*[a-z0-9]+", name)
    return name.lower() in related or (
        head is not None and len(head[0]) > 3 and head[0].lower() in related and head[0] != name
    )


def _chain(disk: Disk, folder: str) -> Iterator[str]:
    """The folder and those above it, up to the top of its repository."""
    top = repository_of(disk, folder)
    for here in above(folder):
        yield here
        if here == top or top is None:
            return


def _package(disk: Disk, folder: str) -> str | None:
    project = disk.fact(project_of, folder)
    return project.roots[0] if project is not None and project.roots else None


def _brought(disk: Disk, folder: str) -> _Brought:
    """What packages of types bring, as far as they are installed."""
    project = disk.fact(project_of, folder)
    depends = project.declared if project is not None else frozenset[str]()
    wanted = {*_listed_types(disk, folder), *depends.intersection(_AMBIENT_TYPES)}
    names: set[str] = set()
    host = any(disk.exists(os.path.join(here, name)) for here in _chain(disk, folder) for name in _HOSTS)
    unread = False
    for package in wanted:
        place = _installed(disk, folder, package)
        if place is not None:
            names |= disk.fact(_of_package, place)
        else:
            host |= package in _AMBIENT_TYPES
            unread |= package.removeprefix("@types/") not in _KNOWN_TYPES and not _NO_NAMES.fullmatch(package)
    for place in _default_types(disk, folder):
        names |= disk.fact(_of_package, place)
    return _Brought(frozenset(names), frozenset(_squeezed(depends)), unread, host)


def _squeezed(packages: frozenset[str]) -> Iterator[str]:
    """Ways to write each package's name as one word, without a scope: of `jest-fetch-mock` also `fetchmock`."""
    for package in packages:
        tokens = _TOKEN.findall(package.removeprefix("@types/").rpartition("/")[2].lower())
        yield from ("".join(tokens[at:]) for at in range(len(tokens)) if at == 0 or len(tokens) - at > 1)


def _listed_types(disk: Disk, folder: str) -> set[str]:
    """What the configurations above a folder list in ``compilerOptions.types``, those that they extend included."""
    found: set[str] = set()
    todo = [
        os.path.join(here, name)
        for here in _chain(disk, folder)
        for name in disk.listing(here)
        if name.startswith(("tsconfig", "jsconfig")) and name.endswith(".json")
    ]
    for path in todo:
        config = disk.json(path)
        options = config.get("compilerOptions") if config is not None else None
        types = options.get("types") if isinstance(options, dict) else None
        found |= {one for one in types if isinstance(one, str)} if isinstance(types, list) else set()
        extended = config.get("extends") if config is not None else None
        for other in [extended] if isinstance(extended, str) else extended if isinstance(extended, list) else []:
            if isinstance(other, str) and other.startswith(".") and len(todo) < _MAX_CONFIGS:
                todo.append(below(os.path.dirname(path), other))
    return {one for one in found if not one.startswith((".", "/"))}


def _installed(disk: Disk, folder: str, package: str) -> str | None:
    """Where a package of types is installed."""
    for here in _chain(disk, folder):
        for name in (f"@types/{package}", package):
            place = below(os.path.join(here, "node_modules"), name)
            if place and (disk.is_dir(place) or disk.is_file(place + ".d.ts")):
                return place
    return None


def _default_types(disk: Disk, folder: str) -> Iterator[str]:
    """The packages of types that are installed and so there for all, unless a configuration lists others."""
    for here in _chain(disk, folder):
        types = os.path.join(here, "node_modules", "@types")
        yield from (os.path.join(types, name) for name in disk.listing(types))


def _of_package(disk: Disk, place: str) -> frozenset[str]:
    """All names that an installed package of types declares for all."""
    files = [place + ".d.ts"] if disk.is_file(place + ".d.ts") else []
    for base, names in disk.walk(place):
        files += [os.path.join(base, name) for name in names if name.endswith((".d.ts", ".d.mts", ".d.cts"))]
        if len(files) >= _MAX_FILES:
            break
    return _names_of(disk, files[:_MAX_FILES])


def _declared(disk: Disk, top: str) -> frozenset[str]:
    """What the repository's own declaration files declare."""
    return _names_of(disk, list(ending(disk, top, (".d.ts", ".d.mts", ".d.cts"))))


def _names_of(disk: Disk, files: list[str]) -> frozenset[str]:
    found: set[str] = set()
    for text in texts(disk, files, _EACH, _ALL):
        found.update(_UMD.findall(text), _global_blocks(text) if _IS_MODULE.search(text) else _DECLARED.findall(text))
    return frozenset(found)


def _global_blocks(text: str) -> Iterator[str]:
    """The names declared in or shortly behind each ``declare global``."""
    at = text.find(_GLOBAL_BLOCK)
    while at >= 0:
        yield from _DECLARED.findall(text[at : at + _MAX_BLOCK])
        at = text.find(_GLOBAL_BLOCK, at + _MAX_BLOCK)


def _imported(disk: Disk, top: str) -> frozenset[str]:
    """The names that files of the repository import or export: such a one is not there for all."""
    found: set[str] = set()
    for text in texts(disk, ending(disk, top, CODE), _HEAD, _ALL):
        for named, whole in _CLAUSE.findall(text):
            found.update(_NAME.findall(named or whole))
        found.update(_EXPORTED.findall(text))
    return frozenset(found)


def _made(disk: Disk, root: str) -> frozenset[str]:
    """The names that a package's code sets on the global object, or declares for all."""
    found: set[str] = set()
    for text in texts(disk, ending(disk, root, CODE), _EACH, _ALL):
        found.update(_SET.findall(text))
        if not _MODULE.search(text):
            found.update(name for pair in _TOP_LEVEL.findall(text) for name in pair)
        found.update(_global_blocks(text))
    return frozenset(found)
