"""IMP004 and IMP008 on imports from the project's own modules."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aicheck_checks.engine import check
from aicheck_checks.source import Source
from aicheck_checks.surroundings import Surroundings

if TYPE_CHECKING:
    from pathlib import Path


def found(folder: Path, file: str, text: str) -> list[tuple[str, str]]:
    """Codes and severities for a text in a project."""
    for name, body in {"pyproject.toml": "[project]\nname = 'shop'\n", "package.json": "{}", file: text}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(body)
    path = folder / file
    source = Source(text, path=str(path), surroundings=Surroundings(str(path.parent)))
    return [(f.code, f.severity) for f in check(source).findings if f.code in ("IMP004", "IMP008")]


def package(folder: Path, **modules: str) -> None:
    (folder / "shop").mkdir(exist_ok=True)
    for name, body in {"__init__": "", **modules}.items():
        (folder / "shop" / f"{name}.py").write_text(body)


@pytest.mark.parametrize(
    "statement", ["from .gone import f", "import shop.gone", "from shop.gone import f", "from .sub import gone_too"]
)
def test_modules_that_the_package_lacks_are_told(tmp_path: Path, statement: str) -> None:
    package(tmp_path, cart="def total(): ...\n")
    assert found(tmp_path, "shop/app.py", f"{statement}\n") == [("IMP004", "error")]


@pytest.mark.parametrize("statement", ["from .cart import gone", "from shop.cart import gone", "from . import gone"])
def test_names_that_the_module_lacks_are_told(tmp_path: Path, statement: str) -> None:
    package(tmp_path, cart="__all__ = ['gone']\n\n\ndef total():\n    gone = 1\n    return gone\n")
    assert found(tmp_path, "shop/app.py", f"{statement}\n") == [("IMP008", "error")]


@pytest.mark.parametrize(
    "body",
    [
        "def __getattr__(name):\n    return name\n", "globals()['x'] = 1\n", "exec('x = 1')\n", "from elsewhere import *\n",
        "if a:\n    x = 1\n", "try:\n    import x\nexcept ImportError:\n    x = None\n", "for x in range(3): pass\n",
        "def f():\n    global x\n    x = 1\n", "with open('a') as x: pass\n", "import sys\nsys.modules[__name__] = Lazy()\n",
        "(a, (x, *b)) = 1, (2, 3)\n", "class x: ...\n", "if (x := 1): pass\n", "from .star import *\n", "def f(:\n",
    ],
)  # fmt: skip
def test_a_module_that_may_have_the_name_is_left_alone(tmp_path: Path, body: str) -> None:
    package(tmp_path, cart=body, star="x = 1\n")
    assert found(tmp_path, "shop/app.py", "from .cart import x\n") == []


@pytest.mark.parametrize(
    ("statement", "file"),
    [
        ("from ._speed import f", "shop/_speed.pyx"), ("from shop.\\\nsub.mod import f", "shop/sub/mod.py"), ("from .fast import f", "shop/fast.cpython-312-x86_64-linux-gnu.so"),
        ("from .stub import f", "shop/stub.pyi"), ("from .order_pb2 import Order", "a.txt"), ("from ._version import v", "a.txt"),
        ("from .sub import mod", "shop/sub/mod.py"), ("try:\n    from .gone import f\nexcept ImportError:\n    f = None", "a.txt"),
        ("from .gone import f  # type: ignore", "a.txt"), ("from pytest.gone import f", "a.txt"),
    ],
)  # fmt: skip
def test_modules_that_may_be_there_are_left_alone(tmp_path: Path, statement: str, file: str) -> None:
    package(tmp_path)
    (tmp_path / file).parent.mkdir(exist_ok=True)
    (tmp_path / file).write_text("def f(): ...\n")
    assert found(tmp_path, "shop/app.py", f"{statement}\n") == []


def test_what_git_ignores_and_what_a_build_names_may_be_made(tmp_path: Path) -> None:
    package(tmp_path)
    (tmp_path / ".gitignore").write_text("shop/made.py\n")
    (tmp_path / "setup.py").write_text("write_to('shop/built.py')\n")
    assert found(tmp_path, "shop/app.py", "from .made import f\nfrom .built import g\n") == []


MODULE = "export const a = 1, { b } = o;\nexport default function c() {}\nexport { d as e };\nexport * from './more';\n"


@pytest.mark.parametrize(
    ("name", "codes"),
    [("a", []), ("b", []), ("e", []), ("f", []), ("d", ["IMP008"]), ("gone", ["IMP008"]), ("default as g", [])],
)
@pytest.mark.parametrize("specifier", ["./cart", "./cart.js"])
def test_names_that_a_script_does_not_export_are_told(
    tmp_path: Path, name: str, codes: list[str], specifier: str
) -> None:
    text = f"import {{ {name} }} from '{specifier}';\n"
    (tmp_path / "more.ts").write_text("export type f = string;\n")
    (tmp_path / "cart.ts").write_text(MODULE)
    assert [code for code, _ in found(tmp_path, "app.ts", text)] == codes


@pytest.mark.parametrize(
    "statement",
    [
        "import x from './icon.svg?raw';", "import x from './dist/x';", "import x from './a.generated';", "import './made';",
        "import x from './page.md';", "import { Route } from './+types/root';", "// @ts-ignore\nimport x from './gone';",
        "import { x } from './native';",
    ],
)  # fmt: skip
def test_what_a_script_may_find_once_it_is_built_is_left_alone(tmp_path: Path, statement: str) -> None:
    (tmp_path / ".gitignore").write_text("made.ts\n")
    (tmp_path / "native.ios.ts").write_text("")
    assert found(tmp_path, "app.ts", f"{statement}\n") == []


@pytest.mark.parametrize(
    "body", ["module.exports = {};\n", "export = f;\n", "export * from 'elsewhere';\n", "const a = 1;\n"]
)
def test_a_script_that_exports_by_other_means_is_left_alone(tmp_path: Path, body: str) -> None:
    (tmp_path / "cart.ts").write_text(body)
    assert found(tmp_path, "app.ts", "import { x } from './cart';\n") == []


def test_java_packages_are_told_by_what_their_files_declare(tmp_path: Path) -> None:
    """A package that only ends as a library's, what Android's build makes, and what Kotlin makes of a file are all there."""
    root = tmp_path / "src/main/java/net/shop"
    files = {
        "android/provider/Own.java": "package net.shop.android.provider;\n\nclass Own {}\n",
        "util/Outcome.kt": "package net.shop.util\n\nfun give() = 1\n",
        "util/lists.kt": '@file:JvmName("Many")\n\npackage net.shop.util\n\nfun many() = 1\n',
    }
    (tmp_path / "pom.xml").write_text("<project/>\n")
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)

    def said(*names: str) -> list[str]:
        text = "package net.shop;\n\n" + "".join(f"import {name};\n" for name in names) + "\nclass A {}\n"
        source = Source(text, path=str(root / "A.java"), surroundings=Surroundings(str(root)))
        return [f.message for f in check(source).findings if f.code == "IMP004"]

    there = ("android.provider.Settings", "net.shop.util.R", "net.shop.util.OutcomeKt", "net.shop.util.ListsKt")
    assert said(*there, "net.shop.util.Many", "net.shop.util.databinding.PageBinding") == []
    assert said("net.shop.util.Missing") == ["package 'net.shop.util' of this project has no 'Missing'"]
    assert said("net.shop.util.MissingKt") == ["package 'net.shop.util' of this project has no 'MissingKt'"]
