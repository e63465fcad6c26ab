"""One turn through the front door: real library, real loaders, fakes where models would stand."""

import threading
import wave
from pathlib import Path

import numpy
import pytest
from PIL import Image

from assistant.models.lazy import Lazy
from assistant.settings.settings import Settings
from assistant.values.answer_json import printed
from assistant.values.conversation import Conversation
from assistant.values.events import Delta, Done, Failed, Status
from assistant.values.evidence import Box, Region, Seconds
from assistant.values.limits import Limits
from assistant.values.messages import as_message
from assistant.values.parts import Attachment, Text, Turn
from tests.support.fakes import HashedWords, KindsByWord, ReadLines, broken, make_assistant, saying, shelve

REPORT = "The Kestrel-9 pump was serviced on 14 March 2024 by Dana Ortiz.\nThe next service is due in September 2025."


@pytest.fixture
def report(tmp_path: Path) -> Attachment:
    path = tmp_path / "report.txt"
    path.write_text(REPORT)
    return Attachment(path, "report.txt")


@pytest.fixture
def receipt(tmp_path: Path) -> Attachment:
    path = tmp_path / "receipt.png"
    Image.new("RGB", (60, 40), "white").save(path)
    return Attachment(path, "receipt.png")


@pytest.fixture
def recording(tmp_path: Path) -> Attachment:
    path = tmp_path / "question.wav"
    tone = (numpy.sin(numpy.arange(16000 * 4) / 20) * 9000).astype("<i2")
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(16000)
        out.writeframes(tone.tobytes())
    return Attachment(path, "question.wav")


def spoken(attachment):
    return Attachment(attachment.path, attachment.name, spoken=True)


def run(assistant, *parts, conversation=None, stop=None):
    return list(assistant.answer(Turn(tuple(parts)), conversation or Conversation(), stop))


def answer(assistant, *parts, conversation=None):
    done = run(assistant, *parts, conversation=conversation)[-1]
    assert isinstance(done, Done), done
    return done.answer


def test_voice_picture_and_document_in_one_turn_are_answered_with_their_places(report, receipt, recording):
    engine = saying({"serviced": "Dana Ortiz serviced the pump. The total was 593.10."})
    assistant = make_assistant(engine, heard=["Who serviced the pump,", "and what was the total?"])
    told = answer(assistant, spoken(recording), receipt, report)
    assert told.text == "Dana Ortiz serviced the pump.[1] The total was 593.10.[2]"
    assert [(c.source, c.medium) for c in told.citations] == [("report.txt", "text"), ("receipt.png", "image")]
    assert told.citations[1].location == Region((Box(0, 0.6667, 1, 1),))
    assert told.received.heard == "Who serviced the pump, and what was the total?"
    assert {(file.name, file.how) for file in told.received.files} == {
        ("question.wav", "transcribed"), ("receipt.png", "read"), ("report.txt", "read"),
    }  # fmt: skip
    assert told.grounded
    assert dict(told.timings)["whole turn"] > 0


def test_an_uploaded_recording_is_evidence_with_its_seconds(recording):
    engine = saying({"price": "The price is 40 euros."})
    assistant = make_assistant(engine, heard=["Hello everyone.", "The price is 40 euros."])
    told = answer(assistant, Text("What is the price?"), recording)
    assert told.citations[0].location == Seconds(2, 4)
    assert told.citations[0].medium == "audio"


def test_the_words_stream_before_the_answer_is_done(report):
    engine = saying({"serviced": "Dana Ortiz serviced the pump."})
    events = run(make_assistant(engine), Text("Who serviced the pump?"), report)
    kinds = [type(event) for event in events]
    assert kinds.count(Delta) > 2
    assert kinds[-1] is Done
    assert kinds.index(Status) < kinds.index(Delta)
    assert "".join(event.text for event in events if isinstance(event, Delta)) == "Dana Ortiz serviced the pump."


def test_an_invented_answer_is_shown_but_marked_and_rests_on_nothing(report):
    told = answer(make_assistant(saying({"cashier": "It was Jane."})), Text("Who was the cashier?"), report)
    assert told.text == "It was Jane."
    assert told.unsupported == ("It was Jane.",)
    assert not told.citations
    assert not told.grounded


def test_from_a_library_an_invented_answer_is_replaced_by_the_plain_sentence(report):
    assistant, conversation = make_assistant(saying({"serviced": "It was Jane."})), Conversation()
    shelve(assistant, conversation, report)
    told = answer(assistant, Text("Who serviced the Kestrel-9 pump?"), conversation=conversation)
    assert told.declined
    assert told.text.startswith("report.txt does not say that. Nearest: “")
    assert "Jane" not in told.text


