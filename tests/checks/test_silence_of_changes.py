"""Changes that people made and that are no damage: each was called suspect once."""

from __future__ import annotations

from pathlib import Path

from aicheck_app.checking import load
from aicheck_app.files import Target
from aicheck_checks.engine import check
from aicheck_checks.settings import DEFAULT
from aicheck_checks.source import Source
from aicheck_checks.surroundings import Disk, Surroundings


def suspect(source: Source) -> list[str]:
    return [f"{f.code} {f.message}" for f in check(source).findings if f.suspect]


def test_a_wildcard_in_place_of_imports() -> None:
    body = "\n\nclass A {\n    Object a = Arrays.asList(1);\n}\n"
    before = "package a;\n\nimport java.util.Arrays;" + body
    assert suspect(Source("package a;\n\nimport java.util.*;" + body, path="A.java", previous=before)) == []


def test_an_import_that_is_still_there() -> None:
    """What a module inside takes from the one round it is no dropped import, though the text changed elsewhere."""
    text = "use crate::error::*;\nuse crate::input::Reader;\n\nfn a() -> u8 {\n    1\n}\n\nmod tests {\n    use super::*;\n\n    fn b() {\n        Reader::new(Reader);\n    }\n}\n"
    assert suspect(Source(text, path="a.rs", previous=text.replace("1", "2"))) == []


def test_a_package_of_which_another_module_has_the_rest(tmp_path: Path) -> None:
    folder = tmp_path / "src/test"
    folder.mkdir(parents=True)
    (folder / "Other.kt").write_text("package a.test\n\nimport a.test.Platform\n\nval x = Platform.JVM\n")
    text = "package a.test\n\nval current: Platform = Platform.JVM\n"
    assert suspect(Source(text, path="Current.kt", surroundings=Surroundings(str(folder)))) == []


def test_names_in_what_tests_read() -> None:
    before, now = "x = 1\n", "x = 1\nmatch something:\n    case Point():\n        pass\n"
    assert suspect(Source(now, path="tests/data/a.py", previous=before)) == []
    assert suspect(Source(now, path="shop/a.py", previous=before)) != []


def test_a_file_that_was_in_another_encoding_all_along(tmp_path: Path) -> None:
    file = tmp_path / "a.cs"
    before, now = "// \xa9 2008\nclass A {}\n".encode("cp1252"), "// \xa9 2009\nclass A {}\n".encode("cp1252")
    file.write_bytes(now)
    unread = load(Target(str(file), previous=before), DEFAULT, Disk())
    assert unread == "not text in a known encoding (UTF-8, or what it declares at its beginning)"
    known = load(Target(str(file), previous="// \xa9 2009\nclass A {}\n".encode()), DEFAULT, Disk())
    assert isinstance(known, Source)
    assert suspect(known)[0].startswith("COR009 letters of the version before were lost")


def test_what_was_moved_to_a_file_beside_is_not_lost(tmp_path: Path) -> None:
    """A method that went up to a class of another module, a class that its module brings back, a package of Go in two files."""
    (tmp_path / ".git").mkdir()
    method = "    def reconnect_on_error(self):\n        return self.connect(3)\n\n"
    head, rest = "class Redis(Base):\n", "    def run(self):\n        self.reconnect_on_error()\n        return 1\n"
    files = {"base.py": f"class Base:\n{method}", "redis.py": f"from base import Base\n\n\n{head}{rest}"}
    go = "package a\n\ntype C struct{}\n\nfunc (c *C) get() bool {\n\treturn c.expired(1)\n}\n"
    lost = "\nfunc (c *C) expired(n int) bool {\n\treturn n > 0\n}\n"
    files |= {"cache.go": go, "sweep.go": f"package a\n{lost}", "go.mod": "module a\n"}
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    before = {"redis.py": f"from base import Base\n\n\n{head}{method}{rest}", "cache.go": go + lost}
    for name, previous in before.items():
        around = Surroundings(str(tmp_path))
        source = Source(files[name], path=str(tmp_path / name), previous=previous, surroundings=around)
        assert [f.code for f in check(source).findings if f.suspect] == [], name
    (tmp_path / "sweep.go").write_text("package a\n")
    around = Surroundings(str(tmp_path))
    source = Source(go, path=str(tmp_path / "cache.go"), previous=go + lost, surroundings=around)
    assert [f.code for f in check(source).findings if f.suspect] != []
