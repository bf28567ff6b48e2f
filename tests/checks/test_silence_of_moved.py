"""What a file lost and still names may come from elsewhere: a base class, an import, a sourced or a moved file."""

from __future__ import annotations

from pathlib import Path

import pytest

from aicheck_checks.engine import check
from aicheck_checks.source import Source
from aicheck_checks.surroundings import Surroundings

ENDS = {
    "java": ".java", "kotlin": ".kt", "csharp": ".cs", "ruby": ".rb", "scala": ".scala", "dart": ".dart", "swift": ".swift",
    "python": ".py", "elixir": ".ex", "rust": ".rs", "cpp": ".cpp", "c": ".c", "bash": ".sh", "javascript": ".js",
}  # fmt: skip
JAVA = "class A {\n  int f() {\n    return sum(1);\n  }\n%s}\n"
KOTLIN = "class A {\n    fun f(): Int {\n        return sum(1)\n    }\n%s}\n"
PYTHON = "class A:\n    def f(self):\n        return self.sum(1)\n%s"
ELSEWHERE = [
    ("java", JAVA, "\n  int sum(int x) {\n    return x;\n  }\n", "class A {", "class A extends Lib {"),
    ("java", JAVA, "\n  private int sum(int x) {\n    return x;\n  }\n", "class A {", "class A extends org.lib.Lib<A> implements B {"),
    ("java", JAVA, "\n  private int sum(int x) {\n    return x;\n  }\n", "class A", "import static org.lib.Lib.*;\n\nclass A"),
    ("java", JAVA.replace("sum(1)", "getSum()"), "\n  int getSum() {\n    return 1;\n  }\n", "class A", "@Data\nclass A"),
    ("kotlin", KOTLIN, "\n    private fun sum(x: Int): Int {\n        return x\n    }\n", "class A {", "class A(val x: Int) : Lib(x) {"),
    ("kotlin", KOTLIN, "\n    private fun sum(x: Int): Int {\n        return x\n    }\n", "class A", "import org.lib.*\n\nclass A"),
    ("csharp", JAVA, "\n  int sum(int x) {\n    return x;\n  }\n", "class A {", "class A : Lib {"),
    ("csharp", JAVA, "\n  int sum(int x) {\n    return x;\n  }\n", "class A", "using static Lib.Sums;\n\nclass A"),
    ("ruby", "class A\n  def f\n    sum(1)\n  end\n%send\n", "\n  def sum(x)\n    x\n  end\n", "class A", "class A < SimpleDelegator"),
    ("ruby", "class A\n  def f\n    sum(1)\n  end\n%send\n", "\n  def sum(x)\n    x\n  end\n", "class A", "class A\n  include Sums"),
    ("scala", "class A {\n  def f: Int = sum(1)\n%s}\n", "\n  def sum(x: Int): Int = {\n    x\n  }\n", "class A", "class A extends Lib with Sums"),
    ("dart", JAVA, "\n  int sum(int x) {\n    return x;\n  }\n", "class A", "class A extends Lib"),
    ("swift", "class A {\n  func f() -> Int {\n    return sum(1)\n  }\n%s}\n", "\n  func sum(_ x: Int) -> Int {\n    return x\n  }\n", "class A", "class A: Lib"),
    ("python", PYTHON, "\n    def sum(self, x):\n        return x\n", "class A:", "import lib\n\n\nclass A(lib.Lib):"),
    ("python", PYTHON, "\n    def sum(self, x):\n        return x\n", "class A:\n", "class A:\n    def __getattr__(self, name):\n        return name\n\n"),
    ("elixir", "defmodule A do\n  def f do\n    sum(1)\n  end\n%send\n", "\n  defp sum(x) do\n    x\n  end\n", "defmodule A do", "defmodule A do\n  use Lib\n"),
    ("rust", "fn f() -> i32 {\n    sum(1)\n}\n%s", "\nfn sum(x: i32) -> i32 {\n    x\n}\n", "fn f", "use other::prelude::*;\n\nfn f"),
    ("rust", "fn f() -> i32 {\n    sum(1)\n}\n%s", "\nfn sum(x: i32) -> i32 {\n    x\n}\n", "fn f", "make_sums!(sum);\n\nfn f"),
    ("cpp", "int f() {\n  return clamp(1, 2, 3);\n}\n%s", "\nint clamp(int a, int b, int c) {\n  return a;\n}\n", "int f", "using namespace std;\n\nint f"),
    ("c", "int f(char *a) {\n  return put(a, a, 3);\n}\n%s", "\nint put(char *a, const char *b, int n) {\n  return n;\n}\n", "int f", "#include <lib/put.h>\n\nint f"),
    ("bash", "log start\n%s", 'log() {\n  echo "$1"\n}\n', "log start", ". ./common\nlog start"),
    ("bash", "log start\n%s", 'log() {\n  echo "$1"\n}\n', "log start", ". /lib/lsb/init-functions\nlog start"),
    ("javascript", "function f() {\n  return debounce(1);\n}\n%s", "\nfunction debounce(x) {\n  return x;\n}\n", "function f", "/* global debounce */\nfunction f"),
]  # fmt: skip
GONE = [
    ("java", JAVA, "\n  private int sum(int x) {\n    return x;\n  }\n", "class A", "class A extends Lib", True),
    ("csharp", JAVA, "\n  private int sum(int x) {\n    return x;\n  }\n", "class A", "class A : Lib", True),
    ("python", PYTHON.replace("sum", "_sum"), "\n    def _sum(self, x):\n        return x\n", "class A", "class A(Lib)", True),
    ("java", JAVA, "\n  int sum(int x) {\n    return x;\n  }\n", "class A", "class A extends Own", False),
    ("elixir", "defmodule A do\n  use Lib\n\n  def f do\n    sum(1)\n  end\n%send\n", "\n  defp sum(x) do\n    x\n  end\n", "f do", "f  do", False),
]  # fmt: skip


