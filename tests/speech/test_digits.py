"""Numbers that were said are written in digits, where nothing else can be meant."""

import pytest

from assistant.ports.speech import Segment, Transcript
from assistant.speech.recognition.digits import in_digits
from assistant.speech.recognition.inverse_normalization import inverse_normalized


@pytest.mark.parametrize(
    ("said", "as_written"),
    [
        ("Twenty five percent of the pumps", "25% of the pumps"),
        ("three point five kilometers", "3.5 kilometers"),
        ("one point oh two percent", "1.02%"),
        ("minus twelve degrees", "minus 12 degrees"),
        ("one hundred and twenty miles", "120 miles"),
        ("百分之二十五的水泵", "25%的水泵"),
        ("百分之三点五", "3.5%"),
        ("管道长三点五公里。", "管道长3.5公里。"),
        ("会议在二零二四年五月三号。", "会议在2024年5月3号。"),
        ("二零一九年十二月十四日", "2019年12月14日"),
        ("一千二百三十四块五毛", "1234块五毛"),
        ("大约三百万人", "大约300万人"),
        ("每小时八十公里", "每小时80公里"),
        ("容量是五点四千瓦时", "容量是5.4千瓦时"),
        ("他三十二岁，一百八十厘米高。", "他32岁，180厘米高。"),
        ("发票号码是四七一一，", "发票号码是4711，"),
    ],
)
def test_what_was_said_in_words_is_written_in_digits(said: str, as_written: str) -> None:
    assert in_digits(said) == as_written


@pytest.mark.parametrize(
    "said",
    [
        "One of them was broken, and the second one was fine.",
        "at that point two dogs came",
        "the one point two people made",
        "one meter", "one two three meters", "He is one in a million.", "No. One percent", "twenty questions",
        "It costs $3.50, 25% less than in May 2024.",
        "其中一个坏了", "十分感谢，万一有问题再联系。", "千万不要", "三四个人", "三五十人", "三点五十分",
        "一百多人", "几十米", "十几米",
        "看完要一两天", "第三章第二节", "第一百二十页", "三十好几岁", "五分二十秒",
        "一年", "三月", "一一回答", "2024年5月3号有25%",
    ],
)  # fmt: skip
def test_what_may_be_meant_otherwise_stays_as_it_was_said(said: str) -> None:
    assert in_digits(said) == said


def test_a_transcript_is_written_so_in_every_script() -> None:
    heard = Transcript((Segment(0, 2, "會議在二零二四年五月三號,費用兩千八百元."),), "zh", 2)
    assert inverse_normalized(heard, "auto").text == "会议在2024年5月3号，费用2800元。"
    assert inverse_normalized(heard, "traditional").text == "會議在2024年5月3號，費用2800元。"
