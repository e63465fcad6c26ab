"""An answer is said sentence by sentence while it is still being written."""

import random

import pytest

from assistant.speech.synthesis.sentences import LONGEST, Sentences

ENGLISH = """# Results [1]

Dr. Smith visited on 3.5.2026, e.g. with **Mr. Jones**. He paid $5.20 for `pip install foo.bar` [2](#cite-2). See \
[the docs. Really](https://a.example/c.d) now! It works. Then he left.

- First item
- Second item: 5 km/h

```python
print("hello. world")
```

| Name | Age |
|------|-----|
| Ann | 5 |

The area is $$\\int_0^1 x. dx$$ and so on. The end
"""
SAID = [
    "Results.",
    "Doctor Smith visited on May third, twenty twenty-six, for example with Mister Jones.",
    "He paid five dollars and twenty cents for pip install foo dot bar.",
    "See the docs. Really now!",
    "It works.",
    "Then he left.",
    "First item.",
    "Second item: five kilometers per hour.",
    "Here is some code.",
    "Name, Age. Ann, five.",
    "The area is a formula and so on.",
    "The end.",
]
CHINESE = """## 结果
水泵于2026年3月14日检修[1]。下次在9月，**必须**提前预约！详见[手册。第二版](http://a.example)。他说：“好的。”然后走了。

```
x
```
"""
SAID_IN_CHINESE = [
    "结果。",
    "水泵于二零二六年三月十四日检修。",
    "下次在九月，必须提前预约！",
    "详见手册。第二版。",
    "他说：好的。",
    "然后走了。",
    "此处有代码。",
]


def fed(markdown, seed):
    """In pieces of any size, as a model writes them."""
    dice, sentences, said, at = random.Random(seed), Sentences(), [], 0
    while at < len(markdown):
        size = dice.randint(1, 7)
        said += sentences.feed(markdown[at : at + size])
        at += size
    return said + sentences.end()


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize(("markdown", "said"), [(ENGLISH, SAID), (CHINESE, SAID_IN_CHINESE)])
def test_sentences_are_the_same_however_the_pieces_fall(markdown, said, seed):
    assert fed(markdown, seed) == said


def test_a_sentence_is_given_as_soon_as_the_next_one_begins():
    sentences = Sentences()
    assert sentences.feed("The pump runs. T") == ["The pump runs."]
    assert sentences.feed("hen it stops") == []
    assert sentences.end() == ["Then it stops."]


def test_a_chinese_sentence_is_given_with_its_sign():
    assert Sentences().feed("水泵在运行。") == ["水泵在运行。"]


def test_the_first_piece_of_a_long_sentence_ends_at_a_comma():
    long = "The pump was serviced by the contractor from the north, who replaced the seal, the bearing and the shaft, "
    first = Sentences().feed(long + "and went home.")
    assert first[0] == "The pump was serviced by the contractor from the north."


def test_a_long_sentence_is_parted_at_its_commas_and_one_without_any_at_a_blank():
    sentences = Sentences()
    sentences.feed("So. ")
    said = sentences.feed(", ".join(["a clause that goes on"] * 60)) + sentences.end()
    assert len(said) > 3
    assert all(len(one) <= 2 * LONGEST for one in said)
    wordy = Sentences().feed("word " * 400)
    assert all(len(one) <= 2 * LONGEST for one in wordy)
    assert wordy


def test_shortened_words_initials_and_decimals_end_nothing():
    for text in ("See Fig. 3 of it", "By J. R. Smith et al. in it", "At approx. 3.5 m it", "On 3 Jan. 2026 it"):
        assert Sentences().feed(f"{text} ends") == []


def test_code_that_is_still_being_written_is_not_said():
    sentences = Sentences()
    assert sentences.feed("```python\nx = 1. Then y\n") == []
    assert sentences.feed("```\n") == ["Here is some code."]


def test_one_object_can_say_one_answer_after_another():
    sentences = Sentences()
    sentences.feed("One")
    assert sentences.end() == ["One."]
    sentences.feed("Two")
    assert sentences.end() == ["Two."]


def test_hostile_pieces_come_to_an_end():
    for piece in ("[" * 3000, "`" * 3000, "a. " * 1000, "- " * 1000, "|" * 3000, "$" * 3000, "![a](" * 600):
        sentences = Sentences()
        for at in range(0, len(piece), 300):
            sentences.feed(piece[at : at + 300])
        sentences.end()
