"""What is known of a file exactly: as a value, of what is heard and seen, in the library and in a conversation."""

import io
import json
import sqlite3
from collections.abc import Generator, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image as Pillow

from assistant.intake.facts import heard_in
from assistant.media import digest
from assistant.ports.modality import ModalityResult
from assistant.ports.speech import Transcript
from assistant.storage.sqlite_store import NAME
from assistant.text.word_count import count_words
from assistant.values.conversation import Conversation
from assistant.values.errors import BadInput
from assistant.values.events import Done, Status
from assistant.values.evidence import Document, Page, Passage, Seconds
from assistant.values.files import FileFacts
from assistant.values.incremental_ingestion import Cursor, IngestBatch
from assistant.values.parts import Attachment, Text, Turn
from retrieval.library import ChromaLibrary
from retrieval.reranked import RerankedLibrary
from tests.intake.test_modalities import BLANK, FakeModels, taken
from tests.retrieval.test_pictures import ColourSense
from tests.support import media_made as made
from tests.support.bag_of_words import BagOfWords
from tests.support.fakes import KindsByWord, make_assistant, ready, saying
from tests.support.films_made import Scene, write_film

# The value


def test_facts_survive_being_written_down_and_say_no_more_than_is_known() -> None:
    facts = FileFacts("ab", "a.wav", "audio", "audio/wav", 5, seconds=2.0, sheets=("One", "Two"), speech=False)
    assert FileFacts.from_json(json.loads(json.dumps(facts.to_json()))) == facts
    assert FileFacts("ab", "a.txt").to_json() == {"source_id": "ab", "name": "a.txt"}


def test_what_another_version_wrote_otherwise_is_not_known() -> None:
    told = {
        "source_id": "ab", "medium": "smell", "pages": "three", "words": True, "seconds": 3, "outline": ["One", 2],
        "title": None, "colour": "red", "speech": "yes",
    }  # fmt: skip
    assert FileFacts.from_json(told) == FileFacts("ab", "", seconds=3.0, outline=("One",))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The pump's seal — 43.10 € — is well-worn.", 6),
        ("水泵由李明保养，下一次保养在六月。", 15),
        ("iPhone 手机, 2 台", 5),
        ("ポンプは3月に", 7),
        ("펌프는 6월에", 2),
        (" | ***\n", 0),
    ],
)
def test_words_are_counted_and_chinese_and_japanese_by_characters(text: str, words: int) -> None:
    assert count_words(text) == words


# Recordings, films and pictures


def test_of_a_recording_its_seconds_language_and_words(tmp_path: Path) -> None:
    path = made.write_wav(tmp_path / "a", made.tone(0.5))
    _, intake = taken(Attachment(path, "interview.wav"), FakeModels().context())
    assert known(intake) == FileFacts(
        digest(path), "interview.wav", "audio", "audio/wav", path.stat().st_size, seconds=0.5, words=9, language="en",
        speech=True,
    )  # fmt: skip


def test_a_recording_without_speech_is_a_document_that_says_so(tmp_path: Path) -> None:
    path = made.write_wav(tmp_path / "rain.wav", made.noise(0.5))
    deaf = FakeModels(heard=Transcript((), "en", 0.5))  # what a model hears in noise is no language
    _, intake = taken(Attachment(path, "rain.wav"), deaf.context())
    assert (known(intake).speech, known(intake).language, known(intake).seconds) == (False, "", 0.5)
    assert intake.document is not None
    assert intake.document.is_wordless
    assert intake.notes == ("I heard no speech in rain.wav.",)
    assert intake.received.how == "no speech found"


def test_of_a_film_its_size_and_whether_it_has_sound(tmp_path: Path) -> None:
    silent = write_film(tmp_path / "silent.mp4", [Scene(1, 20)])
    film = known(taken(Attachment(silent, "silent.mp4"), FakeModels().context())[1])
    assert (film.media_type, film.width, film.height, film.speech) == ("video/mp4", 320, 180, None)
    assert film.seconds == pytest.approx(0.8, abs=0.1)
    spoken = write_film(tmp_path / "spoken.mp4", [Scene(1, 50)], sound=made.tone(1.5))
    film = known(taken(Attachment(spoken, "spoken.mp4"), FakeModels().context())[1])
    assert (film.speech, film.language, film.words) == (True, "en", 9)
    deaf = FakeModels(heard=Transcript((), "", 1.5))
    assert known(taken(Attachment(spoken, "spoken.mp4"), deaf.context())[1]).speech is False


