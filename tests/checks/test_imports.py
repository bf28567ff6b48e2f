"""Names without their import in Java and Rust, with and without the files round them."""

from __future__ import annotations

from pathlib import Path

import pytest

from aicheck_checks.engine import check
from aicheck_checks.source import Source
from aicheck_checks.surroundings import Surroundings


@pytest.fixture(autouse=True)
def repository(tmp_path: Path) -> None:
    """What stands above the test's folder, such as a build file left in the system's temporary one, is none of its project."""
    (tmp_path / ".git").mkdir()


def found(text: str, path: str, folder: Path | None = None) -> list[str]:
    result = check(Source(text, path=path, surroundings=Surroundings(str(folder)) if folder else None))
    return [f.message for f in result.findings if f.suspect]


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("fn f(m: HashMap<u8, u8>) -> usize {\n    m.len()\n}\n", "use std::collections::HashMap;"),
        ("fn f() {\n    mem::drop(1);\n}\n", "use std::mem;"),
        ("fn f() {\n    assert_eq!(Arc::new(1), g());\n}\nfn g() -> u8 {\n    1\n}\n", "use std::sync::Arc;"),
        ("#[derive(Clone, Serialize)]\nstruct A;\n", "'Serialize' is used but nothing"),
        ("fn f() -> u8 {\n    helper_of_mine(1)\n}\n", "'helper_of_mine' is used but nothing"),
        ("mod a {\n    use std::rc::Rc;\n    pub type T = Rc<u8>;\n}\nfn f(x: Rc<u8>) {}\n", "use std::rc::Rc;"),
    ],
    ids=["type", "module", "macro", "derive", "function", "other module"],
)
def test_rust_names_out_of_scope_are_found(text: str, missing: str) -> None:
    (message,) = found(text, "a.rs")
    assert missing in message


@pytest.mark.parametrize(
    "text",
    [
        "use std::collections::{self, HashMap as M};\nfn f(a: M<u8, u8>, b: collections::BTreeMap<u8, u8>) {}\n",
        "use rayon::prelude::*;\nfn f(m: HashMap<u8, u8>) {}\n",
        "struct A<T>(T);\nimpl<T> A<T> {\n    fn new(t: T) -> Self {\n        A(t)\n    }\n}\n",
        "enum E {\n    X,\n}\nuse self::E::*;\nmod tests {\n    use super::*;\n    fn t(e: E) {}\n}\n",
        "bitflags! {\n    struct Flags: u8 {\n        const A = 1;\n    }\n}\nfn f(x: Flags) {}\n",
        "use derive_builder::Builder;\n#[derive(Builder)]\nstruct Car;\nfn f() -> CarBuilder {\n    todo!()\n}\n",
        "fn f() -> serde_json::Value {\n    serde_json::json!(1)\n}\n",
        'include!("gen.rs");\nfn f(x: Generated) {}\n',
    ],
    ids=["use trees", "glob", "generics", "inline module", "item macro", "derived", "crate path", "include"],
)
def test_rust_names_that_something_may_bring_are_left_alone(text: str) -> None:
    assert found(text, "a.rs") == []


def test_a_glob_of_the_same_crate_brings_what_its_file_has(tmp_path: Path) -> None:
    (tmp_path / "lib.rs").write_text("pub mod a;\npub struct Shared;\n")
    text = "use super::*;\nfn f(x: Shared, y: HashMap<u8, u8>) {}\n"
    assert found(text, "a.rs", tmp_path) == [
        "'HashMap' is used but never imported: 'use std::collections::HashMap;' is missing"
    ]


def java(folder: Path, name: str, text: str) -> list[str]:
    return found(text, name, folder)


def test_java_types_are_looked_for_in_the_package_and_its_source_sets(tmp_path: Path) -> None:
    main, test = (tmp_path / f"src/{kind}/java/com/shop" for kind in ("main", "test"))
    for folder in (main, test):
        folder.mkdir(parents=True)
    (main / "Cart.java").write_text("package com.shop;\n\nimport com.lib.Price;\n\nclass Cart {}\nclass Helper {}\n")
    good = "package com.shop;\n\nclass A {\n    Cart cart;\n    Helper helper;\n    String name;\n    R.layout x;\n}\n"
    assert java(test, "A.java", good) == []
    bad = "package com.shop;\n\nclass A {\n    Price price;\n    Basket basket;\n    List<String> names;\n}\n"
    assert java(test, "A.java", bad) == [
        "'Price' is used but never imported: 'import com.lib.Price;' is missing",
        "'Basket' is used but nothing defines or imports it",
        "'List' is used but never imported: 'import java.util.List;' is missing",
    ]


