"""Web pages and the chapters of books are read as they are shown: spans, definitions, numbers of lists, footnotes."""

import time
import zipfile
from pathlib import Path

import pytest

from assistant.values.evidence import Document, Location, Section
from assistant.values.limits import Limits
from retrieval.loaders import parse
from retrieval.parse_context import ParseContext


def page(folder: Path, source: str) -> list[tuple[str, Location]]:
    (folder / "page.html").write_text(f"<html><head><meta charset=utf-8></head><body>{source}</body></html>")
    return sections(parse(folder / "page.html", "page.html", "text/html", ParseContext(Limits())))


def sections(document: Document) -> list[tuple[str, Location]]:
    return [(passage.text, passage.location) for passage in document.passages]


def text(folder: Path, source: str) -> str:
    return "\n\n".join(text for text, _ in page(folder, source))


def test_a_number_has_every_heading_that_spans_it(tmp_path: Path) -> None:
    source = (
        "<table><caption>Costs by line</caption><thead><tr><th rowspan=2>Line<th colspan=2>Q3<th colspan=2>Q4</tr>"
        "<tr><th>cost<th>sales<th>cost<th>sales</tr></thead><tfoot><tr><td>Sum<td>1<td>2<td>3<td>4</tr></tfoot>"
        "<tbody><tr><th colspan=5>North</tr><tr><td rowspan=2>Harbour<td>388<td>1<td>412<td>2</tr>"
        "<tr><td>5<td colspan=2>6<td>7</tr></tbody></table>"
    )
    assert text(tmp_path, source).split("\n") == [
        "Costs by line",
        "Line | Q3 / cost | Q3 / sales | Q4 / cost | Q4 / sales",
        "North",
        "Harbour | 388 | 1 | 412 | 2",
        "Harbour | 5 | 6 |  | 7",
        "Sum | 1 | 2 | 3 | 4",
    ]


def test_headings_without_a_head_span_too(tmp_path: Path) -> None:
    source = (
        "<table><tr><td rowspan='2'>Line</td><td colspan='2'>Q4</td></tr><tr><td>cost</td><td>sales</td></tr>"
        "<tr><td>Harbour</td><td>412</td><td>2</td></tr></table>"
    )
    assert text(tmp_path, source) == "Line | Q4 / cost | Q4 / sales\nHarbour | 412 | 2"


def test_a_heading_over_all_columns_is_a_heading(tmp_path: Path) -> None:
    source = (
        "<table><tr><td colspan=2><h3>Prices</h3></td></tr><tr><td>Oil</td><td>12</td></tr>"
        "<tr><th colspan=2><h3>Times</h3></th></tr><tr><td>Noon</td><td>12:00</td></tr></table>"
    )
    assert page(tmp_path, source) == [("Oil | 12", Section("Prices")), ("Noon | 12:00", Section("Times"))]


def test_a_table_that_lays_a_page_out_is_read_cell_by_cell(tmp_path: Path) -> None:
    source = (
        "<table><tr><td><p>Left.</p><table><tr><td>1</td><td>2</td></tr></table></td>"
        "<td><h2>Right</h2><p>Beside.</p></td></tr></table>"
    )
    assert page(tmp_path, source) == [("Left.\n\n1 | 2", Section("")), ("Beside.", Section("Right"))]


def test_a_definition_stands_beside_its_term(tmp_path: Path) -> None:
    source = (
        "<dl><dt>Rent:</dt><dd>1,480 euros</dd><dd>due on the first</dd><div><dt>Deposit</dt><dt>Bond</dt>"
        "<dd>two <b>months</b></dd></div><dt>Pets</dt></dl>"
    )
    assert text(tmp_path, source) == ("Rent: 1,480 euros\nRent: due on the first\nDeposit, Bond: two months\nPets")


def test_lists_have_their_numbers(tmp_path: Path) -> None:
    source = (
        "<ol start=3><li>three<li>four<ol type=a><li>in</ol><li value=9>nine</ol><ol reversed><li>b<li>a</ol>"
        "<ol type=I><li>x<li>y</ol><ul><li>loose</ul>"
    )
    assert text(tmp_path, source).split("\n\n") == [
        "3. three", "4. four", "a. in", "9. nine", "2. b", "1. a", "I. x", "II. y", "loose"
    ]  # fmt: skip


