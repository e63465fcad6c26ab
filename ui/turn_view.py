"""A turn as it is kept, as messages of the chat: its files, the question, what the model received, the answer,
and what can be done with each.

What can be done stands there as buttons with the class "do" and a command as their value, which the page's script
hands to the server (`ui.commands`). Knows no Gradio.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.conversations.history import AttachedFile, StoredTurn
from ui import rendering
from ui.rendering import Message
from ui.untrusted import as_html, as_markdown
from ui.words.chat import ChatWords

Thumbnail = Callable[[AttachedFile], str]  # the address of a small picture of it; "" where it is no picture


def turn(
    stored: StoredTurn,
    thumbnail: Thumbnail,
    words: ChatWords,
    last: bool = True,
    aloud: str = "",
    made: Sequence[tuple[str, str]] = (),
) -> list[Message]:
    """All that is shown of a turn that has ended. last: it is the one that the next turn follows. aloud: the address
    of the answer's sound; "": it cannot be read aloud. made: name and address of each file that the answer made."""
    said, folded = _answered(stored, words)
    if stored.state == "answering":
        return [question(stored, thumbnail, words, last, acts=False), *said]
    acts = _answer_acts(stored, words, last, aloud, folded)
    below = "\n\n".join(part for part in (_made(made, words), acts, *map(_fold, folded)) if part)
    said[-1] = {**said[-1], "content": f"{said[-1]['content']}\n\n{below}"}
    return [question(stored, thumbnail, words, last), *said]


@dataclass(frozen=True)
class _Folded:
    """What a button under the answer unfolds."""

    kind: str
    label: str
    content: str
    """Markdown."""
    count: int = 0
    """Told on the button; 0: the button is a sign alone."""


def earlier(count: int, words: ChatWords) -> Message:
    """Stands where turns are left out at first."""
    label = as_html(words.earlier.format(count=count))
    button = f'<button class="do earlier" type="button" value="earlier">{label}</button>'
    return {"role": "assistant", "content": f'<div class="why">{button}</div>'}


def reads(message: Message, aloud: str) -> Message:
    """With a sign for the page's script to begin reading the answer that is being written."""
    sign = f'<a class="reads" href="#{as_html(aloud)}"></a>'
    return {**message, "content": f"{message['content']}\n\n{sign}"}


def question(
    stored: StoredTurn, thumbnail: Thumbnail, words: ChatWords, last: bool = True, acts: bool = True
) -> Message:
    """What the person said and handed over, files first. acts: with what can be done about it."""
    parts = [files(stored.id, stored.given, thumbnail, words, acts), as_markdown(stored.asked)]
    parts.append(_question_acts(stored, words, last) if acts else "")
    return {"role": "user", "content": "\n\n".join(part for part in parts if part) or "\u200b"}


def files(
    turn_id: str, given: tuple[AttachedFile, ...], thumbnail: Thumbnail, words: ChatWords, acts: bool = False
) -> str:
    """The files of a turn as links that open them beside the chat. acts: a picture can be pinned and dropped."""
    links = []
    for number, one in enumerate(given, 1):
        address, name = thumbnail(one), as_html(words.your_voice if one.spoken else one.name)
        shown = f"<span>{name}</span>"
        if address:  # its place is kept free until it is there
            size = f'width="{one.width}" height="{one.height}"' if one.width else ""
            shown = f'<img src="{as_html(address)}" alt="{name}" loading="lazy" {size}>'
        kind = "voice" if one.spoken else (one.media_type.partition("/")[0] or "file")
        link = f'<a class="file {as_html(kind)}" href="#evidence-{turn_id}-f{number}" title="{name}">{shown}</a>'
        if address and acts:
            link = f'<span class="picture {one.remembered}">{link}{_picture_acts(turn_id, number, one, words)}</span>'
        links.append(link)
    return f'<div class="files">{"".join(links)}</div>' if links else ""


def _picture_acts(turn_id: str, number: int, picture: AttachedFile, words: ChatWords) -> str:
    """Whether the turns that follow are shown it before others, or not at all."""
    acts = []
    for kind, how, label, done in (
        ("pin", "pinned", words.pin_picture, words.pinned_picture),
        ("drop", "dropped", words.drop_picture, words.dropped_picture),
    ):
        on = picture.remembered == how
        named = f"{picture.name}: {done if on else label}"
        acts.append(_act(f"{kind} given" if on else kind, f"{kind}-picture {turn_id} {number}", named))
    return f'<span class="acts">{"".join(acts)}</span>'


