"""Names that are likely to be spoken next, out of texts that both sides know: a speech model spells them alike then."""

import re
from collections.abc import Iterable, Sequence

from assistant.text.tokens import tokens

MOST = 24  # names; a prompt of more crowds out what is said
LONGEST = 40  # letters of a name
LOOKED_AT = 4000  # characters of each text: a page that was cited may be long
_WORD = r"(?<!\w)[A-ZÀ-ÖØ-Þ][\w'’]*(?:-[\w'’]+)*"
_RUN = re.compile(rf"{_WORD}(?:[ \u00a0](?:{_WORD}|(?:of|de|van|von|der|la|and)(?= [A-ZÀ-ÖØ-Þ])))*")
_MADE = re.compile(r"\b(?=[\w-]{0,60}\d)(?=[\w-]{0,60}[A-Za-z])[A-Za-z][\w-]*\w\b|\b[a-z]+[A-Z]\w*\b")  # KX-40, iPhone
_CALENDAR = frozenset(
    "january february march april may june july august september october november december "
    "monday tuesday wednesday thursday friday saturday sunday".split()
)
_QUOTED = re.compile(r"[《「『“]([^《》「」『』“”]{2,12})[》」』”]")
_FILE = re.compile(r"^[^\n]{1,120}\.[A-Za-z0-9]{2,5}$")
_STRETCH = re.compile(r"[^.!?。！？\n]+")


def names_in(texts: Iterable[str]) -> tuple[str, ...]:
    """The names in these, those of the first text first, at most MOST.

    Latin words with a capital, several in a row as one; words with digits in them; Chinese in quotation marks; of a
    file's name the words. A word that merely begins a sentence counts where it means something by itself.
    """
    found: dict[str, str] = {}
    for text in texts:
        text = text[:LOOKED_AT]
        if len(found) > 4 * MOST:
            break
        for name in _of_file(text) if _FILE.match(text.strip()) else _of_text(text):
            if 1 < len(name) <= LONGEST:
                found.setdefault(name.casefold(), name)
    part = {key for key in found for other in found if key != other and f" {key} " in f" {other} "}
    return tuple([name for key, name in found.items() if key not in part | _CALENDAR][:MOST])


def _of_file(name: str) -> Iterable[str]:
    return _of_text(re.sub(r"[_\-.+()\[\]]+", " ", name.strip().rpartition(".")[0]))


def _of_text(text: str) -> Iterable[str]:
    for stretch in _STRETCH.findall(text):
        for run in _RUN.findall(stretch):
            words = run.split()
            while words and not tokens(words[0]):  # "The", "Who": they only begin a sentence
                words.pop(0)
            if words:
                yield " ".join(words)
        yield from (found for found in _MADE.findall(stretch) if not found[0].isupper() or "-" in found)
    yield from _QUOTED.findall(text)


def only_names(text: str, names: Sequence[str]) -> bool:
    """Whether it says nothing but some of these: what a model writes that was given them and heard nothing."""
    said = [token.text for token in tokens(text)]
    return bool(said) and {*said} <= {token.text for name in names for token in tokens(name)}


def recited(text: str, names: Sequence[str]) -> bool:
    """Whether it says these again and again, which nobody does who speaks; where it was stopped, the last is cut."""
    said = [token.text for token in tokens(text)]
    known = {token.text for name in names for token in tokens(name)}
    if said and said[-1] not in known and any(name.startswith(said[-1]) for name in known):
        said.pop()
    return {*said} <= known and len(said) > len({*said}) + 1