def test_a_number_of_a_list_stands_with_the_paragraph_of_its_item(tmp_path: Path) -> None:
    source = (
        "<ol><li>\n<p>one</p><p>more</p></li><li> <div><b>two</b></div></li><li></li><li><p>four</p></li><li></li>"
        "</ol><p>End</p>"
    )
    assert text(tmp_path, source) == "1. one\n\nmore\n\n2. two\n\n4. four\n\nEnd"


def test_what_is_raised_struck_drawn_filled_in_or_hidden_reads_as_it_looks(tmp_path: Path) -> None:
    source = (
        "<p>10<sup>3</sup> m<sup>2</sup>, 1<sup>st</sup> of H<sub>2</sub>O, <del>49</del> 39 €"
        "<span style='color:red; display : none'>unseen</span></p>"
        "<p>Drag: <math alttext='D=0.42v^2'><mi>D</mi></math>, area: <math><semantics><mi>A</mi>"
        "<annotation encoding='application/x-tex'>A=\\pi r^2</annotation></semantics></math></p>"
        "<p><img alt='Plan of the gate' src=x.png> <input value=Petra> <input type=hidden value=secret>"
        "<input type=checkbox checked> paid <select><option>May<option selected>June</select></p>"
        "<pre>def f():\n    return 1\n</pre>"
    )
    assert text(tmp_path, source).split("\n\n") == [
        "10³ m², 1st of H2O, ~~49~~ 39 €",
        "Drag: D=0.42v^2 , area: A=\\pi r^2",
        "Plan of the gate Petra [x] paid June",
        "def f():\n    return 1",
    ]


def test_a_heading_over_several_elements_keeps_its_words_whole(tmp_path: Path) -> None:
    source = (
        "<h2>The <b>b</b>ig <span>Har</span>bour<br>and H<sub>2</sub>O</h2><p>x</p>"
        "<div role=heading aria-level=3>Times</div>y"
    )
    assert page(tmp_path, source) == [("x", Section("The big Harbour and H2O")), ("y", Section("Times"))]


def test_a_footnote_of_a_page_stands_behind_its_paragraph(tmp_path: Path) -> None:
    source = (
        "<p>Lit at dusk<a href='#fn1' role='doc-noteref'><sup>1</sup></a>.</p><p>More.</p>"
        "<section><hr><ol><li id=fn1><p>It burned oil.<a href='#r1'>↩︎</a></p></li></ol></section>"
        "<p>See <a href='#other'>there</a>.</p><p id=other>There.</p>"
    )
    assert text(tmp_path, source) == "Lit at dusk [1].\n\n[1] It burned oil.\n\nMore.\n\nSee there.\n\nThere."


@pytest.mark.parametrize(
    "source",
    [
        "<table><tr>" + "<td rowspan=65534>" * 900 + "x" + "<tr>" * 3_000,
        "<table><tr>" + "<td colspan=99999999>y" * 500,
        "<table><tr><td>" * 1_500,
        "<table><tr><th>" * 3_000,
        "<dl><dd>" * 3_000,
        "<sup><s>" * 2_000 + "deep",
        "<ol><li>" * 5_000,
        "<a href='#a' role=doc-noteref>1</a><p id=a>" * 5_000,
    ],
    ids=["rows", "columns", "tables", "headed", "lists", "raised", "numbers", "notes"],
)
def test_a_hostile_page_takes_no_longer_than_an_honest_one(tmp_path: Path, source: str) -> None:
    began = time.process_time()
    page(tmp_path, source)
    assert time.process_time() - began < 15


TOC = (
    "<nav epub:type='toc'><ol><li><a href='two.xhtml'>The storm</a></li>"
    "<li><a href='one.xhtml#x'>The lamp</a></li></ol></nav>"
)


