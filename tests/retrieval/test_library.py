"""What is filed is found again, by its owner alone, also after a crash."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from assistant.ports.embedding import Vectors
from assistant.values.errors import LibraryError
from assistant.values.evidence import Box, Document, Page, Passage, Seconds, Section, TextSpan
from retrieval.library import ChromaLibrary
from tests.support.bag_of_words import BagOfWords

LEASE = (
    "The rent is 1,200 euros and is due on the first working day.",
    "Tenants may not keep dogs or cats in the flat.",
    "The deposit is two months of rent.",
)


def document(name: str, *texts: str, source: str = "") -> Document:
    passages = tuple(Passage(text, Page(number)) for number, text in enumerate(texts, 1))
    return Document((source or name).encode().hex().ljust(64, "0"), name, "text", passages)


@pytest.fixture
def library() -> Iterator[ChromaLibrary]:
    with ChromaLibrary(None, BagOfWords()) as made:
        yield made


def test_what_was_filed_is_found_with_its_place(library: ChromaLibrary) -> None:
    place = TextSpan(0, 8, Page(2, (Box(0.1, 0.2, 0.5, 0.25),)))
    library.add(
        Document("a" * 64, "lease.pdf", "text", (Passage("The rent is 1,200 euros.", Page(2), (place,)),)), "me"
    )
    (hit,) = library.search("How much is the rent?", "me")
    assert (hit.source, hit.source_id, hit.medium) == ("lease.pdf", "a" * 64, "text")
    assert hit.content == "The rent is 1,200 euros."
    assert hit.location == Page(2, (Box(0.1, 0.2, 0.5, 0.25),))
    assert hit.places == (place,)
    assert 0 < hit.score <= 1


def test_the_best_piece_comes_first(library: ChromaLibrary) -> None:
    library.add(document("lease.pdf", *LEASE), "me")
    hits = library.search("May I keep a dog?", "me")
    assert hits[0].location == Page(2)
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert all(0 < hit.score <= 1 for hit in hits)


def test_a_question_in_traditional_characters_finds_simplified_text(library: ChromaLibrary) -> None:
    library.add(document("manual.pdf", "水泵由李明保养，下一次保养在六月。", "合同于三月到期。"), "me")
    for question in ("誰保養了水泵？下一次保養是什麼時候？", "谁保养了水泵？下一次保养是什么时候？"):
        assert "李明" in library.search(question, "me")[0].content
    scores = [library.search(question, "me")[0].score for question in ("誰保養了水泵？", "谁保养了水泵？")]
    assert scores[0] > 0.3


def test_two_scopes_never_see_each_other(library: ChromaLibrary) -> None:
    library.add(document("mine.pdf", *LEASE), "me")
    library.add(document("yours.pdf", "The rent is 900 euros."), "you")
    assert {hit.source for hit in library.search("rent euros", "me")} == {"mine.pdf"}
    assert {hit.source for hit in library.search("rent euros", "you")} == {"yours.pdf"}
    assert list(library.sources("me").values()) == ["mine.pdf"]
    assert library.search("rent", "nobody") == []
    (yours,) = library.sources("you")
    assert library.search("rent", "me", within=[yours]) == []


def test_the_same_bytes_are_filed_once(library: ChromaLibrary) -> None:
    embedder = BagOfWords()
    with ChromaLibrary(None, embedder) as counted:
        counted.add(document("lease.pdf", *LEASE), "me")
        counted.add(document("copy of lease.pdf", *LEASE, source="lease.pdf"), "me")
        assert embedder.embedded == 3
        assert list(counted.sources("me").values()) == ["lease.pdf"]


def test_the_same_text_in_two_files_is_found_once(library: ChromaLibrary) -> None:
    library.add(document("a.pdf", LEASE[0]), "me")
    library.add(document("b.pdf", LEASE[0].upper()), "me")
    assert len(library.search("rent", "me")) == 1


def test_a_search_can_be_kept_to_some_files(library: ChromaLibrary) -> None:
    library.add(document("a.pdf", LEASE[0]), "me")
    library.add(document("b.pdf", LEASE[2]), "me")
    (b,) = (source for source, name in library.sources("me").items() if name == "b.pdf")
    assert {hit.source for hit in library.search("rent", "me", within=[b])} == {"b.pdf"}


def test_no_more_than_the_limit_is_found(library: ChromaLibrary) -> None:
    library.add(document("many.pdf", *[f"Rent of flat {number}." for number in range(30)]), "me")
    assert len(library.search("rent", "me", limit=5)) == 5
    assert library.search("rent", "me", limit=0) == []
    assert library.search("  ", "me") == []


def test_a_change_is_seen_by_the_next_search(library: ChromaLibrary) -> None:
    library.add(document("a.pdf", "Pets are welcome."), "me")
    assert library.search("zanzibar", "me") == []
    library.add(document("b.pdf", "The ferry to Zanzibar leaves at noon."), "me")
    assert library.search("zanzibar", "me")[0].source == "b.pdf"


def test_several_scopes_are_searched_in_one_ranking(library: ChromaLibrary) -> None:
    library.add(document("talk.pdf", "The rent is 900 euros."), "conversation")
    library.add(document("lease.pdf", *LEASE), "library")
    library.add(document("yours.pdf", "The rent is 800 euros."), "you")
    both = library.search("rent euros", ["conversation", "library"])
    assert {hit.source for hit in both} == {"talk.pdf", "lease.pdf"}
    assert [hit.score for hit in both] == sorted((hit.score for hit in both), reverse=True)
    assert library.search("rent", []) == []


def test_the_beginning_takes_turns_between_the_sources(library: ChromaLibrary) -> None:
    library.add(document("lease.pdf", *LEASE), "me")
    library.add(document("a note.pdf", "Zebras are striped.", "Lions are not."), "me")
    library.add(document("yours.pdf", "The rent is 900 euros."), "you")
    began = library.beginning("me", limit=4)
    assert [piece.content for piece in began] == [LEASE[0], "Zebras are striped.", LEASE[1], "Lions are not."]
    assert {piece.score for piece in began} == {0.0}
    assert [piece.content for piece in library.beginning("me", within=[began[0].source_id])] == list(LEASE)
    assert [piece.source for piece in library.beginning(["you", "nobody"])] == ["yours.pdf"]


def test_a_removed_source_is_gone_from_its_scope_alone(library: ChromaLibrary) -> None:
    for scope in ("me", "you"):
        library.add(document("lease.pdf", *LEASE), scope)
        library.add(document("note.pdf", "Zebras are striped."), scope)
    library.search("rent", "me")
    lease = document("lease.pdf").source_id
    library.remove("me", lease)
    library.remove("me", "never there")
    assert list(library.sources("me").values()) == ["note.pdf"]
    assert library.search("rent", "me") == []
    assert library.beginning("me", within=[lease]) == []
    assert library.search("rent", "you")[0].source == "lease.pdf"


def test_a_forgotten_scope_is_gone_and_the_others_stay(library: ChromaLibrary) -> None:
    library.add(document("mine.pdf", *LEASE), "me")
    library.add(document("yours.pdf", *LEASE), "you")
    library.forget("me")
    library.forget("nobody")
    assert (library.sources("me"), library.search("rent", "me")) == ({}, [])
    assert library.search("rent", "you")
    library.add(document("mine.pdf", *LEASE), "me")
    assert library.search("rent", "me")


def test_what_is_forgotten_while_it_is_filed_does_not_come_back() -> None:
    class ForgetsMeanwhile(BagOfWords):
        def embed_passages(self, texts: Sequence[str]) -> Vectors:
            library.forget("me")  # type: ignore[attr-defined]
            return super().embed_passages(texts)

    with ChromaLibrary(None, ForgetsMeanwhile()) as library:
        library.add(document("lease.pdf", *LEASE), "me")
        assert library.sources("me") == {}


def test_moments_and_sections_survive_the_store(library: ChromaLibrary) -> None:
    talk = Document("c" * 64, "talk.wav", "audio", (Passage("Dogs", Seconds(0, 1.5)), Passage("bark", Seconds(1.5, 2))))
    library.add(talk, "me")
    library.add(Document("d" * 64, "a.md", "text", (Passage("80 euros.", Section("Heating 暖气")),)), "me")
    (heard,) = library.search("dogs bark", "me")
    assert (heard.content, heard.medium, heard.location) == ("Dogs\nbark", "audio", Seconds(0, 2))
    assert heard.locate(5, 9) == Seconds(1.5, 2)
    assert library.search("暖气", "me")[0].location == Section("Heating 暖气")


def test_a_document_without_text_leaves_nothing(library: ChromaLibrary) -> None:
    library.add(document("blank.txt"), "me")
    assert library.sources("me") == {}


def test_a_filtered_search_finds_its_few_among_many(library: ChromaLibrary) -> None:
    for owner in range(8):
        library.add(
            document(f"{owner}.pdf", *[f"Rent of flat {number} of {owner}." for number in range(150)]), str(owner)
        )
    library.add(document("one.pdf", "Rent of the castle."), "one")
    assert len(library.search("rent flat", "3", limit=50)) == 50
    assert library.search("rent of the castle", "one")[0].source == "one.pdf"


def test_what_was_filed_is_there_after_a_restart(tmp_path: Path) -> None:
    with ChromaLibrary(tmp_path, BagOfWords()) as before:
        before.add(document("lease.pdf", *LEASE), "me")
    with ChromaLibrary(tmp_path, BagOfWords()) as after:
        assert after.search("deposit", "me")[0].location == Page(3)


def test_vectors_of_two_embedders_never_meet(tmp_path: Path) -> None:
    with ChromaLibrary(tmp_path, BagOfWords(256)) as one:
        one.add(document("lease.pdf", *LEASE), "me")
    with ChromaLibrary(tmp_path, BagOfWords(64)) as other:
        assert other.sources("me") == {}
        assert other.search("rent", "me") == []
        assert other.outdated() == 1


def test_a_library_moves_to_a_new_embedder_and_the_old_vectors_go(tmp_path: Path) -> None:
    place = TextSpan(4, 8, Page(1, (Box(0.1, 0.1, 0.2, 0.2),)))
    placed = Document("f" * 64, "placed.pdf", "text", (Passage("The moat is deep.", Page(1), (place,)),))
    with ChromaLibrary(tmp_path, BagOfWords(256)) as one:
        one.add(document("lease.pdf", *LEASE), "me")
        one.add(placed, "you")
        one.add(document("gone.pdf", *LEASE), "me")
    with ChromaLibrary(tmp_path, BagOfWords(64)) as other:
        other.remove("me", document("gone.pdf").source_id)
        steps: list[tuple[int, int]] = []
        other.reembed(lambda done, total: steps.append((done, total)))
        assert steps == [(0, 2), (1, 2), (2, 2)]
        assert other.outdated() == 0
        assert other.search("deposit", "me")[0].location == Page(3)
        assert other.search("moat", "you")[0].places == (place,)
        assert list(other.sources("me").values()) == ["lease.pdf"]
    with ChromaLibrary(tmp_path, BagOfWords(256)) as back:
        assert back.outdated() == 2
        back.reembed()
        assert back.search("deposit", "me")[0].location == Page(3)


def test_a_move_to_a_new_embedder_that_was_stopped_goes_on(tmp_path: Path) -> None:
    class Stopped(Exception):
        pass

    def stop(done: int, total: int) -> None:
        if done == 2:
            raise Stopped

    with ChromaLibrary(tmp_path, BagOfWords(256)) as one:
        for number in range(4):
            one.add(document(f"{number}.pdf", f"Flat {number} has a balcony."), "me")
    embedder = BagOfWords(64)
    with ChromaLibrary(tmp_path, embedder) as other:
        with pytest.raises(Stopped):
            other.reembed(stop)
        assert (other.outdated(), len(other.sources("me"))) == (2, 2)
    with ChromaLibrary(tmp_path, embedder) as again:
        again.reembed()
        assert list(again.sources("me").values()) == [f"{number}.pdf" for number in range(4)]
    assert embedder.embedded == 4


def test_a_long_document_is_filed_in_steps_that_may_give_up(library: ChromaLibrary) -> None:
    class GivenUpFiling(Exception):
        pass

    def give_up(done: int, total: int) -> None:
        if done > 600:
            raise GivenUpFiling

    long = document("long.pdf", *[f"Flat {number} has {number} windows." for number in range(1200)])
    with pytest.raises(GivenUpFiling):
        library.add(long, "me", give_up)
    assert (library.sources("me"), library.search("windows", "me")) == ({}, [])
    steps: list[int] = []
    library.add(long, "me", lambda done, total: steps.append(done))
    assert (steps[0], steps[-1]) == (0, 1200)
    assert steps == sorted(steps)
    assert library.search("Flat 1042", "me")[0].location == Page(1043)


def test_a_folder_in_use_is_refused(tmp_path: Path) -> None:
    with (
        ChromaLibrary(tmp_path, BagOfWords()),
        pytest.raises(LibraryError, match=r"Another Medley is using .*--data"),
    ):
        ChromaLibrary(tmp_path, BagOfWords())
    ChromaLibrary(tmp_path, BagOfWords()).close()


def test_a_spoilt_folder_is_said_plainly_and_given_back(tmp_path: Path) -> None:
    (tmp_path / "chroma.sqlite3").write_bytes(b"no database " * 1000)
    for _ in range(2):
        with pytest.raises(LibraryError, match="could not be opened"):
            ChromaLibrary(tmp_path, BagOfWords())
    (tmp_path / "chroma.sqlite3").unlink()
    ChromaLibrary(tmp_path, BagOfWords()).close()


def test_threads_may_file_and_search_at_once(library: ChromaLibrary) -> None:
    failures: list[BaseException] = []

    def watched(work: Callable[[int], object], number: int) -> None:
        try:
            work(number)
        except BaseException as error:  # noqa: BLE001 - shown by the assertion below
            failures.append(error)

    def work(number: int) -> None:
        library.add(document(f"{number}.pdf", f"Rent of house {number}."), "me")
        assert any(hit.source == f"{number}.pdf" for hit in library.search(f"house {number}", "me"))

    threads = [threading.Thread(target=watched, args=(work, number)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(library.sources("me")) == 6


def test_a_process_killed_while_filing_leaves_a_usable_library(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path\n"
        "from tests.retrieval.test_library import document, BagOfWords, ChromaLibrary\n"
        "library = ChromaLibrary(Path(sys.argv[1]), BagOfWords())\n"
        "for number in range(10_000):\n"
        "    library.add(document(f'{number}.pdf', *[f'Rent of flat {n} in {number}' for n in range(40)]), 'me')\n"
        "    print(number, flush=True)\n"
    )
    child = subprocess.Popen([sys.executable, "-c", program, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    done = [int(child.stdout.readline()) for _ in range(3)]
    os.kill(child.pid, signal.SIGKILL)
    child.communicate()
    with ChromaLibrary(tmp_path, BagOfWords()) as library:
        assert {f"{number}.pdf" for number in done} <= set(library.sources("me").values())
        library.add(document("new.pdf", "The castle has a moat."), "me")
        assert library.search("castle moat", "me")[0].source == "new.pdf"
        assert library.search("rent of flat 7 in 1", "me")
