"""Every word of the page stands in `ui/words`, and every language that there is a catalogue for has it."""

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

import pytest

from assistant.answering.taking_in import STEPS
from assistant.values.evidence import Box, Lines, Location, Page, Region, Seconds, Section, Sheet, Slide, describe
from tests.support.core_sentences import template
from ui.words import core, i18n, in_language, labels, language_of, panels, words_for
from ui.words.chat import ENGLISH, ChatWords

CHINESE = in_language("zh", ChatWords)

UI = Path(__file__).parents[2] / "ui"
SAME = {"Medley", "kB", "MB", "GB"}  # what a Chinese visitor reads as it is
PANELS = {name: (english, in_language("zh", type(english))) for name, english in panels()}
NAMES = re.compile(r"\{(\w+)(?:\.\w+|\[\w+\])?(?:![rsa])?(?::[^{}]*)?\}")
CHINESE_LETTER = re.compile(r"[\u4e00-\u9fff]")
LATIN_WORD = re.compile(r"[A-Za-z]{2}")


@dataclass(frozen=True)
class RequestWithHeaders:
    headers: Mapping[str, str] = field(default_factory=dict)
    cookies: Mapping[str, str] = field(default_factory=dict)


def strings(words: Any) -> Iterator[tuple[str, str]]:
    """Every string of a panel with its name, those in dictionaries and tuples too."""
    for one in fields(words):
        value = getattr(words, one.name)
        if one.name != "language":
            yield from _within(one.name, value)


def _within(name: str, value: object) -> Iterator[tuple[str, str]]:
    match value:
        case str():
            yield name, value
        case Mapping():
            for key, inner in value.items():
                yield from _within(f"{name}[{key}]", inner)
        case tuple():
            for number, inner in enumerate(value):
                yield from _within(f"{name}[{number}]", inner)
        case _ if hasattr(value, "__dataclass_fields__"):
            for one in fields(value):  # type: ignore[arg-type]
                yield from _within(f"{name}.{one.name}", getattr(value, one.name))
        case _:
            raise AssertionError(f"{name} is of no kind that is read here: {value!r}")


# Both languages


@pytest.mark.parametrize("panel", PANELS)
def test_every_string_of_a_panel_is_there_in_both_languages(panel: str) -> None:
    english, chinese = (dict(strings(words)) for words in PANELS[panel])
    assert english.keys() == chinese.keys()
    assert all(text.strip() for text in (*english.values(), *chinese.values()))


@pytest.mark.parametrize("panel", PANELS)
def test_no_string_is_left_in_english(panel: str) -> None:
    english, chinese = (dict(strings(words)) for words in PANELS[panel])
    left = {
        name: text
        for name, text in chinese.items()
        if NAMES.sub("", text).strip() not in SAME
        and LATIN_WORD.search(NAMES.sub("", text))
        and (text == english[name] or not CHINESE_LETTER.search(text))
    }
    assert not left


@pytest.mark.parametrize("panel", PANELS)
def test_both_languages_are_filled_with_the_same_facts(panel: str) -> None:
    english, chinese = (dict(strings(words)) for words in PANELS[panel])
    for name, text in english.items():
        assert sorted(NAMES.findall(text)) == sorted(NAMES.findall(chinese[name])), name


# Whose language


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("zh-TW", "zh"),
        ("ZH-Hant-HK", "zh"),
        ("en-US,en;q=0.9,zh;q=0.8", "en"),
        ("fr-FR,fr;q=0.9,zh;q=0.5,en;q=0.3", "zh"),
        ("en;q=0.2, zh;q=0.7", "zh"),
        ("fr-FR", "en"),
        ("zh;q=0", "en"),
        ("zh;q=much,en", "en"),
        ("", "en"),
        (",;,", "en"),
    ],
)
def test_the_browser_chooses_the_language(accepted: str, language: str) -> None:
    assert language_of(RequestWithHeaders({"accept-language": accepted})) == language


def test_what_was_chosen_in_the_settings_wins_over_the_browser() -> None:
    chinese = RequestWithHeaders({"accept-language": "zh-CN"}, {"medley-language": "en"})
    assert words_for(chinese, ChatWords) is ENGLISH
    assert words_for(RequestWithHeaders({"accept-language": "en"}, {"medley-language": "zh"}), ChatWords) is CHINESE


def test_a_choice_that_there_is_not_is_none() -> None:
    assert language_of(RequestWithHeaders({"accept-language": "zh"}, {"medley-language": "<b>"})) == "zh"


def test_without_a_request_it_is_english() -> None:
    assert words_for(None, ChatWords) is ENGLISH


# Words that stand on the page from the start


