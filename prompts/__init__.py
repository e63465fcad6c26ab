"""Prompts are prose in *.md.j2 files beside this one. Knows nobody."""

from functools import cache
from pathlib import Path

import jinja2


def render(name: str, **values: object) -> str:
    """The prompt of the file `name` with these values filled in, blank edges trimmed.

    A forgotten value is an error, not an empty space: raises jinja2.UndefinedError.
    """
    return _environment().get_template(name).render(**values).strip()


@cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
        undefined=jinja2.StrictUndefined,
        autoescape=False,  # prompts are read by models, not by browsers
        trim_blocks=True,
        lstrip_blocks=True,
    )
