"""What is shown while somebody talks: the strip of a dictation and that of a call. The page's script fills them."""

import json

from ui.untrusted import as_html
from ui.words import words_now
from ui.words.call import CallWords


def view() -> str:
    """Both, hidden, in the visitor's language, with the words that the script says later."""
    words = words_now(CallWords)
    told = as_html(json.dumps({"states": words.states, "trouble": words.trouble}, ensure_ascii=False))
    return f'<div id="talk-words" data-words="{told}">{_talking(words)}{_calling(words)}</div>'


def _talking(words: CallWords) -> str:
    return (
        f'<section id="talking" aria-label="{as_html(words.talking)}" hidden>{_STATE}'
        '<p class="words"><span class="stable"></span> <span class="tentative"></span></p>'
        f'<div class="controls">{_spoken(words)}'
        f'<label><input type="checkbox" class="review"> {as_html(words.review)}</label><span class="buttons">'
        f'<button type="button" class="cancel" data-close="{as_html(words.close)}">{as_html(words.cancel)}</button>'
        f'<button type="button" class="send main">{as_html(words.send)}</button></span></div></section>'
    )


def _calling(words: CallWords) -> str:
    return (
        f'<section id="calling" aria-label="{as_html(words.calling)}" hidden>{_STATE}'
        f'<div class="captions" tabindex="0" role="group" aria-label="{as_html(words.calling)}">'
        f'<p class="you" hidden><b>{as_html(words.you)}</b> <span class="stable"></span> '
        f'<span class="tentative"></span></p>'
        f'<p class="answer" hidden><b>{as_html(words.answer)}</b> <span></span></p></div>'
        f'<div class="controls">{_spoken(words)}<span class="buttons">'
        f'<button type="button" class="hush" hidden>{as_html(words.hush)}</button>'
        f'<button type="button" class="mute" aria-pressed="false">{as_html(words.mute)}</button>'
        f'<button type="button" class="end" data-close="{as_html(words.close)}">{as_html(words.end)}</button>'
        "</span></div></section>"
    )


_STATE = (
    '<p class="state"><span class="sign" aria-hidden="true"></span><span class="now" role="status"></span></p>'
    '<p class="trouble" role="alert" hidden></p>'
)


def _spoken(words: CallWords) -> str:
    offered = {"": words.spoken_any, "en": words.spoken_en, "zh": words.spoken_zh}
    options = "".join(f'<option value="{code}">{as_html(name)}</option>' for code, name in offered.items())
    return f'<label>{as_html(words.spoken)} <select class="spoken">{options}</select></label>'
