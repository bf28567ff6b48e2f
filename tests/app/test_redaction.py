"""Planted secrets: none may reach the database, a report or a message."""

from __future__ import annotations

import random
import re
import string
from pathlib import Path

import pytest
from click.testing import CliRunner

from aicheck_app.capture.ingest import Ingest
from aicheck_app.cli.group import aicheck
from aicheck_app.config import Config
from aicheck_app.log.paths import without_home
from aicheck_app.log.store import Log
from aicheck_app.redaction import leaks, redact
from tests.app.transcripts import assistant, result, use, write

ALNUM = string.ascii_letters + string.digits
HEX = "0123456789abcdef"


def kinds(rng: random.Random) -> dict[str, str]:
    """One made-up secret of each of 24 kinds."""

    def some(alphabet: str, size: int) -> str:
        return "".join(rng.choice(alphabet) for _ in range(size))

    return {
        "aws access key": "AKIA" + some(string.ascii_uppercase + "234567", 16),
        "aws secret key": some(ALNUM + "/+", 39) + "9",
        "anthropic": "sk-ant-api03-" + some(ALNUM + "-_", 90) + "AA",
        "openai": "sk-proj-" + some(ALNUM, 48),
        "github": "ghp_" + some(ALNUM, 36),
        "github fine": "github_pat_" + some(ALNUM + "_", 70),
        "gitlab": "glpat-" + some(ALNUM, 20),
        "slack": "xoxb-" + some(string.digits, 12) + "-" + some(ALNUM, 24),
        "slack hook": "https://hooks.slack.com/services/T"
        + some(ALNUM, 8)
        + "/B"
        + some(ALNUM, 8)
        + "/"
        + some(ALNUM, 24),
        "stripe": "sk_live_" + some(ALNUM, 24),
        "google": "AIza" + some(ALNUM + "-_", 35),
        "jwt": "eyJhbGciOiJIUzI1NiJ9.eyJ" + some(ALNUM, 30) + "." + some(ALNUM + "-_", 43),
        "npm": "npm_" + some(ALNUM, 36),
        "pypi": "pypi-AgEIcHlwaS5vcmc" + some(ALNUM + "-_", 60),
        "sendgrid": "SG." + some(ALNUM, 22) + "." + some(ALNUM, 43),
        "twilio": "SK" + some(HEX, 32),
        "telegram": some("123456789", 9) + ":A" + some(ALNUM, 34),
        "digitalocean": "dop_v1_" + some(HEX, 64),
        "huggingface": "hf_" + some(ALNUM, 34),
        "url password": "postgres://admin:" + some(ALNUM, 14) + "@db.internal/x",
        "private key": "-----BEGIN RSA PRIVATE KEY-----" + some(ALNUM + "/+", 64),
        "assignment": "password = '" + some(ALNUM + "!$%", 12) + "'",
        "bearer": "Authorization: Bearer " + some(ALNUM + "-._", 32),
        "azure": "AccountKey=" + some(ALNUM + "/+", 86) + "==",
    }


def secret_part(planted: str) -> str:
    """What of a planted text must not survive."""
    part = re.sub(
        r"^password = '|'$|^Authorization: Bearer |^postgres://admin:|@db\.internal/x$|^AccountKey=", "", planted
    )
    return part.removeprefix("-----BEGIN RSA PRIVATE KEY-----")


@pytest.mark.parametrize("kind", list(kinds(random.Random(0))))
def test_each_kind_alone(kind: str) -> None:
    rng = random.Random(kind)
    for _ in range(40):
        planted = kinds(rng)[kind]
        for frame in ("{}", "x = '{}'", "see {} there", "/home/{}/file.py", '{{"k": "{}"}}'):
            if (
                kind in ("private key", "assignment", "bearer", "azure", "url password", "slack hook")
                and "/home" in frame
            ):
                continue
            left = redact(frame.format(planted))
            assert secret_part(planted) not in left, (frame, planted, left)


def test_ordinary_code_and_ids_stay_readable() -> None:
    for plain in (
        "def calculate_total_price_of_all_items(self):",
        "from aicheck_app.report.evidence.collect import Filters",
        "self.token = parse(token)", "PASSWORD = os.environ['PASSWORD']", "msg_01ABC req_011CTx",
        "cut off: the text ends inside '(' opened on line 26; the rest is missing", "src/app/views/UserProfileView.py",
        "test_a_second_run_reads_only_what_is_new_and_adds_nothing_twice",
    ):  # fmt: skip
        assert redact(plain) == plain


