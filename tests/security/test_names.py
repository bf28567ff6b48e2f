"""Nothing in the repository installs one of our names by name: nobody owns them in an index, so anyone may register them."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
INSTALLS = (
    r"\b(?:re)?install\b|--install-extension\b|\binject\b|\b(?:uvx|npx|bunx|pnpx)\b|--(?:spec|with|from|pip-args)\b"
    r"|\b(?:pipx?|uv|poetry|pdm|rye|hatch|npm|pnpm|yarn|bun|cargo|go|pixi|docker|nix)\s+(?:tool\s+|pip\s+)?"
    r"(?:add|upgrade|i|exec|x|dlx|get|download|pull|shell)\b|\b(?:pipx|uv\s+tool|docker)\s+run\b"
)
WORDS = r"""(?:[\s"'`,=]+[\w./:+-]+){0,3}?[\s"'`,=]+"""
NAME = r"@?(?<![\w.-])aicheck(?:[-_.](?:lsp|app|checks|aicheck))?(?:\[[\w, -]*\])?(?![\w-]|\.\w)"
FROM_ELSEWHERE = r"""(?!\s*@|/|\\|\.(?:git|vsix|whl)\b|'s\b|[^.;]*\bfrom\b)"""
BY_NAME = re.compile(f"(?:{INSTALLS}){WORDS}{NAME}{FROM_ELSEWHERE}", re.IGNORECASE)
"""An installing command or sentence, some words or options, and a name of ours that no address, path or "from" follows."""
THE_NAME_ITSELF = {
    "pyproject.toml": 'name = "aicheck-lsp"',
    ".claude-plugin/marketplace.json": '"name": "aicheck-lsp",',
    "editors/claude-code/lsp-plugin/.claude-plugin/plugin.json": '"name": "aicheck-lsp",',
    "docs/agents.md": "aicheck-lsp@aicheck",
}
"""What may say the distribution's name, and in which words: it is one, or a plugin of the marketplace in this repository."""
ABOUT_NAMES = {"tests/security/test_names.py", "editors/vscode/test/unit/source.test.ts"}


def tracked() -> list[tuple[str, str]]:
    """Every text file of the repository but those that are about such names, with its text."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    names = [name for name in listed.split("\0") if name and name not in ABOUT_NAMES and (ROOT / name).is_file()]
    return [(name, (ROOT / name).read_bytes().decode("utf-8", "replace")) for name in names]


def test_nothing_is_installed_by_one_of_our_names() -> None:
    found = [
        f"{name}:{number}: {line.strip()[:160]}"
        for name, text in tracked()
        if "aicheck" in text
        for number, line in enumerate(text.splitlines(), 1)
        if "aicheck" in line and len(line) < 2000 and BY_NAME.search(line)
    ]
    assert found == []


def test_the_distribution_is_named_only_where_it_is_defined() -> None:
    said = re.compile(r"aicheck[-.]lsp(?!\.|/)", re.IGNORECASE)
    found = {
        (name, line.strip()) for name, text in tracked() for line in text.splitlines() if said.search(line)
    }  # fmt: skip
    assert [(name, line) for name, line in found if THE_NAME_ITSELF.get(name, "\0") not in line] == []


@pytest.mark.parametrize(
    "line",
    [
        "pip install aicheck-lsp", "python3 -m pip install --upgrade 'aicheck-lsp[languages]'", "pipx install aicheck",
        "uv tool install aicheck", "uv add --dev aicheck_lsp", "uvx aicheck check .", "uv tool run aicheck", "uv pip install -U aicheck-lsp",
        "install aicheck-lsp again", "pipx inject pylint aicheck-checks", "npm install -g aicheck", "npx aicheck", "brew install aicheck",
        '["-m", "pip", "install", "--upgrade", "aicheck-lsp"]', "code --install-extension aicheck.aicheck", "conda install -c x aicheck",
        "pip install aicheck-lsp==0.1.0", "uvx --from aicheck-lsp aicheck", "poetry add aicheck-lsp", "apt-get install -y aicheck",
        "docker pull aicheck", "pipx run --spec aicheck-lsp aicheck", "Install aicheck, then", "pip3 install -- aicheck-lsp",
    ],
)  # fmt: skip
def test_an_install_by_name_is_seen(line: str) -> None:
    assert BY_NAME.search(line)


@pytest.mark.parametrize(
    "line",
    [
        "pip install PATH_OR_URL_OF_AICHECK", "pip install 'aicheck-lsp @ git+https://example.org/aicheck.git'", "pip install ./aicheck",
        "claude plugin install aicheck@aicheck", "uv run aicheck check", "code --install-extension aicheck.vsix", "install aicheck again, from where it came",
        "git add aicheck.toml", "Install aicheck's server from", "uv run --project . aicheck check", "pip install /src/aicheck",
    ],
)  # fmt: skip
def test_an_install_from_elsewhere_is_none(line: str) -> None:
    assert not BY_NAME.search(line)
