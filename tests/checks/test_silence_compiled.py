"""Names that C, C++, C#, Java, PHP and Rust projects bring in ways which a text does not show."""

from __future__ import annotations

from pathlib import Path

import pytest

from aicheck_checks.engine import check
from aicheck_checks.source import Source
from aicheck_checks.surroundings import Surroundings


def suspect(tmp_path: Path, name: str, files: dict[str, str]) -> list[str]:
    """The codes that make one of these files suspect."""
    (tmp_path / ".git").mkdir()
    for path, content in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(content)
    source = Source(files[name], path=str(tmp_path / name), surroundings=Surroundings(str((tmp_path / name).parent)))
    return [finding.code for finding in check(source).findings if finding.suspect]


def suspect_again(tmp_path: Path, name: str, text: str) -> list[str]:
    """The codes that make another text suspect in the same project."""
    source = Source(text, path=str(tmp_path / name), surroundings=Surroundings(str((tmp_path / name).parent)))
    return [finding.code for finding in check(source).findings if finding.suspect]


CPP_GOOD = {
    "cstdio": "#include <cstdio>\nint main() { printf(\"a\"); }\n",
    "cstring": "#include <cstring>\nint main() { return strlen(\"a\"); }\n",
    "cmath": "#include <cmath>\nint main() { return sqrt(4.0); }\n",
    "cstdint": "#include <cstdint>\nint main() { uint64_t a = 1; return a; }\n",
    "vector": "#include <vector>\nint main() { size_t a = 1; return a; }\n",
    "getline": "#include <iostream>\n#include <string>\nusing namespace std;\nint main() { string a; getline(cin, a); }\n",
    "own method": "#include <vector>\nclass A { void remove(int x); void f() { remove(1); } };\nint main() {}\n",
    "argument's namespace": "#include <algorithm>\n#include <vector>\nint main() { std::vector<int> a; a.erase(remove(a.begin(), a.end(), 1), a.end()); }\n",
}  # fmt: skip


@pytest.mark.parametrize("text", CPP_GOOD.values(), ids=CPP_GOOD)
def test_headers_of_cpp_bring_c_s_names(tmp_path: Path, text: str) -> None:
    assert suspect(tmp_path, "a.cpp", {"a.cpp": text}) == []


@pytest.mark.parametrize("end", ["h", "hh", "hpp", "hxx", "ipp", "tpp"])
def test_what_a_header_needs_may_come_from_who_includes_it(tmp_path: Path, end: str) -> None:
    text = '#include <vector>\nvoid f() { printf("a"); }\n'
    assert suspect(tmp_path, f"a.{end}", {f"a.{end}": text}) == []


def test_a_header_that_is_missing_is_found_by_its_name_in_cpp(tmp_path: Path) -> None:
    source = Source('#include <array>\nint main() { printf("a"); }\n', path="a.cpp")
    assert "'#include <cstdio>' is missing" in check(source).findings[0].message


PROJECT = '<Project Sdk="Microsoft.NET.Sdk"></Project>'
IMPLICIT = "<Project><PropertyGroup><ImplicitUsings>enable</ImplicitUsings></PropertyGroup></Project>"
CSHARP = "namespace A;\n\npublic class B\n{\n    public List<int> C { get; } = new List<int>();\n}\n"


def test_a_namespace_that_nothing_opens_is_found_in_csharp(tmp_path: Path) -> None:
    assert suspect(tmp_path, "src/a/B.cs", {"src/a/B.cs": CSHARP, "src/a/a.csproj": PROJECT}) == ["IMP001"]


@pytest.mark.parametrize(
    "files",
    [
        {"Directory.Build.props": IMPLICIT},
        {"src/Directory.Build.targets": IMPLICIT},
        {"eng/Common.props": IMPLICIT},
        {"src/a/GlobalUsings.cs": "global using System.Collections.Generic;\n"},
        {"Shared/GlobalUsings.cs": "global using System.Collections.Generic;\n"},
        {"Directory.Build.props": '<Project><ItemGroup><Using Include="System.Collections.Generic" /></ItemGroup></Project>'},
    ],
    ids=["far above", "targets", "imported", "global using", "linked", "Using item"],
)  # fmt: skip
def test_namespaces_that_a_csharp_project_opens(tmp_path: Path, files: dict[str, str]) -> None:
    assert suspect(tmp_path, "src/a/B.cs", {"src/a/B.cs": CSHARP, "src/a/a.csproj": PROJECT, **files}) == []


