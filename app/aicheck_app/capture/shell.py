"""What a shell's command line says: its commands in their order, with words, redirections and texts given to them.

Read with the grammar of bash (tree-sitter-bash); nothing is expanded. A word with a variable or a substitution in it is
unknown and stands as ``None``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from aicheck_checks.languages import language_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

MAX_COMMAND = 400_000
"""Code points of a command line that are read; agents write whole files in them."""
MAX_COMMANDS = 300
"""Commands of a line that are looked at."""
_CHAINS = ("pipeline", "list")
_ESCAPED = {"\\\\": "\\", '\\"': '"', "\\$": "$", "\\`": "`", "\\\n": ""}


class Redirect(NamedTuple):
    """A file that a command's output is sent to; ``path`` is None where a variable names it."""

    path: str | None
    appends: bool = False


class Command(NamedTuple):
    """One command. ``given`` is the text that a heredoc hands to it, None where there is none or it would be expanded.

    ``folder`` is where earlier ``cd`` of the line went, relative to where the line began; None where that can't be told.
    """

    words: tuple[str | None, ...]
    redirects: tuple[Redirect, ...] = ()
    given: str | None = None
    folder: str | None = ""

    @property
    def name(self) -> str:
        """The program, without its folder; empty where a variable names it."""
        return (self.words[0] or "").rpartition("/")[2] if self.words else ""


def commands_of(line: str) -> list[Command]:
    """The commands of a line, in the order in which they stand; none of a line that is too long."""
    bash = language_of("", "bash")
    if bash is None or len(line) > MAX_COMMAND:
        return []
    tree = bash.parse(line.encode("utf-8", "replace"))
    found: list[Command] = []
    folder: str | None = ""
    for node in _commands(tree.root_node) if tree is not None else ():
        command = _command(node)._replace(folder=folder)
        found.append(command)
        if command.name in ("cd", "pushd"):
            folder = _joined(folder, command.words[1] if len(command.words) == 2 else None)
        if len(found) >= MAX_COMMANDS:
            break
    return found


def _joined(folder: str | None, to: str | None) -> str | None:
    if to is None or to.startswith(("~", "-")):
        return None
    if to.startswith("/"):
        return to
    return None if folder is None else f"{folder}/{to}".lstrip("/") if folder else to


def _commands(root: Node) -> Iterator[Node]:
    """The nodes of commands, in the order of the text; walked without recursion, which deep nesting would exhaust."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node.type == "command" or (node.type == "redirected_statement" and not _holds_command(node)):
            yield node
        waiting += reversed(node.named_children)


def _holds_command(node: Node) -> bool:
    """Whether it is more than redirections alone (``> file`` empties one)."""
    return node.child_by_field_name("body") is not None


def _command(node: Node) -> Command:
    words: tuple[str | None, ...] = ()
    if node.type == "command":
        parts = [
            each for each in node.named_children if each.type not in ("variable_assignment", "herestring_redirect")
        ]
        words = tuple(_word(each) for each in parts if not each.type.endswith("redirect"))
    redirects, given = _redirected(node)
    return Command(words, redirects, given)


def _redirected(node: Node) -> tuple[tuple[Redirect, ...], str | None]:
    """Where a command's output goes and what it is given: said by the statements round it."""
    found: list[Redirect] = []
    given = None
    around: Node | None = node
    while around is not None and (around.type in ("redirected_statement", "command") or _last_of_chain(around, node)):
        for each in around.named_children if around.type not in _CHAINS else ():
            if each.type == "file_redirect":
                found += _redirect(each)
            elif each.type == "heredoc_redirect":
                found += [
                    one for inner in each.named_children if inner.type == "file_redirect" for one in _redirect(inner)
                ]
                given = _heredoc(each)
        around = around.parent
    return tuple(found), given


def _last_of_chain(chain: Node, node: Node) -> bool:
    """Whether what a chain of commands writes is what this one writes."""
    return chain.type in _CHAINS and chain.named_children[-1].end_byte == node.end_byte


def _redirect(node: Node) -> list[Redirect]:
    how = next((each.type for each in node.children if not each.is_named), "")
    target = node.child_by_field_name("destination")
    if how not in (">", ">>", ">|", "&>", "&>>") or target is None or _descriptor(node) == "2":
        return []
    path = _word(target)
    return [] if path is not None and path.startswith("/dev/") else [Redirect(path, how in (">>", "&>>"))]


def _descriptor(node: Node) -> str:
    found = node.child_by_field_name("descriptor")
    return _text(found) if found is not None else ""


def _heredoc(node: Node) -> str | None:
    parts = {each.type: each for each in node.named_children}
    start, body = parts.get("heredoc_start"), parts.get("heredoc_body")
    if start is None or body is None:
        return "" if start is not None else None
    text, quoted = _text(body), _text(start)[:1] in ("'", '"', "\\")
    if not quoted and ("$" in text or "`" in text or "\\" in text):
        return None
    if any(each.type == "<<-" for each in node.children):
        text = "\n".join(line.lstrip("\t") for line in text.split("\n"))
    return text


def _word(node: Node) -> str | None:
    """What a word stands for; None where it is only known when it runs."""
    if node.type == "command_name":
        return _word(node.named_children[0]) if node.named_children else None
    if node.type == "raw_string":
        return _text(node)[1:-1]
    if node.type == "string":
        inner = [each for each in node.named_children if each.type != "string_content"]
        return None if inner else _unescaped(_text(node)[1:-1])
    if node.type == "concatenation":
        parts = [_word(each) for each in node.named_children]
        return None if any(part is None for part in parts) else "".join(part or "" for part in parts)
    if node.type in ("word", "number"):
        return _text(node).replace("\\\n", "").replace("\\", "")
    return None


def _unescaped(text: str) -> str:
    for written, meant in _ESCAPED.items():
        if written in text:
            text = text.replace(written, meant)
    return text


def _text(node: Node) -> str:
    return (node.text or b"").decode("utf-8", "replace")
