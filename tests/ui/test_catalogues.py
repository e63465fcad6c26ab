"""Every sentence of the core and every word of the page can be said in every language that there is a catalogue for."""

import ast
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po, write_po

from assistant.models.lazy import in_words
from assistant.text.catalogues import FOLDER, names_in
from assistant.values.events import Progress
from assistant.values.messages import Message, as_message, joined, say, say_n
from tests.support.core_sentences import plain_sentences
from ui import gradio_names
from ui.words import core, i18n, in_language, language_names, language_of
from ui.words.catalogues import CATALOGUES, Catalogues
from ui.words.chat import ENGLISH, ChatWords

ROOT = Path(__file__).parents[2]
CONFIG = FOLDER / "babel.cfg"
CHINESE_LETTER = re.compile(r"[\u4e00-\u9fff]")


@dataclass(frozen=True)
class AskingInLanguage:
    headers: dict[str, str]
    cookies: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class FoundString:
    """One that is to be translated. forms: the one English string, or the two of a number."""

    forms: tuple[str, ...]
    context: str | None
    where: str

    def in_(self, catalog: Any) -> tuple[str, ...]:
        known = catalog.get(self.forms[0], self.context)
        if known is None or known.fuzzy:
            return ()
        return (known.string,) if isinstance(known.string, str) else tuple(known.string)


def found() -> list[FoundString]:
    """As `pybabel extract` finds them."""
    with CONFIG.open(encoding="utf-8") as opened:
        mapping, options = parse_mapping_cfg(opened)
    return [
        FoundString((told,) if isinstance(told, str) else tuple(told), context, f"{file}:{line}")
        for file, line, told, _, context in extract_from_dir(str(ROOT), mapping, options)
    ]


FOUND = found()
CATALOGS = {
    language: read_po(
        (FOLDER / language / "LC_MESSAGES" / "medley.po").read_text("utf-8").splitlines(), locale=language
    )
    for language in CATALOGUES.languages[1:]
}


def test_babel_finds_what_is_said() -> None:
    assert {
        ("Searching what you gave me",),
        ("{name} is damaged, or no PDF. If it opens in your viewer, print it to a new PDF and try that.",),
        ("{count} earlier turn did not fit and was left out.", "{count} earlier turns did not fit and were left out."),
    } <= {one.forms for one in FOUND}
    assert ("chat.steps.reading", ("Reading",)) in {(one.context, one.forms) for one in FOUND}


@pytest.mark.parametrize("language", CATALOGS)
def test_nothing_lacks_its_translation(language: str) -> None:
    lacking = [f"{one.where} {one.forms[0]!r}" for one in FOUND if not all(one.in_(CATALOGS[language]) or ("",))]
    assert not lacking, f"locale/{language}/LC_MESSAGES/medley.po has no word for: " + "; ".join(lacking)


@pytest.mark.parametrize("language", CATALOGS)
def test_a_translation_is_filled_with_the_same_facts(language: str) -> None:
    for one in FOUND:
        for told in one.in_(CATALOGS[language]):
            assert names_in(told) == names_in(one.forms[-1]), f"{one.where} {one.forms[0]!r} became {told!r}"


@pytest.mark.parametrize("language", CATALOGS)
def test_nothing_is_translated_that_is_said_no_more(language: str) -> None:
    said = {(one.forms[0], one.context) for one in FOUND}
    kept = {(one.id if isinstance(one.id, str) else one.id[0], one.context) for one in CATALOGS[language] if one.id}
    assert not kept - said


def test_chinese_is_chinese() -> None:
    for one in FOUND:
        for told in one.in_(CATALOGS["zh"]):
            words = re.sub(r"\{[^}]*\}|MB|GB|kB|PDF|Medley|ZeroGPU|Hugging Face", "", told)
            assert CHINESE_LETTER.search(told) or not re.search("[a-zA-Z]{2}", words), f"{one.where} {told!r}"


# Nothing is said past the catalogues

SAID_TO_NOBODY = {
    "What is this about?": "asked of the model, in the language of the conversation",
    "{}. I can read no text in it.": "told to the model",
    "{}{} of {}, without words that I can read.": "filed as the text of a figure",
    "{} is a film of {} with pictures of {}×{} pixels.": "told to the model",
    "{}: {}.": "the choice of models, in the terminal",
    "The process that parsed %s ended with status %s.": "in the log",
}


