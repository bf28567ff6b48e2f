"""What gets into the log, and out of it: no secrets, no home folders, nothing to guess at."""

from __future__ import annotations

import hmac
import json
import random
import stat
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from aicheck_app.attribution.logged import Logged, hashes
from aicheck_app.cli.group import aicheck
from aicheck_app.config import Config, parse
from aicheck_app.log.chain import canonical, identity, link
from aicheck_app.log.fields import NAME, cleaned, name
from aicheck_app.log.paths import shown, without_home
from aicheck_app.log.store import Log
from aicheck_app.observe import observe
from aicheck_app.origin import Origin
from aicheck_app.redaction import leaks
from tests.app.test_log import old_log, record
from tests.app.test_log_pruning import by_example
from tests.app.test_redaction import kinds
from tests.security.outputs import CUT, output

KEY = "sk-ant-api03-" + "Qx7vT2mK9pLw4RzY8bNc" * 4
TOKEN = "ghp_" + "aB3dE5gH7jK9mN1pQ3sT5vX7zA9cD1fG3hJ5"
HALF = "\ud83d"
NAMES = [
    f for f in Origin._fields if f not in ("turn", "tokens", "first_token", "side_chain", "time", "cwd", "attribution")
]


def run(*arguments: str) -> str:
    done = CliRunner().invoke(aicheck, list(arguments), standalone_mode=False)
    assert done.exception is None, done.exception
    return done.output


def stored(home: Path) -> bytes:
    return b"".join(file.read_bytes() for file in sorted(home.iterdir()) if file.name != "log.key")


@pytest.mark.parametrize("secret", [KEY, TOKEN])
def test_no_field_of_an_origin_carries_a_secret_in(home: Path, secret: str) -> None:
    origin = {name: f"{name} {secret}" for name in NAMES}
    with Log() as log:
        observe(
            [
                output(time=f"{secret}", **{**origin, "agent": f"x {secret}"})._replace(
                    tool=f"Write {secret}", language=secret
                )
            ],
            log,
            Config(),
        )
        log.take([{
            "id": "session", "kind": "session", "session": secret, "calls": {f"mcp__{secret}": 3, f"mcp__{secret} ": 1}, "events": {secret: 1},
            "failed": {secret: 2}, "context": {"nested": {secret: [secret]}}, "reason": f"error: {secret}", "surprise": [secret],
        }])  # fmt: skip
        log.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert secret.encode() not in stored(home)
    for arguments in (["list"], ["list", "--format", "json"], ["stats"], ["show", "session"], ["export"]):
        assert secret not in run("log", *arguments)
    for form in ("markdown", "html", "json", "sarif", "csv"):
        assert secret not in run("report", "--format", form)


@pytest.mark.parametrize("kind", kinds(random.Random(3)))
def test_names_that_are_looked_at_together_are_as_clean_as_alone(kind: str) -> None:
    secret = kinds(random.Random(3))[kind]
    record = {
        "id": "1",
        "kind": "output",
        "model": secret,
        "session": "s1",
        "request": f"x {secret}",
        "tool": "Write",
        "path": secret,
    }
    around = {"id": "2", "kind": "output", "model": "m", "message": "msg_1"}
    for records in ([record], [around, record, around], [{**record, "model": "-----BEGIN PRIVATE KEY-----"}, record]):
        for kept in cleaned(records):
            alone = {key: name(value) for key, value in record.items() if key in ("session", "request", "tool")}
            assert kept["id"] == "2" or {key: kept[key] for key in alone} == alone


def test_fields_have_a_bounded_length(home: Path) -> None:
    with Log() as log:
        observe([output(model="m " * 100_000)], log, Config())
        log.take([{"id": "m", "kind": "mark", "target": "t" * 9_999, "reason": "why " * 100_000}])
        first, second = log.bodies()
    assert len(first["model"]) == NAME
    assert len(second["target"]) == NAME
    assert len(second["reason"]) == 2_000