def test_two_hundred_secrets_reach_neither_the_database_nor_a_report_nor_a_message(
    home: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    rng, lines, planted = random.Random(1), [], []
    for round_ in range(9):
        for number, (kind, secret) in enumerate(kinds(rng).items()):
            planted.append(secret)
            identifier = f"t{round_}-{number}"
            name = (
                secret.replace("/", "_").replace("'", "")
                if round_ % 2 and len(secret) < 120 and kind != "aws secret key"
                else f"f{number}"
            )
            code = f'KEY = "{secret}"\nuse(sys.path, {secret!r})\nx = (\n    "{secret}",\n'
            if round_ % 3 == 0:
                code = f'print("{secret}", undefined_helper("{secret}"))\n'
            if round_ % 3 == 1:
                code = f"{secret} = undefined_{identifier.replace('-', '_')}(\n"
            given = {"file_path": f"/home/dev/shop/{name}.py", "content": code}
            lines.append(assistant(f"m{identifier}", use(identifier, "Write", **given)))
            lines.append(result(identifier, {"filePath": given["file_path"], "originalFile": None}))
    assert len(planted) >= 200
    session = write(tmp_path / "s.jsonl", *lines)
    for excerpt in ("finding", "full"):
        with Log(str(home / f"{excerpt}.sqlite3")) as log:
            totals = Ingest(log, Config(excerpt=excerpt)).run([str(session)])
            assert totals.verdicts["suspect"] > 150
            log.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    (home / "full.sqlite3").rename(home / "log.sqlite3")
    printed = ""
    for form in ("markdown", "html", "json", "sarif", "csv"):
        done = CliRunner().invoke(aicheck, ["report", "--show-paths", "--format", form])
        assert done.exit_code == 0, done.output
        printed += done.output
    for arguments in (["log", "list", "--limit", "999"], ["log", "list", "--format", "json", "--limit", "999"]):
        printed += CliRunner().invoke(aicheck, arguments).output
    stored = b"".join(path.read_bytes() for path in home.iterdir()).decode("utf-8", "replace")
    out, err = capfd.readouterr()
    everything = stored + printed + out + err
    assert [s for s in planted if secret_part(s) in everything] == []


HOMES = [
    "/nfs/home/alice", "/mnt/home/alice/x", "/mnt/big/home/alice", "/srv/home/alice/x", "/net/box/home/alice", "/home2/alice", "/media/alice",
    "/run/media/alice/disk", "/Volumes/Users/alice", r"C:\USERS\alice", r"c:\USERS\alice\x", r"C:\Documents and Settings\alice\x", "/home//alice/x",
    "/home/./alice", "/home/bob/../alice/x", "/var/mail/alice", "/home/alice smith", "'/home/alice smith'", "/home/alice smith/x", "-home-alice-shop",
    "~/.claude/projects/-home-alice-shop/x.jsonl", "-Users-alice", "C--Users-alice-shop", "-mnt-c-Users-alice-shop", "-var-home-alice",
]  # fmt: skip


@pytest.mark.parametrize("path", HOMES)
def test_no_text_names_the_owner_of_a_home(path: str) -> None:
    for frame in ("{}", "can't read {}", 'open("{}")', "({}: gone)"):
        left = without_home(frame.format(path))
        assert "alice" not in left
        assert "smith" not in left or frame in ("can't read {}", "({}: gone)"), left


@pytest.mark.parametrize(
    "text",
    [
        'get("/users/5")', "'/users/all of them'", "GET /Home/Index", "http://h/home/page", "app/home/x", "--home-dir x", "-home-dir x", "/media/icons/x.png",
        "/media/cover.jpg", "pre-home-page", "home-alice", "$HOME/alice", "C:/work/home/x", "media/alice",
    ],
)  # fmt: skip
def test_what_only_looks_like_a_home_stays(text: str) -> None:
    assert without_home(text) == text


def test_the_last_look_at_a_report_knows_the_provider_formats() -> None:
    assert leaks("fine") == []
    assert leaks(f"a {kinds(random.Random(2))['github']} b") == ["github-token"]