def test_from_a_library_an_answer_is_cited_like_any_other(report):
    engine = saying({"serviced": "Dana Ortiz serviced the pump."})
    assistant, conversation = make_assistant(engine), Conversation()
    shelve(assistant, conversation, report)
    told = answer(assistant, Text("Who serviced the Kestrel-9 pump?"), conversation=conversation)
    assert told.text == "Dana Ortiz serviced the pump.[1]"
    assert told.citations[0].source == "report.txt"
    assert told.received.request.meant == "libraries"


def test_where_the_search_of_a_library_finds_nothing_no_model_is_asked(report):
    engine = saying({"": "Sydney."})
    assistant, conversation = make_assistant(engine), Conversation()
    shelve(assistant, conversation, report)
    told = answer(assistant, Text("Zanzibar weather?"), conversation=conversation)
    assert told.text == "This is not in what you gave me (report.txt)."
    assert not engine.received


def test_what_was_handed_over_is_read_however_little_it_seems_to_say_of_the_question(report):
    engine = saying({"": "NOT FOUND"})
    answer(make_assistant(engine), Text("Zanzibar weather?"), report)
    assert REPORT in engine.received[0].messages[-1].text


def test_a_summary_is_made_of_all_that_was_given_in_its_order(tmp_path):
    text = f"{REPORT}\nThe seal was worn and was replaced by one from Lisbon, and the filter was cleaned twice."
    (tmp_path / "report.txt").write_text(text)
    engine = saying({"Summarise": "The Kestrel-9 pump was serviced by Dana Ortiz."})
    kinds = KindsByWord({"summarise": "whole"}, facets={"summarise": "summary"})
    given = Attachment(tmp_path / "report.txt", "report.txt")
    told = answer(make_assistant(engine, classifier=kinds), Text("Summarise this"), given)
    assert told.text == "The Kestrel-9 pump was serviced by Dana Ortiz.[1]"
    assert f"{text}\n\nRequest: Summarise this" in engine.received[0].messages[-1].text
    assert told.received.notes == ()


def test_what_is_short_is_its_own_summary_and_no_model_is_asked(report):
    engine = saying({"": "Something else."})
    kinds = KindsByWord({"summarise": "whole"}, facets={"summarise": "summary"})
    told = answer(make_assistant(engine, classifier=kinds), Text("Summarise this"), report)
    first, second = REPORT.split("\n")
    assert told.text == f"{first}[1]\n\n{second}[2]"
    assert not engine.received


def test_a_question_in_another_script_still_reaches_the_model(report):
    engine = saying({"谁保养了水泵": "Dana Ortiz 保养了水泵。"})
    told = answer(make_assistant(engine), Text("谁保养了水泵？"), report)
    assert told.citations[0].source == "report.txt"


def test_nothing_is_made_up_about_a_recording_without_speech(tmp_path):
    path = tmp_path / "silence.wav"
    silent(path)
    engine = saying({"": "He says hello."})
    told = answer(make_assistant(engine), Text("What does he say?"), Attachment(path, "silence.wav"))
    assert told.text == "This is not in what you gave me (silence.wav)."
    assert "I heard no speech in silence.wav." in told.received.notes
    assert not engine.received


def test_a_sentence_that_nothing_supports_is_marked(report):
    engine = saying({"serviced": "Dana Ortiz serviced the pump. She lives in Paris."})
    told = answer(make_assistant(engine), Text("Who serviced the pump?"), report)
    assert told.unsupported == ("She lives in Paris.",)
    assert len(told.citations) == 1


@pytest.mark.parametrize("small", [True, False])
def test_from_a_library_an_answer_beside_the_question_is_doubted(report, small):
    script = [("nothing else", "NOT FOUND"), ("copying", "The pump was sold by Dana Ortiz.")]
    assistant, conversation = make_assistant(saying(script, small=small)), Conversation()
    shelve(assistant, conversation, report)
    told = answer(assistant, Text("Who sold the pump?"), conversation=conversation)
    assert told.declined
    assert "sold" not in told.text


@pytest.mark.parametrize(("pages", "refused"), [(40, True), (1, False)])
def test_among_many_pieces_of_a_library_a_chance_hit_is_no_answer(tmp_path, pages, refused):
    path = tmp_path / "handbook.txt"
    other = [f"Chapter {n}. Rules for room {n}: lamps off, doors shut, and {n} chairs. " * 8 for n in range(pages)]
    path.write_text("\n\n".join(other))
    engine = saying({"": "Lamps off and doors shut."}, small=True)
    assistant, conversation = make_assistant(engine), Conversation()
    shelve(assistant, conversation, Attachment(path, "handbook.txt"))
    question = Text("Which famous violin player from Vienna burned the concert chairs?")
    told = answer(assistant, question, conversation=conversation)
    assert told.declined == refused, told.confidence


