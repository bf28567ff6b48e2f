"""Whole and right texts of compiled languages in which nothing is suspect, with their projects."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aicheck_checks.engine import check
from aicheck_checks.source import Source
from aicheck_checks.surroundings import Surroundings

if TYPE_CHECKING:
    from pathlib import Path

IOSTREAM = "#include <iostream>\n"
GOOD: dict[str, dict[str, str]] = {
    "a header of C++ brings the names of C": {
        "a.cpp": "#include <cstdio>\n#include <cstring>\n#include <cmath>\n\nint main() {\n"
        '    printf("%zu %f", strlen("a"), sqrt(2.0));\n}\n'
    },
    "size_t comes with any header of C++": {
        "a.cpp": "#include <vector>\n\nint main() {\n    std::vector<size_t> sizes;\n}\n"
    },
    "any header of C++ may bring memory functions": {
        "a.cpp": IOSTREAM + "\nint main() {\n    char a[2];\n    memset(a, 0, 2);\n    std::cout << a;\n}\n"
    },
    "a header by another ending": {"a.hxx": "#include <cstdio>\n\nstruct A {\n    FILE *f;\n    time_t at;\n};\n"},
    "a function of std by its arguments": {
        "a.cpp": "#include <string>\n\nvoid f(std::istream &in) {\n    std::string s;\n    getline(in, s);\n}\n"
    },
    "a method of the class itself": {
        "a.cpp": IOSTREAM + "\nclass Set {\n    void remove(int x);\n    void clear() { remove(1); }\n};\n"
    },
    "a name made one's own by using": {
        "a.cpp": IOSTREAM
        + "using std::signal;\nnamespace socket { int x; }\nint main() {\n    signal(1, 0);\n    socket::x = 1;\n}\n"
    },
    "an argument of a macro": {"a.c": "#include <string.h>\n\nvoid f(void) {\n    COMMAND(printf);\n}\n"},
    "a macro in small letters ends the file": {
        "a.c": '#include "tree.h"\n\ntree_gen(, avail, node_t, link,\n    cmp_avail)\ntree_gen(, heap, node_t, link, cmp)\n'
    },
    "a block whose end is indented": {
        "a.c": "int f(int x)\n  {\n  #if A\n  if (x) {\n  #else\n  if (!x) {\n  #endif\n    x = 1; }\n  return x;\n  } // f\n"
    },
    "a control token in a macro": {"a.cpp": '#define CHAT \\\n    "<|im_start|>user" \\\n    "<|im_end|>"\n\nint x;\n'},
    "implicit usings from afar": {
        "Directory.Build.props": "<Project><PropertyGroup><ImplicitUsings>enable</ImplicitUsings></PropertyGroup></Project>",
        "src/modules/shop/web/Shop.csproj": '<Project Sdk="Microsoft.NET.Sdk"></Project>',
        "src/modules/shop/web/deep/A.cs": "namespace Shop;\n\nclass A\n{\n    List<Guid> ids = new List<Guid>();\n}\n",
    },
    "implicit usings from an imported file": {
        "build/common.props": '<Project><ItemGroup><Using Include="System.Collections.Generic" /></ItemGroup></Project>',
        "src/Shop.csproj": '<Project><Import Project="$(MSBuildThisFileDirectory)../build/common.props" /></Project>',
        "src/A.cs": "using System;\n\nclass A\n{\n    List<Guid> ids = new List<Guid>();\n}\n",
    },
    "a library that is called otherwise than its package": {
        "Cargo.toml": '[package]\nname = "x"\nedition = "2018"\n[dependencies]\nfutures-util-preview = "0.3"\nrust-crypto = "0.2"\nopencv-rs = "1"\n',
        "src/lib.rs": "pub fn f() {\n    futures_util::ready(crypto::md5::Md5::new(), opencv::f());\n}\n",
    },
    "a type of the folder, without a project": {
        "A.cs": "using System.Linq;\n\nclass A\n{\n    Task first;\n}\n",
        "Task.cs": "class Task\n{\n}\n",
    },
    "a string over several lines that end as Windows has them": {
        "a.cpp": 'const char USAGE[] = "Usage:\\r\\n\\\r\n\\r\\n\\\r\n-multi: more\\r\\n\\\r\n-line: Open\\r\\n\\\r\n";\r\n'
    },
    "an index that looks like a type": {
        "a.go": "package x\n\ntype pair struct{ A, B string }\n\nfunc f(m map[string]map[string]bool, one pair) {\n"
        "\tm[one.A][one.B] = bool(true)\n\tn := map[string]map[string]struct{}{}\n\tn[one.A][one.B] = struct{}{}\n}\n"
    },
    "Java beside Scala": {
        "build.sbt": "lazy val core = project\n",
        "core/src/main/scala/shop/Prices.scala": "package shop\n\nobject Prices\n\ntrait Priced\n",
        "core/src/main/java/shop/Cart.java": "package shop;\n\nclass Cart {\n\tint a = Prices.first();\n}\n",
    },
    "nested types of a static wildcard import": {
        "pom.xml": "<project/>",
        "src/main/java/lib/Shapes.java": "package lib;\n\npublic class Shapes {\n\tpublic static class Round { }\n}\n",
        "src/main/java/shop/Use.java": "package shop;\n\nimport static lib.Shapes.*;\n\nclass Use {\n\tRound r;\n}\n",
    },
    "members of a library's class by a static wildcard import": {
        "pom.xml": "<project/>",
        "src/main/java/shop/Use.java": "package shop;\n\nimport static lib.Made.*;\n\nclass Use {\n\tRound r;\n}\n",
    },
    "nested types of an anonymous class": {
        "pom.xml": "<project/>",
        "src/main/java/lib/Maker.java": "package lib;\n\npublic interface Maker {\n\tfinal class Made { }\n\tMade make();\n}\n",
        "src/main/java/shop/Use.java": "package shop;\n\nimport lib.Maker;\n\nclass Use {\n\tMaker m = new Maker() {\n"
        "\t\tpublic Made make() {\n\t\t\treturn new Made();\n\t\t}\n\t};\n}\n",
    },
    "classes made of a description": {
        "pom.xml": "<project/>",
        "src/main/proto/order.proto": 'syntax = "proto3";\n',
        "src/main/java/shop/Use.java": "package shop;\n\nclass Use {\n\tOrderMessage m;\n}\n",
    },
    "what Kotlin brings by itself": {
        "src/a/B.kt": "package a\n\nimport java.lang.annotation.Target\nimport kotlin.jvm.JvmMultifileClass\n\nclass B\n",
        "src/a/A.kt": "@file:JvmMultifileClass\n\npackage a\n\n@Target(AnnotationTarget.CLASS)\nannotation class Mark\n",
    },
    "an enum class of Kotlin": {
        "src/a/B.kt": "package a\n\nimport c.Scope\n\nclass B\n",
        "src/a/A.kt": "package a\n\nclass A {\n\tenum class Scope { ONE }\n\n\tfun f(scope: Scope) = scope\n}\n",
    },
    "an import of Kotlin in back quotes": {
        "src/a/B.kt": "package a\n\nimport c.Store\n\nclass B\n",
        "src/a/A.kt": "package a\n\nimport c.`object`.Store // why\n\nclass A : Store()\n",
    },
    "Kotlin that the grammar does not take": {
        "A.kt": "class A {\n    fun f() {\n        val id = T.insert {\n            it[a] = 1\n        } get T.id\n\n"
        "        class C { @B fun g(): Unit? = null }\n        val i = M.mock<I>()\n        given(i.m)\n    }\n}\n"
    },
    "an inner package of PHP": {
        "composer.json": '{"name": "a/all", "autoload": {"psr-4": {"A\\\\B\\\\": ["src/B/", "src/C/"]}}}',
        "src/B/composer.json": '{"name": "a/b", "require": {"a/c": "*"}, "autoload": {"psr-4": {"A\\\\B\\\\": ""}}}',
        "src/B/Bag.php": "<?php\n\nnamespace A\\B;\n\nclass Bag\n{\n    public $x = [];\n    function f() { return Arr::of($this); }\n}\n",
        "src/C/Arr.php": "<?php\n\nnamespace A\\B;\n\nclass Arr\n{\n}\n",
    },
    "classes of PHP in another case, loaded by hand, only named": {
        "composer.json": '{"autoload": {"psr-4": {"A\\\\": "src/"}}}',
        "src/Round.php": "<?php\n\nnamespace A;\n\nclass Round\n{\n}\n",
        "src/B.php": "<?php\n\nnamespace A;\n\nclass B\n{\n    function f() { return [new ROUND, Gone::class]; }\n}\n",
        "src/C.php": "<?php\n\nnamespace A;\n\nrequire_once __DIR__ . '/more/shapes.php';\n\nclass C\n{\n    function f() { return new Square; }\n}\n",
    },
    "items of a macro of Rust": {
        "Cargo.toml": '[package]\nname = "x"\nedition = "2021"\n',
        "src/a.rs": "use mockall::mock;\n\nmock! {\n    pub File {\n        fn open(p: u8) -> u8;\n    }\n}\n\n"
        "fn f(file: MockFile) -> u8 {\n    0\n}\n",
    },
    "variants of an enum before braces": {
        "Cargo.toml": '[package]\nname = "x"\nedition = "2021"\n',
        "src/a.rs": "enum Token {\n    Class { a: u8 },\n}\n\nmod tests {\n    use super::Token::*;\n    use super::Token;\n\n"
        "    fn f() -> Token {\n        Class { a: 1 }\n    }\n}\n",
    },
    "a branch that is empty on purpose": {
        "a.c": "void f(int x)\n{\n\tif (x) {\n\t\t/* Same as above -- do nothing in this case. */\n\t} else {\n\t\tg(x);\n\t}\n}\n",
        "b.cpp": "void f(int x) {\n    if (x) {\n        return;  // all values are unchanged since last call\n    }\n    g(x);\n}\n",
    },
    "a glob of Rust through another": {
        "Cargo.toml": '[package]\nname = "x"\nedition = "2021"\n',
        "src/lib.rs": "mod helpers;\nmod route;\n",
        "src/helpers/mod.rs": "mod client;\npub use self::client::*;\n",
        "src/helpers/client.rs": "pub struct TestClient;\n",
        "src/route.rs": "use crate::helpers::*;\n\nfn f() {\n    TestClient::new();\n}\n",
    },
    "what Kotlin brings for another platform": {
        "src/a/B.kt": "package a\n\nimport kotlin.js.JsAny\n\nclass B\n",
        "src/a/A.kt": "package a\n\nfun f(x: JsAny) = x\n",
    },
    "a nested class of a library's trait": {
        "A.scala": "package a\n\nimport p.RegexParsers\n\nclass P extends RegexParsers {\n  def f(x: Any) = x match {\n    case Success(r, _) => r\n  }\n"
        "  val a: Success[Int] = null\n}\n"
    },
    "a macro at its limits": {"a.rs": "fn f() {\n    select! {\n" + "        x = one() => x,\n" * 60 + "    }\n}\n"},
    "a payload": {"a.swift": "let payload = #\"{" + '"key": "value", ' * 60 + '}"#\n'},
}  # fmt: skip


@pytest.mark.parametrize("files", GOOD.values(), ids=GOOD)
def test_nothing_is_suspect(files: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    for name, text in files.items():
        path = tmp_path / name
        result = check(Source(text, path=str(path), surroundings=Surroundings(str(path.parent))))
        assert [(name, f.code, f.message) for f in result.findings if f.suspect] == []


BAD = {
    "a.cpp": (IOSTREAM + "\nint main() {\n    std::vector<int> all;\n}\n", "IMP001"),
    "b.cpp": ("#include <cmath>\n\nint main() {\n    printf(\"%f\", sqrt(2.0));\n}\n", "IMP001"),
    "a.kt": ("class A {\n    fun f() {\n        given(1)\n\n    fun g() {\n        given(2)\n    }\n", "TRU001"),
    "a.go": ("package x\n\nfunc f(c http.Client) {\n}\n", "IMP001"),
    "a.c": ("#include <string.h>\n\nvoid f(void) {\n    printf(\"a\");\n}\n", "IMP001"),
}  # fmt: skip


@pytest.mark.parametrize("path", BAD)
def test_damage_of_the_same_kind_is_still_found(path: str) -> None:
    text, code = BAD[path]
    assert code in [f.code for f in check(Source(text, path=path)).findings if f.suspect]
