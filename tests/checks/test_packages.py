"""Package indexes, and where imports lead in a project."""

from __future__ import annotations

import random
import string
from pathlib import Path

import pytest

from aicheck_checks.engine import check
from aicheck_checks.packages.index import BadIndexError, Index, build, open_index
from aicheck_checks.source import Source
from aicheck_checks.surroundings import Surroundings


def index_of(folder: Path, names: list[str], known: list[str]) -> Index:
    path = folder / "pypi.index"
    path.write_bytes(build("pypi", names, known, made="2026-01-02", complete=True))
    return Index(str(path))


def test_an_index_knows_its_names_their_rank_and_near_ones(tmp_path: Path) -> None:
    index = index_of(tmp_path, ["flask", "requests", "recuests", "obscure"], ["requests", "flask"])
    assert [name in index for name in ("flask", "recuests", "reqeusts", "")] == [True, True, False, False]
    assert (index.names, index.made, index.complete, index.known()) == (4, "2026-01-02", True, ["requests", "flask"])
    assert (index.rank("requests"), index.rank("obscure")) == (1, None)
    assert (index.near("reqeusts"), index.near("zzz")) == (["requests"], [])
    assert (index.imitates("recuests"), index.imitates("obscure"), index.imitates("requests")) == (
        "requests",
        None,
        None,
    )


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "no index of package names"),
        (b"[]\n", "no index of package names"),
        (b'{"format": 2}\n', "index format 2, not 1"),
        (b'{"format":1,"registry":"pypi","made":"2026-01-01","names":9,"complete":true}\nabcd', "cut off"),
    ],
    ids=["empty", "other", "newer", "cut"],
)
def test_a_file_that_is_no_index_is_refused(tmp_path: Path, content: bytes, says: str) -> None:
    (tmp_path / "x.index").write_bytes(content)
    with pytest.raises(BadIndexError, match=says):
        Index(str(tmp_path / "x.index"))


def test_the_bundled_indexes_take_few_invented_names_for_real_ones() -> None:
    letters = random.Random(7)
    invented = ["".join(letters.choices(string.ascii_lowercase, k=18)) for _ in range(20_000)]
    for registry, famous in (("pypi", "numpy"), ("npm", "react")):
        index = open_index(registry)  # type: ignore[arg-type]
        assert famous in index
        assert sum(name in index for name in invented) <= 20


def test_an_index_that_the_user_updated_is_used_unless_it_is_broken(tmp_path: Path) -> None:
    content = build("pypi", ["only-this"], [], made="2999-01-01", complete=True)
    (tmp_path / "pypi.index").write_bytes(content)
    assert open_index("pypi", lambda: str(tmp_path)).made == "2999-01-01"
    (tmp_path / "pypi.index").write_bytes(content[:40])
    assert open_index("pypi", lambda: str(tmp_path)).made != "2999-01-01"


def said(folder: Path, name: str, text: str) -> list[tuple[str, str, str]]:
    path = str(folder / name)
    source = Source(text, path=path, surroundings=Surroundings(str(folder)))
    return [(f.code, f.severity, f.message) for f in check(source).findings if f.code in ("IMP004", "IMP006", "IMP007")]


def test_javascript_imports_are_resolved_by_manifest_folder_alias_and_index(tmp_path: Path) -> None:
    (tmp_path / "package.json").write_text('{"name": "shop", "dependencies": {"left-pad-private": "1"}}')
    (tmp_path / "tsconfig.json").write_text('{"compilerOptions": {"paths": {"ui/*": ["./ui/*"],},}} // note\n')
    (tmp_path / "node_modules/installed-thing").mkdir(parents=True)
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib/index.ts").write_text("")
    (tmp_path / "near.ts").write_text("")
    good = ["left-pad-private", "installed-thing", "./near", "./near.js", "./lib", "ui/button", "@/x", "node:fs", "fs"]
    text = "".join(f"import a{n} from '{name}';\na{n}();\n" for n, name in enumerate(good))
    assert said(tmp_path, "a.ts", text) == []
    assert said(tmp_path, "a.ts", "import a from './far';\nimport b from 'express';\na(b);\n") == [
        ("IMP004", "warning", "no file './far' beside this one"),
        ("IMP004", "warning", "package 'express' is neither declared in package.json nor installed"),
    ]
    ((code, severity, message),) = said(tmp_path, "a.js", "const a = require('react-query-turbo-sync-kit');\na();\n")
    assert (code, severity) == ("IMP006", "error")
    assert message.startswith("no package 'react-query-turbo-sync-kit' in npm (its 2")