def test_a_label_is_a_key_that_the_page_translates() -> None:
    given = i18n()
    key = labels(given, ChatWords).new.key  # type: ignore[attr-defined]
    told = {locale: words[key] for locale, words in given.translations_dict.items()}
    assert told == {"en": ENGLISH.new, "zh": CHINESE.new, "zh-CN": CHINESE.new, "zh-TW": CHINESE.new}


def test_every_string_without_facts_can_be_a_label() -> None:
    given = i18n()
    for english, _ in PANELS.values():
        made = labels(given, type(english))
        for one in fields(english):
            text = getattr(english, one.name)
            if isinstance(text, str) and "{" not in text:
                assert given.translations_dict["en"][getattr(made, one.name).key] == text


@pytest.mark.parametrize("name", ["pages", "steps", "nothing_of_the_kind"])
def test_what_is_filled_with_facts_is_no_label(name: str) -> None:
    with pytest.raises(AttributeError):
        getattr(labels(i18n(), ChatWords), name)


# No words anywhere else

SHOWN = {"label", "placeholder", "info", "value", "title", "submit_btn", "stop_btn", "description", "message"}
SAYING = {"Button", "Markdown", "HTML", "Info", "Warning", "Error", "Tab", "Accordion", "Textbox", "Success"}
IN_HTML = re.compile(r">[^<>]*[A-Za-z]{2}[^<>]*<|(?:aria-label|title|alt|placeholder)=[\"'][^\"'<]*[A-Za-z]{2}")
NOT_THE_PAGE = {"terminal.py", "ingest.py"}


@pytest.mark.parametrize("file", sorted(one.name for one in UI.glob("*.py") if one.name not in NOT_THE_PAGE))
def test_no_visible_word_stands_outside_the_words(file: str) -> None:
    tree = ast.parse((UI / file).read_text(encoding="utf-8"))
    found = [f"{file}:{node.lineno} {template(node)!r}" for node in _visible(tree) if _reads(template(node))]
    assert not found, "these belong into ui/words: " + ", ".join(found)


def _visible(tree: ast.AST) -> Iterator[ast.expr]:
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        match node:
            case ast.Call(func, args, keywords):
                name = func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", "")
                yield from (each.value for each in keywords if each.arg in SHOWN)
                if name in SAYING:
                    yield from args[:1]
            case ast.Dict(keys, values):
                for key, value in zip(keys, values, strict=True):
                    if isinstance(key, ast.Constant) and key.value in SHOWN:
                        yield value
            case ast.JoinedStr() | ast.Constant(str()) if id(node) not in docstrings and IN_HTML.search(_html(node)):
                yield node


def _html(node: ast.expr) -> str:
    """The text of a literal that is HTML, and no script, style or docstring."""
    text = template(node)
    return "" if re.search(r"<script|<style|=>|function", text) or not re.search(r"</?\w+[ >]", text) else text


def _reads(text: str) -> bool:
    """Whether somebody would read a word in it: between its tags, or in what they say to a screen reader."""
    told = IN_HTML.search(text) if "<" in text else None
    return bool(told or LATIN_WORD.search(re.sub(r"<[^>]*>|https?://", "", text))) and text not in SAME


@pytest.mark.parametrize(
    ("location", "chinese"),
    [
        (Page(3), "第 3 页"),
        (Slide(4), "第 4 张幻灯片"),
        (Seconds(12, 19), "0:12–0:19"),
        (Region((Box(0, 0, 1, 1),)), "图片"),
        (Sheet("Costs", 2, 9), "工作表 Costs，第 2–9 行"),
        (Sheet("", 2, 2), "第 2 行"),
        (Section("Safety"), "“Safety”一节"),
        (Section(""), "开头"),
        (Lines(10, 24), "第 10–24 行"),
    ],
)
def test_every_place_is_said_in_both_languages(location: Location, chinese: str) -> None:
    assert core.place(location, "zh") == chinese
    assert core.place(location, "en") == describe(location)


def test_a_panel_knows_its_language() -> None:
    assert (in_language("en", ChatWords).language, in_language("zh", ChatWords).language) == ("en", "zh")


def test_every_step_of_a_turn_has_a_name() -> None:
    timed = re.findall(r"(?:timed|_seconds\.setdefault)\(\"([a-z ]+)\"", _sources_of_turns())
    steps = {*timed, *STEPS.values(), "whole turn"}
    assert {"filing", "first word", "searching", "understanding"} <= steps
    assert steps <= ENGLISH.steps.keys()
    assert ENGLISH.steps.keys() == CHINESE.steps.keys()


def _sources_of_turns() -> str:
    return "".join(
        one.read_text(encoding="utf-8") for one in sorted((UI.parent / "assistant" / "answering").rglob("*.py"))
    )
