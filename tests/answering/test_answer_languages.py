"""What Medley works out itself is said in nine languages, and in a tenth where there is a file for it."""

import subprocess
import sys
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po, write_po

from assistant.answering import file_sentences, table_answers
from assistant.answering.kinds.examples import examples
from assistant.answering.table_questions import TableQuestion
from assistant.answering.tables import tables_in
from assistant.answering.ways.calculate import Calculate
from assistant.answering.ways.clock import Clock
from assistant.answering.ways.file_facts import FactsOfFiles
from assistant.text.answer_language import DOMAIN, SOURCE, AnswerLanguage, in_language
from assistant.text.catalogues import FOLDER, languages, names_in, read
from assistant.values.evidence import Page, Passage, Sheet, TextSpan, describe
from assistant.values.files import FileFacts
from assistant.values.request import Form, Request
from tests.one_turn import context_of, pieces_of, text_of

ROOT = Path(__file__).parents[2]
CONFIG = FOLDER / "answers.cfg"
LANGUAGES = sorted(languages(DOMAIN))
NOW = datetime(2026, 11, 30, 14, 5, tzinfo=ZoneInfo("Europe/Berlin"))
SCAN = FileFacts("scan.png", "scan.png", "image", "image/png", 12_345, width=760, height=360)
ROWS = ["Name: Mei | Fee: 15", "Name: Ada | Fee: 30", "Name: Luis | Fee: 27"]


def fees() -> Any:
    """A sheet of three rows."""
    lines = ["Name | Fee", *ROWS]
    places, start = [], 0
    for number, line in enumerate(lines, 1):
        places.append(TextSpan(start, start + len(line), Sheet("", number, number)))
        start += len(line) + 1
    return pieces_of("fees.csv", [Passage("\n".join(lines), Sheet("", 1, len(lines)), tuple(places))])


def found() -> list[tuple[tuple[str, ...], str | None, str]]:
    """As `pybabel extract` finds them: the one English string or the two of a number, the context, and where."""
    with CONFIG.open(encoding="utf-8") as opened:
        mapping, options = parse_mapping_cfg(opened)
    return [
        ((told,) if isinstance(told, str) else tuple(told), context, f"{file}:{line}")
        for file, line, told, _, context in extract_from_dir(str(ROOT), mapping, options)
    ]


FOUND = found()
CATALOGS = {
    language: read_po((FOLDER / language / "LC_MESSAGES" / "answers.po").read_text("utf-8").splitlines(), language)
    for language in LANGUAGES
}


def test_there_is_a_catalogue_for_every_language_that_questions_are_understood_in() -> None:
    assert {one.language for one in examples()} - {SOURCE} == set(LANGUAGES)


def test_babel_finds_the_sentences_of_templates_of_tables_of_words_and_of_places() -> None:
    assert {
        ("Today is {day}.",),
        ("{name} has {count} page.", "{name} has {count} pages."),
        ("PDF document",),
        ("Mid-Autumn Festival",),
        ("page {number}",),
    } <= {forms for forms, _, _ in FOUND}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_catalogue_lacks_a_sentence_or_a_form_of_number(language: str) -> None:
    lacking = []
    for forms, context, where in FOUND:
        known = CATALOGS[language].get(forms[0], context)
        told = () if known is None or known.fuzzy else known.string
        told = (told,) if isinstance(told, str) else told
        if not told or not all(told) or (len(forms) > 1 and len(told) != CATALOGS[language].num_plurals):
            lacking.append(f"{where} {forms[0]!r}")
    assert not lacking, f"locale/{language}/LC_MESSAGES/answers.po has no word for: " + "; ".join(lacking)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_translation_is_filled_with_the_same_facts(language: str) -> None:
    for forms, context, where in FOUND:
        told = CATALOGS[language].get(forms[0], context).string
        for one in (told,) if isinstance(told, str) else told:
            assert names_in(one) == names_in(forms[-1]), f"{where} {forms[0]!r} became {one!r}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_catalogue_has_a_sentence_that_is_said_no_more(language: str) -> None:
    said = {(forms[0], context) for forms, context, _ in FOUND}
    kept = {(one.id if isinstance(one.id, str) else one.id[0], one.context) for one in CATALOGS[language] if one.id}
    assert not kept - said


def test_no_template_branches_on_a_language_that_is_told_to_a_person() -> None:
    """Those that do are put before a model."""
    of_models = {"picture.md.j2", "question.md.j2", "glance.md.j2"}
    branching = {
        file.name for file in (ROOT / "prompts").glob("*.j2") if 'language == "zh"' in file.read_text(encoding="utf-8")
    }
    assert branching == of_models