def _answered(stored: StoredTurn, words: ChatWords) -> tuple[list[Message], list[_Folded]]:
    """The answer, and what belongs to it behind buttons."""
    match stored.state:
        case "done" | "stopped" if stored.answer is not None:
            shown = rendering.finished(stored.answer, stored.id, words)
            count = len(stored.answer.citations)
            folded = [
                _Folded("sources", words.sources, shown.sources, count),
                _Folded("received", words.received, shown.received),
            ]
            return [{"role": "assistant", "content": shown.text}], [one for one in folded if one.content]
        case "stopped" | "done":
            return rendering.stopped(stored.partial, words), []
        case "failed":
            return [*rendering.partial(stored.partial), *rendering.failure(stored.failure, words)], []
        case "interrupted":
            return rendering.cut_off(stored.partial, words.interrupted), []
        case "answering":  # asked after by another tab; what there is of it is on the way
            return [rendering.working("", (), 0, words), *rendering.partial(stored.partial)], []


def _fold(one: _Folded) -> str:
    return f'<div class="folded {one.kind}">\n\n**{as_html(one.label)}**\n\n{one.content}\n\n</div>'


def _made(files: Sequence[tuple[str, str]], words: ChatWords) -> str:
    """Links under which the files of an answer are saved."""
    links = [
        f'<a href="{as_html(address)}" download="{as_html(name)}" title="{as_html(words.save_file.format(name=name))}">'
        f"{as_html(name)}</a>"
        for name, address in files
    ]
    return f'<div class="made">{"".join(links)}</div>' if links else ""


def _question_acts(stored: StoredTurn, words: ChatWords, last: bool) -> str:
    acts = []
    if stored.branches > 1:
        where = words.branch.format(number=stored.branch, count=stored.branches)
        acts += [
            _act("branch", f"branch-previous {stored.id}", words.branch_previous, off=stored.branch == 1),
            f'<span class="which" title="{as_html(where)}">{stored.branch}/{stored.branches}</span>',
            _act("branch next", f"branch-next {stored.id}", words.branch_next, off=stored.branch == stored.branches),
        ]
    acts.append(_act("edit", f"edit {stored.id}", words.edit))
    if last:
        acts.append(_act("undo", f"undo {stored.id}", words.undo))
    return f'<div class="acts">{"".join(acts)}</div>'


def _answer_acts(stored: StoredTurn, words: ChatWords, last: bool, aloud: str, folded: Sequence[_Folded]) -> str:
    acts = []
    if stored.answer is not None or stored.partial:
        acts.append(_act("copy", f"copy {stored.id}", words.copy))
    if aloud:
        acts.append(_aloud(aloud, words))
    acts += map(_unfolds, folded)
    if last and stored.state in ("stopped", "interrupted"):
        acts.append(_act("continue asks", f"continue {stored.id}", words.go_on, text=True))
    acts.append(_act("retry asks", f"retry {stored.id}", words.retry))
    if stored.answer is not None:
        for verdict, label in (("like", words.like), ("dislike", words.dislike)):
            given = stored.verdict == verdict
            label = words.judged.format(verdict=label) if given else label
            acts.append(_act(f"{verdict} given" if given else verdict, f"{verdict} {stored.id}", label))
    return f'<div class="acts">{"".join(acts)}</div>{_feedback(stored, words)}'


def _unfolds(one: _Folded) -> str:
    label = as_html(one.label)
    shown = f"<span>{label} {one.count}</span>" if one.count else f'<span class="unseen">{label}</span>'
    return (
        f'<button class="fold {one.kind}" type="button" value="{one.kind}" title="{label}" aria-expanded="false">'
        f"{shown}</button>"
    )


def _aloud(address: str, words: ChatWords) -> str:
    """Reads, and stops reading; beside it the same as a file."""
    read, stop, save = map(as_html, (words.read_aloud, words.stop_reading, words.save_sound))
    return (
        f'<button class="aloud" type="button" value="{as_html(address)}" title="{read}">'
        f'<span class="unseen go">{read}</span><span class="unseen halt">{stop}</span></button>'
        f'<a class="sound" href="{as_html(address)}/all.wav" title="{save}"><span class="unseen">{save}</span></a>'
    )


def _feedback(stored: StoredTurn, words: ChatWords) -> str:
    """A word on why, once a verdict is given."""
    if not stored.verdict:
        return ""
    label = words.why_liked if stored.verdict == "like" else words.why_disliked
    return (
        f'<div class="why"><label><span class="unseen">{as_html(label)}</span><input type="text" name="{stored.id}" '
        f'maxlength="500" placeholder="{as_html(label)}" value="{as_html(stored.feedback)}"></label>'
        f'<button class="do" type="button" value="feedback {stored.id}">{as_html(words.send)}</button></div>'
    )


def _act(kind: str, command: str, label: str, off: bool = False, text: bool = False) -> str:
    """A button that shows a sign by its class, and its label where `text` says so; named by the label always."""
    named = as_html(label)
    shown = named if text else f'<span class="unseen">{named}</span>'
    return (
        f'<button class="do {kind}" type="button" value="{command}" title="{named}"'
        f"{' disabled' if off else ''}>{shown}</button>"
    )
