"""Questions about Medley itself: what it says of itself is there in every language, is what is asked, and is so."""

import json
import re
from collections import Counter
from pathlib import Path

import pytest

from assistant.answering.commands import Presets
from assistant.answering.kinds.examples import FACETS, examples
from assistant.answering.kinds.linear import LinearClassifier
from assistant.answering.ways.about_medley import facts
from assistant.intake.modalities import all_modalities
from assistant.models.lazy import Lazy
from assistant.ports.engine import Engine
from assistant.settings.settings import Settings
from assistant.values.conversation import Conversation
from assistant.values.events import Answer, Done
from assistant.values.limits import Limits
from assistant.values.parts import Attachment, Text, Turn
from prompts import MEDLEY
from tests.answering.test_request_kinds import classifier  # noqa: F401 - a fixture
from tests.support.fakes import KindsByWord, make_assistant, saying
from ui.words import chat, conversations, in_language
from ui.words import settings as settings_words

LANGUAGES = "en zh de fr es pt ja ko ru".split()
ASKED = Path(__file__).parents[2] / "benchmarks" / "data" / "about_medley.jsonl"
EXAMPLES = (*examples(), *examples(FACETS))
LIMITS = Limits(
    file_bytes=7_000_000, recording_bytes=1_500_000_000, audio_seconds=3 * 3600, film_seconds=1800, document_pages=77
)
ASK = {  # words that tell their language and nothing else
    "zh": "请问一下", "ja": "これは", "ko": "이거", "ru": "скажи", "en": "tell me", "de": "sag mir", "fr": "dis-moi je",
    "es": "dime cómo", "pt": "você me diz",
}  # fmt: skip
LABELS = (  # of buttons and headings that the facts name: topic, where the label stands, its name
    ("deleting", conversations, "delete"),
    ("deleting", settings_words, "delete_everything"),
    ("uploading", chat, "photo"),
    ("stopping", chat, "stop_reading"),
    ("conversations", chat, "new"),
    ("privacy", settings_words, "privacy"),
    ("models", chat, "received"),
)


def unseen() -> list[dict[str, str]]:
    """Questions in words that no example has, each with its topic; "also": another that answers it as well."""
    return [json.loads(line) for line in ASKED.read_text(encoding="utf-8").splitlines()]


def told(
    words: str, *topics: str, settings: Settings | None = None, sees: bool = False, loaded: bool = False
) -> Answer:
    """The answer to these words, of which each half, parted by " / ", is of one topic. No language model is asked, or
    even loaded. loaded: it is there all the same."""
    engine = saying({"": "I am a graphic designer."}, sees_images=sees)
    part: Lazy[Engine] = Lazy("Language model", lambda _: engine)
    if loaded:
        part.get()
    halves = [re.sub(r"^(?:and|und)\s|[?,，、？]+$", "", half) for half in words.split(" / ")]
    kinds = KindsByWord({"": "about_medley"}, facets=dict(zip(halves, topics, strict=True)) if topics else {})
    assistant = make_assistant(part, classifier=kinds, settings=settings or Settings())
    done = list(assistant.answer(Turn((Text(words.replace(" / ", " ")),)), Conversation()))[-1]
    assert isinstance(done, Done), done
    assert engine.received == []
    assert loaded or part.state == "waiting"
    return done.answer


# What stands there


def test_every_fact_stands_in_every_language() -> None:
    assert {file.stem for file in MEDLEY.glob("*.jsonl")} == set(LANGUAGES)
    for language in LANGUAGES:
        assert list(facts(language)) == list(facts("en"))
        lines = (MEDLEY / f"{language}.jsonl").read_text(encoding="utf-8").splitlines()
        assert len(lines) == len(facts(language)), f"a topic stands twice in {language}"
        assert len(set(facts(language).values())) == len(lines)


