"""A library in a LangChain chain: documents come with the places they stand at."""

from collections.abc import Iterator
from operator import itemgetter

import pytest
from langchain_core.language_models.fake_chat_models import GenericFakeChatModel
from langchain_core.messages import AIMessage
from langchain_core.prompts import ChatPromptTemplate
from langchain_core.runnables import RunnableLambda, RunnablePassthrough

from assistant.values.evidence import Box, Document, Page, Passage, Seconds, TextSpan
from retrieval.langchain_retriever import MedleyRetriever
from retrieval.library import ChromaLibrary
from tests.support.bag_of_words import BagOfWords


@pytest.fixture
def library() -> Iterator[ChromaLibrary]:
    place = TextSpan(0, 8, Page(2, (Box(0.1, 0.2, 0.5, 0.25),)))
    lease = Document("a" * 64, "lease.pdf", "text", (Passage("The rent is 1,200 euros.", Page(2), (place,)),))
    call = Document("b" * 64, "call.wav", "audio", (Passage("The rent went up in May.", Seconds(12, 15)),))
    yours = Document("c" * 64, "yours.pdf", "text", (Passage("The rent is 900 euros.", Page(1)),))
    with ChromaLibrary(None, BagOfWords()) as made:
        made.add(lease, "me")
        made.add(call, "library")
        made.add(yours, "you")
        yield made


def test_documents_carry_their_places(library: ChromaLibrary) -> None:
    found = MedleyRetriever(library=library, scopes=("me", "library")).invoke("How much is the rent in euros?")
    assert [document.metadata["source"] for document in found] == ["lease.pdf", "call.wav"]
    lease, call = (document.metadata for document in found)
    assert found[0].page_content == "The rent is 1,200 euros."
    assert lease["location"] == {"kind": "page", "number": 2, "boxes": [[0.1, 0.2, 0.5, 0.25]]}
    assert (lease["where"], lease["medium"], lease["source_id"]) == ("page 2", "text", "a" * 64)
    assert (call["where"], call["location"]) == ("0:12–0:15", {"kind": "seconds", "start": 12, "end": 15})
    assert 0 < call["score"] <= lease["score"] <= 1


def test_it_keeps_to_its_scopes_its_files_and_its_limit(library: ChromaLibrary) -> None:
    assert MedleyRetriever(library=library, scopes=()).invoke("rent") == []
    both = ("me", "library")
    (only,) = MedleyRetriever(library=library, scopes=both, within=("b" * 64,)).invoke("rent")
    assert only.metadata["source"] == "call.wav"
    assert len(MedleyRetriever(library=library, scopes=both, limit=1).invoke("rent")) == 1


def test_it_answers_in_a_chain(library: ChromaLibrary) -> None:
    asked: list[str] = []

    def note(prompt: object) -> object:
        asked.append(str(prompt))
        return prompt

    retriever = MedleyRetriever(library=library, scopes=("me",))
    prompt = ChatPromptTemplate.from_template("From this:\n{evidence}\nanswer: {question}")
    model = GenericFakeChatModel(messages=iter([AIMessage("1,200 euros.")]))
    evidence = retriever | (lambda found: "\n".join(f"{one.metadata['where']}: {one.page_content}" for one in found))
    chain = (
        {"evidence": itemgetter("question") | evidence, "question": itemgetter("question")}
        | RunnablePassthrough()
        | prompt
        | RunnableLambda(note)
        | model  # type: ignore[operator]
    )
    assert chain.invoke({"question": "What is the rent?"}).content == "1,200 euros."
    assert "page 2: The rent is 1,200 euros." in asked[0]
    assert "900" not in asked[0]