def test_every_sentence_of_the_core_has_an_id() -> None:
    plain = [f"{one.where} {one.text!r}" for one in plain_sentences() if one.text not in SAID_TO_NOBODY]
    assert not plain, "give these to assistant.values.messages.say: " + "; ".join(plain)


def test_the_exceptions_are_still_there() -> None:
    assert {one.text for one in plain_sentences()} >= SAID_TO_NOBODY.keys()


def test_every_template_gets_its_values() -> None:
    """What `say` would raise, without coming by every place that says something."""
    for folder in ("assistant", "retrieval", "ui", "cli"):
        for file in sorted((ROOT / folder).rglob("*.py")):
            for call in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(call, ast.Call) and getattr(call.func, "id", "") in ("say", "say_n"):
                    needed = {name for one in call.args for name in names_in(ast.literal_eval(one))}
                    given = {each.arg for each in call.keywords}
                    where = f"{file.relative_to(ROOT)}:{call.lineno}"
                    assert needed <= given, f"{where} lacks {needed - given}"
                    assert given - needed <= {"count"}, f"{where} has no place for {given - needed}"


# What is said


def test_messages_within_messages_are_said_and_names_of_files_stay() -> None:
    inner = say("page {page} of {pages}", page=2, pages=9)
    told = say("Reading {what} of {name}", what=inner, name="page 3 of 4 of Answering.pdf")
    assert core.said(told, "zh") == "正在阅读 page 3 of 4 of Answering.pdf 的 第 2 页（共 9 页）"
    assert core.said(say("{name} is empty. {reason}", name="{reason}", reason=say("nothing")), "zh") == (
        "{reason} 是空的。0 个"
    )


def test_sentences_one_after_another_are_each_said() -> None:
    scan = say("Page {number} is a scan; I read it by OCR.", number=3)
    told = joined(scan, as_message("The moon is full."), scan)
    assert core.said(told, "zh") == (
        "第 3 页是扫描件；我用 OCR 读取。The moon is full. 第 3 页是扫描件；我用 OCR 读取。"
    )


def test_plain_words_stay_as_they_are() -> None:
    assert core.said("Searching what you gave me", "zh") == "Searching what you gave me"
    assert core.said(say("Searching what you gave me"), "zh") == "正在检索您提供的内容"
    assert core.said(say("Searching what you gave me"), "en") == "Searching what you gave me"


def test_a_list_is_parted_as_its_language_does() -> None:
    told = say(
        "I cannot read {name} as a document: it is {kind}. Give me {kinds}.",
        name="a.zip",
        kind=say("of a kind unknown to me"),
        kinds=[say("a PDF"), say("a table"), "JSON"],
    )
    assert str(told).endswith("Give me a PDF, a table, JSON.")
    assert core.said(told, "zh") == "我无法把 a.zip 当作文档来读：它是我不认识的类型。请提供PDF、表格、JSON。"


def test_how_far_a_model_is_loaded_is_said() -> None:
    progress = in_words(Progress(say("fetching {model}", model="qwen2.5-0.5b"), 45_000_000, 100_000_000, 12.4))
    told = say("{part}: {doing}", part=say("Language model"), doing=progress)
    assert told == "Language model: fetching qwen2.5-0.5b, 45 % of 100 MB, 12 s left"
    assert core.said(told, "zh") == "语言模型：正在获取 qwen2.5-0.5b，100 MB 的 45%，还需 12 秒"


# A third language is a file

GERMAN = {
    (None, "Searching what you gave me"): "Ich durchsuche, was Sie mir gegeben haben",
    (None, "{name} has no page {number}."): "Seite {number} gibt es in {name} nicht.",
    (None, "Answering"): "Ich antworte {who}",  # of another fact
    ("chat.new", ENGLISH.new): "Neue Unterhaltung",
    ("chat.steps.reading", ENGLISH.steps["reading"]): "Lesen",
    ("chat.pages", ENGLISH.pages): "{anzahl} Seiten",  # filled with this, it would break the page
    ("around.close", "Close"): "Schließen",
}