@given(
    st.dictionaries(
        st.text(),
        st.recursive(
            st.text() | st.integers() | st.booleans(),
            lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
            max_leaves=8,
        ),
        max_size=5,
    )
)
def test_cleaning_twice_is_cleaning_once(record: dict[str, Any]) -> None:
    once = cleaned([record])
    assert cleaned(once) == once


# Lone surrogates

ANY = st.text(st.characters(codec=None), max_size=12) | st.sampled_from(
    [HALF, f"a{HALF}b", "\ude00\ud83d", f"{HALF}\ude00", "\\ud83d"]
)
NESTED = st.recursive(
    ANY | st.integers(-(2**63) + 1, 2**63 - 1) | st.booleans(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ANY, inner, max_size=3), max_leaves=10,
)  # fmt: skip


def paired(value: Any) -> Any:
    """With surrogates that make up a character as that character, as any reader of JSON has them."""
    return json.loads(json.dumps(value))


@given(st.dictionaries(ANY, NESTED, max_size=4))
def test_any_record_has_one_form_that_utf8_can_hold(record: dict[str, Any]) -> None:
    body = canonical(record)
    assert json.loads(body.encode("utf-8")) == paired(record)
    assert canonical(json.loads(body)) == body
    assert len(link(bytes(32), body.encode())) == 32


def test_records_with_lone_surrogates_are_kept_told_and_verified(home: Path) -> None:
    odd = output("k", f"{CUT}  // {HALF}", f"/work/{HALF}.js", model=HALF, session=f"s{HALF}", message=HALF)
    with Log() as log:
        (observed,) = observe([odd], log, Config(excerpt="full"))
        result, new = observed.result, observed.new
        assert (result.verdict, new) == ("suspect", True)
        log.take([{"id": "m", "kind": "mark", "target": "x", "mark": "kept", "reason": HALF}])
        kept = next(log.bodies("session = ?", (f"s{HALF}",)))
        assert HALF in kept["text"]
        assert list(log.rows("SELECT json_extract(body, '$.reason') FROM records WHERE kind = 'mark'")) == [(HALF,)]
        assert log.verify() == (2, [])
    assert by_example(home)[0] == 0
    for arguments in (["list"], ["list", "--format", "json"], ["show", kept["id"]], ["stats"], ["export"]):
        run("log", *arguments).encode()
    for form in ("markdown", "html", "json", "sarif", "csv"):
        run("report", "--format", form).encode()


# Paths

OUTSIDE = [
    "../../home/alice/x.py", "/home/alice/x.py", "~/x.py", "~alice/x.py", r"C:\Users\alice\x.py", r"c:\users\alice\x.py", "C:/Users/alice/x.py",
    r"\\server\share\alice\x.py", "//server/share/alice/x.py", "file:///home/alice/x.py", "file://localhost/home/alice/x.py", "file:///C:/Users/alice/x.py",
    "file:///c%3A/Users/alice/x.py", "vscode-remote://ssh-remote+box/home/alice/x.py", "vscode-remote://wsl%2Bubuntu/home/alice/x.py", "/mnt/c/Users/alice/x.py",
    "%2Fhome%2Falice%2Fx.py", "%252Fhome%252Falice%252Fx.py", "%2e%2e/%2e%2e/home/alice/x.py", r"..\../home\alice/x.py", "project/../../home/alice/x.py",
    "./../../../home/alice/x.py", r"\\?\C:\Users\alice\x.py", r"\\wsl$\Ubuntu\home\alice\x.py", "/var/home/alice/x.py", "/c/Users/alice/x.py", "/System/Volumes/Data/Users/alice/x.py",
    "a/b/../../../../home/alice/x.py", "FILE:///home/alice/x.py", "/home/alice//x.py", "/home/./alice/x.py", "/home/bob/../alice/x.py", "untitled:/home/alice/x.py",
]  # fmt: skip


@pytest.mark.parametrize("cwd", ["/srv/project", "", "/home/alice/project", r"C:\work", "relative"])
@pytest.mark.parametrize("path", OUTSIDE)
def test_of_a_path_outside_the_project_the_name_alone_is_kept(home: Path, path: str, cwd: str) -> None:
    with Log() as log:
        observe([output(path=path, cwd=cwd)], log, Config())
        (record,) = log.bodies()
    assert record["path"] == "x.py"
    assert b"alice" not in canonical(record).encode()


