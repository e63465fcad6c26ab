"""Which language a text is written in."""

from collections import Counter

import pytest

from assistant.answering.kinds.examples import examples
from assistant.text.identified import identify


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("The pump was serviced in March.", "en"),
        ("Sehr geehrte Damen und Herren, hiermit kündige ich den Mietvertrag.", "de"),
        ("水泵是三月份保养的。", "zh"),
        ("ポンプは3月に点検されました。", "ja"),
        ("펌프는 3월에 점검되었습니다.", "ko"),
        ("Насос обслуговували в березні, і все гаразд.", "uk"),
        ("ما هو السعر؟", "ar"),
        ("Η τιμή είναι 593 ευρώ.", "el"),
        ("RAUCHEN VERBOTEN", "de"),
        ("NO SMOKING IN THIS AREA PLEASE", "en"),
    ],
)
def test_a_sentence_tells_its_language(text: str, code: str) -> None:
    found = identify(text)
    assert found.code == code
    assert found.sureness > 0.6


@pytest.mark.parametrize("text", ["", "593.10", "2024-03-15\n$ 12.00", "!?"])
def test_numbers_and_signs_are_in_no_language(text: str) -> None:
    assert identify(text).code == ""


def test_of_a_word_or_two_it_is_not_sure() -> None:
    assert identify("EXIT").sureness < 0.25
    assert identify("Hello").sureness < 0.6


def test_how_sure_it_is_says_how_often_it_is_right() -> None:
    """Over the short requests of nine languages, the hardest there are."""
    told = [(identify(one.wording), one.language) for one in examples()]
    for language in {language for _, language in told}:
        right = [found.code == language for found, written in told if written == language]
        assert sum(right) / len(right) > 0.88, language
    sure = Counter(found.code == language for found, language in told if found.sureness >= 0.6)
    assert sure[True] / sure.total() > 0.98
    assert sure.total() / len(told) > 0.85