def test_what_an_inner_folder_has_installed_or_its_bundler_is_told_of_is_provided(tmp_path: Path) -> None:
    inner = tmp_path / "examples" / "pages"
    (inner / "node_modules").mkdir(parents=True)
    (tmp_path / ".git").mkdir()
    (tmp_path / "package.json").write_text('{"name": "shop", "dependencies": {"express": "1"}}')
    text = "import a from 'surely-not-there-one';\nimport b from 'surely-not-there-two';\na(b);\n"
    assert [code for code, _, _ in said(inner, "a.js", text)] == ["IMP006", "IMP006"]
    (inner / "node_modules" / "surely-not-there-one.js").write_text("")
    (inner / "webpack.config.js").write_text("module.exports = { externals: ['surely-not-there-two'] };\n")
    assert said(inner, "a.js", text) == []


def test_go_imports_are_resolved_by_go_mod(tmp_path: Path) -> None:
    (tmp_path / "go.mod").write_text("module example.com/shop\n\ngo 1.22\n\nrequire (\n\tgithub.com/x/y v1.2.0\n)\n")
    (tmp_path / "cart").mkdir()
    imports = ["fmt", "example.com/shop/cart", "example.com/shop/none", "github.com/x/y/z", "github.com/q/q"]
    text = "package main\n\nimport (\n" + "".join(f'\t_ "{path}"\n' for path in imports) + ")\n"
    assert [message for _, _, message in said(tmp_path, "main.go", text)] == [
        "no folder for package 'example.com/shop/none' of this module",
        "no module for 'github.com/q/q' in go.mod",
    ]


def test_rust_paths_are_resolved_by_cargo_toml(tmp_path: Path) -> None:
    (tmp_path / "Cargo.toml").write_text(
        '[package]\nname = "shop-core"\nedition = "2021"\n[dependencies]\nserde-json = "1"\n'
        '[target."cfg(unix)".dependencies]\nlibc = "0.2"\n'
    )
    good = "use std::io;\nuse crate::a::B;\nuse serde_json::Value;\nuse libc::c_int;\nuse shop_core::x;\nmod own;\nuse own::y;\n"
    assert said(tmp_path, "lib.rs", good) == []
    assert said(tmp_path, "lib.rs", good + "use tokio::spawn;\n") == [
        ("IMP004", "warning", "no crate 'tokio' in Cargo.toml, and nothing of that name in this file")
    ]


def test_without_a_project_an_unknown_python_module_is_only_a_warning(tmp_path: Path) -> None:
    ((code, severity, _),) = said(tmp_path, "a.py", "import surely_not_there_at_all\n")
    assert (code, severity) == ("IMP006", "warning")
    (tmp_path / "surely_not_there_at_all.py").write_text("")
    assert said(tmp_path, "a.py", "import surely_not_there_at_all\n") == []


def test_a_class_that_the_projects_own_package_lacks_is_a_warning(tmp_path: Path) -> None:
    (tmp_path / "pom.xml").write_text("<project/>")
    folders = [tmp_path / module / "src/main/java/com/shop/cart" for module in ("core", "web")]
    for folder in folders:
        folder.mkdir(parents=True)
    (folders[0] / "Cart.java").write_text("package com.shop.cart;\n\npublic class Cart {}\n")
    names = ("com.shop.cart.Cart", "com.shop.cart.Basket", "com.shop.other.Thing", "java.util.List")
    text = "package com.shop.cart;\n\n" + "".join(f"import {name};\n" for name in names) + "\nclass A {}\n"
    result = check(Source(text, path="A.java", surroundings=Surroundings(str(folders[1]))))
    assert [(f.code, f.severity, f.message) for f in result.findings] == [
        ("IMP004", "warning", "package 'com.shop.cart' of this project has no 'Basket'")
    ]
