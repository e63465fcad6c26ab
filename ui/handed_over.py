"""Files that wait in the box, as a person wants to know them before they are sent: how long, how large, what is wrong.

Knows no file formats; `assistant.intake.picture_preview` looks.
"""

from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote

from assistant.intake.picture_preview import PicturePreview, first_look
from assistant.values.limits import Limits
from ui.rendering import tell
from ui.untrusted import as_html
from ui.words import words_now
from ui.words.chat import ChatWords

_REMEMBERED = 100  # looks: a file is looked at once, however often others join it


class HandedOver:
    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._known: OrderedDict[str, PicturePreview] = OrderedDict()

    def look(self, box: dict[str, Any] | None) -> Any:
        """The update of the strip in the box."""
        import gradio as gr

        paths = [path for path in (box or {}).get("files") or () if path]
        looks = [self._look(path) for path in paths]
        return gr.update(value=view(looks, words_now(ChatWords), paths), visible=bool(paths))

    def _look(self, path: str) -> PicturePreview:
        if path not in self._known:
            self._known[path] = first_look(Path(path), Path(path).name, self._limits)
            while len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)
        return self._known[path]


def view(looks: Sequence[PicturePreview], words: ChatWords, paths: Sequence[str] = ()) -> str:
    """A chip for each file, with a cross that takes it out again. paths: where the page has them, to show pictures."""
    chips = "".join(
        _chip(number, look, words, path)
        for number, (look, path) in enumerate(zip(looks, paths or [""] * len(looks), strict=True))
    )
    return f'<ul aria-label="{as_html(words.look)}" aria-live="polite">{chips}</ul>'


def _chip(number: int, look: PicturePreview, words: ChatWords, path: str) -> str:
    name = f'<bdi class="name">{as_html(look.name)}</bdi>'
    label = as_html(words.take_out.format(name=look.name))
    cross = (
        f'<button type="button" class="cross" value="{number}" title="{label}">'
        f'<span class="unseen">{label}</span></button>'
    )
    if look.trouble:
        return f'<li class="trouble"><span>{name}: {as_html(tell(look.trouble, words))}</span>{cross}</li>'
    facts = [_length(look, words), size_of(look.bytes, words), words.locked if look.locked else ""]
    told = as_html(" · ".join(fact for fact in facts if fact))
    picture = f'<img src="gradio_api/file={as_html(quote(path))}" alt="">' if _is_picture(path) else ""
    return f"<li>{picture}<span>{name} <small>{told}</small></span>{cross}</li>"


def _is_picture(path: str) -> bool:
    return Path(path).suffix.lower() in (".png", ".jpg", ".jpeg", ".webp", ".gif")


def _length(look: PicturePreview, words: ChatWords) -> str:
    if look.pages:
        return words.pages_one if look.pages == 1 else words.pages.format(count=look.pages)
    if look.seconds:
        minutes, seconds = divmod(round(look.seconds), 60)
        return words.lasting.format(minutes=minutes, seconds=seconds)
    return ""


class SizeWords(Protocol):
    @property
    def kilobytes(self) -> str: ...
    @property
    def megabytes(self) -> str: ...


def size_of(count: int, words: SizeWords) -> str:
    return (
        words.megabytes.format(size=count / 1e6) if count >= 1e6 else words.kilobytes.format(size=max(1, count / 1e3))
    )
