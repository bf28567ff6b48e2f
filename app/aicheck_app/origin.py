"""Outputs and where they came from: what capture hands to the one path of ``observe``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from aicheck_app import hashing
from aicheck_app.log.chain import identity

if TYPE_CHECKING:
    from aicheck_checks.diagnostic import Diagnostic
    from aicheck_checks.source import Kind, Session

Attribution = Literal["hook", "transcript", "editor", "heuristic", "git", "api"]
When = Literal["build", "commit", "turn"]
"""What puts edits to use: a build, test or run command that starts, a commit, the end of the turn."""


class Origin(NamedTuple):
    """Where an output came from; unknown facts are empty.

    ``model`` is the one that served, ``asked`` the one that was asked for, where that is told.
    ``time`` is UTC in ISO 8601. ``tokens`` are the model's output tokens for
    the whole message, ``first_token`` the milliseconds until its first one. ``cwd`` is only used to shorten paths and to tell
    projects apart; the log keeps a keyed hash of it. ``evidence`` says how an
    output that is known from git was attributed.
    """

    agent: str = ""
    agent_version: str = ""
    model: str = ""
    provider: str = ""
    session: str = ""
    message: str = ""
    request: str = ""
    tool_use: str = ""
    turn: int = 0
    stop_reason: str = ""
    asked: str = ""
    tokens: int = 0
    time: str = ""
    cwd: str = ""
    first_token: int = 0
    side_chain: bool = False
    attribution: Attribution = "transcript"
    evidence: str = ""


UNIQUE = 20
"""Letters of a call's id from which on it is taken for unique; shorter ones (``call_0``) begin anew in each session."""


class Output(NamedTuple):
    """One piece of AI-generated code.

    ``written`` is what the model wrote; ``text`` is what is checked: the same,
    or the whole file after the edit where it is known. ``key`` identifies the
    output across repeated captures (a tool use id, or message and block).
    ``tool`` is the agent's name of the tool, ``reply`` for a code block. ``partial`` outputs changed a
    part of a file: what they use may come with the next edit, so their imports
    are judged by a later look. ``pieces`` are the parts of a file that is not known otherwise, where an edit
    wrote several: each is judged by itself, and ``text`` has them on lines below each other. ``session`` is what the
    session knows of its files, where that matters, ``reported`` what the project's own tools said.
    """

    key: str
    tool: str
    written: str
    text: str
    kind: Kind
    path: str
    origin: Origin
    language: str | None = None
    previous: str | None = None
    last_of_message: bool = False
    partial: bool = False
    pieces: tuple[str, ...] = ()
    session: Session | None = None
    reported: tuple[Diagnostic, ...] = ()

    @property
    def identity(self) -> str:
        """The id of the output's record: the same for each capture of it, by a hook or from a transcript."""
        agent = self.origin.agent
        if len(self.key) >= UNIQUE:
            return identity(agent, self.key)
        written = hashing.of_text(self.written)
        return identity(agent, self.origin.session, self.key, written)


class Look(NamedTuple):
    """A second look at a file that edits changed a part of, when something puts it to use: no output of its own.

    ``file`` is the last of the edits, as the whole file that is checked; its ``previous`` is the text before the first.
    What is found now is a finding of the one of ``edits``, in their order, that brought it.
    """

    file: Output
    edits: tuple[Output, ...]
    when: When