@pytest.fixture
def catalogues(tmp_path: Path) -> Catalogues:
    catalog = Catalog(locale="de", domain="medley")
    for (context, english), german in GERMAN.items():
        catalog.add(english, german, context=context)
    one, several = (
        "{count} earlier turn did not fit and was left out.",
        "{count} earlier turns did not fit and were left out.",
    )
    catalog.add((one, several), ("Ein Zug passte nicht.", "{count} Züge passten nicht."))
    file = tmp_path / "de" / "LC_MESSAGES" / "medley.po"
    file.parent.mkdir(parents=True)
    with file.open("wb") as opened:
        write_po(opened, catalog)
    return Catalogues(tmp_path)


def test_a_third_language_is_offered_by_its_name(catalogues: Catalogues) -> None:
    assert catalogues.languages == ("en", "de")
    assert language_names(catalogues) == (("English", "en"), ("Deutsch", "de"))
    assert language_names() == (("English", "en"), ("中文", "zh"))
    assert language_of(AskingInLanguage({"accept-language": "fr, de-CH;q=0.8, en;q=0.5"}), catalogues) == "de"
    assert language_of(AskingInLanguage({}, {"medley-language": "de"}), catalogues) == "de"
    assert language_of(AskingInLanguage({"accept-language": "zh"}), catalogues) == "en"


def test_the_core_is_said_in_a_third_language(catalogues: Catalogues) -> None:
    assert catalogues.said(say("Searching what you gave me"), "de") == GERMAN[None, "Searching what you gave me"]
    told = say("{name} has no page {number}.", name="Vertrag.pdf", number=7)
    assert catalogues.said(told, "de") == "Seite 7 gibt es in Vertrag.pdf nicht."


def test_a_language_has_its_own_forms_of_number(catalogues: Catalogues) -> None:
    def left_out(count: int) -> Message:
        return say_n(
            "{count} earlier turn did not fit and was left out.",
            "{count} earlier turns did not fit and were left out.",
            count=count,
        )

    assert catalogues.said(left_out(1), "de") == "Ein Zug passte nicht."
    assert catalogues.said(left_out(3), "de") == "3 Züge passten nicht."
    assert core.said(left_out(3), "zh") == "有 3 个先前的对话轮次放不下，已略去。"


def test_the_page_speaks_a_third_language(catalogues: Catalogues) -> None:
    words = in_language("de", ChatWords, catalogues)
    assert (words.language, words.new, words.steps["reading"]) == ("de", "Neue Unterhaltung", "Lesen")
    told = i18n(catalogues).translations_dict
    assert told["de"]["medley_chat_new"] == "Neue Unterhaltung"
    assert told["de"].keys() == told["en"].keys()
    assert "Schließen" in gradio_names.script(catalogues)


def test_what_a_language_lacks_stays_english(catalogues: Catalogues) -> None:
    words = in_language("de", ChatWords, catalogues)
    assert words.box == ENGLISH.box
    assert words.steps["looking"] == ENGLISH.steps["looking"]
    assert catalogues.said(say("Looking again"), "de") == "Looking again"


def test_a_translation_with_other_facts_is_not_taken(catalogues: Catalogues) -> None:
    assert in_language("de", ChatWords, catalogues).pages == ENGLISH.pages
    assert catalogues.said(say("Answering"), "de") == "Answering"


def test_the_commands_of_the_readme_make_a_catalogue(tmp_path: Path) -> None:
    def pybabel(*arguments: str) -> None:
        subprocess.run(
            [sys.executable, "-m", "babel.messages.frontend", "-q", *arguments],
            cwd=ROOT, check=True, timeout=120, capture_output=True,
        )  # fmt: skip

    template, made = tmp_path / "medley.pot", tmp_path / "locale"
    pybabel("extract", "-F", "locale/babel.cfg", "-o", str(template), ".")
    pybabel("init", "-i", str(template), "-d", str(made), "-D", "medley", "-l", "fr")
    assert Catalogues(made).languages == ("en", "fr")
    assert Catalogues(made).said(say("Answering"), "fr") == "Answering"
    with (made / "fr" / "LC_MESSAGES" / "medley.po").open("rb") as opened:
        kept = {(one.id if isinstance(one.id, str) else one.id[0], one.context) for one in read_po(opened)}
    assert {(one.forms[0], one.context) for one in FOUND} <= kept
