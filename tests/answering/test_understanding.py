"""What is understood of a turn before anything is searched: its kind, its parts, what it is about."""

import threading
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

import pytest
from fpdf import FPDF

from assistant.answering.assistant import Assistant
from assistant.engines.scripted import ScriptedEngine
from assistant.ports.classifier import KindClassifier
from assistant.ports.embedding import Vectors
from assistant.values.conversation import Conversation
from assistant.values.events import Answer, Delta, Done
from assistant.values.parts import Attachment, Text, Turn
from assistant.values.request import Request
from assistant.values.standing import standing
from tests.support import media_made as made
from tests.support.fakes import KindsByWord, make_assistant, saying, shelve

PUMP = "The Kestrel-9 pump was serviced on 14 March 2024 by Dana Ortiz.\nThe next service is due in September 2025."
CELLAR = "The cellar was painted by Ben Moss on 2 May 2023 and is dry.\nIt was flooded in 2019."


@pytest.fixture
def pump(tmp_path: Path) -> Attachment:
    return note(tmp_path, "pump.txt", PUMP)


def note(folder: Path, name: str, text: str) -> Attachment:
    (folder / name).write_text(text, encoding="utf-8")
    return Attachment(folder / name, name)


def recording(folder: Path) -> Attachment:
    return Attachment(made.write_wav(folder / "talk.wav", made.tone(4.0)), "talk.wav")


def answered(
    assistant: Assistant, words: str, *files: Attachment, conversation: Conversation | None = None
) -> tuple[Answer, str]:
    """The answer, and what streamed of it."""
    events = list(assistant.answer(Turn((Text(words), *files)), conversation or Conversation()))
    done = events[-1]
    assert isinstance(done, Done), done
    return done.answer, "".join(event.text for event in events if isinstance(event, Delta))


def understood(
    words: str,
    *files: Attachment,
    kinds: KindClassifier,
    conversation: Conversation | None = None,
    engine: ScriptedEngine | None = None,
) -> Request:
    assistant = make_assistant(engine or saying({"": "Very well."}), classifier=kinds)
    answer, _ = answered(assistant, words, *files, conversation=conversation)
    assert answer.received.request is not None
    return answer.received.request


class Scored:
    """A KindClassifier that gives every request the same scores."""

    def __init__(self, **scores: float) -> None:
        self.scored = scores

    def scores(self, words: str, candidates: Collection[str]) -> Mapping[str, float]:
        return {kind: self.scored.get(kind, 0.0) for kind in candidates}

    def exampled(self, words: str, kind: str) -> float:
        return 0.0

    def facet(self, words: str, kind: str) -> str:
        return ""

    def likeness(self, words: str, texts: Sequence[str]) -> Vectors:
        return KindsByWord({}).likeness(words, texts)


# The kind


def test_a_clear_kind_is_taken_at_its_word(pump: Attachment) -> None:
    request = understood("Boil it down.", pump, kinds=KindsByWord({"boil": "whole"}, facets={"boil": "summary"}))
    assert (request.kind, request.facet, request.sure) == ("whole", "summary", True)
    assert request.scores[0] == ("whole", 1.0)


def test_without_a_classifier_everything_is_looked_up(pump: Attachment) -> None:
    answer, _ = answered(make_assistant(saying({"": "Dana Ortiz."})), "Summarise this.", pump)
    assert answer.received.request is not None
    assert answer.received.request.kind == "fact"


def test_what_is_unlike_every_kind_is_looked_up(pump: Attachment) -> None:
    engine = saying({"serviced": "Dana Ortiz serviced the pump."})
    kinds = Scored(write=0.2, fact=0.1)
    request = understood("Who serviced the pump?", pump, kinds=kinds, engine=engine)
    assert (request.kind, request.sure) == ("fact", False)
    assert "Question: Who serviced" in engine.received[0].messages[-1].text


def test_the_likelier_of_two_near_kinds_is_taken_but_not_for_sure(pump: Attachment) -> None:
    request = understood("Boil it down.", pump, kinds=Scored(whole=0.5, list=0.48))
    assert (request.kind, request.sure) == ("whole", False)