def test_of_a_picture_its_size_and_words_also_where_a_model_sees_it_and_there_are_none(tmp_path: Path) -> None:
    photo = Attachment(made.receipt(tmp_path / "a.png"), "receipt.png")
    facts = known(taken(photo, FakeModels().context())[1])
    assert (facts.media_type, facts.width, facts.height, facts.words) == ("image/png", 640, 240, 5)
    _, intake = taken(photo, FakeModels(read=BLANK).context(sees=True))
    assert intake.document is not None
    assert (intake.document.passages, known(intake).words, known(intake).speech) == ((), 0, None)


def test_when_and_with_what_a_photo_was_taken_is_known_only_where_that_is_allowed() -> None:
    photo = Attachment(made.MEDIA / "valve.heic", "valve.heic")
    context = FakeModels(read=BLANK).context()
    facts = known(taken(photo, context)[1])
    assert (facts.taken, facts.camera) == ("", "")
    facts = known(taken(photo, replace(context, picture_facts=True))[1])
    assert (facts.taken, facts.camera) == ("2024-05-17 18:03", "Made for a test")


def known(intake: ModalityResult) -> FileFacts:
    assert intake.document is not None
    assert intake.document.facts is not None
    return intake.document.facts


# In the library


@pytest.fixture
def library(tmp_path: Path) -> Iterator[ChromaLibrary]:
    with ChromaLibrary(tmp_path / "library", BagOfWords()) as opened:
        yield opened


def a_document(name: str, text: str = "", scope_of: str = "", **known: object) -> Document:
    source_id = (scope_of or name).encode().hex().ljust(64, "0")
    passages = (Passage(text, Page(1)),) if text else ()
    return Document(source_id, name, "text", passages, facts=FileFacts(source_id, name, **known))  # type: ignore[arg-type]


def test_the_library_keeps_facts_in_the_order_in_which_files_came(tmp_path: Path) -> None:
    first, second = a_document("b.pdf", "The rent.", pages=3), a_document("a.pdf", "The deposit.", outline=("1 A",))
    with ChromaLibrary(tmp_path, BagOfWords()) as one:
        one.add(first, "me")
        one.add(second, "me")
        one.add(a_document("yours.pdf", "Windows."), "you")
    with ChromaLibrary(tmp_path, BagOfWords(64)) as again:  # facts need no embedder
        assert list(again.facts("me").items()) == [(each.source_id, each.facts) for each in (first, second)]
        assert [facts.name for facts in again.facts(["you", "me"]).values()] == ["yours.pdf", "b.pdf", "a.pdf"]
        assert again.facts("nobody") == {}
        again.reembed()
        assert list(again.facts("me").values()) == [first.facts, second.facts]


def test_facts_go_with_the_source_and_with_the_scope(library: ChromaLibrary, tmp_path: Path) -> None:
    for name in ("a.pdf", "b.pdf"):
        library.add(a_document(name, "The rent.", pages=1), "me")
        library.add(a_document(name, "The rent.", pages=1), "you")
    library.remove("me", a_document("a.pdf").source_id)
    assert [facts.name for facts in library.facts("me").values()] == ["b.pdf"]
    library.forget("me")
    assert library.facts("me") == {}
    assert len(library.facts("you")) == 2
    rows = sqlite3.connect(tmp_path / "library" / NAME).execute("SELECT scope FROM facts").fetchall()
    assert rows == [("you",), ("you",)]


def test_of_the_same_bytes_twice_the_first_facts_stay(library: ChromaLibrary) -> None:
    library.add(a_document("a.pdf", "The rent.", pages=1), "me")
    library.add(a_document("copy.pdf", "The rent.", scope_of="a.pdf", pages=2), "me")
    assert [(facts.name, facts.pages) for facts in library.facts("me").values()] == [("a.pdf", 1)]


