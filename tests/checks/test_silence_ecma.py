"""Names and packages of JavaScript and TypeScript that a project brings in ways which a text does not show."""

from __future__ import annotations

from pathlib import Path

import pytest

from aicheck_checks.engine import check
from aicheck_checks.source import Source
from aicheck_checks.surroundings import Surroundings

USES = "import { a } from './a';\nexport const b = a(siteConfig);\n"
PACKAGE = '{"name": "p", "dependencies": {"react": "18"}}'


def suspect(tmp_path: Path, name: str, text: str, files: dict[str, str], previous: str | None = None) -> list[str]:
    """The codes that make a text suspect in a project of these files."""
    (tmp_path / ".git").mkdir()
    for path, content in {"a.ts": "export const a = 1;\n", "package.json": PACKAGE, **files, name: text}.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(content)
    around = Surroundings(str((tmp_path / name).parent))
    source = Source(text, path=str(tmp_path / name), surroundings=around, previous=previous)
    return [finding.code for finding in check(source).findings if finding.suspect]


def test_what_nothing_defines_is_found(tmp_path: Path) -> None:
    assert suspect(tmp_path, "b.ts", USES, {}) == ["IMP002"]


@pytest.mark.parametrize(
    ("folder", "codes"), [("s1/workflows/scripts", []), (".github/scripts", ["IMP002"]), ("src", ["IMP002"])]
)
def test_what_runs_the_scripts_of_a_folder_gives_them_names(tmp_path: Path, folder: str, codes: list[str]) -> None:
    script = "import { a } from './a';\nexport const b = a(parallel);\n"
    assert suspect(tmp_path, f"{folder}/b.ts", script, {f"{folder}/a.ts": "export const a = 1;\n"}) == codes


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({"types/g.d.ts": "declare const siteConfig: string;\n"}, id="a script of declarations"),
        pytest.param(
            {"types/g.d.ts": "export {};\ndeclare global {\n  var siteConfig: string;\n}\n"}, id="declare global in a module"
        ),
        pytest.param({"src/x.ts": "export {};\ndeclare global {\n  let siteConfig: string;\n}\n"}, id="declare global in code"),
        pytest.param({"test/setup.js": "global.siteConfig = {};\n"}, id="set on the global object"),
        pytest.param(
            {"index.html": '<script src="/lib.js"></script>', "public/lib.js": "!function(e){e.siteConfig=1}(this)"},
            id="set by a script that a page loads",
        ),
        pytest.param(
            {"index.html": "<script defer src='https://cdn.example.com/lib.js'></script>"}, id="a page loads what can't be read"
        ),
        pytest.param({"packages/q/g.d.ts": "declare namespace siteConfig { const a: 1 }\n"}, id="in another package"),
        pytest.param({".eslintrc.json": '{"globals": {"siteConfig": "readonly"}}'}, id="known to the linter"),
        pytest.param({"vite.config.ts": "export default { define: { siteConfig: '{}' } };\n"}, id="defined by the bundler"),
        pytest.param(
            {"tsconfig.json": '{"compilerOptions": {"types": ["some-host"]}}'}, id="types that are not installed"
        ),
        pytest.param(
            {
                "tsconfig.json": '{"compilerOptions": {"types": ["some-host"]}}',
                "node_modules/some-host/index.d.ts": "declare const siteConfig: string;\n",
            },
            id="types that are installed",
        ),
        pytest.param({"node_modules/@types/x/index.d.ts": "declare const siteConfig: string;\n"}, id="types for all"),
        pytest.param({"package.json": '{"devDependencies": {"site-config": "1"}}'}, id="named after a package"),
        pytest.param({"package.json": '{"devDependencies": {"@cloudflare/workers-types": "4"}}'}, id="types of a host"),
        pytest.param({"wrangler.toml": ""}, id="a host that writes types"),
        pytest.param({"nuxt.config.ts": ""}, id="nuxt"),
        pytest.param({"package.json": '{"devDependencies": {"unplugin-auto-import": "1"}}'}, id="unplugin"),
        pytest.param({"package.json": '{"devDependencies": {"wxt": "1"}}'}, id="wxt"),
    ],
)  # fmt: skip
def test_what_the_project_brings_is_none(tmp_path: Path, files: dict[str, str]) -> None:
    assert suspect(tmp_path, "b.ts", USES, files) == []


