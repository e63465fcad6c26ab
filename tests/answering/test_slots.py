"""What a request says of the form of its answer, in the languages that requests come in."""

import pytest

from assistant.answering.slots import form_of, language_asked, language_name, pages_of
from assistant.values.request import Shape


@pytest.mark.parametrize(
    ("words", "shape"),
    [
        ("make subtitles of this", "srt"),
        ("als SRT bitte", "srt"),
        ("des sous-titres s'il te plaît", "srt"),
        ("subtítulos, por favor", "srt"),
        ("gera legendas", "srt"),
        ("生成字幕", "srt"),
        ("字幕を作って", "srt"),
        ("자막 만들어 줘", "srt"),
        ("сделай субтитры", "srt"),
        ("give it to me as WebVTT", "vtt"),
        ("extract iban and bic as json", "json"),
        ("save it as a CSV", "csv"),
        ("transcribe it with timestamps", "times"),
        ("mit Zeitstempeln bitte", "times"),
        ("带时间戳的文字稿", "times"),
        ("タイムスタンプ付きで", "times"),
        ("as a table", "table"),
        ("in einer Tabelle", "table"),
        ("sous forme de tableau", "table"),
        ("en una tabla", "table"),
        ("numa tabela", "table"),
        ("做成表格", "table"),
        ("表形式で", "table"),
        ("표로 정리해 줘", "table"),
        ("в виде таблицы", "table"),
        ("in bullet points", "list"),
        ("als Liste", "list"),
        ("une liste des noms", "list"),
        ("una lista de nombres", "list"),
        ("列出所有日期", "list"),
        ("箇条書きで", "list"),
        ("목록으로", "list"),
        ("списком", "list"),
        ("Who serviced the pump?", ""),
        ("What does the jsonification chapter say?", ""),
        ("when was it established", ""),
    ],
)
def test_the_shape_is_told_by_its_word(words: str, shape: Shape) -> None:
    assert form_of(words).shape == shape


@pytest.mark.parametrize(
    ("words", "sentences"),
    [
        ("summarise it in one sentence", 1),
        ("sum it up in two short sentences", 2),
        ("in 3 sentences", 3),
        ("in einem Satz", 1),
        ("in zwei Sätzen", 2),
        ("en une phrase", 1),
        ("en trois phrases", 3),
        ("en dos frases", 2),
        ("em uma frase", 1),
        ("用一句话概括", 1),
        ("用三句话总结", 3),
        ("一文で要約して", 1),
        ("한 문장으로", 1),
        ("одним предложением", 1),
        ("в двух предложениях", 2),
        ("What does the sentence on page 2 say?", 0),
    ],
)
def test_sentences_are_counted(words: str, sentences: int) -> None:
    assert form_of(words).sentences == sentences


@pytest.mark.parametrize(
    ("words", "items"),
    [
        ("the five most important points", 5),
        ("top 3 takeaways", 3),
        ("ten questions about it", 10),
        ("die drei wichtigsten Punkte", 3),
        ("les trois points principaux", 3),
        ("los cinco puntos", 5),
        ("os quatro pontos", 4),
        ("列出五个要点", 5),
        ("пять главных пунктов", 5),
        ("出十道题", 0),
        ("Who paid the 3 bills?", 0),
    ],
)
def test_things_to_list_are_counted(words: str, items: int) -> None:
    assert form_of(words).items == items


@pytest.mark.parametrize(
    ("words", "pages"),
    [
        ("what is on page 3?", (3, 3)),
        ("pages 2-4", (2, 4)),
        ("pp. 4 to 2", (2, 4)),
        ("read the 5th page", (5, 5)),
        ("slide 7", (7, 7)),
        ("Seite 3 bis 5", (3, 5)),
        ("la página 2", (2, 2)),
        ("à la page 12", (12, 12)),
        ("第3页说了什么", (3, 3)),
        ("第2到4页", (2, 4)),
        ("3ページには", (3, 3)),
        ("3쪽에", (3, 3)),
        ("на странице 6", (6, 6)),
        ("how many pages are there?", None),
        ("page him at 3", None),
    ],
)
def test_pages_are_counted_from_one(words: str, pages: tuple[int, int] | None) -> None:
    assert pages_of(words) == pages


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("answer in German", "de"),
        ("translate it into Chinese", "zh"),
        ("sum it up in simple English", "en"),
        ("auf Englisch bitte", "en"),
        ("ins Französische", "fr"),
        ("en espagnol", "es"),
        ("en alemán", "de"),
        ("em inglês", "en"),
        ("用德语回答", "de"),
        ("翻译成日文", "ja"),
        ("переведи на немецкий", "de"),
        ("Who teaches German here?", ""),
        ("她会说德语吗？", ""),
        ("Was sagt der Engländer?", ""),
    ],
)
def test_the_language_of_the_answer_is_what_it_is_to_be_in(words: str, language: str) -> None:
    assert language_asked(words) == language


def test_where_a_translation_is_asked_for_any_language_named_counts() -> None:
    assert language_asked("German please", anywhere=True) == "de"
    assert language_asked("英語に訳して", anywhere=True) == "en"
    assert language_asked("영어로 번역해 줘", anywhere=True) == "en"
    assert language_asked("from German into French", anywhere=True) == "fr"
    assert language_asked("translate this", anywhere=True) == ""


def test_languages_are_called_by_their_name() -> None:
    assert (language_name("de"), language_name("de", "zh"), language_name("xx-none")) == ("German", "德语", "xx-none")
