"""The main job with real models on this machine: voice, picture and document, in English and Chinese."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from assistant.answering.assistant import Assistant
from assistant.settings.settings import from_environment
from assistant.values.conversation import Conversation
from assistant.values.events import Answer, Done
from assistant.values.evidence import Page, Region, Seconds
from assistant.values.parts import Attachment, Text, Turn
from cli.wiring import wire

pytestmark = pytest.mark.weights

ROOT = Path(__file__).parent.parent
MEDIA = ROOT / "tests" / "support" / "media"
CJK = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")
QUESTION = "Who serviced the pump and when is the next service due?"
QUESTION_ZH = "谁保养了水泵，下一次保养是什么时候？"


@pytest.fixture(scope="module")
def assistant(weights_folder: Callable[[str], Path]) -> Iterator[Assistant]:
    for profile in ("qwen2.5-coder-0.5b", "whisper-base", "minilm"):
        weights_folder(profile)
    settings = replace(from_environment(os.environ), profile="cpu-offline", llm="qwen2.5-coder-0.5b", answer_tokens=120)
    _, assistant = wire(settings, None)
    yield assistant
    assistant.close()


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("handed over")
    report_pdf(folder / "report.pdf")
    receipt(folder / "receipt.png")
    (folder / "报告.txt").write_text(
        "维护报告\n\n红隼9号水泵于2024年3月14日由李明保养。更换了密封圈。\n下一次保养时间为2025年9月。安全阀在6.5巴时开启。\n",
        encoding="utf-8",
    )
    return folder


def report_pdf(path: Path) -> None:
    from fpdf import FPDF

    pdf = FPDF()
    pdf.set_font("helvetica", size=12)
    pages = [
        "Site handbook. This handbook lists the machines of the plant, the people who look after them, and the rules "
        "for working near them. Helmets are worn at all times.",
        "Compressors. The Falcon-2 compressor was inspected by Peter Hall. Its filter was changed in January 2024 and "
        "the oil was topped up with 4 litres.",
        "Maintenance report. The Kestrel-9 pump was serviced on 14 March 2024 by Dana Ortiz. The seal was replaced and "
        "the impeller cleaned. The next service is due in September 2025.",
    ]
    for text in pages:
        pdf.add_page()
        pdf.multi_cell(0, 8, text)
    pdf.output(str(path))


def receipt(path: Path) -> None:
    picture = Image.new("RGB", (700, 420), "white")
    draw = ImageDraw.Draw(picture)
    font = ImageFont.load_default(size=34)
    for row, line in enumerate(
        ("CORNER STORE", "Date 2018-03-23", "Coffee machine 580.60", "Filters 12.50", "Total 593.10")
    ):
        draw.text((60, 40 + row * 68), line, fill="black", font=font)
    picture.save(path)


def ask(assistant: Assistant, *parts: Text | Attachment, conversation: Conversation | None = None) -> Answer:
    last = list(assistant.answer(Turn(parts), conversation or Conversation()))[-1]
    assert isinstance(last, Done), last
    return last.answer


def shown(path: Path, spoken: bool = False) -> Attachment:
    return Attachment(path, path.name, spoken=spoken)


def test_a_pdf_answers_both_halves_of_a_question_and_the_page_is_cited(assistant, files):
    told = ask(assistant, Text(QUESTION), shown(files / "report.pdf"))
    assert "Dana Ortiz" in told.text
    assert "September 2025" in told.text
    assert {(c.source, c.location.number) for c in told.citations if isinstance(c.location, Page)} == {
        ("report.pdf", 3)
    }
    assert all(c.location.boxes for c in told.citations if isinstance(c.location, Page))


def test_the_same_question_spoken_is_answered_the_same_way(assistant, files):
    told = ask(assistant, shown(MEDIA / "question-en.flac", spoken=True), shown(files / "report.pdf"))
    assert "pump" in told.received.heard
    assert "Dana Ortiz" in told.text
    assert "September 2025" in told.text
    assert told.citations[0].source == "report.pdf"


def test_a_picture_tells_its_total_and_the_line_is_cited(assistant, files):
    told = ask(assistant, Text("What was the total?"), shown(files / "receipt.png"))
    assert "593.10" in told.text
    assert told.citations[0].medium == "image"
    assert isinstance(told.citations[0].location, Region)
    assert told.citations[0].location.boxes[0].top > 0.5


def test_voice_picture_and_pdf_in_one_turn(assistant, files):
    told = ask(
        assistant,
        shown(MEDIA / "question-en.flac", spoken=True),
        shown(files / "receipt.png"),
        shown(files / "report.pdf"),
    )
    assert "Dana Ortiz" in told.text
    assert {file.how for file in told.received.files} == {"transcribed", "read"}
    assert {piece.medium for piece in told.received.evidence} == {"text", "image"}


def test_what_is_in_none_of_them_is_cited_to_none_of_them(assistant, files):
    told = ask(
        assistant, Text("What is the capital of Australia?"), shown(files / "report.pdf"), shown(files / "receipt.png")
    )
    assert "Canberra" in told.text  # the model knows it; no file is said to hold it
    assert not told.citations
    assert not told.grounded


def test_a_chinese_document_answers_a_chinese_question(assistant, files):
    told = ask(assistant, Text(QUESTION_ZH), shown(files / "报告.txt"))
    assert "李明" in told.text
    assert "2025年9月" in told.text
    assert told.citations[0].source == "报告.txt"


def test_a_chinese_question_may_be_spoken(assistant, files):
    told = ask(assistant, shown(MEDIA / "question-zh.flac", spoken=True), shown(files / "报告.txt"))
    assert "李明" in told.text
    assert told.citations


def test_a_chinese_question_that_nothing_answers_is_cited_to_nothing(assistant, files):
    told = ask(assistant, Text("澳大利亚的首都是哪里？"), shown(files / "报告.txt"))
    assert not told.citations
    assert not told.grounded


@pytest.mark.skipif(not CJK.is_file(), reason="no font with Chinese characters here (fonts-noto-cjk)")
def test_a_chinese_picture_tells_its_total(assistant, tmp_path):
    picture = Image.new("RGB", (640, 320), "white")
    draw = ImageDraw.Draw(picture)
    font = ImageFont.truetype(str(CJK), 40)
    for row, line in enumerate(("街角商店", "日期 2018-03-23", "总额 593.10 元")):
        draw.text((60, 40 + row * 80), line, fill="black", font=font)
    picture.save(tmp_path / "收据.png")
    told = ask(assistant, Text("总额是多少？"), shown(tmp_path / "收据.png"))
    assert "593.10" in told.text
    assert told.citations[0].medium == "image"


def test_a_recording_is_cited_by_its_second(assistant):
    told = ask(assistant, Text("What should you ask not?"), shown(MEDIA / "jfk.flac"))
    assert "country" in told.text
    assert isinstance(told.citations[0].location, Seconds)


def test_a_file_of_an_earlier_turn_answers_a_later_one(assistant, files):
    conversation = Conversation()
    ask(assistant, Text(QUESTION), shown(files / "report.pdf"), conversation=conversation)
    told = ask(assistant, Text("Who inspected the Falcon-2 compressor?"), conversation=conversation)
    assert "Peter Hall" in told.text
    assert told.citations[0].location.number == 2


def test_the_terminal_prints_one_object(weights_folder, files):
    weights_folder("qwen2.5-coder-0.5b")
    done = subprocess.run(
        [sys.executable, "app.py", "ask", QUESTION, "--file", str(files / "report.pdf"), "--json"],
        env={**os.environ, "MEDLEY_PROFILE": "cpu-offline", "MEDLEY_LLM": "qwen2.5-coder-0.5b"}, cwd=ROOT,
        capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert "Dana Ortiz" in told["answer"]
    assert told["citations"][0]["location"]["number"] == 3
    assert told["models"]["chat"] == "qwen2.5-coder-0.5b"
    assert told["timings"]["first word"] > 0