@pytest.mark.parametrize(
    ("path", "cwd", "kept"),
    [
        ("/home/alice/p/src/x.py", "/home/alice/p", "src/x.py"), ("/home/alice/p/x.py", "/home/alice", "p/x.py"),
        ("/home/alice/p/x.py", "/home", "p/x.py"), ("/home/alice/p/x.py", "/", "p/x.py"), ("/home/alice/p/x.py", "/home/", "p/x.py"),
        (r"c:\Users\alice\p\x.py", r"C:\Users\alice\p", "x.py"), (r"C:\Users\alice\p\x.py", "C:\\", "p/x.py"),
        ("file:///home/alice/p/a%20b.py", "/home/alice/p", "a%20b.py"), ("/srv/app/home/index/x.tsx", "/srv/app", "home/index/x.tsx"),
        ("src/home/Page.tsx", "/srv/app", "src/home/Page.tsx"), ("src/users/model/x.rb", "", "src/users/model/x.rb"),
        ("./src/../src/x.py", "/srv/app", "src/x.py"), ("/home/alice", "/srv", "~"), ("/srv/app/100%.py", "/srv/app", "100%.py"), ("", "/srv", ""),
    ],
)  # fmt: skip
def test_below_the_project_a_path_is_relative(path: str, cwd: str, kept: str) -> None:
    assert (shown(path, cwd) if path else "") == kept