JAVA = "package a;\n\npublic class Lib {\n  String text() { return Names.first(); }\n}\n"
AT = "core/src/main/java/a/Lib.java"


def test_a_class_that_is_nowhere_is_found_in_java(tmp_path: Path) -> None:
    assert suspect(tmp_path, AT, {AT: JAVA, "pom.xml": "<project/>"}) == ["IMP002"]


@pytest.mark.parametrize(
    ("text", "files"),
    [
        (JAVA, {"core/src/main/scala/a/Names.scala": "package a\n\nobject Names\n", "build.sbt": ""}),
        (JAVA, {"core/src/main/groovy/a/More.groovy": "package a\n\nclass Names {}\n", "build.gradle": ""}),
        (JAVA.replace("package a;\n", "package a;\n\nimport static b.Outer.*;\n"), {"pom.xml": "<project/>"}),
        (
            JAVA.replace("return Names.first();", "return new Gen() { Names n; }.toString();"),
            {"core/src/main/java/a/Gen.java": "package a;\n\npublic class Gen { static class Names {} }\n", "pom.xml": "<project/>"},
        ),
    ],
    ids=["scala", "groovy", "static import", "nested in a supertype"],
)  # fmt: skip
def test_classes_that_come_from_elsewhere_in_java(tmp_path: Path, text: str, files: dict[str, str]) -> None:
    assert suspect(tmp_path, AT, {AT: text, **files}) == []


PHP = "<?php\n\nnamespace Acme\\Support;\n\nclass Bag\n{\n    public function f($x) { return Arr::wrap($x); }\n}\n"
RULES = '{"autoload": {"psr-4": {"Acme\\\\Support\\\\": ["src/Support/", "src/Collections/"]}}}'


def test_a_class_that_is_nowhere_is_found_in_php(tmp_path: Path) -> None:
    assert suspect(tmp_path, "src/Support/Bag.php", {"src/Support/Bag.php": PHP, "composer.json": RULES}) == ["IMP002"]


@pytest.mark.parametrize(
    ("text", "files"),
    [
        (PHP, {"src/Collections/Arr.php": "<?php\n\nnamespace Acme\\Support;\n\nclass Arr {}\n"}),
        (
            PHP,
            {
                "src/Support/composer.json": '{"autoload": {"psr-4": {"Acme\\\\Support\\\\": ""}}}',
                "src/Collections/Arr.php": "<?php\n\nnamespace Acme\\Support;\n\nclass Arr {}\n",
            },
        ),
        (PHP.replace("class Bag", "use Acme\\ARR;\n\nclass Bag"), {}),
        (PHP.replace("return Arr::wrap($x);", "return Arr::class;"), {}),
        (PHP.replace("class Bag", "#[Arr]\nclass Bag").replace("return Arr::wrap($x);", "return 1;"), {}),
        (PHP.replace("return Arr::wrap($x);", "try { f(); } catch (Arr $e) { return 1; }"), {}),
        (PHP.replace("return Arr", "require __DIR__.'/x.php';\n        return Arr"), {}),
    ],
    ids=["other folder", "inner manifest", "case", "only its name", "attribute", "caught", "required file"],
)
def test_classes_that_come_from_elsewhere_in_php(tmp_path: Path, text: str, files: dict[str, str]) -> None:
    assert (
        suspect(tmp_path, "src/Support/Bag.php", {"src/Support/Bag.php": text, "composer.json": RULES, **files}) == []
    )


def test_an_index_that_reads_like_a_type_in_go(tmp_path: Path) -> None:
    text = (
        "package a\n\nfunc f(r int) bool {\n\tclient := &hook{}\n\treturn parsers[client.Type](client.Secret, r)\n}\n"
    )
    assert suspect(tmp_path, "a.go", {"a.go": text, "go.mod": "module x\n"}) == []


def test_names_of_a_group_beside_each_other_and_on_lines_of_their_own_in_go(tmp_path: Path) -> None:
    beside = "package a\n\nconst (\n\tKeyA K = iota\n\tKeyB\n\tKeyC // c\n\n\tKeyD\n)\n\nvar (\n\tx, y sync.Mutex\n\tz    = 1\n)\n"
    text = "package a\n\nfunc f() int {\n\treturn g(KeyA.N, KeyB.N, KeyC.N, KeyD.N, x.N, y.N, z.N)\n}\n\nfunc g(a ...any) int { return 1 }\n"
    assert suspect(tmp_path, "a.go", {"a.go": text, "b.go": beside, "go.mod": "module x\n"}) == []
    assert suspect_again(tmp_path, "a.go", text.replace("KeyD", "KeyE")) == ["IMP002"]