def test_a_kind_that_needs_no_file_must_be_surer_where_a_file_came_along(pump: Attachment) -> None:
    assert understood("Capital of France?", pump, kinds=Scored(knowledge=0.55)).kind == "fact"
    assert understood("Capital of France?", pump, kinds=Scored(knowledge=0.7)).kind == "knowledge"
    assert understood("Capital of France?", kinds=Scored(knowledge=0.55)).kind == "knowledge"


def test_unsure_small_talk_beside_files_is_looked_up(pump: Attachment) -> None:
    kinds, conversation = Scored(fact=0.9), Conversation()
    assistant = make_assistant(saying({"": "Very well."}), classifier=kinds)
    answered(assistant, "Who serviced it?", pump, conversation=conversation)
    kinds.scored = {"small_talk": 0.4}
    for spoken, kind in ((conversation, "fact"), (Conversation(), "small_talk")):
        answer, _ = answered(assistant, "And?", conversation=spoken)
        assert answer.received.request is not None
        assert answer.received.request.kind == kind


def test_only_what_can_be_done_with_what_is_there_is_a_candidate(tmp_path: Path, pump: Attachment) -> None:
    kinds = KindsByWord({})
    assistant = make_assistant(saying({"": "Very well."}), classifier=kinds)

    def candidates(*files: Attachment, conversation: Conversation | None = None) -> frozenset[str]:
        answered(assistant, "Do it.", *files, conversation=conversation)
        return kinds.asked[-1][1]

    nothing = candidates()
    assert {"fact", "small_talk", "knowledge", "about_medley", "clock", "calculate", "write", "translate"} <= nothing
    assert not nothing & {"whole", "list", "read", "compare", "transcript", "moment", "describe", "where", "rework"}
    text = candidates(pump)
    assert {"whole", "list", "read", "file_facts", "compute", "language"} <= text
    assert not text & {"transcript", "moment", "describe", "where", "verify", "rework"}
    assert {"transcript", "moment"} <= candidates(recording(tmp_path))
    made.picture([(10, 10, "TOTAL")], (200, 80)).save(tmp_path / "photo.png")
    assert "describe" in candidates(Attachment(tmp_path / "photo.png", "photo.png"))
    conversation = Conversation()
    candidates(pump, conversation=conversation)
    assert {"where", "verify", "rework"} <= candidates(conversation=conversation)


# Several in one, and what is none


@pytest.mark.parametrize(
    "words", ["Hello! Who serviced the pump?", "Good morning. Who serviced the pump?", "早上好！Who serviced the pump?"]
)
def test_a_greeting_before_a_question_is_dropped(pump: Attachment, words: str) -> None:
    kinds = KindsByWord({"hello": "small_talk", "morning": "small_talk", "早上好": "small_talk", "who": "fact"})
    engine = saying({"": "Dana Ortiz serviced the pump."})
    request = understood(words, pump, kinds=kinds, engine=engine)
    assert (request.kind, request.words, request.parts) == ("fact", "Who serviced the pump?", ())
    assert engine.received[0].messages[-1].text.endswith("Question: Who serviced the pump?")


def test_a_greeting_alone_is_a_greeting(pump: Attachment) -> None:
    kinds = KindsByWord({"hello": "small_talk", "how are": "small_talk"})
    assert understood("Hello! How are you?", pump, kinds=kinds).kind == "small_talk"


@pytest.mark.parametrize(
    "words", ["Write an excuse note for my teacher. I was sick.", "Write an excuse note for my teacher, I was sick"]
)
def test_what_is_said_beside_a_request_belongs_to_it(words: str) -> None:
    kinds = KindsByWord({"excuse": "write", "i was": "small_talk"})
    request = understood(words, kinds=kinds)
    assert (request.kind, request.words, request.parts) == ("write", words, ())