def test_from_a_library_a_hasty_not_found_is_doubted_once_and_must_then_be_supported(report):
    question = Text("Please could somebody look up when it was that Dana Ortiz had been servicing that thing?")

    def told(says):
        assistant = make_assistant(saying([("nothing else", "NOT FOUND"), ("copying", says)], small=True))
        conversation = Conversation()
        shelve(assistant, conversation, report)
        return answer(assistant, question, conversation=conversation).text

    assert told("Dana Ortiz serviced it on 14 March 2024.") == "Dana Ortiz serviced it on 14 March 2024.[1]"
    assert told("It was serviced on 9 May 1999.").startswith("report.txt does not say that. Nearest: “")


def test_the_nearer_what_a_library_holds_the_more_confident_the_answer(report):
    def confidence(question):
        assistant = make_assistant(saying({"": "The Kestrel-9 pump was serviced by Dana Ortiz."}))
        conversation = Conversation()
        shelve(assistant, conversation, report)
        return answer(assistant, Text(question), conversation=conversation).confidence

    near = confidence("When was the Kestrel-9 pump serviced?")
    far = confidence("Was the big red machine in the hall serviced by anybody?")
    assert 1 >= near > far > 0


def test_without_files_it_is_a_conversation():
    told = answer(make_assistant(saying({"Hello": "Hello! How can I help?"})), Text("Hello"))
    assert told.text == "Hello! How can I help?"
    assert not told.grounded
    assert not told.unsupported


def test_a_greeting_is_not_searched_for_in_the_files(report):
    engine = saying({"Thanks": "You are welcome.", "serviced": "Dana Ortiz serviced the pump."})
    assistant = make_assistant(engine, classifier=KindsByWord({"thanks": "small_talk"}))
    conversation = Conversation()
    answer(assistant, Text("Who serviced the pump?"), report, conversation=conversation)
    told = answer(assistant, Text("Thanks a lot"), conversation=conversation)
    assert told.text == "You are welcome."
    assert not told.received.evidence
    assert not any("Kestrel" in message.text for message in engine.received[-1].messages[-1:])


def test_what_was_given_earlier_is_found_in_a_later_turn(report):
    engine = saying({"next service": "It is due in September 2025.", "serviced": "Dana Ortiz serviced it."})
    assistant, conversation = make_assistant(engine), Conversation()
    answer(assistant, Text("Who serviced the pump?"), report, conversation=conversation)
    told = answer(assistant, Text("When is the next service due?"), conversation=conversation)
    assert told.citations[0].source == "report.txt"
    assert told.received.history_turns == 1


def test_a_follow_up_is_searched_for_in_a_library_with_what_it_points_back_to(report):
    script = {"Rewrite the new question": "When is the next service of the Kestrel-9 pump due?"}
    large = saying({**script, "next service": "It is due in September 2025.", "": "Dana Ortiz serviced the pump."})
    assistant, conversation = make_assistant(large), Conversation()
    shelve(assistant, conversation, report)
    answer(assistant, Text("Who serviced the Kestrel-9 pump?"), conversation=conversation)
    told = answer(assistant, Text("And when is it due?"), conversation=conversation)
    assert "I searched for “When is the next service of the Kestrel-9 pump due?”." in told.received.notes
    small = saying({"": "It is due in September 2025."}, small=True)
    told = answer(make_assistant(small, library=assistant.library), Text("And when is it?"), conversation=conversation)
    assert any("And when is it?" in note and "due" in note for note in told.received.notes)


def test_a_follow_up_about_a_file_is_asked_with_the_turn_before(report):
    engine = saying({"due": "It is due in September 2025.", "": "Dana Ortiz serviced the pump."}, small=True)
    assistant, conversation = make_assistant(engine), Conversation()
    answer(assistant, Text("Who serviced the pump?"), report, conversation=conversation)
    told = answer(assistant, Text("And when is it due?"), conversation=conversation)
    assert told.text == "It is due in September 2025.[1]"
    assert "Who serviced the pump?" in [message.text for message in engine.received[-1].messages[1:-1]]


def test_two_conversations_never_see_each_others_files(report):
    engine = saying({"": "Dana Ortiz serviced the pump."})
    assistant = make_assistant(engine)
    answer(assistant, Text("Who serviced the pump?"), report, conversation=Conversation())
    told = answer(assistant, Text("Who serviced the pump?"), conversation=Conversation())
    assert not told.citations
    assert not told.received.evidence


def test_a_forgotten_conversation_leaves_nothing_behind(report):
    assistant, conversation = make_assistant(saying({"": "Dana Ortiz serviced the pump."})), Conversation()
    answer(assistant, Text("Who serviced the pump?"), report, conversation=conversation)
    assistant.files.forget(conversation.id)
    assert not assistant.library.get().sources(conversation.id)


