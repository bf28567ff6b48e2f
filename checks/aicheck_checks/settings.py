"""What a user can set about the checks."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from aicheck_checks.globs import compiled, name_below

if TYPE_CHECKING:
    from collections.abc import Callable


class FileIgnores(NamedTuple):
    """Codes, or their beginnings, that are not reported in the files below ``root`` that a pattern covers.

    The pattern is one as in .gitignore; behind a ``!`` it names the files in which they are reported.
    """

    pattern: str
    codes: tuple[str, ...]
    root: str

    def silences(self, path: str) -> bool:
        """Whether the codes are not reported in the file with this absolute path."""
        name = name_below(path, self.root)
        if name is None:
            return False
        return compiled((self.pattern.removeprefix("!"),)).covers(name) != self.pattern.startswith("!")


class Settings(NamedTuple):
    """Which rules run and what is too large to check.

    ``select`` and ``ignore`` hold codes or beginnings of codes (``IMP``,
    ``IMP004``); an empty ``select`` means every rule. ``max_bytes`` is in bytes
    of UTF-8. ``all_lines`` reports also what the version before already had.
    ``tiers`` are the kinds of rules that run; naming a rule in ``select`` runs it too, but never a deep one, which
    starts a program: that takes the tier.
    ``index_folder`` names the folder of package indexes newer than those that came along,
    when one is first needed. ``tools`` are the project's own compilers and linters that may be asked. ``per_file_ignores`` silence rules in some files.
    """

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    max_bytes: int = 2_000_000
    all_lines: bool = False
    tiers: tuple[str, ...] = ("instant",)
    index_folder: Callable[[], str] | None = None
    tools: tuple[str, ...] = ()
    per_file_ignores: tuple[FileIgnores, ...] = ()

    @property
    def asks(self) -> bool:
        """Whether more than the instant rules may run; cheap, so that start-up need not load the rules."""
        return len(self.tiers) > 1 or bool(self.select)

    def wants(self, code: str, tier: str = "instant") -> bool:
        """Whether the rule with this code runs; the longest matching prefix decides."""
        named = tier != "deep" and any(code.startswith(chosen) for chosen in self.select)
        if tier not in self.tiers and not named:
            return False
        chosen = max((len(s) for s in self.select if code.startswith(s)), default=-1)
        refused = max((len(s) for s in self.ignore if code.startswith(s)), default=-1)
        return ((chosen >= 0 or not self.select) and refused <= max(chosen, -1)) or chosen > refused


DEFAULT = Settings()