@pytest.mark.parametrize(
    "words",
    [
        "Who serviced the pump, and give me the points.",
        "Who serviced the pump? Give me the points.",
        "Who serviced the pump and then give me the points",
    ],
)
def test_two_requests_in_one_sentence_are_both_answered_and_cited_through(pump: Attachment, words: str) -> None:
    kinds = KindsByWord({"who": "fact", "points": "whole"}, facets={"points": "points"})
    engine = saying(
        [("Request: ", "- 14 March 2024\n- September 2025"), ("Question: ", "Dana Ortiz serviced the pump.")]
    )
    conversation = Conversation()
    assistant = make_assistant(engine, classifier=kinds)
    answer, streamed = answered(assistant, words, pump, conversation=conversation)
    assert answer.text == "Dana Ortiz serviced the pump.[1]\n\n- 14 March 2024[2]\n- September 2025[3]"
    assert [citation.number for citation in answer.citations] == [1, 2, 3]
    assert [citation.quote.split()[0] for citation in answer.citations] == ["The", "The", "The"]
    assert streamed == "Dana Ortiz serviced the pump.\n\n- 14 March 2024\n- September 2025"
    assert answer.received.request is not None
    assert [part.kind for part in answer.received.request.parts] == ["fact", "whole"]
    assert [piece.source for piece in answer.received.evidence] == ["pump.txt", "pump.txt"]
    assert [exchange.question for exchange in conversation.exchanges] == [words]
    assert conversation.exchanges[0].answer == streamed
    assert len(conversation.exchanges[0].citations) == 3


def test_what_the_first_part_is_about_the_second_is_about(tmp_path: Path, pump: Attachment) -> None:
    kinds = KindsByWord({"who": "fact", "translate": "translate"})
    cellar = note(tmp_path, "cellar.txt", CELLAR)
    request = understood("Who painted it in cellar.txt, and translate it into German", pump, cellar, kinds=kinds)
    first, second = request.parts
    assert (first.meant, len(first.files)) == ("named", 1)
    assert (second.kind, second.files, second.form.language) == ("translate", first.files, "de")


def test_two_questions_of_one_kind_are_one_request(pump: Attachment) -> None:
    kinds = KindsByWord({"who": "fact", "when": "fact"})
    engine = saying({"": "Dana Ortiz serviced the pump. The next service is due in September 2025."})
    request = understood("Who serviced it and when is the next one due?", pump, kinds=kinds, engine=engine)
    assert (request.kind, request.parts) == ("fact", ())
    assert len(engine.received) == 1


def test_one_question_in_two_halves_is_not_parted(pump: Attachment) -> None:
    kinds = KindsByWord({"cheapest": "compute", "cost": "fact"})
    assert understood("What is the cheapest pump and what does it cost?", pump, kinds=kinds).parts == ()


def test_a_part_that_is_no_clear_request_parts_nothing(pump: Attachment) -> None:
    kinds = KindsByWord({"who": "fact"}, default="list")
    assert understood("Who serviced the pump, seal and valve?", pump, kinds=kinds).parts == ()


def test_once_stopped_the_later_part_is_not_begun(pump: Attachment) -> None:
    kinds = KindsByWord({"who": "fact", "points": "whole"}, facets={"points": "points"})
    engine = saying([("Request: ", "- 14 March 2024"), ("Question: ", "Dana Ortiz serviced the pump.")])
    stop = threading.Event()
    turn = Turn((Text("Who serviced the pump, and give me the points."), pump))
    for event in make_assistant(engine, classifier=kinds).answer(turn, Conversation(), stop):
        if isinstance(event, Delta):
            stop.set()
        if isinstance(event, Done):
            assert event.answer.stopped
            assert "March" not in event.answer.text
    assert len(engine.received) == 1


# Its slots and what it is about


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("Who serviced the pump?", "en"),
        ("谁保养了水泵？", "zh"),
        ("Wer hat die Pumpe gewartet?", "de"),
        ("Qui a réparé la pompe ?", "fr"),
        ("¿Quién revisó la bomba?", "es"),
        ("Quem fez a manutenção da bomba?", "pt"),
        ("ポンプを点検したのは誰ですか", "ja"),
        ("누가 펌프를 점검했나요?", "ko"),
        ("Кто обслуживал насос?", "ru"),
    ],
)
def test_the_language_of_the_words_is_known_and_the_model_is_told_it(
    pump: Attachment, words: str, language: str
) -> None:
    engine = saying({"": "Dana Ortiz."})
    assert understood(words, pump, kinds=KindsByWord({}), engine=engine).language == language
    told = engine.received[0].messages[0].text
    names = {"de": "German", "fr": "French", "es": "Spanish", "pt": "Portuguese", "ja": "Japanese", "ko": "Korean"}
    names |= {"ru": "Russian", "en": "in the language of the question", "zh": "只根据"}
    assert names[language] in told