def test_an_engine_that_sees_gets_the_pixels_and_again_in_the_next_turn(receipt):
    engine = saying({"": "A receipt."}, sees_images=True)
    assistant, conversation = make_assistant(engine), Conversation()
    told = answer(assistant, Text("What is this?"), receipt, conversation=conversation)
    assert told.received.pictures_sent == 1
    assert told.received.files[0].how == "sent as pixels"
    (picture,) = printed(told)["received"]["pictures"]  # type: ignore[index]
    assert (picture["number"], picture["name"], picture["width"]) == (1, "receipt.png", 60)
    answer(assistant, Text("And what colour is it?"), conversation=conversation)
    assert engine.received[-1].messages[-1].images


def test_a_vision_model_describes_for_an_engine_that_does_not_see(receipt):
    engine = saying({"": "A lighthouse stands on a rock."})
    assistant = make_assistant(engine, captioner=ReadLines("A lighthouse stands on a rock."), lines=[])
    told = answer(assistant, Text("What stands on the rock?"), receipt)
    assert told.received.files[0].how == "described"
    assert told.citations[0].source == "receipt.png"


def test_stop_ends_the_answer_and_keeps_what_was_said():
    engine = saying({"": "one two three four five six seven eight nine ten"}, delay_seconds=0.02)
    stop, said, done = threading.Event(), [], None
    for event in make_assistant(engine).answer(Turn((Text("Count"),)), Conversation(), stop):
        if isinstance(event, Delta):
            said.append(event.text)
            if len(said) == 3:
                stop.set()
        if isinstance(event, Done):
            done = event.answer
    assert done is not None
    assert done.stopped
    assert done.text.startswith("one two")
    assert "ten" not in done.text


@pytest.mark.parametrize(
    ("parts", "sentence"),
    [
        ([Text("words" * 40_000)], "200,000 characters"),
        ([], "Ask something"),
        ([Text("What?"), Attachment(Path("nowhere/lease.pdf"), "lease.pdf")], "There is no file lease.pdf"),
    ],
)
def test_bad_input_is_one_sentence(parts, sentence):
    failed = run(make_assistant(saying({"": "x"})), *parts)[-1]
    assert isinstance(failed, Failed)
    assert failed.bad_input
    assert sentence in failed.message


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("empty.pdf", b"", "empty.pdf is empty"),
        ("broken.pdf", b"%PDF-1.7\nrubbish", "broken.pdf"),
        ("setup.exe", b"MZ" + bytes(200), "setup.exe"),
        ("photo.png", b"RIFF\x24\x00\x00\x00WAVEfmt " + bytes(40), "photo.png"),
    ],
)
def test_a_bad_file_is_named_and_the_next_turn_works(tmp_path, report, name, content, sentence):
    path = tmp_path / name
    path.write_bytes(content)
    assistant = make_assistant(saying({"": "Dana Ortiz serviced the pump."}))
    conversation = Conversation()
    failed = run(assistant, Text("What?"), Attachment(path, name), conversation=conversation)[-1]
    assert isinstance(failed, Failed)
    assert failed.bad_input
    assert sentence in failed.message
    assert answer(assistant, Text("Who serviced the pump?"), report, conversation=conversation).grounded


def test_a_file_over_the_limit_is_refused_with_the_limit(report):
    settings = Settings(limits=Limits(file_bytes=10))
    failed = run(make_assistant(saying({"": "x"}), settings=settings), Text("What?"), report)[-1]
    assert "I take 0 MB" in failed.message


def silent(path):
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(16000)
        out.writeframes(bytes(64000))


def test_silence_is_not_a_question(tmp_path):
    path = tmp_path / "silence.wav"
    silent(path)
    failed = run(make_assistant(saying({"": "x"})), Attachment(path, "silence.wav", spoken=True))[-1]
    assert isinstance(failed, Failed)
    assert "I heard no speech" in failed.message


def test_a_model_that_cannot_load_ends_in_its_own_sentence_and_is_tried_again(report):
    assistant = make_assistant(broken("Language model", "There is no room for the model."))
    failed = run(assistant, Text("Who?"), report)[-1]
    assert failed == Failed("There is no room for the model.", bad_input=False)


def test_a_turn_waits_for_a_model_that_is_loading_and_says_so():
    go = threading.Event()
    engine = saying({"": "Ready now."})
    part = Lazy(as_message("Language model"), lambda _: go.wait(10) and engine)
    events = make_assistant(part).answer(Turn((Text("Hello"),)), Conversation())
    first = next(events)
    assert isinstance(first, Status)
    assert first.step == "loading"
    go.set()
    assert list(events)[-1].answer.text == "Ready now."


def test_hashed_words_tell_near_from_far():
    embedder = HashedWords()
    asked = embedder.embed_question("pump service")
    near, far = embedder.embed_passages(["the pump service report", "apples and pears"])
    assert asked @ near > asked @ far
