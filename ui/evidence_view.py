"""A citation as HTML to look at: the page or picture it points to, the sound from its second, the text around it.

Everything that is not ours (names, quotes, the words of files) passes through `_safe`. Knows no Gradio.
"""

import base64
import io
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from assistant import media
from assistant.media import evidence_images
from assistant.values.errors import AssistantError
from assistant.values.events import Citation
from assistant.values.evidence import Box, Page, Region, Seconds
from assistant.values.limits import Limits
from ui.words.chat import ChatWords
from ui.words.core import place, said

if TYPE_CHECKING:
    from PIL.Image import Image

_BEGINNING = 20_000  # bytes
_SPECIAL = "&<>\"'`${}"  # to HTML, and to the templates that Gradio fills


@dataclass(frozen=True)
class OpenedCitation:
    """A citation that is opened beside the chat."""

    citation: Citation
    key: str
    """The turn and number, as the page's addresses have them."""
    position: int
    """Which one it is, from 1."""
    total: int
    """How many there are."""
    original: Path | None
    """Where its original lies; None: it was not kept."""
    address: str
    """Where the original is served."""
    whole: bool = False
    """Whether it is a file as it was handed over, and nothing in it is meant more than the rest."""
    sound: str = ""
    """Where what is heard is served from its second on, for a recording that no browser plays; "" for others."""


def view(shown: OpenedCitation, limits: Limits, words: ChatWords) -> str:
    """The inside of the panel. What cannot be drawn is said, and its words are shown all the same."""
    citation = shown.citation
    where = words.shown_whole if shown.whole else place(citation.location, words.language)
    number = "" if shown.whole else f"[{citation.number}] "
    return (
        f'<article data-evidence="{_safe(shown.key)}">'
        f"<h2>{number}{_safe(citation.source)}</h2><p>{_safe(where)} · {shown.position}/{shown.total}</p>"
        f"{_body(shown, limits, words)}{_download(shown, words)}</article>"
    )


def _body(shown: OpenedCitation, limits: Limits, words: ChatWords) -> str:
    citation, original = shown.citation, shown.original
    try:
        match citation.location:
            case Page() as at if original is not None and media.identify(original) == "application/pdf":
                picture = evidence_images.page_picture(original, at, limits, citation.source)
                return _quote(citation) + _picture(picture, at.boxes, citation, words)
            case Page(number, boxes) if original is not None and media.identify(original) in media.PICTURE_TYPES:
                page = Region(boxes, number)
                picture = evidence_images.picture_with_region(original, page, limits, citation.source)
                return _quote(citation) + _picture(picture, boxes, citation, words)
            case Region(boxes) as region if original is not None:
                picture = evidence_images.picture_with_region(original, region, limits, citation.source)
                return _quote(citation) + _picture(picture, boxes, citation, words)
            case Seconds() as at if original is not None:
                return _player(shown, at, original, words) + _excerpt(citation)
            case _ if shown.whole and original is not None:
                return _beginning(original)
            case _:
                gone = words.file_gone if shown.whole else words.not_kept
                return _excerpt(citation) + ("" if original is not None else f"<p>{_safe(gone)}</p>")
    except AssistantError as error:
        return _excerpt(citation) + f"<p>{_safe(said(error.message, words.language))}</p>"


def _player(shown: OpenedCitation, at: Seconds, original: Path, words: ChatWords) -> str:
    """What plays from the second that is meant; of a film that no browser plays, its picture there, and the sound."""
    source = shown.address if shown.whole else f"{shown.address}#t={at.start:.1f},{at.end:.1f}"
    where = place(Seconds(at.start, at.end), words.language)
    label = _safe(f"{shown.citation.source}, {where}")
    if not _is_film(original):
        return f'<audio controls preload="metadata" aria-label="{label}" src="{_safe(shown.sound or source)}"></audio>'
    try:
        still = _still(original, at.start, shown.citation.source)
    except AssistantError:
        still = ""
    if media.plays(original):
        poster = f' poster="{still}"' if still else ""
        plays = f'playsinline preload="metadata"{poster} aria-label="{label}" src="{_safe(source)}"'
        return f"<video controls {plays}></video>"
    alt = _safe(words.film_at.format(source=shown.citation.source, place=where))
    told = words.not_played + (words.not_played_sound if shown.sound else "")
    heard = f'<audio controls preload="none" aria-label="{label}" src="{_safe(shown.sound)}"></audio>'
    picture = f'<img class="frame" alt="{alt}" src="{still}">' if still else ""
    return f"<p>{_safe(told)}{words.full_stop}</p>{picture}" + (heard if shown.sound else "")


def _is_film(original: Path) -> bool:
    try:
        return media.identify(original) in media.FILM_TYPES
    except AssistantError:
        return False


def _still(original: Path, seconds: float, name: str) -> str:
    """The picture at this second, within the page itself."""
    (picture,) = media.stills(original, [seconds], name, longest=960)
    return _in_page(picture)


def _in_page(picture: "Image") -> str:
    data = io.BytesIO()
    picture.save(data, "WEBP", quality=82, method=2)
    return "data:image/webp;base64," + base64.b64encode(data.getvalue()).decode()


def _beginning(original: Path) -> str:
    """The first words of a file that is plain text; of others nothing can be shown without reading them."""
    if not media.identify(original).startswith("text/"):
        return ""
    with original.open("rb") as file:
        text = file.read(_BEGINNING).decode("utf-8", "replace").replace("\0", "")
    return f'<blockquote class="whole" dir="auto">{_safe(text)}</blockquote>'


def _quote(citation: Citation) -> str:
    words = " ".join(citation.quote.split())
    return f"<blockquote>{_safe(words)}</blockquote>" if words else ""


def _excerpt(citation: Citation) -> str:
    """The quote marked within its text, with the lines as they are."""
    if not (citation.quote or citation.context):
        return ""
    found = evidence_images.excerpt(citation.quote, citation.context)
    marked = f'<mark class="at">{_safe(found.quote)}</mark>' if found.quote else ""
    return f'<blockquote class="whole" dir="auto">{_safe(found.before)}{marked}{_safe(found.after)}</blockquote>'


def _picture(picture: "Image", boxes: tuple[Box, ...], citation: Citation, words: ChatWords) -> str:
    """The picture within the page itself: it has no address that could outlive it. `.at` is scrolled to."""
    source = _in_page(picture)
    alt = _safe(words.picture_of.format(source=citation.source, place=place(citation.location, words.language)))
    top, bottom = (min(box.top for box in boxes), max(box.bottom for box in boxes)) if boxes else (0, 0)
    where = f'<span class="at" style="top:{100 * top:.1f}%;height:{100 * (bottom - top):.1f}%"></span>'
    return (
        f'<label><input type="checkbox" class="enlarge">{_safe(words.enlarge)}</label>'
        f'<div class="sheet" tabindex="0"><div><img alt="{alt}" width="{picture.width}" height="{picture.height}" '
        f'src="{source}">{where}</div></div>'
    )


def _download(shown: OpenedCitation, words: ChatWords) -> str:
    if shown.original is None:
        return ""
    name = _safe(shown.citation.source)
    return f'<p><a href="{_safe(shown.address)}" download="{name}">{_safe(words.download)}</a></p>'


def _safe(text: str) -> str:
    """The characters with a meaning as character references."""
    return "".join(f"&#{ord(letter)};" if letter in _SPECIAL else letter for letter in text)
