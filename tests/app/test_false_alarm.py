"""``aicheck report --false-alarm``: the smallest text that brings a finding, with nobody's words in it."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from time import process_time

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

from aicheck_app import hashing
from aicheck_app.cli.group import aicheck
from aicheck_app.config import Config
from aicheck_app.log import records
from aicheck_app.log.store import Log
from aicheck_app.observe import observe
from aicheck_app.origin import Origin, Output
from aicheck_app.reduction import smallest as bounds
from aicheck_app.reduction.case import Case
from aicheck_app.reduction.fewest import fewest
from aicheck_app.reduction.nameless import nameless, own_words
from aicheck_app.reduction.question import Question
from aicheck_app.reduction.smallest import smallest
from aicheck_checks.isolation import check_isolated
from aicheck_checks.registry import BY_CODE
from aicheck_checks.settings import Settings
from aicheck_checks.tools.ruff_server import RuffServer

ROOT = Path(__file__).parents[2]
PRIVATE = ("acme", "invoice", "ledger", "4711", "Miller", "hunter")
TEXT = '''"""Acme's invoices, for Miller."""
import decimal


class AcmeLedger:
    """What customer 4711 owes."""

    def invoice_total(self, invoices):
        # Miller wants cents here
        total = decimal.Decimal(0)
        for invoice in invoices:
            total += invoice.acme_amount * 4711
        return total

    def acme_rows(self, ledger):
        rows = ledger_rows(ledger, "hunter Miller", 4711)
        return [row for row in rows if row.invoice]
