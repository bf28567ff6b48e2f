"""What a command does, as far as its words tell: which languages it builds or runs, which files it writes.

The names are those of each ecosystem's usual tools. A program that is not known here is taken neither for a build nor
for one that leaves files alone: what it names is no longer known.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, NamedTuple

from aicheck_app.capture.shell import commands_of

if TYPE_CHECKING:
    from aicheck_app.capture.shell import Command

ANY = frozenset({"any"})
"""What a make file or a script builds can't be told."""
_PYTHON, _GO, _RUST, _DOTNET = (frozenset({name}) for name in ("python", "go", "rust", "csharp"))
_WEB = frozenset({"javascript", "jsx", "typescript", "tsx", "vue", "svelte", "astro"})
_JVM = frozenset({"java", "kotlin", "scala", "groovy"})
_NATIVE = frozenset({"c", "cpp", "objective-c"})
_RUBY, _PHP, _SWIFT = frozenset({"ruby"}), frozenset({"php"}), frozenset({"swift"})
_WRAPPERS = {
    "sudo": 1, "time": 1, "nice": 1, "nohup": 1, "command": 1, "exec": 1, "env": 1, "npx": 1, "bunx": 1, "pnpx": 1,
    "timeout": 2, "uvx": 1, "xvfb-run": 1, "stdbuf": 1,
}  # fmt: skip
"""Programs that start the one behind them, with how many words come before it."""
_VALUED = frozenset({"--filter", "-F", "-C", "--dir", "--prefix", "--cwd", "-w", "--workspace"})
"""Options of package managers that take the next word."""
_RUNNERS = frozenset({"uv", "poetry", "pipenv", "pdm", "hatch", "rye", "bundle", "pnpm", "yarn", "bun", "npm"})
"""Programs that start the one behind ``run`` or ``exec``."""
_ALWAYS: dict[str, frozenset[str]] = {
    **dict.fromkeys(("pytest", "py.test", "tox", "nox", "mypy", "pyright", "pylint", "flake8"), _PYTHON),
    **dict.fromkeys(
        ("tsc", "tsx", "ts-node", "vue-tsc", "jest", "vitest", "mocha", "ava", "playwright", "cypress", "eslint", "webpack",
         "rollup", "esbuild", "next", "nuxt", "vite", "astro", "svelte-check", "nest", "turbo", "nx", "ng"), _WEB,
    ),
    **dict.fromkeys(("javac", "java", "mvn", "mvnw", "gradle", "gradlew", "kotlinc", "scalac", "sbt", "ant"), _JVM),
    **dict.fromkeys(("gcc", "g++", "cc", "c++", "clang", "clang++", "cmake", "ninja", "ctest", "meson"), _NATIVE),
    **dict.fromkeys(("rspec", "rake", "rails", "minitest"), _RUBY),
    **dict.fromkeys(("phpunit", "pest", "phpstan", "psalm", "artisan"), _PHP),
    **dict.fromkeys(("xcodebuild",), _SWIFT),
    **dict.fromkeys(("golangci-lint", "gotestsum", "staticcheck"), _GO),
    **dict.fromkeys(("msbuild", "csc"), _DOTNET),
    "rustc": _RUST,
    **dict.fromkeys(("make", "gmake", "just", "task", "bazel", "bazelisk", "buck2", "earthly", "mise", "moon"), ANY),
}  # fmt: skip
_IF_FOLLOWED_BY: dict[str, tuple[re.Pattern[str], frozenset[str]]] = {
    "go": (re.compile(r"(?:build|test|run|vet|install)\b"), _GO),
    "cargo": (re.compile(r"(?:build|b|test|t|run|r|check|c|clippy|bench|install|nextest|doc)(?:$| )"), _RUST),
    "dotnet": (re.compile(r"(?:build|test|run|publish|watch)\b"), _DOTNET),
    "swift": (re.compile(r"(?:build|test|run)\b"), _SWIFT),
    "ruff": (re.compile(r"check\b"), _PYTHON),
    "deno": (re.compile(r"(?:run|test|check|compile|task|bench)\b"), _WEB),
    "npm": (re.compile(r"(?:run|test|t|start|exec)\b"), _WEB),
    "pnpm": (re.compile(r"(?!(?:add|i|install|remove|update|why|list|ls)\b)\w"), _WEB),
    "yarn": (re.compile(r"(?!(?:add|install|remove|upgrade|why|list|info)\b)\w"), _WEB),
    "bun": (re.compile(r"(?!(?:add|i|install|remove|update|pm)\b)\S"), _WEB),
    "composer": (re.compile(r"(?:test|run|run-script)\b"), _PHP),
    "docker": (re.compile(r"(?:build|buildx|compose (?:up|build|run)|run)\b"), ANY),
    "docker-compose": (re.compile(r"(?:up|build|run)\b"), ANY),
    "node": (re.compile(r"(?!-)\S|--test\b|--check\b|--import\b|--loader\b|-r\b"), _WEB),
    **dict.fromkeys(
        ("python", "python3", "pypy3"), (re.compile(r"(?!-)\S|-m (?!pip\b|venv\b|json)\S|-[uBX] \S"), _PYTHON)
    ),
    "ruby": (re.compile(r"(?!-e)\S"), _RUBY),
    "php": (re.compile(r"(?!-r)\S"), _PHP),
    **dict.fromkeys(("bash", "sh", "zsh"), (re.compile(r"(?!-c)\S"), ANY)),
    "git": (re.compile(r"(?:-\w+ \S+ )?commit\b"), ANY),
}
_ASKS = frozenset({"--version", "-V", "--help", "-h", "version", "help"})
_READS = frozenset(
    """cat head tail less more grep egrep fgrep rg ag ack find fd ls tree wc stat file du df pwd cd pushd popd echo printf
    which type whereis whoami date env printenv export set diff cmp sort uniq cut tr awk jq yq nl column xxd od strings
    basename dirname realpath readlink true false test [ sleep curl wget ps top kill pkill lsof gh sha256sum md5sum tldr
    ollama history seq yes expr read wait mkdir bat eza exa hexdump""".split()
)
"""Programs that change no file but by a redirection."""
_LOOKS = frozenset(
    """vale markdownlint markdownlint-cli2 oxlint shellcheck hadolint yamllint actionlint cloc tokei scc gitleaks chmod chown touch""".split()
)
"""Programs that change no text of a file unless they are told to mend it."""
GIT_VALUED = frozenset({"-C", "-c", "--git-dir", "--work-tree", "--namespace"})
"""Options of git that take the next word."""
_GIT_READS = frozenset(
    """status diff log show branch remote fetch blame grep ls-files rev-parse add push commit tag describe config
    for-each-ref cat-file shortlog reflog worktree merge-base ls-tree ls-remote rev-list name-rev""".split()
)
_SED_IN_PLACE = re.compile(r"-[a-zA-Z]*i|--in-place")
_TESTS = re.compile(r"\b(?:\w*test\w*|r?spec|vitest|jest|mocha|nox|tox|nextest|cypress|playwright)\b")
_TELLS_FAILURE = re.compile(
    r"^(?:--- FAIL: |FAIL\t|BUILD FAILED|error: could not compile|error\[E\d{4}\]|make: \*\*\* |={3,80} [1-9]\d{0,5} failed\b"
    r"|[ \t]{0,9}Tests:?[ \t]{1,9}[1-9]\d{0,5} failed\b|[ \t]{2,9}[1-9]\d{0,5} failing\b)|\): error TS\d{4}: ",
    re.MULTILINE,
)
MAX_OUTPUT = 20_000
"""Code points of the end of an output that are looked through."""
_FILE_NAME = re.compile(r"(?<![\w./-])[\w./-]++")
_FORMATS = re.compile(
    r"\b(?:gofmt|goimports|gofumpt|prettier|black|isort|rustfmt|clang-format|autopep8|yapf|biome|dprint|rubocop|"
    r"pre-commit|lint-staged|format|fmt|lint:fix|fix)\b|--(?:fix|write|apply)\b"
)
"""What changes files that the line does not name one by one."""


