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
    export_markdown: str = "Save as text"
    export_archive: str = "Save with files"
    import_archive: str = "Open a saved conversation"
    feedback: str = "Save my judgements"
    imported: str = "“{title}” is here."
    chat: str = "Chat"
    library: str = "Libraries"
    settings: str = "Settings"
    gone: str = "This conversation is not here any more."
    more: str = "The {count} newest are shown; search finds the others."


ENGLISH = ConversationWords()

CHINESE = ConversationWords(
    title="对话",
    search="搜索对话",
    pinned="已置顶",
    today="今天",
    yesterday="昨天",
    this_week="最近七天",
    older="更早",
    untitled="新对话",
    none_yet="您的提问会保存在这里。",
    none_found="没有对话包含这些词。",
    rename="重命名",
    new_title="新标题",
    pin="置顶",
    unpin="取消置顶",
    delete="删除",
    deleted="“{title}”已删除。",
    undo="撤销",
    export_markdown="存为文本",
    export_archive="连同文件保存",
    import_archive="打开保存的对话",
    feedback="保存我的评价",
    imported="“{title}”已导入。",
    chat="聊天",
    library="资料库",
    settings="设置",
    gone="这个对话已不在这里。",
    more="只显示最新的 {count} 个；其余可以搜索。",
)
