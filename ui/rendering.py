"""Turns, events and answers as the messages of a chat. Knows the shape of a message, and no Gradio.

A message is {"role", "content"}.
Everything that is not ours (answers, quotes, names of files, statuses) passes through `ui.untrusted`.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.models.profiles import ROLE_WORDS
from assistant.values.address import Address
from assistant.values.events import Answer, Citation, Received, ReceivedFile, ReceivedPicture
from assistant.values.evidence import Location, Medium, clock
from assistant.values.standing import standing
from ui.understood import understood
from ui.untrusted import as_html, as_markdown, as_text
from ui.words.chat import ChatWords
from ui.words.core import place, said

Message = dict[str, Any]
BAR = 10  # letters
QUOTED = 240  # letters of a quote in the list of sources; the source itself shows all of it
_BRACKET = '<span class="bracket">'  # seen by whoever copies or hears the text
MARK = "\ue000"  # stands behind an unsupported sentence until the text is safe; a character nobody writes


def working(status: str, steps: Sequence[tuple[str, float]], seconds: float, words: ChatWords) -> Message:
    """The one line above an answer in the making: the step it is at, and how long it has been; the steps done with
    their seconds as what it tells when it is pointed at."""
    done = as_html(
        " · ".join(words.step_seconds.format(step=words.steps.get(name, name), seconds=took) for name, took in steps)
    )
    now = as_html(tell(status, words) or words.working)
    took = (
        f' <small aria-hidden="true">{as_html(words.short_seconds.format(seconds=seconds))}</small>'
        if seconds >= 1
        else ""
    )
    return {"role": "assistant", "content": f'<div class="working" title="{done}"><span>{now}</span>{took}</div>'}


def partial(text: str) -> list[Message]:
    """An answer before it is finished, if there is any of it."""
    shown = as_markdown(text.replace(MARK, ""), drawn=False)
    return [{"role": "assistant", "content": shown}] if shown else []


def failure(sentence: str, words: ChatWords) -> list[Message]:
    return [{"role": "assistant", "content": f"⚠️ {as_text(tell(sentence, words))}"}]


def tell(sentence: str, words: ChatWords) -> str:
    """What the core says, in the language of these words."""
    return said(sentence, words.language)


def _place(location: Location, words: ChatWords) -> str:
    return as_text(place(location, words.language))


def stopped(text: str, words: ChatWords) -> list[Message]:
    """An answer that was cut off before it could be checked."""
    return cut_off(text, words.stopped)


def cut_off(text: str, why: str) -> list[Message]:
    """What there is of an answer, and in a sentence why there is no more."""
    return [{"role": "assistant", "content": f"{as_markdown(text.replace(MARK, ''))}\n\n*{why}*".strip()}]


@dataclass(frozen=True)
class RenderedAnswer:
    """An answer that has ended, in the parts that are shown one by one. Markdown."""

    text: str
    """Its words with links to its sources, and what is to be said of it."""
    sources: str
    """The list of its sources; "" where there are none."""
    received: str
    """What was understood, and what the model received."""


def finished(answer: Answer, key: str, words: ChatWords) -> RenderedAnswer:
    """key: tells the links of this answer from those of others on the page; hexadecimal."""
    sources = "\n".join(_source(citation, key, words) for citation in answer.citations)
    return RenderedAnswer(_answer(answer, key, words), sources, "\n".join(_received(answer, words)))


def _answer(answer: Answer, key: str, words: ChatWords) -> str:
    parts = [_linked(answer, key) or f"*{words.nothing_said}*"]
    if answer.stopped:
        parts.append(f"*{words.stopped}*")
    if any(citation.seen for citation in answer.citations):
        parts.append(f"*{words.seen}*")
    if why := _standing(answer, words):
        parts.append(f"*{why}*")
    return "\n\n".join(parts)


def _standing(answer: Answer, words: ChatWords) -> str:
    match standing(answer):
        case "partly":
            return words.unsupported
        case "itself":
            return words.not_grounded
        case "seen or itself":
            return words.seen_or_itself
        case "another script":
            return words.another_script
        case "":
            return ""


def _linked(answer: Answer, key: str) -> str:
    """The answer's text with a link on every number and a dagger behind what nothing supports.

    Where nothing at all is supported a dagger on each sentence would say no more than the line below.
    """
    text = answer.text.replace(MARK, "").strip()
    for sentence in dict.fromkeys(answer.unsupported if standing(answer) == "partly" else ()):
        if sentence.strip():
            text = text.replace(sentence.strip(), sentence.strip() + MARK)
    numbers = "|".join(str(citation.number) for citation in answer.citations)

    def link(prose: str) -> str:
        if not numbers:
            return prose
        return re.sub(
            rf"\[({numbers})\](?!\()", rf"[{_BRACKET}\\[</span>\1{_BRACKET}\\]</span>](#{_anchor(key)}\1)", prose
        )

    return as_markdown(text, link).replace(MARK, " †")


def _anchor(key: str) -> str:
    return f"evidence-{key}-"


def _source(citation: Citation, key: str, words: ChatWords) -> str:
    """One line of the list of sources: number, name and place as a link, and the words meant."""
    where = f"{as_text(citation.source)}, {_place(citation.location, words)}"
    quote = f" — “{as_text(_short(citation.quote))}”" if citation.quote.strip() else ""
    return f"- [\\[{citation.number}\\] {where}](#{_anchor(key)}{citation.number}){quote}"


def _short(quote: str) -> str:
    """A transcript cites its paragraphs, and is not to be read twice."""
    return quote if len(quote) <= QUOTED else f"{quote[:QUOTED].rstrip()} …"


def _received(answer: Answer, words: ChatWords) -> list[str]:
    received = answer.received
    first, *parts = [as_text(line) for line in understood(received, words.language)] or [""]
    lines = [f"- {first}", *(f"    - {part}" for part in parts)] if first else []
    if received.heard:
        lines.append("- " + words.heard.format(words=as_text(received.heard)))
    if received.question and received.question != received.heard:
        lines.append("- " + words.question.format(words=as_text(received.question)))
    lines += _list(words.files, (_file(file, words) for file in received.files))
    lines += _list(
        words.evidence,
        (f"{_bar(one.weight)} {as_text(one.source)}, {_place(one.location, words)}" for one in received.evidence),
    )
    lines += _counts(received, words)
    lines += _list(words.notes, (as_text(tell(note, words)) for note in received.notes))
    lines += _list(
        words.models,
        (
            f"{as_text(tell(ROLE_WORDS.get(role, role), words))}: {as_text(str(Address(model)))}"
            for role, model in answer.models
        ),
    )
    lines += _list(words.times, (_step(name, seconds, words) for name, seconds in answer.timings))
    return lines


def _counts(received: Received, words: ChatWords) -> list[str]:
    """The numbers: what was sent along, and how much it came to."""
    lines = []
    lines += _list(
        words.media_weights,
        (f"{_bar(weight)} {_medium(medium, words)}" for medium, weight in received.media_weights),
    )
    if received.pictures_sent:
        pictures = [f"    - {_picture(picture, words)}" for picture in received.pictures]
        lines += ["- " + words.pictures.format(count=received.pictures_sent), *pictures]
    if received.history_turns:
        lines.append("- " + words.history.format(count=received.history_turns))
    if received.prompt_tokens:
        lines.append("- " + words.prompt.format(prompt=received.prompt_tokens, answer=received.answer_tokens))
    return lines


def _bar(weight: float) -> str:
    """A weight of 0 to 1 as a bar and a number. The bar is code: the letters of code are equally wide."""
    filled = round(BAR * min(max(weight, 0.0), 1.0))
    return f"<code>{'█' * filled}{'░' * (BAR - filled)}</code> {weight:.2f}"


def _list(title: str, items: Iterable[str]) -> list[str]:
    """A point with points under it; nothing where there are none."""
    lines = [f"    - {item}" for item in items]
    return [f"- {title}", *lines] if lines else []


def _file(file: ReceivedFile, words: ChatWords) -> str:
    facts = [_medium(file.medium, words), as_text(words.hows.get(file.how, file.how))]
    if file.pages:
        facts.append(words.pages_one if file.pages == 1 else words.pages.format(count=file.pages))
    if file.seconds:
        facts.append(words.seconds.format(seconds=file.seconds))
    return f"{as_text(file.name)}: {', '.join(fact for fact in facts if fact)}"


def _picture(picture: ReceivedPicture, words: ChatWords) -> str:
    """ "Picture 2: photo.jpg, 640×480 of 4000×3000 pixels, 300 tokens"."""
    name, number = as_text(picture.name), picture.number
    sent, given = f"{picture.sent_width}×{picture.sent_height}", f"{picture.width}×{picture.height}"
    if picture.tiles > 1:
        sent = words.picture_tiles.format(count=picture.tiles, size=sent)
    if picture.seconds is not None:
        called = words.picture_frame.format(name=name, at=clock(picture.seconds))
    else:
        called = (words.picture_earlier if picture.earlier else words.picture).format(number=number, name=name)
    return words.picture_sent.format(called=called, sent=sent, given=given, tokens=picture.tokens)


def _medium(medium: Medium, words: ChatWords) -> str:
    return words.media[medium]


def _step(name: str, seconds: float, words: ChatWords) -> str:
    return words.step_seconds.format(step=as_text(words.steps.get(name, name)), seconds=seconds)
