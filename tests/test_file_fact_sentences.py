"""Facts about files as files, told without a model."""

from pathlib import Path

import pytest

from assistant.answering.ways.file_facts import FactsOfFiles
from assistant.values.evidence import Page, Passage, Sheet, TextSpan
from assistant.values.files import FileFacts
from assistant.values.request import Request
from tests.one_turn import answered, context_of, pieces_of, text_of

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HANDBOOK = FileFacts(
    "handbook.pdf", "handbook.pdf", "text", "application/pdf", 12_345, pages=6, words=120,
    outline=("1 Tools", "2 Brakes"), author="Ines Duarte", written="2026-01-02T10:20:00",
)  # fmt: skip
MEETING = FileFacts("meeting.m4a", "meeting.m4a", "audio", "audio/mp4", 255_000, seconds=32.2, words=80)
PHOTO = FileFacts(
    "note.jpg", "note.jpg", "image", "image/jpeg", 25_500, width=760, height=360, taken="2024-05-17 18:03",
    camera="Canon EOS R6",
)  # fmt: skip
BAKERY = FileFacts("bakery.xlsx", "bakery.xlsx", "text", SHEET, 5_500, sheets=("Orders", "Staff"), words=30)
STORY = FileFacts("story.txt", "story.txt", "text", "text/plain", 1_200, words=173)
INVOICE = FileFacts("invoice.pdf", "invoice.pdf", "text", "application/pdf", 2_200, pages=1, words=60)
PIECES = [
    *pieces_of(
        "handbook.pdf", [Passage("1 Tools\nNine stands.", Page(2), (TextSpan(0, 7, Page(2)), TextSpan(8, 20, Page(2))))]
    ),
    *pieces_of("invoice.pdf", [Passage("Invoice date: 3 February 2026\nFrom: Northwind", Page(1))]),
    *pieces_of(
        "bakery.xlsx",
        [
            Passage(
                "Month | Orders\nMonth: May | Orders: 3",
                Sheet("Orders", 1, 2),
                (TextSpan(0, 14, Sheet("Orders", 1, 1)), TextSpan(15, 38, Sheet("Orders", 2, 2))),
            )
        ],
    ),
]


@pytest.mark.parametrize(
    ("file", "facet", "told"),
    [
        (HANDBOOK, "pages", "handbook.pdf has 6 pages."),
        (STORY, "pages", "story.txt has no pages; it has 173 words."),
        (MEETING, "length", "meeting.m4a is 0:32 (32 seconds) long."),
        (HANDBOOK, "length", "handbook.pdf is no recording, so it has no length in time; it has 6 pages."),
        (HANDBOOK, "size", "handbook.pdf has 12.3 kB (12,345 bytes)."),
        (PHOTO, "pixels", "note.jpg has 760×360 pixels (width × height)."),
        (BAKERY, "sheets", "bakery.xlsx has 2 sheets: Orders, Staff."),
        (HANDBOOK, "author", "handbook.pdf names Ines Duarte as its author."),
        (PHOTO, "author", "note.jpg was taken with Canon EOS R6."),
        (STORY, "author", "story.txt does not name an author."),
        (HANDBOOK, "date", "handbook.pdf is dated 2 January 2026, 10:20."),
        (PHOTO, "date", "note.jpg was taken on 17 May 2024, 18:03."),
        (STORY, "date", "story.txt itself carries no date."),
        (MEETING, "type", "meeting.m4a is an M4A recording."),
        (BAKERY, "type", "bakery.xlsx is an Excel workbook."),
        (STORY, "words", "story.txt has 173 words."),
        (INVOICE, "", "invoice.pdf: PDF document, 1 page, 60 words, 2.2 kB."),
    ],
    ids=lambda value: value.name if isinstance(value, FileFacts) else None,
)
def test_a_fact_is_told_in_a_sentence(file: FileFacts, facet: str, told: str) -> None:
    request = Request("?", "file_facts", facet, files=(file.source_id,), meant="named")
    assert text_of(FactsOfFiles(), request, context_of(PIECES, [file])) == told


def test_the_files_are_listed_with_their_kind_and_size() -> None:
    context = context_of(PIECES, [INVOICE, MEETING])
    assert text_of(FactsOfFiles(), Request("which files", "file_facts", "files"), context) == (
        "You have given me 2 files:\n1. invoice.pdf (PDF document, 1 page, 2.2 kB)\n"
        "2. meeting.m4a (M4A recording, 0:32, 255.0 kB)"
    )
    chinese = text_of(FactsOfFiles(), Request("有哪些文件", "file_facts", "files", "zh"), context)
    assert chinese.startswith("你给了我 2 个文件：\n1. invoice.pdf（PDF 文档，1 页，2.2 kB）")
    assert text_of(FactsOfFiles(), Request("?", "file_facts", "pages"), context_of()) == (
        "You have not given me any files yet."
    )


def test_several_files_are_told_one_a_line_and_added_up() -> None:
    text = text_of(FactsOfFiles(), Request("?", "file_facts", "pages"), context_of(PIECES, [HANDBOOK, INVOICE]))
    assert text == "- handbook.pdf has 6 pages.\n- invoice.pdf has 1 page.\n- Together: 7 pages."


def test_headings_that_stand_in_the_text_are_cited() -> None:
    reply = answered(FactsOfFiles(), Request("?", "file_facts", "outline"), context_of(PIECES, [HANDBOOK]))
    assert reply is not None
    assert "1 Tools[1]" in reply.cited.text
    assert "2 Brakes" in reply.cited.text
    assert [citation.location for citation in reply.cited.citations] == [Page(2)]


def test_a_file_without_a_date_quotes_those_in_its_text() -> None:
    reply = answered(FactsOfFiles(), Request("?", "file_facts", "date"), context_of(PIECES, [INVOICE]))
    assert reply is not None
    assert reply.cited.text.endswith("in its text stands: “Invoice date: 3 February 2026”[1].")


def test_an_author_whom_only_the_text_may_name_is_left_to_the_lookup() -> None:
    assert (
        answered(FactsOfFiles(), Request("who wrote it", "file_facts", "author"), context_of(PIECES, [INVOICE])) is None
    )


def test_rows_and_columns_of_a_sheet_are_counted() -> None:
    request = Request("how many rows and columns", "file_facts", "sheets")
    assert text_of(FactsOfFiles(), request, context_of(PIECES, [BAKERY])) == (
        "The sheet Orders of bakery.xlsx has 1 row of data and 2 columns: Month, Orders."
    )


def test_every_facet_of_the_examples_is_answered_in_both_languages() -> None:
    import json

    examples = Path(__file__).parents[1] / "prompts" / "requests" / "file_facts.jsonl"
    facets = {json.loads(line)["facet"] for line in examples.read_text(encoding="utf-8").splitlines()}
    for facet in facets:
        for language in ("en", "zh"):
            for file in (HANDBOOK, MEETING, PHOTO, BAKERY, STORY):
                assert text_of(FactsOfFiles(), Request("?", "file_facts", facet, language), context_of((), [file]))
