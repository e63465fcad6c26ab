"""Which files a request means: by name, number or medium, because they came along, or were spoken of before."""

from collections.abc import Sequence

import pytest

from assistant.answering.subject import subject
from assistant.values.conversation import Conversation, Exchange
from assistant.values.files import FileFacts
from assistant.values.request import Meant

LETTER = FileFacts("letter", "letter from aunt Vera.pdf")
BAKERY = FileFacts("bakery", "receipt-bakery.png", "image")
GARAGE = FileFacts("garage", "receipt-garage.png", "image")
CALL = FileFacts("call", "call.mp3", "audio")
FILM = FileFacts("film", "garden.mp4", "video")
HERE = (LETTER, BAKERY, GARAGE, CALL)


def found(
    words: str,
    files: Sequence[FileFacts] = HERE,
    given_now: Sequence[str] = (),
    last: Sequence[str] = (),
    recordings: bool = False,
) -> tuple[tuple[str, ...], Meant]:
    """last: what the turn before was about."""
    exchanges = [Exchange("What is this?", "A thing.", files=tuple(last))] if last else []
    return subject(words, files, given_now, Conversation(exchanges=exchanges), recordings)


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("Who wrote receipt-bakery.png?", ("bakery",)),
        ("Compare RECEIPT-GARAGE with letter from aunt Vera.pdf", ("garage", "letter")),
        ("What does call.mp3 say about garden?", ("call",)),
    ],
)
def test_a_file_is_named_with_or_without_its_ending(words: str, meant: tuple[str, ...]) -> None:
    assert found(words) == (meant, "named")


@pytest.mark.parametrize(
    "words", ["What did the bakery charge?", "How much was it at the BAKERY", "la bakery, combien ?"]
)
def test_a_telling_word_of_its_name_is_enough(words: str) -> None:
    assert found(words) == (("bakery",), "named")


def test_a_name_inside_another_word_is_no_name() -> None:
    assert found("What is recalled?", last=("letter",)) == (("letter",), "last")


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("What is the total of the second receipt?", "garage"),
        ("and the first picture?", "bakery"),
        ("read the last photo", "garage"),
        ("What total does picture 2 show?", "garage"),
        ("Is photo no. 1 older?", "bakery"),
        ("What does the first file say?", "letter"),
        ("第二张图片是多少钱？", "garage"),
        ("图片 2 里写了什么？", "garage"),
        ("Was steht auf dem zweiten Bild?", "garage"),
        ("Was zeigt Bild 1?", "bakery"),
        ("Que montre la deuxième photo ?", "garage"),
        ("¿Qué dice la primera imagen?", "bakery"),
        ("O que diz a segunda foto?", "garage"),
        ("что на втором фото?", "garage"),
        ("写真2には何がありますか", "garage"),
        ("두 번째 사진은 얼마예요?", "garage"),
    ],
)
def test_one_is_meant_by_its_number(words: str, meant: str) -> None:
    assert found(words) == ((meant,), "ordinal")


def test_several_are_meant_by_their_numbers() -> None:
    assert found("What differs between picture 1 and picture 2?") == (("bakery", "garage"), "ordinal")
    assert found("图1和图2有什么区别？") == (("bakery", "garage"), "ordinal")


@pytest.mark.parametrize(
    "words", ["What is on page 2?", "Slide 3?", "the second paragraph of it", "invoice 4711", "第2页说什么", "写真2枚"]
)
def test_what_counts_something_else_numbers_no_file(words: str) -> None:
    assert found(words, last=("letter",))[1] != "ordinal"


def test_a_number_that_there_is_not_means_none_by_its_number() -> None:
    assert found("What is in picture 9?")[1] == "medium"


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("What is said in the recording?", ("call",)),
        ("What does the document say?", ("letter",)),
        ("录音里说了什么？", ("call",)),
        ("Was sagt sie in der Aufnahme?", ("call",)),
        ("What do both pictures show?", ("bakery", "garage")),
        ("这两张图片一共多少钱？", ("bakery", "garage")),
    ],
)
def test_the_medium_tells_which(words: str, meant: tuple[str, ...]) -> None:
    assert found(words) == (meant, "medium")