def test_of_what_was_filed_before_facts_were_kept_the_name_and_the_medium_are_known(tmp_path: Path) -> None:
    talk = Document("ab", "talk.wav", "audio", (Passage("Hello.", Seconds(0, 1)),))
    with ChromaLibrary(tmp_path, BagOfWords()) as old:
        old.add(talk, "me")
        old.add(a_document("a.pdf", "The rent.", pages=4), "me")
    with sqlite3.connect(tmp_path / NAME) as ledger:
        ledger.execute("DROP TABLE facts")
    with ChromaLibrary(tmp_path, BagOfWords()) as new:
        assert new.facts("me")["ab"] == FileFacts("ab", "talk.wav", "audio")
        assert [facts.words for facts in new.facts("me").values()] == [0, 0]
        new.add(replace(talk, facts=FileFacts("ab", "talk.wav", "audio", seconds=1.0)), "me")
        assert new.facts("me")["ab"].seconds == 1.0  # now it is known
        assert new.search("hello", "me")[0].source == "talk.wav"
    with sqlite3.connect(tmp_path / NAME) as ledger:
        ledger.execute("UPDATE facts SET facts = 'no JSON'")
    with ChromaLibrary(tmp_path, BagOfWords()) as new:
        assert new.facts("me")["ab"] == FileFacts("ab", "talk.wav", "audio")


def test_in_what_has_facts_and_no_passages_nothing_is_found_and_nothing_is_upset(tmp_path: Path) -> None:
    sense = ready("Picture model", ColourSense())
    sense.get()
    picture = tmp_path / "red.png"
    Pillow.new("RGB", (60, 40), "red").save(picture)
    photo = Document("cd", "red.png", "image", (), picture=picture, facts=FileFacts("cd", "red.png", "image", width=60))
    rain = Document("ab", "rain.wav", "audio", (), facts=FileFacts("ab", "rain.wav", "audio", speech=False))
    with ChromaLibrary(tmp_path / "library", BagOfWords(), sense) as library:
        for each in (rain, photo, a_document("a.pdf", "The rent is red.")):
            library.add(each, "me")
        assert [facts.name for facts in library.facts("me").values()] == ["rain.wav", "red.png", "a.pdf"]
        assert {hit.source for hit in library.search("something red", "me")} == {"a.pdf"}
        assert library.search("something red", "me", within=["ab", "cd"]) == []
        assert [piece.source for piece in library.beginning("me")] == ["a.pdf"]
        assert library.beginning("me", within=["ab"]) == []
        assert (library.during("me", 0, 9), library.partial_sources("me"), library.unseen()) == ([], [], 0)
        assert library.see_again(lambda scope, source_id: picture) == 0
    with ChromaLibrary(tmp_path / "library", BagOfWords(64)) as other:
        assert other.outdated() == 3
        other.reembed()
        assert other.outdated() == 0
        assert other.sources("me") == {"ab": "rain.wav", "cd": "red.png", photo_free(other): "a.pdf"}
        assert other.facts("me")["ab"].speech is False
        other.remove("me", "ab")
        assert next(iter(other.facts("me").values())).name == "red.png"


def photo_free(library: ChromaLibrary) -> str:
    return next(source for source, facts in library.facts("me").items() if facts.name == "a.pdf")


def test_a_picture_that_was_seen_without_words_is_read_when_it_comes_again_with_some(library: ChromaLibrary) -> None:
    seen = FileFacts("cd", "cat.png", "image", width=60)
    library.add(Document("cd", "cat.png", "image", (), facts=seen), "me")
    library.add(Document("cd", "cat.png", "image", (), facts=replace(seen, width=61)), "me")
    assert library.facts("me") == {"cd": seen}
    library.add(Document("cd", "cat.png", "image", (Passage("A cat.", Page(1)),), facts=replace(seen, words=2)), "me")
    assert library.search("cat", "me")[0].content == "A cat."
    assert library.facts("me")["cd"].words == 2


