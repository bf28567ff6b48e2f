"""Pages of HTML: templates that lie in a package, in which every value becomes text by ``markup.html``."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files

from jinja2 import Environment, FunctionLoader, StrictUndefined

from aicheck_app.report.sinks.markup import html


@lru_cache(maxsize=4)
def templates(package: str) -> Environment:
    """The templates of a package: no value gets into them past the sink, and a name that is not given is an error."""
    return Environment(
        autoescape=True,
        finalize=html,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        loader=FunctionLoader(lambda name: resource(package, name)),
    )


def resource(package: str, name: str) -> str:
    """A file that came with a package."""
    return files(package).joinpath(name).read_text(encoding="utf-8")