def test_the_form_of_the_answer_is_asked_of_the_model(tmp_path: Path) -> None:
    given = note(tmp_path, "note.txt", f"{PUMP}\n{CELLAR}")
    engine = saying({"": "Dana Ortiz serviced the pump."})
    kinds = KindsByWord({"sum": "whole"}, facets={"sum": "summary"})
    request = understood("Sum it up in two sentences, in German", given, kinds=kinds, engine=engine)
    assert (request.form.sentences, request.form.language) == (2, "de")
    assert "Take 2 sentences, no more." in engine.received[0].messages[0].text
    assert "Write in German." in engine.received[0].messages[0].text


@pytest.mark.parametrize(
    ("words", "shown"),
    [("What does page 2 say?", {2}), ("第2到3页说了什么？", {2, 3}), ("What does it say?", {1, 2, 3})],
)
def test_pages_that_are_named_are_all_that_is_read(tmp_path: Path, words: str, shown: set[int]) -> None:
    pdf = FPDF()
    pdf.set_font("helvetica", size=12)
    for number in (1, 2, 3):
        pdf.add_page()
        pdf.multi_cell(0, 8, f"Rule {number} of the house is about machine number {number}.")
    pdf.output(str(tmp_path / "rules.pdf"))
    engine = saying({"": "It is about a machine."})
    understood(words, Attachment(tmp_path / "rules.pdf", "rules.pdf"), kinds=KindsByWord({}), engine=engine)
    asked = engine.received[0].messages[-1].text
    assert {number for number in (1, 2, 3) if f"Rule {number} of" in asked} == shown


def test_a_follow_up_is_known_to_point_back(pump: Attachment) -> None:
    conversation = Conversation()
    kinds = KindsByWord({})
    assert not understood("Who serviced it?", pump, kinds=kinds, conversation=conversation).points_back
    assert understood("And when is it due?", kinds=kinds, conversation=conversation).points_back
    assert not understood(
        "Which company serviced the Kestrel-9 pump?", kinds=kinds, conversation=conversation
    ).points_back


def test_what_is_handed_over_without_a_word_is_summed_up_in_the_language_of_the_conversation(
    tmp_path: Path, pump: Attachment
) -> None:
    assistant, conversation = make_assistant(saying({"": "Dana Ortiz 保养了水泵。"})), Conversation()
    for words, file, language in (("", pump, "en"), ("谁保养了水泵？", None, "zh"), ("", pump, "zh")):
        parts = ([Text(words)] if words else []) + ([file] if file else [])
        done = list(assistant.answer(Turn(tuple(parts)), conversation))[-1]
        assert isinstance(done, Done), done
        request = done.answer.received.request
        assert request is not None
        assert request.language == language
        if not words:
            assert (request.kind, request.facet) == ("whole", "summary")
            assert any("You asked nothing in words" in one for one in done.answer.received.notes)


def test_what_a_file_says_that_is_named_is_no_transcript(tmp_path: Path, pump: Attachment) -> None:
    """There is a recording in the conversation as well."""
    kinds, conversation = KindsByWord({"say": "transcript"}), Conversation()
    assistant = make_assistant(saying({"": "Dana Ortiz."}), classifier=kinds)
    answered(assistant, "Good.", pump, recording(tmp_path), conversation=conversation)
    for words, kind in ((f"What does the {Path(pump.name).stem} say?", "fact"), ("What does he say?", "transcript")):
        answer, _ = answered(assistant, words, conversation=conversation)
        assert answer.received.request is not None
        assert answer.received.request.kind == kind


def test_general_knowledge_is_looked_up_in_the_libraries_first(pump: Attachment) -> None:
    kinds = KindsByWord({"serviced": "knowledge", "Zanzibar": "knowledge"})
    engine = saying({"Zanzibar": "It is hot.", "serviced": "Dana Ortiz serviced the pump."})
    assistant, conversation = make_assistant(engine, classifier=kinds), Conversation()
    shelve(assistant, conversation, pump)
    held, _ = answered(assistant, "Who serviced the Kestrel-9?", conversation=conversation)
    assert held.text == "Dana Ortiz serviced the pump.[1]"
    assert held.received.request is not None
    assert held.received.request.meant == "libraries"
    other, _ = answered(assistant, "Zanzibar weather?", conversation=conversation)
    assert other.text == "This is not in what you gave me (pump.txt).\n\nIt is hot."
    assert other.declined
    assert standing(other) == "itself"
