"""The seconds that a request names."""

import pytest

from assistant.answering.request_times import asked
from assistant.values.request import Span

END = float("inf")


@pytest.mark.parametrize(
    ("question", "span"),
    [
        ("What happens at 0:42?", Span(40, 44, point=True)),
        ("what is said between 1:10 and 2:00", Span(70, 120)),
        ("What is said from 1:10 to 2:00?", Span(70, 120)),
        ("What happens 1:02:03 in?", Span(3721, 3725, point=True)),
        ("What does she show at minute 3?", Span(180, 240)),
        ("What is said after 2 minutes and 5 seconds?", Span(125, END)),
        ("What is said before 1:00?", Span(0, 60)),
        ("What is said at 90 seconds?", Span(88, 92, point=True)),
        ("What comes in the first two minutes?", Span(0, 120)),
        ("What comes in the first 2 minutes?", Span(0, 120)),
        ("Summarise the last minute.", Span(0, 60, from_end=True)),
        ("0:42发生了什么？", Span(40, 44, point=True)),
        ("1:10到2:00之间说了什么？", Span(70, 120)),
        ("1分10秒到2分说了什么？", Span(70, 120)),
        ("第3分钟说了什么？", Span(120, 240)),
        ("42秒的时候出现了什么？", Span(40, 44, point=True)),
        ("最后30秒讲了什么？", Span(0, 30, from_end=True)),
        ("前两分钟讲了什么？", Span(0, 120)),
        ("Who serviced the pump in 2018?", None),
        ("What does page 3 say?", None),
        ("When does the train at 7:30 pm leave?", None),
        ("It took 3 attempts", None),
        ("Who worked for 3 minutes?", None),
        ("What takes 45 seconds?", None),
        ("What is shown 5 minutes in?", Span(298, 302, point=True)),
        ("谁用了3分钟？", None),
    ],
)
def test_the_seconds_that_a_question_names(question: str, span: Span | None) -> None:
    assert asked(question) == span
