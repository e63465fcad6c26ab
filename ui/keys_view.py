"""The list of keys that "?" shows, and the link that leads a keyboard past the list of conversations."""

from ui.untrusted import as_html
from ui.words import words_now
from ui.words.keys import KeyWords


def view() -> str:
    words = words_now(KeyWords)
    keys = (
        ("?", words.keys),
        ("/", words.composer),
        ("Enter", words.send),
        ("Shift Enter", words.line),
        ("↑", words.previous),
        ("Esc", words.stop),
        ("Ctrl K", words.search),
        ("Ctrl Shift O", words.new),
        ("↑ ↓ → ←", words.list),
    )
    rows = "".join(f"<tr><th scope=row>{_key(key)}</th><td>{as_html(does)}</td></tr>" for key, does in keys)
    return (
        f'<a id="skip" href="#box">{as_html(words.skip)}</a><dialog aria-labelledby="keys-title">'
        f'<h2 id="keys-title">{as_html(words.title)}</h2><table>{rows}</table>'
        f'<button type="button" class="close">{as_html(words.close)}</button></dialog>'
        f'<span id="next-words" data-next="{as_html(words.next)}" data-edit="{as_html(words.edit_next)}" '
        f'data-drop="{as_html(words.drop_next)}"></span>'
    )


def _key(keys: str) -> str:
    return " ".join(f"<kbd>{as_html(key)}</kbd>" for key in keys.split(" "))
