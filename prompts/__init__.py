"""Prompts are prose in *.md.j2 files beside this one. Knows nobody."""

from functools import cache
from pathlib import Path

import jinja2
import jinja2.sandbox

REQUESTS = Path(__file__).parent / "requests"  # what people say for each kind of request, a file each
MEDLEY = Path(__file__).parent / "medley"  # what Medley knows about itself, a file each language
PRESETS = Path(__file__).parent / "presets"  # what stands behind a command such as /summarise, a file each


class BadPrompt(ValueError):
    """A prompt that a person wrote cannot be filled in; the message says why, in jinja2's words."""


def render(name: str, **values: object) -> str:
    """The prompt of the file `name` with these values filled in, blank edges trimmed.

    A forgotten value is an error, not an empty space: raises jinja2.UndefinedError.
    """
    return _environment().get_template(name).render(**values).strip()


def render_text(prompt: str, **values: object) -> str:
    """The same for a prompt that may be anybody's: it reaches nothing but its values. Raises BadPrompt."""
    try:
        return _for_anybody().from_string(prompt).render(**values).strip()
    except (jinja2.TemplateError, ArithmeticError, LookupError, TypeError, ValueError, RecursionError) as error:
        raise BadPrompt(str(error) or type(error).__name__) from error


@cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
        undefined=jinja2.StrictUndefined,
        autoescape=False,  # noqa: S701 - prompts are read by models, not by browsers
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def _for_anybody() -> jinja2.Environment:
    return jinja2.sandbox.ImmutableSandboxedEnvironment(
        undefined=jinja2.StrictUndefined, autoescape=False, trim_blocks=True, lstrip_blocks=True
    )
