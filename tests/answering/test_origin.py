"""A picture is shown, and its page is asked for."""

from pathlib import Path

import pytest
from fpdf import FPDF
from PIL import Image

from assistant.answering.assistant import Assistant
from assistant.values.conversation import Conversation
from assistant.values.events import Answer, Done
from assistant.values.evidence import Page
from assistant.values.parts import Attachment, Text, Turn
from tests.support.fakes import KindsByWord, make_assistant, saying

PAGES = (
    "Helmets are worn at all times near the machines of the plant.",
    "The Falcon-2 compressor was inspected by Peter Hall. Its filter was changed in January.",
    "The Kestrel-9 pump was serviced on 14 March by Dana Ortiz. The seal was replaced.",
)


@pytest.fixture
def handbook(tmp_path: Path) -> Attachment:
    pdf = FPDF()
    pdf.set_font("helvetica", size=12)
    for text in PAGES:
        pdf.add_page()
        pdf.multi_cell(0, 8, text)
    pdf.output(str(tmp_path / "handbook.pdf"))
    return Attachment(tmp_path / "handbook.pdf", "handbook.pdf")


@pytest.fixture
def photo(tmp_path: Path) -> Attachment:
    Image.new("RGB", (60, 40), "white").save(tmp_path / "photo.png")
    return Attachment(tmp_path / "photo.png", "photo.png")


def seeing(*lines: str) -> Assistant:
    """An assistant that reads these lines in every picture, and whose model has nothing to say."""
    kinds = KindsByWord({"which document": "source", "哪份文件": "source"})
    return make_assistant(saying({"": "I cannot say."}), lines=lines, classifier=kinds)


def ask(assistant: Assistant, *parts: Text | Attachment, conversation: Conversation | None = None) -> Answer:
    done = list(assistant.answer(Turn(parts), conversation or Conversation()))[-1]
    assert isinstance(done, Done), done
    return done.answer


def test_a_photo_of_a_page_finds_its_document_and_page(handbook: Attachment, photo: Attachment) -> None:
    assistant = seeing("The Falcon-2 compressor was", "inspected by Peter Hall. lts filter")
    told = ask(assistant, Text("Which document is this?"), photo, handbook)
    assert told.text == "This is from handbook.pdf, page 2.[1]"
    (cited,) = told.citations
    assert cited.source == "handbook.pdf"
    assert isinstance(cited.location, Page)
    assert cited.location.number == 2
    assert cited.location.boxes


def test_a_document_of_an_earlier_turn_is_found_and_the_answer_is_in_the_questions_language(
    handbook: Attachment, photo: Attachment
) -> None:
    assistant, conversation = seeing("The Kestrel-9 pump was serviced on 14 March"), Conversation()
    ask(assistant, Text("Who serviced the pump?"), handbook, conversation=conversation)
    told = ask(assistant, Text("这是哪份文件？"), photo, conversation=conversation)
    assert told.text == "这出自handbook.pdf的第 3 页。[1]"


def test_a_picture_of_something_else_has_no_page_here(handbook: Attachment, photo: Attachment) -> None:
    told = ask(seeing("Lemon cake, 200 g of flour"), Text("Which document is this from?"), photo, handbook)
    assert not any(cited.source == "handbook.pdf" for cited in told.citations)


def test_another_conversations_page_is_not_found(handbook: Attachment, photo: Attachment) -> None:
    assistant = seeing("The Falcon-2 compressor was inspected by Peter Hall")
    ask(assistant, Text("Who inspected it?"), handbook)
    told = ask(assistant, Text("Which document is this?"), photo)
    assert "handbook" not in told.text
    assert not any(cited.source == "handbook.pdf" for cited in told.citations)