# What is said


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("de", "Mei hat den niedrigsten Wert bei „Fee“: 15 (von 3 Zeilen).[1]"),
        ("fr", "Mei a la valeur la plus basse pour «\xa0Fee\xa0»\xa0: 15 (sur 3 lignes).[1]"),
        ("es", "Mei tiene el valor más bajo de «Fee»: 15 (de 3 filas).[1]"),
        ("pt", "Mei tem o menor valor de “Fee”: 15 (de 3 linhas).[1]"),
        ("ja", "「Fee」が最も低いのはMeiで、15です（全3行）。[1]"),
        ("ko", "Fee 값이 가장 낮은 항목은 Mei입니다: 15(전체 3개 행).[1]"),
        ("ru", "Наименьшее значение «Fee» — Mei: 15 (всего 3 строки).[1]"),
        ("zh", "Mei 的 Fee 最低：15（共 3 行）。[1]"),
    ],
)
def test_the_least_of_a_table_is_told_in_the_language_of_the_question(language: str, told: str) -> None:
    (table,) = tables_in(fees())
    cited = table_answers.answer(TableQuestion(table, "least", 1, label=0), language)
    assert cited is not None
    assert cited.text == told


@pytest.mark.parametrize(
    ("language", "pages", "told"),
    [
        ("ru", 1, "В a.pdf 1 страница."),
        ("ru", 3, "В a.pdf 3 страницы."),
        ("ru", 5, "В a.pdf 5 страниц."),
        ("ru", 21, "В a.pdf 21 страница."),
        ("de", 1, "a.pdf hat 1 Seite."),
        ("fr", 0, "a.pdf n’a pas de pages."),
        ("de", 1200, "a.pdf hat 1.200 Seiten."),
        ("ja", 2, "a.pdfは2ページあります。"),
    ],
)
def test_a_number_has_the_form_of_its_language(language: str, pages: int, told: str) -> None:
    file = FileFacts("a.pdf", "a.pdf", "text", "application/pdf", pages=pages)
    assert text_of(FactsOfFiles(), Request("?", "file_facts", "pages", language), context_of((), [file])) == told


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("de", "scan.png ist 12,3 kB (12.345 Byte) groß."),
        ("fr", "scan.png fait 12,3\u202fko (12\u202f345\xa0octets)."),
        ("ru", "Размер scan.png: 12,3 кБ (12\xa0345 байт)."),
        ("ja", "scan.pngのサイズは12.3 KB（12,345バイト）です。"),
    ],
)
def test_sizes_are_written_as_the_language_does(language: str, told: str) -> None:
    assert text_of(FactsOfFiles(), Request("?", "file_facts", "size", language), context_of((), [SCAN])) == told


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("de", "Heute ist Montag, 30. November 2026."),
        ("fr", "Aujourd’hui, nous sommes le lundi 30 novembre 2026."),
        ("es", "Hoy es lunes, 30 de noviembre de 2026."),
        ("pt", "Hoje é segunda-feira, 30 de novembro de 2026."),
        ("ja", "今日は2026年11月30日月曜日です。"),
        ("ko", "오늘은 2026년 11월 30일 월요일입니다."),
        ("ru", "Сегодня понедельник, 30 ноября 2026 года."),
    ],
)
def test_the_day_is_told_as_the_language_writes_it(language: str, told: str) -> None:
    assert text_of(Clock(), Request("", "clock", "date", language), context_of(now=NOW)) == told


def test_an_answer_is_in_the_language_that_was_asked_for() -> None:
    request = Request("what day is it, in German", "clock", "date", "en", form=Form(language="de"))
    assert text_of(Clock(), request, context_of(now=NOW)) == "Heute ist Montag, 30. November 2026."


@pytest.mark.parametrize(
    ("words", "language", "told"),
    [
        ("wie viel ist 10 / 4", "de", "10 ÷ 4 = 2,5"),
        ("wie viel sind 15% von 48.50", "de", "15 % von 48.50 = 7.275"),  # as the request writes its own numbers
        ("cuánto es el 23% de 640", "es", "23 % de 640 = 147,2"),
        ("how much is 10 / 4", "en", "10 ÷ 4 = 2.5"),
        ("is 97 a prime number", "ru", "Да, 97 — простое число."),
    ],
)
def test_a_calculation_is_written_as_the_language_does(words: str, language: str, told: str) -> None:
    assert text_of(Calculate(), Request(words, "calculate", language=language), context_of()) == told