_LAYS_OUT = re.compile(
    r"(?:gofmt|gofumpt|prettier|black|rustfmt|clang-format|stylua|shfmt|yapf|autopep8|dprint)\b|(?:go|cargo|deno|terraform) fmt\b|ruff format\b"
)
"""Formatters that move blanks and lines, and no name: what a file is known to say stays true, and the next diff tells where."""


class Effects(NamedTuple):
    """What a command line does to files.

    ``written`` has each file whose whole new text stands in the line, and ``added`` what was added at the end of one.
    ``named`` are words that may be files which are not known any more, ``everything`` says that any file may be another.
    ``builds`` are the names of the languages that the line builds, tests or runs: ``any`` where that can't be told; ``tests`` says that
    it runs tests.
    """

    written: tuple[tuple[str, str], ...] = ()
    added: tuple[tuple[str, str], ...] = ()
    patches: tuple[str, ...] = ()
    named: frozenset[str] = frozenset()
    everything: bool = False
    builds: frozenset[str] = frozenset()
    tests: bool = False
    commits: bool = False
    commands: tuple[Command, ...] = ()


def effects(line: str) -> Effects:
    """What a command line does, all its commands together."""
    written: list[tuple[str, str]] = []
    added: list[tuple[str, str]] = []
    patches: list[str] = []
    named: set[str] = set()
    builds: set[str] = set()
    everything = tests = commits = False
    commands = tuple(commands_of(line))
    for command in commands:
        started = started_by(command)
        text = _text_given(command)
        for redirect in command.redirects:
            place = _place(command.folder, redirect.path)
            if place is not None and text is None:
                named.add(place)
            elif place is not None and text is not None:
                (added if redirect.appends else written).append((place, text))
        if command.name == "tee" and text is not None:
            appends = "-a" in command.words
            files = [_place(command.folder, word) for word in command.words[1:] if word and not word.startswith("-")]
            (added if appends else written).extend((place, text) for place in files if place is not None)
        elif started[:1] in (("apply_patch",), ("applypatch",)):
            patches += [one for one in (command.given, *started[1:]) if one and "*** Begin Patch" in one]
        else:
            named |= _changes(command, started)
            everything |= _changes_all(started)
        builds |= (languages := builds_of(started))
        tests |= bool(languages) and bool(_TESTS.search(" ".join(started[:4])))
        commits |= started[:1] == ("git",) and "commit" in started[1:4]
    return Effects(
        tuple(written),
        tuple(added),
        tuple(patches),
        frozenset(named),
        everything,
        frozenset(builds),
        tests,
        commits,
        commands,
    )


