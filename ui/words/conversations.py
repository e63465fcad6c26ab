"""The words of the list of conversations."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ConversationWords:
    """Strings with {names} are filled with `str.format`."""

    title: str = "Conversations"
    search: str = "Search conversations"
    pinned: str = "Pinned"
    today: str = "Today"
    yesterday: str = "Yesterday"
    this_week: str = "The last seven days"
    older: str = "Older"
    untitled: str = "New conversation"
    none_yet: str = "What you ask is kept here."
    none_found: str = "No conversation holds these words."
    rename: str = "Rename"
    new_title: str = "New title"
    pin: str = "Pin"
    unpin: str = "Unpin"
    delete: str = "Delete"
    deleted: str = "“{title}” is deleted."
    undo: str = "Undo"
    menu_of: str = "More for “{title}”"
    export_markdown: str = "Export as text"
    export_archive: str = "Export with files"
    import_archive: str = "Import a conversation"
    feedback: str = "Export my judgements"
    imported: str = "“{title}” is here."
    chat: str = "Chat"
    library: str = "Libraries"
    settings: str = "Settings"
    gone: str = "This conversation is not here any more."
    more: str = "The {count} newest are shown; search finds the others."


ENGLISH = ConversationWords()