'''
KEY = "ghp_1VtJ8xK3mQ9wRz5yB7nD2cF6hL0pS4gA8eU3"
"""Made up; in the form of a token."""


@pytest.fixture(autouse=True)
def time_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """The number of tries is the bound, also where the machine is busy."""
    monkeypatch.setattr(bounds, "SECONDS", 600.0)
    monkeypatch.setattr(bounds, "NAMING_SECONDS", 600.0)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    place = tmp_path / "work"
    place.mkdir()
    monkeypatch.chdir(place)
    (place / "billing.py").write_text(TEXT)
    return place


def report(*arguments: str, said: str | None = None) -> Result:
    return CliRunner().invoke(aicheck, ["report", *arguments], input=said, standalone_mode=False)


def error(*arguments: str) -> str:
    return str(report(*arguments).exception)


def without_versions(text: str) -> str:
    return re.sub(r"### Versions\n\n(?:- .*\n)+", "### Versions\n", text)


WRITTEN = """### Finding

IMP002 undefined-name (error, medium confidence) on line 3, column 17: 'name4' is used but nothing defines or imports it

### Smallest text that brings it

Checked as a file `example.py` (python).

```python
class Name1:
    def name2():
        name3 = name4()
        return
```

### Settings that matter

none: it is found with the defaults

### Versions

### Why the text is right

(Please say it here: what the code does, and where the name, the module or the syntax comes from.)
"""


def test_it_is_shown_and_written(folder: Path) -> None:
    done = report("--false-alarm", "billing.py:16", "--yes")
    assert done.exception is None
    assert without_versions(done.stdout) == WRITTEN
    assert (folder / "false-alarm-IMP002.md").read_text() == done.stdout
    versions = re.search(r"### Versions\n\n((?:- .*\n)+)", done.stdout)
    assert versions is not None
    assert [line.split()[1] for line in versions[1].splitlines()] == [
        "aicheck",
        "Python",
        "ruff",
        "tree-sitter",
        "tree-sitter-python",
    ]


def test_nothing_is_written_where_nobody_says_so(folder: Path) -> None:
    for arguments in ((), ("--preview", "--yes"), ("--preview", "-o", "a.md")):
        done = report("--false-alarm", "billing.py", *arguments)
        assert without_versions(done.stdout) == WRITTEN
        assert [path.name for path in folder.iterdir()] == ["billing.py"]
    done = report("--false-alarm", "billing.py", "-o", "a.md", said="n\n")
    assert "nothing was written" in done.stderr
    assert [path.name for path in folder.iterdir()] == ["billing.py"]
    assert "--yes says yes" in error("--false-alarm", "billing.py", "-o", "a.md")


def test_what_is_left_to_say_is_what_the_form_asks_for_too() -> None:
    form = (ROOT / ".github/ISSUE_TEMPLATE/false-alarm.yml").read_text()
    *_, left = re.findall(r"^### (.*)", WRITTEN, re.MULTILINE)
    assert re.findall(r"^ {6}label: (.*)", form, re.MULTILINE)[:2] == [
        "What `aicheck report --false-alarm` wrote",
        left,
    ]


def logged(path: Path, config: Config, written: str = TEXT) -> str:
    """An output in the log, which wrote the file."""
    output = Output("k" * 30, "Write", written, written, "file", str(path), Origin(agent="a", cwd=str(path.parent)))
    with Log() as log:
        return observe([output], log, config)[0].record.id


def test_an_output_of_the_log_whose_file_is_still_the_same(folder: Path) -> None:
    name = logged(folder / "billing.py", Config())
    assert without_versions(report("--false-alarm", name[:8], "--preview").stdout) == WRITTEN
    (folder / "billing.py").write_text(TEXT + "# more\n")
    assert error("--false-alarm", name) == (
        f"the log keeps no text of {name} (setting 'excerpt'), and billing.py was changed since: if the finding is still there, name "
        "the file ('aicheck report --false-alarm billing.py'); else bring back that version first, from git or your editor's history"
    )
    (folder / "billing.py").unlink()
    assert error("--false-alarm", name) == (
        f"the log keeps no text of {name} (setting 'excerpt'), and billing.py is not below this folder: run this where the agent "
        "worked, or name the file as it is here: 'aicheck report --false-alarm billing.py'"
    )


def test_an_output_whose_text_the_log_keeps(folder: Path) -> None:
    name = logged(folder / "billing.py", Config(excerpt="full"))
    (folder / "billing.py").unlink()
    assert without_versions(report("--false-alarm", f"{name}:16", "--preview").stdout) == WRITTEN


def test_what_was_found_of_it_later_is_a_finding_of_its_file(folder: Path) -> None:
    name = logged(folder / "billing.py", Config(), "x = 1\n")
    found = records.Finding(code="IMP002", line=16, severity="error", confidence="medium", message="m")
    with Log() as log:
        log.append([records.Later(id="1" * 24, target=name, findings=[found], file_sha256=hashing.of_text(TEXT))])
    assert without_versions(report("--false-alarm", name, "--preview").stdout) == WRITTEN


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        (["none.py"], "none.py: no such file, and no id of an output (see 'aicheck log list')"),
        (["billing.py:1"], "no such finding in billing.py: see 'aicheck check FILE', or 'aicheck log show ID'"),
        (["two.py"], "2 findings in two.py: IMP001 on line 1, IMP001 on line 2; say which by its line (:1) or by --finding CODE"),
        (["billing.py", "--since", "7d"], "--false-alarm goes with --finding, --diff, --preview, -o and --yes alone"),
        (["0123456789"], "no record has an id that starts with '0123456789' (see 'aicheck log list')"),
        (["picture.py"], "picture.py is unchecked: binary: contains NUL characters"),
    ],
)  # fmt: skip
def test_what_can_t_be_told_is_said(folder: Path, said: list[str], answer: str) -> None:
    (folder / "two.py").write_text("a = os.sep\nb = sys.path\n")
    (folder / "picture.py").write_bytes(b"a\0" * 99)
    with Log():
        assert error("--false-alarm", *said) == answer


BOTH = """### Finding

TST001 weakened-test (error, high confidence) on line 3, column 6: the test claims less than before: 2 claims are gone, such as 'assert `()'`

### Smallest text that brings it

Checked as a file `test_example.py` (python). Words that are still those of the text: `test_name4`, `assert`.

```python
import name1
def test_name4():
     name1.name3()
```

The version before, which the finding needs:

```python
import name1
def test_name4():
    assert name1.name3() == 5
    assert ()
```

"""


def test_a_finding_against_the_version_before_takes_both_along(folder: Path) -> None:
    def git(*words: str) -> None:
        asked = ["git", "-c", "user.name=a", "-c", "user.email=a@b.invalid", *words]
        subprocess.run(asked, cwd=folder, check=True, capture_output=True)

    claims = "    assert acme.total(4711) == 3\n    assert acme.miller() == 4\n"
    kept = "import acme\n\n\ndef test_invoice():\n    assert acme.hunter() == 5\n"
    (folder / "test_billing.py").write_text(kept + claims)
    git("init", "-q")
    git("add", ".")
    git("commit", "-qm", "a")
    (folder / "test_billing.py").write_text(kept)
    done = report("--false-alarm", "test_billing.py", "--diff", "HEAD", "--finding", "TST001", "--preview")
    assert done.exception is None
    assert done.stdout.split("### Settings")[0] == BOTH
    assert error("--false-alarm", "test_billing.py", "--diff", "HEAD~1").startswith("git knows no revision")


def test_what_only_a_setting_brings_says_so(folder: Path) -> None:
    (folder / "slow.py").write_text('def acme(invoices):\n    return "Miller" in invoices.keys()\n')
    done = report("--false-alarm", "slow.py", "--finding", "EFF003", "--preview")
    assert "### Settings that matter\n\n- `quality = true`\n" in done.stdout
    assert not [word for word in PRIVATE if word.lower() in done.stdout.lower()]


def test_a_secret_goes_before_anything_is_shown(folder: Path) -> None:
    (folder / "billing.py").write_text(TEXT.replace("hunter", KEY))
    assert without_versions(report("--false-alarm", "billing.py").stdout) == WRITTEN
    (folder / "keys.py").write_text(f"token = {KEY}\n")
    done = report("--false-alarm", "keys.py")
    assert "```python\nname1 = name2\n```" in done.stdout
    assert KEY not in done.stdout


@given(st.sets(st.integers(0, 60), max_size=6), st.integers(0, 61))
def test_no_piece_is_left_that_is_not_needed(needed: set[int], count: int) -> None:
    pieces = range(max(count, max(needed, default=-1) + 1))
    assert fewest(pieces, lambda kept: needed <= set(kept)) == sorted(needed)


METHODS = [part for part in TEXT.split("\n\n") if part.startswith("    def")]


@settings(max_examples=6, deadline=None)
@given(st.lists(st.sampled_from(METHODS), min_size=1, max_size=6))
def test_the_finding_stays_and_private_words_go(methods: list[str]) -> None:
    text = TEXT.partition("    def")[0] + "\n\n".join([*methods, METHODS[1]]) + "\n"
    case = Case(text, path="acme.py")
    finding = next(one for one in check_isolated([case.source()])[0].findings if one.code == "IMP002")
    small = smallest(case, finding)
    again = check_isolated([small.case.source()])[0].findings
    assert [(one.code, one.severity, one.confidence) for one in again] == [("IMP002", "error", "medium")]
    assert not [word for word in PRIVATE if word.lower() in small.case.text.lower()]
    assert small.case.source().parses


@pytest.mark.parametrize("code", ["TRU004", "ELI001", "COR001", "REF001", "REP002", "TST002", "LOG006", "TRU006"])
def test_the_words_that_are_left_are_named(code: str) -> None:
    bad = BY_CODE[code].bad[0]
    case = Case(bad.text, bad.path, bad.previous, bad.language, bad.kind, Settings(tiers=("instant", "quality")))
    found = next(one for one in check_isolated([case.source()], case.settings)[0].findings if one.code == code)
    small = smallest(case, found)
    assert small.whole
    assert small.own == own_words(small.case)
    assert [one.code for one in check_isolated([small.case.source()], small.case.settings)[0].findings].count(code) == 1
    assert len(small.case.text) <= len(bad.text)


@pytest.mark.parametrize(("bound", "most"), [("TRIES", 5), ("SECONDS", 0.0)])
def test_the_search_ends_and_private_words_go_all_the_same(
    monkeypatch: pytest.MonkeyPatch, bound: str, most: float
) -> None:
    monkeypatch.setattr(bounds, bound, most)
    text = "".join(f"def acme{number}(invoice):\n    return invoice.ledger[{number}]\n\n\n" for number in range(40))
    case = Case(f"{text}acme_rows(4711)\n", path="acme.py")
    small = smallest(case, check_isolated([case.source()])[0].findings[0])
    assert not small.whole
    assert small.tries <= 5 + bounds.NAMING_TRIES
    assert not [word for word in PRIVATE if word.lower() in small.case.text.lower()]


@pytest.mark.parametrize(
    "word", ["\u0939\u093f\u0928\u094d\u0926\u0940", "\u0e1c\u0e39\u0e49\u0e43\u0e0a\u0e49", "\u1782\u17d2\u1798\u17c2"]
)
def test_words_whose_letters_bear_marks_go_too(word: str) -> None:
    """They are told where they have to stay, as here the one that the finding is about."""
    case = Case(f"def rows({word}x):\n    return {word}(1)\n", path="acme.py")
    finding = next(one for one in check_isolated([case.source()])[0].findings if one.code == "COR001")
    assert own_words(case) == ["rows", f"{word}x", word]
    small = smallest(case, finding)
    assert [one for one in small.case.text if not one.isascii() and one not in "".join(small.own)] == []


def test_the_time_for_renaming_is_kept_to_for_many_words() -> None:
    """Of a text that could not be made smaller: each try costs about as much as the text is long."""

    class Slow(Question):
        def holds(self, case: Case, *, on_line: bool = False, name: str | None = None) -> bool:
            self.tries += 1
            return False

    case = Case(f"rows = [{', '.join(f'acme{number}x' for number in range(20_000))}]\n", language="python")
    begun = process_time()
    assert nameless(case, "", Slow(RuffServer(), 3, 600.0)) == (case, "")
    assert process_time() - begun < 8