def test_a_result_is_written_as_the_table_writes_its_numbers() -> None:
    def average(cells: tuple[str, ...]) -> str:
        lines = [f"x | {cell}" for cell in cells]
        content = "\n".join(["Name | Preis", *lines])
        (table,) = tables_in(pieces_of("p.docx", [Passage(content, Page(1))]))
        cited = table_answers.answer(TableQuestion(table, "average", 1, label=0), "de")
        assert cited is not None
        return cited.text

    assert "= 2,5[" in average(("2", "3"))
    assert "= 2.75[" in average(("2.50", "3.00"))
    assert "= 2,75[" in average(("2,50", "3,00"))


def test_a_place_is_told_in_the_language_of_the_answer() -> None:
    assert in_language("de").said(describe(Page(3))) == "Seite 3"
    assert in_language("ja").said(describe(Sheet("Kosten", 2, 9))) == "シート「Kosten」2～9行目"
    assert in_language("ru").said("as it stands") == "as it stands"


def test_a_sentence_that_lacks_a_value_is_an_error() -> None:
    with pytest.raises(ValueError, match="name"):
        in_language("de").gettext("{name} has no pages.")


# A tenth language is a file


@pytest.fixture
def italian(tmp_path: Path) -> AnswerLanguage:
    catalog = Catalog(locale="it", domain=DOMAIN, fuzzy=False)
    catalog.add("{name} has no sheets.", "{name} non ha fogli.")
    catalog.add("{name} has {size}.", "{nome} occupa {size}.")  # filled with a fact that nobody has
    catalog.add(("{count} page", "{count} pages"), ("{count} pagina", "{count} pagine", "{count} pagine"))
    catalog.add("{length} ({days})", "{length} (in tutto {days})")
    file = tmp_path / "it" / "LC_MESSAGES" / "answers.po"
    file.parent.mkdir(parents=True)
    with file.open("wb") as opened:
        write_po(opened, catalog)
    return AnswerLanguage("it", tmp_path)


def test_a_tenth_language_is_a_file(italian: AnswerLanguage) -> None:
    assert italian.code == "it"
    assert file_sentences.sentence("no sheets", SCAN, italian, known_words="") == "scan.png non ha fogli."
    assert italian.ngettext("{count} page", "{count} pages", count=1) == "1 pagina"
    assert italian.ngettext("{count} page", "{count} pages", count=1500) == "1.500 pagine"


def test_dates_numbers_and_units_of_a_tenth_language_need_no_file(italian: AnswerLanguage) -> None:
    assert italian.full_date(date(2026, 11, 30)) == "lunedì 30 novembre 2026"
    assert italian.clock_time(time(9, 5)) == "09:05"
    assert italian.units(25, "day") == "25 giorni"
    assert italian.decimal("1,234.5") == "1.234,5"
    assert italian.either(["a", "b"]) == "a o b"
    assert italian.language_name("de") == "tedesco"


def test_what_a_tenth_language_lacks_or_fills_otherwise_is_english(italian: AnswerLanguage) -> None:
    assert file_sentences.sentence("no author", SCAN, italian) == "scan.png does not name an author."
    assert file_sentences.sentence("size", SCAN, italian) == "scan.png has 12,3 kB (12.345 byte)."


def test_a_language_without_a_file_is_english_altogether(tmp_path: Path) -> None:
    danish = AnswerLanguage("da", tmp_path)
    assert (danish.code, danish.full_date(date(2026, 11, 30))) == (SOURCE, "Monday, 30 November 2026")
    assert in_language("../de").code == SOURCE


def test_the_catalogues_are_read_as_gettext_takes_them() -> None:
    assert read("de", DOMAIN).gettext("PDF document") == "PDF-Dokument"


def test_the_commands_of_the_readme_make_a_catalogue(tmp_path: Path) -> None:
    def pybabel(*arguments: str) -> None:
        subprocess.run(
            [sys.executable, "-m", "babel.messages.frontend", "-q", *arguments],
            cwd=ROOT, check=True, timeout=120, capture_output=True,
        )  # fmt: skip

    template, made = tmp_path / "answers.pot", tmp_path / "locale"
    pybabel("extract", "-F", "locale/answers.cfg", "-o", str(template), ".")
    pybabel("init", "-i", str(template), "-d", str(made), "-D", DOMAIN, "-l", "it")
    with (made / "it" / "LC_MESSAGES" / "answers.po").open("rb") as opened:
        kept = {(one.id if isinstance(one.id, str) else one.id[0], one.context) for one in read_po(opened)}
    assert {(forms[0], context) for forms, context, _ in FOUND} <= kept
    assert AnswerLanguage("it", made).gettext("PDF document") == "PDF document"
