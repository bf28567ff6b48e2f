"""What mkdocs needs beyond docs/: the repository's other pages and files, under links that work on a code host as well.

A page names a file of the repository by its path from the page, as a code host wants it. Here each such link leads to a page of
the site: another Markdown file becomes a page below ``repository/``, any other file a page that shows its text.
"""

from __future__ import annotations

import posixpath
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mkdocs.structure.files import File

from aicheck_checks.registry import RULES

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page

ROOT = Path(__file__).resolve().parents[1]
HOME = {"README.md": "index.md"}
SYMPTOMS = "rules/symptoms.md"
OUTSIDE = "repository"
"""The folder of the site in which what stands outside docs/ is."""
_LINK = re.compile(
    r"(```.*?```|`[^`\n]+`|^ {4}[^\n]*$)|(\]\()(?!https?:|mailto:|#)([^)#\s]+)", re.DOTALL | re.MULTILINE
)
"""Code, in which nothing is a link; or the beginning of a link and its target without the anchor."""
LANGUAGES = {".py": "python", ".yml": "yaml", ".yaml": "yaml", ".json": "json", ".toml": "toml"}


def on_config(config: MkDocsConfig) -> None:
    """Each rule has its place in the navigation, below its family."""
    families: dict[str, list[str]] = {}
    for rule in RULES:
        families.setdefault(rule.family.capitalize(), []).append(f"rules/{rule.code}.md")
    pages = [{family: found} for family, found in families.items()]
    _list_named("Rules", config.nav or []).extend(pages)


def on_files(files: Files, config: MkDocsConfig) -> None:
    """Add the README as the first page, and whatever the pages link to outside docs/."""
    waiting = ["README.md", *(f"docs/{file.src_uri}" for file in files.documentation_pages())]
    seen = set(waiting)
    for source in waiting:
        if not source.startswith("docs/"):
            files.append(_outside(source, config))
        if source.endswith(".md"):
            found = _targets(source) - seen
            seen |= found
            waiting += sorted(found)


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Links of the repository as links of the site; the first page has no others beside it, symptoms are found first."""
    if page.file.src_uri in HOME.values():
        page.meta["hide"] = ["navigation", "toc"]
    if page.file.src_uri == SYMPTOMS:
        page.meta.update(hide=["toc"], search={"boost": 3})
    source = _source(page.file.src_uri)
    if source is None:
        return markdown

    def moved(match: re.Match[str]) -> str:
        if match[1]:
            return match[0]
        target = _place(_repository_path(source, match[3]))
        return match[2] + posixpath.relpath(target, posixpath.dirname(page.file.src_uri) or ".")

    return _LINK.sub(moved, markdown)


def _list_named(name: str, nav: list[Any]) -> list[Any]:
    """The list below the entry of this name."""
    for entry in nav:
        for title, below in entry.items() if isinstance(entry, dict) else ():
            if isinstance(below, list):
                if title == name:
                    return below
                inside = _list_named(name, below)
                if inside:
                    return inside
    return []


def _targets(source: str) -> set[str]:
    """The files outside docs/ that a page links to, by their path in the repository."""
    text = (ROOT / source).read_text("utf-8")
    paths = {_repository_path(source, match[3]) for match in _LINK.finditer(text) if match[3]}
    return {path for path in paths if not path.startswith("docs/") and (ROOT / path).is_file()}


def _repository_path(source: str, target: str) -> str:
    """The path in the repository that a page means; of a folder, its README."""
    path = posixpath.normpath(posixpath.join(posixpath.dirname(source), target))
    return posixpath.join(path, "README.md") if (ROOT / path).is_dir() else path


def _place(path: str) -> str:
    """Where a file of the repository is in the site."""
    if path.startswith("docs/"):
        return path.removeprefix("docs/")
    name = HOME.get(path, f"{OUTSIDE}/{path}").replace(
        "/README.md", ".md"
    )  # an index would stand for what is beside it
    return name if name.endswith(".md") else name + ".md"


def _source(place: str) -> str | None:
    """The file of the repository that a page of the site is made of; None for one that shows a file's text."""
    if place in HOME.values():
        return next(source for source, home in HOME.items() if home == place)
    if not place.startswith(f"{OUTSIDE}/"):
        return f"docs/{place}"
    source = place.removeprefix(f"{OUTSIDE}/")
    readme = source.removesuffix(".md") + "/README.md"
    return next((found for found in (source, readme) if (ROOT / found).is_file()), None)


def _outside(source: str, config: MkDocsConfig) -> File:
    place = _place(source)
    if source.endswith(".md"):
        return File.generated(config, place, abs_src_path=str(ROOT / source))
    text = (ROOT / source).read_text("utf-8")
    language = LANGUAGES.get(Path(source).suffix, "text")
    return File.generated(config, place, content=f"# {source}\n\n````{language}\n{text}````\n")
