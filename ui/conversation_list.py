"""The list of conversations as HTML: pinned ones first, the others by day, and what can be done with the open one.

Buttons of the class "do" carry a command for the server (`ui.commands`). Knows no Gradio.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from assistant.conversations.history import ConversationInfo
from ui.untrusted import as_html
from ui.words.conversations import ConversationWords

MOST = 200  # more than that nobody looks through; search finds the rest


@dataclass(frozen=True)
class ConversationList:
    """What the list of conversations shows."""

    conversations: Sequence[ConversationInfo]
    open: str = ""
    """The id of the conversation on the page."""
    menu: str = ""
    """The id of the one whose menu is unfolded."""
    searched: str = ""
    """The words that the list is narrowed down to."""
    deleted: ConversationInfo | None = None
    """A conversation that can be had back."""
    markdown: str = ""
    """The address at which the one with the menu is saved as Markdown."""
    archive: str = ""
    """The address at which the one with the menu is saved as an archive."""
    feedback: str = ""
    """The address of the judgements; "" where there are none."""
    sharing: str = ""
    """How the one with the menu is shared, as HTML (`ui.sharing_view`)."""


def view(listed: ConversationList, words: ConversationWords, now: datetime) -> str:
    """The whole list. The page's script reads from `data-open` which conversation is shown."""
    title = next((_title(one, words) for one in listed.conversations if one.id == listed.open), "")
    parts = [_deleted(listed.deleted, words)] if listed.deleted is not None else []
    if not listed.conversations:
        parts.append(f'<p class="none">{as_html(words.none_found if listed.searched else words.none_yet)}</p>')
    heading = ""
    for one in listed.conversations[:MOST]:
        if (day := words.pinned if one.pinned else _day(one.changed, now, words)) != heading:
            parts.append(f"{'</ul>' if heading else ''}<h2>{as_html(day)}</h2><ul>")
            heading = day
        parts.append(_line(one, listed, words))
    parts.append("</ul>" if heading else "")
    if len(listed.conversations) > MOST:
        parts.append(f'<p class="none">{as_html(words.more.format(count=MOST))}</p>')
    if listed.feedback:
        parts.append(f'<p><a href="{as_html(listed.feedback)}" download>{as_html(words.feedback)}</a></p>')
    return (
        f'<nav aria-label="{as_html(words.title)}" data-open="{as_html(listed.open)}" data-title="{title}">'
        f"{''.join(parts)}</nav>"
    )


def _line(one: ConversationInfo, listed: ConversationList, words: ConversationWords) -> str:
    """The list is one stop of the keyboard, at the open one; the page's script leads on from there by the arrows."""
    open_, unfolded = one.id == listed.open, one.id == listed.menu
    stop = open_ or (not listed.open and one is listed.conversations[0])
    current = ' aria-current="true"' if open_ else ""
    found = f'<span class="found">{as_html(one.found)}</span>' if one.found else ""
    more = as_html(words.menu_of.format(title=one.title or words.untitled))
    line = (
        f'<button type="button" class="do title" value="open {one.id}" tabindex="{0 if stop else -1}"{current}>'
        f'<span class="name" dir="auto">{_title(one, words)}</span>{found}</button>'
        f'<button type="button" class="do more" value="menu {one.id}" tabindex="{0 if stop else -1}" '
        f'aria-expanded="{str(unfolded).lower()}" title="{more}"><span class="unseen">{more}</span></button>'
    )
    kinds = " ".join(kind for kind, so in (("open", open_), ("unfolded", unfolded)) if so)
    return f'<li class="{kinds}"><div class="line">{line}</div>{_tools(one, listed, words) if unfolded else ""}</li>'


def _tools(one: ConversationInfo, listed: ConversationList, words: ConversationWords) -> str:
    pin = ("unpin", words.unpin) if one.pinned else ("pin", words.pin)
    rename = (
        f'<input type="text" class="rename" name="{one.id}" value="{_title(one, words)}" maxlength="200" '
        f'aria-label="{as_html(words.new_title)}" hidden>'
    )
    buttons = [
        f'<button type="button" class="{kind}" value="{command} {one.id}">{as_html(label)}</button>'
        for kind, command, label in (("renames", "rename", words.rename), ("do", *pin), ("do", "delete", words.delete))
    ]
    links = "".join(
        f'<a href="{as_html(address)}" download>{as_html(label)}</a>'
        for address, label in ((listed.markdown, words.export_markdown), (listed.archive, words.export_archive))
        if address
    )
    return f'{rename}<div class="tools">{"".join(buttons[:2])}{links}{buttons[2]}</div>{listed.sharing}'


def _deleted(one: ConversationInfo, words: ConversationWords) -> str:
    said = as_html(words.deleted.format(title=one.title or words.untitled))
    undo = f'<button type="button" class="do" value="undelete {one.id}">{as_html(words.undo)}</button>'
    return f'<p class="deleted" role="status">{said} {undo}</p>'


def _title(one: ConversationInfo, words: ConversationWords) -> str:
    return as_html(one.title or words.untitled)


def _day(changed: float, now: datetime, words: ConversationWords) -> str:
    day = datetime.fromtimestamp(changed).date()
    if day >= now.date():
        return words.today
    if day == now.date() - timedelta(days=1):
        return words.yesterday
    return words.this_week if day > now.date() - timedelta(days=7) else words.older
