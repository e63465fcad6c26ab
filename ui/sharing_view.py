"""What is shared of the open conversation, as HTML in the list: the links that there are, and the making of one."""

from collections.abc import Sequence
from datetime import datetime

from assistant.conversations.sharing import Share
from ui.untrusted import as_html
from ui.words.sharing import SharingWords

FOLDER = "shared"  # where the copies are to be had, below the page's own address


def address(token: str) -> str:
    """Relative to the page, wherever that is served from."""
    return f"{FOLDER}/{token}"


def view(conversation: str, shares: Sequence[Share], has_files: bool, only_here: bool, words: SharingWords) -> str:
    """has_files: there are some that could be shared along. only_here: no other machine reaches this page."""
    tick = f'<label><input type="checkbox"> {as_html(words.with_files)}</label>' if has_files else ""
    here = f"<p>{as_html(words.only_here)}</p>" if only_here else ""
    make = f'<button type="button" class="do" value="share {conversation}">{as_html(words.make)}</button>'
    links = "".join(_link(share, words) for share in shares)
    return (
        f'<div class="sharing">{links}{here if shares else ""}<details><summary>{as_html(words.share)}</summary>'
        f"<p>{as_html(words.about)}</p>{here}<div>{tick}{make}</div></details></div>"
    )


def _link(share: Share, words: SharingWords) -> str:
    said = words.shared_files if share.with_files else words.shared
    when = as_html(said.format(date=f"{datetime.fromtimestamp(share.made):%Y-%m-%d %H:%M}"))
    to = as_html(address(share.token))
    return (
        f'<p class="share"><span>{when}</span><code>{to}</code>'
        f'<a href="{to}" target="_blank" rel="noopener">{as_html(words.open)}</a>'
        f'<button type="button" class="do" value="copy-link {to}">{as_html(words.copy)}</button>'
        f'<button type="button" class="do" value="unshare {as_html(share.token)}">{as_html(words.stop)}</button></p>'
    )
