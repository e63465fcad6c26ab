"""How Chinese dates and times are read for a model that answers in another language."""

import pytest

from assistant.text.glosses import glossed


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("4月18日上午9点至下午3点停水", " 18 April 9:00 AM 至 3:00 PM 停水"),
        ("2026年4月10日", " 10 April 2026 "),
        ("新产品5月12号上市", "新产品 12 May 上市"),
        ("晚上7点半，星期五以前", " 7:30 PM ， Friday 以前"),
        ("14点05分", " 14:05 "),
        ("3时间，一周年，三点建议，5周", "3时间，一周年，三点建议，5周"),
        ("牛肉面 28元", "牛肉面 28元"),
    ],
)
def test_dates_and_times_are_read_in_english(text: str, said: str) -> None:
    assert glossed(text) == said