def test_every_topic_has_examples_and_every_example_a_topic() -> None:
    assert {one.facet for one in EXAMPLES if one.kind == "about_medley"} == set(facts("en"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_depends_on_the_settings_depends_on_them_in_every_language(language: str) -> None:
    for topic, text in facts(language).items():
        assert _open(text) == _open(facts("en")[topic]), topic


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("topic", list(facts("en")))
def test_a_fact_is_told_in_a_few_sentences_without_a_model(topic: str, language: str) -> None:
    answer = told(ASK[language], topic)
    assert answer.text.startswith(re.split(r"\{[%{]", facts(language)[topic])[0])
    assert "{" not in answer.text
    assert 1 <= len(re.findall(r"[.!?。？][”»」]?(?:\s|$)|[。？]", answer.text)) <= 8
    assert not answer.citations
    assert not answer.unsupported


def _open(text: str) -> set[str]:
    return set(re.findall(r"\{[{%].*?[}%]\}", text))


# What is asked


@pytest.fixture(scope="module")
def topics_told(classifier: LinearClassifier) -> list[tuple[dict[str, str], str]]:  # noqa: F811
    return [(one, classifier.facet(one["wording"], "about_medley")) for one in unseen()]


@pytest.mark.parametrize(("languages", "fewest"), [(("en",), 40), (("zh",), 40), (tuple(LANGUAGES[2:]), 40)])
def test_most_questions_get_the_fact_that_answers_them(
    topics_told: list[tuple[dict[str, str], str]], languages: tuple[str, ...], fewest: int
) -> None:
    asked = [(one, topic) for one, topic in topics_told if one["language"] in languages]
    wrong = Counter(
        f"{one['wording']}: {topic}" for one, topic in asked if topic not in (one["topic"], one.get("also"))
    )
    assert len(asked) >= fewest
    assert 1 - wrong.total() / len(asked) >= 0.9, sorted(wrong)


def test_no_question_of_the_measurement_is_an_example() -> None:
    known = {_plain(one.wording) for one in EXAMPLES}
    assert [one["wording"] for one in unseen() if _plain(one["wording"]) in known] == []
    assert {one["topic"] for one in unseen()} >= set(facts("en")) - {"summaries", "commands"}


def _plain(words: str) -> str:
    return words.casefold().strip(" ?!.,…？！。，")


@pytest.mark.parametrize(
    "words", ["who are you / and what can you do?", "你是谁， / 你能做什么？", "wer bist du / und was kannst du?",
              "あなたは誰で、 / 何ができますか", "넌 누구고 / 뭐 할 수 있어?", "Кто ты? / Что ты умеешь?"],
)  # fmt: skip
def test_two_topics_in_one_question_are_both_told(words: str) -> None:
    name, abilities = told(words, "name", "abilities").text.split("\n\n")
    assert "Medley" in name
    assert "Medley" not in abilities


def test_one_topic_asked_twice_is_told_once() -> None:
    assert "\n\n" not in told("What is your name? / Who are you?", "name", "name").text


def test_a_question_with_a_thing_and_another_is_one_question() -> None:
    assert "\n\n" not in told("Can I drag / and drop files?", "uploading", "files").text


def test_where_no_topic_is_known_the_nearest_fact_is_told() -> None:
    answer = told("English, Chinese, German, French, Spanish, Portuguese or Russian?")
    assert answer.text.startswith("You can ask me in English")


def test_chinese_is_told_in_the_script_of_the_question() -> None:
    assert told("你是誰呢？", "name").text.startswith("我叫 Medley，是一個多模態助手")
    assert told("你是谁呢？", "name").text.startswith("我叫 Medley，是一个多模态助手")


def test_a_language_without_facts_is_answered_in_english() -> None:
    assert told("Wat is het en hoe werkt dit in je app?", "name").text.startswith("My name is Medley")


# Whether it is so


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_limit_is_typed_a_second_time(language: str) -> None:
    unit = r"(?:MB|GB|Mo|Go|МБ|ГБ|h\b|ч\b|小时|時間|시간|pages?\b|页|ページ|쪽)"
    for topic, text in facts(language).items():
        assert re.findall(rf"\d\s*{unit}", text) == [], topic


def test_limits_are_those_of_the_settings() -> None:
    text = told("How big?", "limits", settings=Settings(limits=LIMITS)).text
    for limit in ("7 MB", "1.5 GB", "3 h", "0.5 h", "77 pages"):
        assert limit in text
    assert "500 MB" in told("How big?", "limits").text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_kinds_of_files_named_are_those_that_are_taken(language: str) -> None:
    taken = {extension for one in all_modalities() for extension in one.extensions}
    named = {f".{name.lower()}" for name in re.findall(r"\b[A-Z0-9]{3,4}\b|WebP|WebM|OGG", facts(language)["files"])}
    assert named - {".rar"} <= taken
    assert not taken & {".7z", ".rar", ".doc", ".xls", ".ppt"}
    assert named >= {".pdf", ".csv", ".png", ".heic", ".mp3", ".wav", ".mp4", ".mov"}
    assert {"Word", "Excel", "PowerPoint"} <= set(re.findall(r"[A-Za-z]+", facts(language)["files"]))
    for own in (".docx", ".xlsx", ".pptx"):
        assert own in facts(language)["files"]
        assert own in taken


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_commands_named_exist(language: str) -> None:
    known = {name for preset in Presets().all() for name in (preset.name, *preset.also)}
    named = re.findall(r"(?<!\w)/([\w-]+)", facts(language)["commands"])
    assert len(named) >= 6
    assert set(named) <= known


@pytest.mark.parametrize("language", LANGUAGES)
def test_buttons_are_called_as_on_the_page(language: str) -> None:
    for topic, words, name in LABELS:
        label = getattr(in_language("zh" if language == "zh" else "en", type(words.ENGLISH)), name)
        assert f"“{label}”" in facts(language)[topic], (topic, label)


def test_a_remote_model_is_not_kept_quiet() -> None:
    here = told("Is this private?", "privacy").text
    assert "Nothing of them is sent anywhere else." in here
    server = "openai:gpt-5"
    for settings in (
        Settings(llm=server), Settings(vision=server), Settings(speech=server), Settings(embedding=server),
        Settings(voice=server),
    ):  # fmt: skip
        there = told("Is this private?", "privacy", settings=settings).text
        assert "Nothing of them is sent" not in there
        assert "sent to the one that was chosen in the settings" in there


def test_it_says_whether_a_model_sees_pictures() -> None:
    assert "A model that sees pictures looks at them" in told("x", "pictures", sees=True, loaded=True).text
    assert "No model here sees pictures" in told("x", "pictures", loaded=True).text
    unknown = Settings(llm="openai:gpt-5")
    assert "Where a model that sees pictures is set up" in told("x", "pictures", settings=unknown).text
    beside = Settings(vision="openai:gpt-5")
    assert "A model that sees pictures looks at them" in told("x", "pictures", settings=beside, loaded=True).text


def test_it_names_the_model_that_answers() -> None:
    assert "at present scripted;" in told("Which model?", "models", loaded=True).text
    assert "at present openai:gpt-5;" in told("Which model?", "models", settings=Settings(llm="openai:gpt-5")).text
    assert "at present" not in told("Which model?", "models").text
    server = Settings(llm="http://me:secret@host/v1?key=secret#tiny")
    assert "at present http://…@host/v1?…#tiny;" in told("Which model?", "models", settings=server).text


def test_what_a_file_speaks_of_is_asked_of_the_file(tmp_path: Path) -> None:
    """ "You" may be whoever wrote the file."""
    file = tmp_path / "workshop.txt"
    file.write_text("When we are open: Tuesday to Saturday, 10 to 18.", encoding="utf-8")
    kinds = KindsByWord({"you": "about_medley"}, facets={"": "abilities"})
    assistant = make_assistant(saying({"open": "Tuesday to Saturday, 10 to 18."}), classifier=kinds)
    conversation = Conversation()
    for words, told in (("When are you open?", "Tuesday"), ("What can you do?", "Medley")):
        turn = Turn((Text(words), Attachment(file, file.name)))
        done = list(assistant.answer(turn, conversation))[-1]
        assert isinstance(done, Done), done
        assert told in done.answer.text or told == "Medley"
        assert ("Tuesday" in done.answer.text) == (told == "Tuesday")