def test_an_enumeration_of_kotlin_beside_it_in_java(tmp_path: Path) -> None:
    beside = "package com.shop\n\nenum class Facing(val raw: Int) {\n  FRONT(0);\n}\n"
    test = "package com.shop;\n\nclass A {\n  Object f = Facing.FRONT;\n}\n"
    files = {"pom.xml": "", "src/main/java/com/shop/Library.g.kt": beside, "src/main/java/com/shop/A.java": test}
    assert suspect(tmp_path, "src/main/java/com/shop/A.java", files) == []
    assert suspect_again(tmp_path, "src/main/java/com/shop/A.java", test.replace("Facing.", "Lens.")) == ["IMP002"]


def test_values_that_new_is_given_in_go(tmp_path: Path) -> None:
    text = "package a\n\nfunc f(b *B) (*int, *int) {\n\treturn new(b.Size), new(*b.Max)\n}\n\ntype B struct {\n\tSize int\n\tMax  *int\n}\n"
    assert suspect(tmp_path, "a.go", {"a.go": text, "go.mod": "module x\n"}) == []
    assert suspect_again(tmp_path, "a.go", text.replace("new(*b.Max)", "new(*b.At.Max)")) == []
    assert suspect_again(tmp_path, "a.go", text.replace("*int, *int", "*int, b.Max")) == ["IMP002"]


def test_a_package_in_a_folder_whose_name_has_dots_in_java(tmp_path: Path) -> None:
    files = {"pom.xml": "", "src/main/java/org.shop/Cart.java": "package org.shop;\n\npublic class Cart {\n}\n"}
    test = "package org.shop;\n\npublic class CartTest {\n  int n = Cart.size();\n}\n"
    name = "src/test/java/org/shop/CartTest.java"
    assert suspect(tmp_path, name, {name: test, **files}) == []
    assert suspect_again(tmp_path, name, test.replace("Cart.size", "Basket.size")) == ["IMP002"]


RUST = {
    "mock": "use mockall::mock;\n\nmock! {\n    #[derive(Debug)]\n    pub File {\n        pub fn create(p: u8) -> u8;\n    }\n}\n\nfn f() -> MockFile {\n    MockFile::new()\n}\n",
    "a macro's item": "macro_rules! make {\n    () => {\n        pub struct Made {\n            a: u8,\n        }\n    };\n}\nmake!();\n\nfn f() -> Made {\n    Made { a: 1 }\n}\n",
}  # fmt: skip


RUST_FUNCTION = (
    "use crate::fakes::web_fake;\n\nfn f() {\n    STATEMENT;\n    reset();\n    g::<Fake>();\n}\n\nfn g<T>() {}\n"
)


def test_names_that_a_macro_in_a_function_makes_in_rust(tmp_path: Path) -> None:
    files = {"src/fakes.rs": "", "Cargo.toml": '[package]\nname = "a"\n'}
    made = RUST_FUNCTION.replace("STATEMENT", "web_fake!(Fake, infos)")
    told = RUST_FUNCTION.replace("STATEMENT", "tracing::info!(infos, Fake)")
    assert suspect(tmp_path, "src/lib.rs", {"src/lib.rs": made, **files}) == []
    assert suspect_again(tmp_path, "src/lib.rs", told) == ["IMP002", "IMP002"]


@pytest.mark.parametrize("text", RUST.values(), ids=RUST)
def test_items_that_macros_make_in_rust(tmp_path: Path, text: str) -> None:
    assert suspect(tmp_path, "src/lib.rs", {"src/lib.rs": text, "Cargo.toml": '[package]\nname = "a"\n'}) == []


def test_variants_of_an_enum_that_a_glob_brings_in_rust(tmp_path: Path) -> None:
    text = "use crate::error::Kind::*;\n\nfn f() -> crate::error::Kind {\n    Odd { at: 1 }\n}\n"
    files = {"src/error.rs": "pub enum Kind {\n    Odd { at: u8 },\n}\n", "Cargo.toml": '[package]\nname = "a"\n'}
    assert suspect(tmp_path, "src/lib.rs", {"src/lib.rs": text, **files}) == []