def test_the_facts_of_a_recording_grow_with_it(library: ChromaLibrary) -> None:
    facts = FileFacts("ab", "talk.wav", "audio", "audio/wav", 9, seconds=120.0, speech=False)
    library.add(Document("ab", "talk.wav", "audio", (), resume_state=Cursor(120.0, 60.0).to_json(), facts=facts), "me")
    assert library.facts("me") == {"ab": facts}
    later = IngestBatch(
        Cursor(120.0, 118.0, language="pt", whole=True), (Passage("Bom dia a todos.", Seconds(70, 72)),)
    )
    more = heard_in(later, "ab", "talk.wav", "audio")
    library.extend(Document("ab", "talk.wav", "audio", later.passages, facts=more), "me")
    assert library.facts("me") == {"ab": replace(facts, seconds=118.0, words=4, language="pt", speech=True)}


def test_a_growing_recording_in_which_nothing_was_heard_is_brought_over(tmp_path: Path) -> None:
    with ChromaLibrary(tmp_path, BagOfWords()) as one:
        one.add(Document("ab", "talk.wav", "audio", (), resume_state="more"), "me")
    with ChromaLibrary(tmp_path, BagOfWords(64)) as other:
        other.reembed()
        assert [each.name for each in other.partial_sources("me")] == ["talk.wav"]
        assert other.extend(Document("ab", "talk.wav", "audio", (Passage("Hello.", Seconds(0, 1)),)), "me")


def test_a_library_with_a_reranker_has_the_same_facts(library: ChromaLibrary) -> None:
    class Backwards:
        def rerank(self, question: str, texts: list[str]) -> list[float]:
            return list(range(len(texts), 0, -1))

    library.add(a_document("a.pdf", "The rent.", pages=1), "me")
    assert RerankedLibrary(library, Backwards()).facts("me") == library.facts("me")  # type: ignore[arg-type]


# In a conversation and a named library


def test_a_conversation_knows_that_a_recording_without_speech_was_given(tmp_path: Path) -> None:
    path = made.write_wav(tmp_path / "rain.wav", made.silence(1.0))
    engine = saying({"": "Good day."})
    assistant = make_assistant(engine, classifier=KindsByWord({"hello": "small_talk"}))
    conversation = Conversation()
    turn = Turn((Text("What does he say?"), Attachment(path, "rain.wav")))
    *_, told = assistant.answer(turn, conversation)
    assert isinstance(told, Done)
    assert told.answer.text == "This is not in what you gave me (rain.wav)."
    assert not engine.received
    assert conversation.sources == {digest(path): "rain.wav"}
    (facts,) = assistant.library.get().facts(conversation.scopes).values()
    assert (facts.name, facts.speech, facts.seconds) == ("rain.wav", False, 1.0)
    *_, told = assistant.answer(Turn((Text("Hello!"),)), conversation)  # and is not held to a file that says nothing
    assert isinstance(told, Done)
    assert told.answer.text == "Good day."
    assistant.close()


def test_a_file_that_is_filed_again_says_why_there_is_nothing_in_it(tmp_path: Path) -> None:
    path = made.write_wav(tmp_path / "rain.wav", made.silence(1.0))
    assistant, conversation = make_assistant(saying({})), Conversation()
    assert ended(assistant.files.file_again(path, "rain.wav", conversation)) == ("I heard no speech in rain.wav.",)
    assert conversation.sources == {digest(path): "rain.wav"}
    (tmp_path / "a.txt").write_text("The rent.")
    assert ended(assistant.files.file_again(tmp_path / "a.txt", "a.txt", conversation)) == ()
    assistant.close()


def test_for_a_named_library_a_file_without_anything_to_read_is_refused(tmp_path: Path) -> None:
    path = made.write_wav(tmp_path / "rain.wav", made.silence(1.0))
    blank = io.BytesIO()
    Pillow.new("RGB", (60, 40), "red").save(blank, "PNG")
    (tmp_path / "red.png").write_bytes(blank.getvalue())
    assistant = replace(make_assistant(saying({}, sees_images=True), lines=()), sees_images=lambda: True)
    with pytest.raises(BadInput, match=r"^I heard no speech in rain\.wav\.$"):
        ended(assistant.files.read(path, "rain.wav"))
    with pytest.raises(BadInput, match=r"^I found nothing to read in red\.png\.$"):
        ended(assistant.files.read(tmp_path / "red.png", "red.png"))


def ended(steps: Generator[Status, None, object]) -> object:
    try:
        while True:
            next(steps)
    except StopIteration as end:
        return end.value
