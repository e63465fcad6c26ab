"""How many words a text has: what stands between blanks and has a letter or digit. Scripts that put no blanks between
words, Chinese and Japanese, are counted by characters, without punctuation.
"""

import re

_CHARACTERS = re.compile(
    "[\u3005-\u3007\u3041-\u30fa\u30fc-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)


def count_words(text: str) -> int:
    spaced, characters = _CHARACTERS.subn(" ", text)
    return characters + sum(any(map(str.isalnum, piece)) for piece in spaced.split())