def book(folder: Path, pages: dict[str, str], spine: str, extra: str = "") -> Document:
    container = '<container xmlns="urn:x"><rootfiles><rootfile full-path="OPS/book.opf"/></rootfiles></container>'
    items = "".join(f'<item id="{n}" href="{n}.xhtml" media-type="application/xhtml+xml"/>' for n in pages)
    with zipfile.ZipFile(folder / "book.epub", "w") as archive:
        archive.writestr("mimetype", "application/epub+zip")
        archive.writestr("META-INF/container.xml", container)
        archive.writestr(
            "OPS/book.opf", f"<package><manifest>{items}{extra}</manifest><spine>{spine}</spine></package>"
        )
        archive.writestr("OPS/nav.xhtml", f'<html xmlns:epub="urn:e"><body>{TOC}</body></html>')
        for name, source in pages.items():
            archive.writestr(
                f"OPS/{name}.xhtml",
                f'<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml"'
                f' xmlns:epub="http://www.idpf.org/2007/ops"><body>{source}</body></html>',
            )
    return parse(folder / "book.epub", "book.epub", "application/epub+zip", ParseContext(Limits()))


ONE = "<h1>One</h1><p>Lit at dusk<a epub:type='noteref' href='notes.xhtml#n1'>1</a>, daily.</p><p>Then all slept.</p>"
TWO = "<h1>Two</h1><p>The stairs were gone.</p>"
NOTES = (
    "<h1>Notes</h1><aside epub:type='footnote' id='n1'>"
    "<p>1. It burned <i>rapeseed</i> oil. <a href='one.xhtml'>↩</a></p></aside>"
)
TOLD = [
    ("Lit at dusk [1], daily.\n\n[1] It burned rapeseed oil.\n\nThen all slept.", Section("One")),
    ("The stairs were gone.", Section("Two")),
]


@pytest.mark.parametrize(
    "spine",
    [
        "<itemref idref='one'/><itemref idref='notes' linear='no'/><itemref idref='two'/>",
        "<itemref idref='notes' linear='no'/><itemref idref='one'/><itemref idref='two'/>",
        "<itemref idref='one'/><itemref idref='two'/>",
    ],
    ids=["between", "first", "outside"],
)
def test_a_footnote_of_a_book_stands_behind_its_paragraph_wherever_it_lies(tmp_path: Path, spine: str) -> None:
    assert sections(book(tmp_path, {"one": ONE, "two": TWO, "notes": NOTES}, spine)) == TOLD


def test_a_raised_number_leads_to_the_notes_at_the_end_and_their_numbers_lead_nowhere(tmp_path: Path) -> None:
    one = (
        "<h1>One</h1><p id='r1'>Lit at dusk<sup><a href='notes.xhtml#n1'>1</a></sup>, daily.</p><p>Then all slept.</p>"
    )
    notes = "<h1>Notes</h1><p id='n1'><sup><a href='one.xhtml#r1'>1</a></sup> It burned rapeseed oil.</p><p>Thanks.</p>"
    spine = "<itemref idref='one'/><itemref idref='two'/><itemref idref='notes'/>"
    assert sections(book(tmp_path, {"notes": notes, "one": one, "two": TWO}, spine)) == [
        *TOLD,
        ("Thanks.", Section("Notes")),
    ]


def test_what_lies_beside_the_order_of_reading_is_read_behind_it(tmp_path: Path) -> None:
    pages = {"answers": "<h1>Answers</h1><p>42.</p>", "one": "<h1>One</h1><p>Why?</p>", "two": TWO, "lost": "<p>x</p>"}
    pages["one"] += "<p>See <a href='map.xhtml'>the map</a>.</p>"
    pages["map"] = "<h1>Map</h1><p>North is up.</p>"
    spine = "<itemref idref='answers' linear='no'/><itemref idref='two'/><itemref idref='one'/>"
    assert sections(book(tmp_path, pages, spine)) == [
        ("The stairs were gone.", Section("Two")),
        ("Why?\n\nSee the map.", Section("One")),
        ("42.", Section("Answers")),
        ("North is up.", Section("Map")),
    ]


def test_a_chapter_without_a_heading_is_called_as_in_the_contents(tmp_path: Path) -> None:
    nav = '<item id="nav" href="nav.xhtml" properties="nav" media-type="application/xhtml+xml"/>'
    pages = {"one": "<p id='x'>It was lit.</p>", "two": "<p>It was dark.</p>"}
    spine = "<itemref idref='two'/><itemref idref='one'/><itemref idref='nav'/>"
    assert sections(book(tmp_path, pages, spine, nav)) == [
        ("It was dark.", Section("The storm")),
        ("It was lit.", Section("The lamp")),
    ]