def test_java_names_that_a_supertype_or_a_wildcard_may_bring_are_left_alone(tmp_path: Path) -> None:
    folder = tmp_path / "com/shop"
    folder.mkdir(parents=True)
    inherits = "package com.shop;\n\nimport com.lib.Base;\n\nclass A extends Base {\n    Builder builder;\n}\n"
    wildcard = "package com.shop;\n\nimport com.lib.*;\n\nclass A {\n    Builder builder;\n}\n"
    elsewhere = "package com.other;\n\nclass A {\n    Builder builder;\n}\n"
    for text in (inherits, wildcard, elsewhere):
        assert java(folder, "A.java", text) == []


def test_java_of_a_project_too_large_to_be_walked_is_not_judged_by_a_part_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "src/main/java/shop"
    folder.mkdir(parents=True)
    (tmp_path / "pom.xml").write_text("<project></project>")
    bad = "package shop;\n\nclass A {\n    Basket basket;\n}\n"
    assert java(folder, "A.java", bad) == ["'Basket' is used but nothing defines or imports it"]
    monkeypatch.setattr("aicheck_checks.surroundings.java._MAX_FOLDERS", 3)
    assert java(folder, "A.java", bad) == []


def test_java_without_its_package_only_well_known_classes_are_judged() -> None:
    text = "package a.b;\n\nclass A {\n    Basket basket;\n    ArrayList<String> names;\n    Logger log;\n}\n"
    assert found(text, "A.java") == ["'ArrayList' is used but never imported: 'import java.util.ArrayList;' is missing"]


PHP = "<?php\n\nnamespace Shop\\Cart;\n\nuse Lib\\{Price, Tax as Vat};\n\nclass A extends Base\n{\n    use Totals;\n"
PHP += "    public function f(Price $p, ?Vat $v): DateTime\n    {\n        return new Basket(self::X) instanceof Item;\n    }\n}\n"


def test_php_classes_are_looked_for_in_the_namespaces_folders(tmp_path: Path) -> None:
    assert found(PHP, "A.php") == ["'DateTime' is used but never imported: 'use DateTime;' is missing"]
    (tmp_path / "composer.json").write_text('{"autoload": {"psr-4": {"Shop\\\\": "src/"}}}')
    folder = tmp_path / "src/Cart"
    folder.mkdir(parents=True)
    (folder / "Base.php").write_text("<?php\nnamespace Shop\\Cart;\nclass Base {}\ntrait Totals {}\n")
    messages = found(PHP, "A.php", folder)
    assert [message.split("'")[1] for message in messages] == ["DateTime", "Basket", "Item"]
    assert found(PHP.replace("namespace Shop\\Cart;", ""), "A.php", folder) == []


def test_kotlin_types_that_the_files_beside_import_are_missed(tmp_path: Path) -> None:
    folder = tmp_path / "com/shop"
    folder.mkdir(parents=True)
    (folder / "Cart.kt").write_text("package com.shop\n\nimport com.lib.Price\nimport java.util.List\n\nclass Cart\n")
    text = "package com.shop\n\nclass A(val price: Price, val cart: Cart, val names: List<String>, val other: Basket)\n"
    assert java(folder, "A.kt", text) == ["'Price' is used but never imported: 'import com.lib.Price' is missing"]
    assert java(folder, "A.kt", text.replace("class", "import com.lib.Price\n\nclass", 1)) == []


def test_a_supertype_of_the_same_name_elsewhere_is_not_at_hand(tmp_path: Path) -> None:
    """Which of the two is meant can't be told by the name alone, so nothing is said of what it may bring."""
    folder = tmp_path / "src/main/java/shop"
    folder.mkdir(parents=True)
    (tmp_path / "pom.xml").write_text("<project></project>")
    (folder / "Base.java").write_text("package shop;\n\ninterface Base extends shop.api.Base {\n}\n")
    text = "package shop;\n\nclass A implements Base {\n    Mode mode;\n}\n"
    result = check(Source(text, path="A.java", surroundings=Surroundings(str(folder))))
    assert result.findings == ()
    (folder / "Base.java").write_text("package shop;\n\ninterface Base {\n}\n")
    result = check(Source(text, path="A.java", surroundings=Surroundings(str(folder))))
    assert [f.code for f in result.findings] == ["IMP002"]