def test_of_several_of_a_medium_the_one_spoken_of_is_meant_and_else_the_newest() -> None:
    assert found("What is on the picture?", last=("bakery",)) == (("bakery",), "medium")
    assert found("What is on the picture?", last=("letter",)) == (("garage",), "medium")


def test_what_came_along_is_meant_whatever_was_spoken_of_before() -> None:
    assert found("What is the total?", given_now=("call", "garage"), last=("letter",)) == (
        ("garage", "call"),
        "given now",
    )
    assert found("And the first one?", given_now=("garage", "call")) == (("garage",), "ordinal")
    assert found("What does letter from aunt Vera say of it?", given_now=("call",))[0] == ("letter",)


def test_what_was_spoken_of_is_meant_until_another_is_named() -> None:
    assert found("And when is it due?", last=("bakery",)) == (("bakery",), "last")
    assert found("And of all of them?", last=("bakery",)) == (tuple(one.source_id for one in HERE), "all")
    assert found("What did the garage charge?", last=("bakery",)) == (("garage",), "named")


@pytest.mark.parametrize(
    "words",
    [
        "Read them out.", "Which of these are women?", "How many of them were late?", "List all the dates.",
        "Did both parties sign?", "What are the two main points?", "And every name in it?", "How old are those people?",
        "把它们念出来", "这些人里谁没来？", "都有谁？", "所有的日期列出来", "Lies sie vor, diese Namen",
        "Lis toutes les dates",
        "¿Quiénes son estas personas?", "перечисли их", "これらを読んで", "tell me everything he promised",
    ],
)  # fmt: skip
def test_several_things_of_the_one_file_that_was_spoken_of_are_no_other_files(words: str) -> None:
    assert found(words, last=("letter",)) == (("letter",), "last")


@pytest.mark.parametrize(
    "words",
    [
        "What do both say?", "And in all the files?", "Which of them is older?", "Sum up each file", "All together?",
        "all four of these files, please", "What is in these files?", "And in the four files?", "Read out everything.",
        "所有文件都讲了什么？", "这些文件里有吗？", "一共多少钱？", "Und in allen Dateien?", "Et dans les deux ?",
        "¿Y en todos los archivos?", "А во всех файлах?", "すべてのファイルでは？", "모든 파일에서는?",
    ],
)  # fmt: skip
def test_several_files_are_meant_where_the_words_say_so(words: str) -> None:
    everything = tuple(one.source_id for one in HERE)
    assert found(words, last=("letter",)) == (everything, "all")


def test_they_are_all_files_where_no_single_one_was_spoken_of() -> None:
    assert found("Read them out.") == (tuple(one.source_id for one in HERE), "all")
    assert found("Read them out.", last=("letter", "call")) == (tuple(one.source_id for one in HERE), "all")


def test_a_turn_about_no_file_lies_between_without_changing_what_is_meant() -> None:
    conversation = Conversation(
        exchanges=[Exchange("Who wrote this?", "Vera.", files=("letter",)), Exchange("Thanks!", "You are welcome.")]
    )
    assert subject("And when?", HERE, (), conversation, False) == (("letter",), "last")


def test_a_file_that_was_taken_away_is_not_meant_any_more() -> None:
    assert found("And when?", files=(BAKERY, CALL), last=("letter",)) == (("bakery", "call"), "all")


def test_at_first_everything_is_meant() -> None:
    assert found("Who signed?") == (tuple(one.source_id for one in HERE), "all")
    assert found("Who signed?", files=()) == ((), "none")


def test_only_recordings_can_be_meant_where_only_they_make_sense() -> None:
    files = (*HERE, FILM)
    assert found("write down what they say", files, recordings=True) == (("call", "film"), "all")
    assert found("the second one", files, recordings=True) == (("film",), "ordinal")
    assert found("transcribe it", files, given_now=("letter", "film"), recordings=True) == (("film",), "given now")
    assert found("transcribe it", (LETTER,), recordings=True) == ((), "none")