def suspect(language: str, text: str, previous: str, folder: Path) -> list[str]:
    (folder / ".git").mkdir(exist_ok=True)
    end = ENDS[language]
    (folder / f"other{end}").write_text("class Own {\n}\n" if language == "java" else "\n")
    path = str(folder / f"a{end}")
    source = Source(text, path=path, previous=previous, surroundings=Surroundings(str(folder)))
    return [f.code for f in check(source).findings if f.suspect]


@pytest.mark.parametrize(("language", "frame", "lost", "old", "new"), ELSEWHERE)
def test_a_name_that_may_come_from_elsewhere(
    language: str, frame: str, lost: str, old: str, new: str, tmp_path: Path
) -> None:
    now, before = frame % "", frame % lost
    assert old in now
    assert suspect(language, now, before, tmp_path) != []
    assert suspect(language, now.replace(old, new, 1), before, tmp_path) == []


@pytest.mark.parametrize(("language", "frame", "lost", "old", "new", "both"), GONE)
def test_a_name_that_can_not(
    language: str, frame: str, lost: str, old: str, new: str, both: bool, tmp_path: Path
) -> None:
    """A private member can't come from a base that was there, nor any from a class of the project that has none."""
    now, before = (frame % "").replace(old, new, 1), frame % lost
    assert suspect(language, now, before.replace(old, new, 1) if both else before, tmp_path) != []


def test_a_method_moved_to_a_mixin_with_another_signature(tmp_path: Path) -> None:
    (tmp_path / "mixin.py").write_text("class Mixin:\n    def sum(self, x, y=1):\n        return x\n")
    lost = "\n    def sum(self, x):\n        return x\n"
    now = PYTHON.replace("class A:", "from mixin import Mixin\n\n\nclass A(Mixin):") % ""
    assert suspect("python", now, PYTHON % lost, tmp_path) == []


def test_what_moved_to_a_file_of_the_same_name(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other/a.java").write_text("class A {\n  static int sum(int x) {\n    return x;\n  }\n}\n")
    lost = "\n  int sum(int x) {\n    return x;\n  }\n"
    assert suspect("java", JAVA % "", JAVA % lost, tmp_path) == []


def test_a_function_that_the_c_library_has(tmp_path: Path) -> None:
    now = "#include <string.h>\n\nint f(char *a) {\n  return strlcpy(a, a, 3);\n}\n"
    lost = "\nint strlcpy(char *a, const char *b, int n) {\n  return n;\n}\n"
    assert suspect("c", now, now + lost, tmp_path) == []
    assert suspect("c", now.replace("strlcpy", "put"), (now + lost).replace("strlcpy", "put"), tmp_path) != []