def test_no_text_of_a_record_names_a_home(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [
        "can't read /home/alice/p/x.py: gone", r"in C:\Users\alice\x.py", r"C:\\Users\\alice\\x", "file:///Users/alice/x", "x=/home/alice:/home/alice/bin",
        "vscode-remote://ssh-remote+box/home/alice/x", "%2Fhome%2Falice%2Fx", "/mnt/c/Users/alice/x", r"\\wsl$\Ubuntu\home\alice\x", "/var/home/alice",
        "'/home/alice'", "//wsl.localhost/Ubuntu/home/alice/x", "sftp://alice@host/home/alice/x",
    ]  # fmt: skip
    with Log() as log:
        log.take(
            [{"id": f"{n}", "kind": "event", "reason": t, "model": t, "events": {t: 1}} for n, t in enumerate(texts)]
        )
        log.take(
            [{"id": "f", "kind": "output", "findings": [{"code": "X", "message": t, "excerpt": t} for t in texts]}]
        )
        log.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert b"alice" not in stored(home)
    for plain in (
        "import '../home/Page'",
        "app/home/x.tsx",
        "https://example.com/home/x",
        "GET /users/5",
        "self.home/2",
        "/homes/x",
    ):
        assert without_home(plain) == plain


# Line hashes and the key

SECRETS = 'db = connect("shop")\npassword = "hunter2hunter2"\npin = 1234\nx = 1\nreturn\ntoken = "tok-Qx7vT2mK9pLw"\n'


def line_hash(log: Log, line: str) -> str:
    return log.keyed(line)[:8]


def test_no_hash_is_kept_of_what_is_secret_or_soon_guessed(home: Path) -> None:
    with Log() as log:
        kept = hashes(SECRETS, log)
        assert kept == line_hash(log, 'db = connect("shop")')


def test_the_key_lies_outside_the_log(home: Path) -> None:
    with Log() as log:
        log.take([{"id": "a", "kind": "event"}])
        name = log.keyed("x")
    key = (home / "log.key").read_bytes()
    assert stat.S_IMODE((home / "log.key").stat().st_mode) == 0o600
    assert name == hmac.digest(key, b"x", "sha256").hex()[:12]
    assert key not in stored(home)
    (home / "log.key").unlink()
    with Log() as log:
        assert log.keyed("x") != name
    assert (home / "log.key").exists()


@pytest.mark.parametrize(
    ("settings", "kept"),
    [
        ({}, True),
        ({"excerpt": "none"}, False),
        ({"line-hashes": False}, False),
        ({"excerpt": "none", "line-hashes": True}, True),
    ],
)
def test_settings_turn_line_hashes_off(home: Path, settings: dict[str, object], kept: bool) -> None:
    code = "function alpha(items) {\n  return items.length\n}\n"
    with Log() as log:
        observe([output(text=code)], log, parse(settings, "test"))
        assert any("line_hashes" in record for record in log.bodies()) is kept
        whole = Logged(log).lines_of("/work/a.js", code)
        assert sorted(whole) == [1, 2, 3, 4], "an unchanged file is known by its own hash"
        assert bool(Logged(log).lines_of("/work/a.js", f"{code}mine = 1\n")) is kept


# What is handed to others


def test_an_export_holds_neither_keys_nor_hashes_of_lines_nor_texts(home: Path, tmp_path: Path) -> None:
    code = "function alpha(items) {\n  return items.length\n}\n"
    with Log() as log:
        observe([output("a", code), output("b", SECRETS, time="2026-04-02T00:00:00.000Z")], log, Config(excerpt="full"))
        log.take([{"id": "e", "kind": "event", "event": "x", "time": "2026-04-03T00:00:00.000Z"}])
        head, hashed = log.head(), [row[0].hex() for row in list(log.rows("SELECT hash FROM records ORDER BY seq"))]
    text = run("log", "export")
    assert text == run("log", "export"), "the same log, the same bytes"
    run("log", "export", "-o", str(tmp_path / "out.jsonl"))
    assert (tmp_path / "out.jsonl").read_text() == text
    first, *lines = map(json.loads, text.splitlines())
    assert (first["version"], first["head"], first["records"]) == (2, head, 3)
    assert first["time"] == "2026-04-03T00:00:00.000Z"
    assert [line["hash"] for line in lines] == hashed
    assert {"line_hashes", "text", "salt", "id", "sha256"} <= set(lines[0]["changed"])
    assert not any({"line_hashes", "text", "salt"} & set(line["record"]) for line in lines)
    assert "hunter2" not in text
    first, later = map(json.loads, run("log", "export", "--since", "2026-04-03").splitlines())
    assert later["previous"] == hashed[1]


def handed_out() -> list[str]:
    return [run("log", "export"), *(run("report", "--format", form) for form in ("markdown", "html", "json", "sarif"))]


def made_of_texts(log: Log) -> set[str]:
    """Ids and hashes that whoever guesses a text or a path could make too."""
    records = list(log.bodies())
    names = ("id", "sha256", "file_sha256", "target", "digest", "ids_digest")
    return {record[name] for record in records for name in names if name in record}


def test_nothing_handed_out_can_be_tested_against_a_guess(home: Path) -> None:
    edit = output("b", SECRETS + CUT)._replace(written="only the new part")
    with Log() as log:
        observe([output("a", f'pw = "sunshine42"\n{CUT}'), edit], log, Config())
        log.take([record(1)])
        log.prune("2026-02-01T00:00:00.000Z", "2026-05-01T00:00:00.000Z")
        (first, _), guessed = list(log.bodies("kind = 'output'")), made_of_texts(log)
    run("log", "dismiss", first["id"], "--reason", "no")
    guessed |= {identity("claude-code", "a")}
    for text in handed_out():
        assert [each for each in guessed if each in text] == []
    chained = {line.get("hash") for line in map(json.loads, run("log", "export").splitlines())}
    with Log() as log:
        bodies = list(log.rows("SELECT body, hash FROM records ORDER BY seq"))
        pruned = list(log.rows("SELECT hash FROM pruned"))
    assert not chained & {row[0].hex() for row in pruned}
    for body, stored in bodies:
        assert stored.hex() in chained
        assert len(bytes.fromhex(json.loads(body)["salt"])) == 16


def test_hashes_of_records_without_a_salt_are_not_handed_out(home: Path) -> None:
    bodies = [canonical({"id": f"r{n}", "kind": "output", "verdict": "clean"}) for n in range(2)]
    old_log(home, 2, *bodies)
    first = link(bytes(32), bodies[0].encode())
    second = link(first, bodies[1].encode())
    for text in handed_out():
        assert first.hex() not in text
        assert second.hex() not in text
    with Log() as log:
        log.take([record(3)])
        head = log.head()
    text = run("log", "export")
    assert second.hex() not in text
    assert json.loads(text.splitlines()[0])["head"] == head


@pytest.mark.parametrize("command", ["show", "confirm"])
def test_a_record_is_found_by_the_id_that_was_handed_out(home: Path, command: str) -> None:
    with Log() as log:
        observe([output("a"), output("b")], log, Config())
        first, second = log.bodies()
    lines = [json.loads(line)["record"] for line in run("log", "export").splitlines()[1:]]
    suspects = json.loads(run("report", "--format", "json"))["suspects"]
    assert {line["id"] for line in lines} == {suspect["id"] for suspect in suspects}
    assert first["id"] in run("log", command, lines[0]["id"])
    assert second["id"] in run("log", command, lines[1]["id"][:12])


def test_salts_are_fresh_and_are_not_shown(home: Path) -> None:
    with Log() as log:
        one, two = record(1, verdict="clean"), record(2, verdict="clean")
        log.take([one, {**two, "salt": "00"}])
        assert list(log.bodies()) == [one, two]
        salts = [json.loads(body)["salt"] for (body,) in list(log.rows("SELECT body FROM records"))]
    assert len({*salts, "00"}) == 3
    for arguments in (["list"], ["list", "--format", "json"], ["show", "r1"], ["export"]):
        assert not [salt for salt in salts if salt in run("log", *arguments)]


# An old log may hold what is now taken out


@pytest.fixture
def old(home: Path) -> None:
    found = {
        "code": "TRU001",
        "message": f"cut off at {KEY}",
        "line": 1,
        "column": 1,
        "severity": "error",
        "confidence": "high",
        "excerpt": f"x = {KEY}",
    }
    given = {
        "kind": "output",
        "verdict": "suspect",
        "agent": f"a {TOKEN}",
        "agent_version": "1",
        "language": "go",
        "time": "2026-01-01T00:00:00.000Z",
        "sha256": "0" * 64,
    }
    bodies: list[dict[str, object]] = [
        {"id": "aaaa", **given, "model": KEY, "session": KEY, "path": f"{TOKEN}/x.go", "line_hashes": "0" * 16, "findings": [found]},
        {"id": "bbbb", **given, "model": "m", "session": "s", "findings": [{**found, "message": "cut off", "excerpt": ""}]},
        {"id": "cccc", "kind": "output", "verdict": "unchecked", "reason": KEY, "model": KEY, "time": "2026-01-01T00:00:00.000Z"},
        {"id": "dddd", "kind": "session", "session": KEY, "events": {TOKEN: 2}, "time": "2026-01-01T00:00:00.000Z"},
    ]  # fmt: skip
    old_log(home, 2, *map(canonical, bodies))


@pytest.mark.parametrize("form", ["markdown", "html", "json", "sarif", "csv"])
@pytest.mark.parametrize("more", [[], ["--show-paths"], ["--model", KEY]])
def test_a_secret_in_an_old_log_is_masked_and_no_report_is_refused(old: None, form: str, more: list[str]) -> None:
    text = run("report", "--format", form, *more)
    assert KEY not in text
    assert TOKEN not in text
    assert leaks(text) == []
    if form in ("markdown", "html", "json"):
        assert "what looks like a secret masked (aicheck log show" in text


def test_an_export_of_an_old_log_masks_too(old: None) -> None:
    text = run("log", "export")
    assert KEY not in text
    assert TOKEN not in text
    assert {"agent", "model", "path"} <= set(json.loads(text.splitlines()[1])["changed"])


def test_words_that_read_like_a_secret_only_together_do_not_end_a_report(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Log() as log:
        observe([output()], log, Config())
    monkeypatch.setattr("aicheck_app.redaction.leaks", lambda text: ["made-up"] if "cut off: " in text else [])
    text = run("report")
    assert "cut off: " not in text
    assert "shown without their words, which read like a secret" in text