def test_what_a_page_loads_brings_no_more_than_it_sets(tmp_path: Path) -> None:
    page = '<script src="lib.js"></script><script type="module" src="https://a.example/b.js"></script>'
    files = {"index.html": page, "lib.js": "window.other = 1;\n"}
    assert suspect(tmp_path, "b.ts", USES, files) == ["IMP002"]


def test_types_that_are_installed_bring_no_more_than_they_declare(tmp_path: Path) -> None:
    files = {
        "tsconfig.json": '{"compilerOptions": {"types": ["some-host"]}}',
        "node_modules/some-host/index.d.ts": "declare const other: string;\n",
    }
    assert suspect(tmp_path, "b.ts", USES, files) == ["IMP002"]


def test_an_import_that_a_change_lost_is_found_whatever_the_project_brings(tmp_path: Path) -> None:
    before = "import { siteConfig } from 'site-kit';\n" + USES
    assert suspect(tmp_path, "b.ts", USES, {"wrangler.toml": ""}, previous=before) == ["IMP005"]


def test_where_a_build_step_writes_imports_one_that_it_writes_is_not_lost(tmp_path: Path) -> None:
    before = "import { siteConfig } from '~/utils/site';\n" + USES
    assert suspect(tmp_path, "b.ts", USES, {"nuxt.config.ts": ""}, previous=before) == []


@pytest.mark.parametrize(
    "text",
    [
        "import 'zx/globals';\nexport const b = glob2('x');\n",
        '/// <reference types="some-host" />\nexport const b = hostName;\n',
        "import type { A } from './a';\nexport const b: A = (x: React.JSX.Element) => x;\n",
        "import './a';\ndeclare module './a' {\n  interface B<T extends GroupBase<T>> { x?: T }\n}\n",
        "import { a } from './a';\n// @ts-expect-error to be written\nexport const b = a(later);\n",
        "import { a } from './a';\nexport const b = a<number>`select ${a}`;\n",
    ],
)
def test_what_the_text_says_itself(tmp_path: Path, text: str) -> None:
    assert suspect(tmp_path, "b.tsx" if "JSX" in text else "b.ts", text, {}) == []


IMPORT = "import x from 'zzq-thing/x';\nexport default x;\n"


def test_a_package_that_nobody_knows_is_invented(tmp_path: Path) -> None:
    assert suspect(tmp_path, "b.ts", IMPORT, {}) == ["IMP006"]


@pytest.mark.parametrize(
    "files",
    [
        {"packages/q/package.json": '{"name": "zzq-thing"}'},
        {"apps/q/package.json": '{"dependencies": {"zzq-thing": "1"}}'},
        {"lib/zzq-thing/x.js": ""},
        {"vite.config.js": "export default { resolve: { alias: { 'zzq-thing': './x' } } };\n"},
        {"types/x.d.ts": "declare module 'zzq-thing' {}\n"},
        {f"src/{n}.js": IMPORT for n in range(3)},
        {"package.json": '{"name": "p"}'},
    ],
    ids=["workspace", "declared elsewhere", "folder", "alias", "declared module", "common", "nothing declared"],
)
def test_a_package_of_the_repository_is_none(tmp_path: Path, files: dict[str, str]) -> None:
    assert suspect(tmp_path, "b.ts", IMPORT, files) == []


@pytest.mark.parametrize("what", ["node_modules/zzq-thing/dist/x.js", "zzq-uno.css", "virtual:zzq", "~zzq/x", "#zzq"])
def test_what_names_no_package_is_none(tmp_path: Path, what: str) -> None:
    assert suspect(tmp_path, "b.ts", f"import x from '{what}';\nexport default x;\n", {}) == []