def started_by(command: Command) -> tuple[str, ...]:
    """The words of the program that is started in the end, without those that only start it; unknown words are empty."""
    words = [word or "" for word in command.words]
    while words:
        name = words[0].rpartition("/")[2]
        if name in _WRAPPERS:
            words = _behind(words, _WRAPPERS[name])
        elif name in _RUNNERS and len(words) > 2 and words[1] in ("run", "exec") and words[2] not in ("test", "build"):
            if name in ("npm", "pnpm", "yarn", "bun") and words[1] == "run":
                break  # a script of the project's
            words = _behind(words, 2)
        else:
            break
    return (words[0].rpartition("/")[2], *words[1:]) if words else ()


def without_options(words: tuple[str, ...], valued: frozenset[str]) -> tuple[str, ...]:
    """The words of a program from its command on, without the options before it; the ``valued`` ones take the next word."""
    while words and words[0].startswith("-"):
        words = words[2:] if words[0] in valued else words[1:]
    return words


def _behind(words: list[str], number: int) -> list[str]:
    """Without the first words, options and settings of variables."""
    rest = words[number:]
    while rest and (rest[0].startswith("-") or "=" in rest[0]):
        rest = rest[1:]
    return rest


def tells_failure(output: str) -> bool:
    """Whether the output of a check says that it failed, in the words of the usual compilers and test runners."""
    return bool(_TELLS_FAILURE.search(output[-MAX_OUTPUT:]))


def builds_of(words: tuple[str, ...]) -> frozenset[str]:
    """The languages that a program builds, tests or runs when it is started with these words."""
    if not words or any(word in _ASKS for word in words[1:3]):
        return frozenset()
    name, rest = words[0], " ".join(words[1:])
    name = re.sub(r"^python3\.\d+$", "python3", name)
    if name in _RUNNERS:
        rest = " ".join(without_options(words[1:], _VALUED))
    if name in _ALWAYS:
        return _ALWAYS[name]
    if name in _IF_FOLLOWED_BY:
        pattern, languages = _IF_FOLLOWED_BY[name]
        return languages if pattern.match(rest) else frozenset()
    return frozenset()


def _text_given(command: Command) -> str | None:
    """The text that goes where the command's output goes, where it stands in the line: given to ``cat`` or ``tee``."""
    alone = command.name == "tee" or (command.name == "cat" and all(word in ("cat", "-") for word in command.words))
    return command.given if alone else None


def _changes(command: Command, started: tuple[str, ...]) -> set[str]:
    """The words of a command that may name files which it changes."""
    name = started[0] if started else ""
    if _LAYS_OUT.match(" ".join(started)):
        return set()
    if name in _READS or (name == "git" and _git_verb(started) in _GIT_READS):
        return set()
    if name in _LOOKS and not _FORMATS.search(" ".join(started)):
        return set()
    if name == "sed" and not any(_SED_IN_PLACE.match(word) for word in started[1:]):
        return set()
    if builds_of(started) and not _FORMATS.search(" ".join(started)):
        return set()
    words = {word for word in started[1:] if word and not word.startswith("-")}
    scripts = [command.given or "", *(word for word in words if " " in word)]  # which open files by name
    inside = {found for script in scripts for found in _FILE_NAME.findall(script) if "." in found}
    places = {place for word in words | inside if (place := _place(command.folder, word)) is not None}
    return places | {os.path.basename(place) for place in inside}


def _git_verb(started: tuple[str, ...]) -> str:
    return next(iter(without_options(started[1:], GIT_VALUED)), "")


def _changes_all(started: tuple[str, ...]) -> bool:
    """Whether files may be changed that the words don't name: by git, a formatter, or a tool that writes code."""
    name, rest = (started[0], started[1:]) if started else ("", ())
    if name == "git":
        return _git_verb(started) not in ("", *_GIT_READS)
    if name in ("patch", "xargs", "parallel", "rsync"):
        return True
    line = " ".join(started)
    if _LAYS_OUT.match(line):
        return False
    names_files = any("." in os.path.basename(word) and len(word) > 2 for word in rest)
    return bool(_FORMATS.search(line)) and not names_files


def _place(folder: str | None, path: str | None) -> str | None:
    """Where a path leads, relative to where the line began; None where that can't be told."""
    if not path or "\0" in path or (folder is None and not path.startswith("/")):
        return None
    return os.path.join(folder, path) if folder else path
