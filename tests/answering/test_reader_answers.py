"""Questions about pictures that no model sees, answered by the real reader and a real small model, with the place."""

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image as Pillow

from assistant.answering.assistant import Assistant
from assistant.settings.settings import from_environment
from assistant.values.conversation import Conversation
from assistant.values.events import Answer, Done
from assistant.values.evidence import Region
from assistant.values.parts import Attachment, Text, Turn
from cli.wiring import wire
from tests.support import pages_made as made

pytestmark = pytest.mark.weights

BLIND = "I can read text here and guess at the subject, but not see the picture; a model that sees would (--vision)."


@pytest.fixture(scope="module")
def assistant(weights_folder: Callable[[str], Path]) -> Iterator[Assistant]:
    for profile in ("qwen2.5-coder-1.5b", "minilm", "recogniser"):
        weights_folder(profile)
    settings = replace(from_environment(os.environ), profile="cpu-offline", llm="qwen2.5-coder-1.5b", answer_tokens=60)
    _, assistant = wire(settings, None)
    yield assistant
    assistant.close()


def asked(assistant: Assistant, question: str, picture: Path, conversation: Conversation | None = None) -> Answer:
    turn = Turn((Text(question), Attachment(picture, picture.name)))
    *_, last = assistant.answer(turn, conversation or Conversation())
    assert isinstance(last, Done), last
    return last.answer


def cited_box(answer: Answer, holding: str) -> tuple[float, float, float, float]:
    """Around all that the citation with these words points at."""
    assert answer.grounded, answer.text
    citation = next(one for one in answer.citations if holding in one.quote)
    assert citation.medium == "image"
    assert isinstance(citation.location, Region)
    boxes = citation.location.boxes
    assert boxes, citation
    return (
        min(box.left for box in boxes),
        min(box.top for box in boxes),
        max(box.right for box in boxes),
        max(box.bottom for box in boxes),
    )


def test_the_total_of_a_receipt_is_answered_and_cited(assistant: Assistant, tmp_path: Path) -> None:
    made.squeezed(made.noisy(made.receipt(26).picture)).save(tmp_path / "receipt.png")
    answer = asked(assistant, "What is the total on the receipt?", tmp_path / "receipt.png")
    assert "593.10" in answer.text
    _, top, right, bottom = cited_box(answer, "593.10")
    assert 0.5 < top < bottom < 0.95
    assert right > 0.8
    assert answer.received.notes.count(BLIND) == 1


def test_a_cell_of_a_table_is_answered_and_cited_by_its_row(assistant: Assistant, tmp_path: Path) -> None:
    made.askew(made.table(26, ruled=True).picture, 2).save(tmp_path / "stock.png")
    answer = asked(assistant, "What is the price of the filter?", tmp_path / "stock.png")
    assert "19.95" in answer.text
    _, top, _, bottom = cited_box(answer, "19.95")
    assert 0.45 < top < bottom < 0.9


def test_a_chinese_sign_is_answered_and_cited(assistant: Assistant, tmp_path: Path) -> None:
    made.sign(60, made.SIGNS[1]).picture.save(tmp_path / "sign.png")
    answer = asked(assistant, "营业时间是几点到几点？", tmp_path / "sign.png")
    assert "九点" in answer.text
    assert "六点" in answer.text
    cited_box(answer, "九点")


def test_what_a_code_says_is_answered_and_cited(assistant: Assistant, tmp_path: Path) -> None:
    page = Pillow.new("RGB", (500, 400), "white")
    code = zxingcpp.create_barcode("https://pay.example/593", zxingcpp.BarcodeFormat.QRCode)
    page.paste(Pillow.fromarray(zxingcpp.write_barcode_to_image(code, scale=6)).convert("RGB"), (120, 80))
    page.save(tmp_path / "code.png")
    answer = asked(assistant, "Which address is in the QR code?", tmp_path / "code.png")
    assert "https://pay.example/593" in answer.text
    left, top, right, bottom = cited_box(answer, "pay.example")
    assert 0.2 < left < right < 0.75
    assert 0.2 < top < bottom < 0.85


def test_what_is_in_a_photo_is_answered_from_the_guess(assistant: Assistant) -> None:
    import gradio

    lion = Path(gradio.__file__).parent / "media_assets/images/lion.jpg"
    conversation = Conversation()
    answer = asked(assistant, "What is in this picture?", lion, conversation)
    assert "lion" in answer.text.lower()
    assert answer.grounded
    assert answer.citations[0].medium == "image"
    assert "possibly shows a big cat (lion)" in answer.citations[0].quote  # a guess, and said to be one
    assert BLIND in answer.received.notes
    *_, later = assistant.answer(Turn((Text("What are its main colours?"),)), conversation)
    assert isinstance(later, Done)
    assert BLIND not in later.answer.received.notes  # said once, where the picture came
