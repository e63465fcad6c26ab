"""OpenDocument files are read as LibreOffice shows them: notes at their place, numbers of lists, cells as formatted."""

import zipfile
from pathlib import Path

import pytest

from assistant.media import identify
from assistant.values.errors import BadInput
from assistant.values.evidence import Document, Location, Section, Sheet, Slide
from assistant.values.limits import Limits
from retrieval.loaders import parse
from retrieval.parse_context import ParseContext

SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{space}:1.0"'
    for name, space in (
        ("office", "office"), ("text", "text"), ("table", "table"), ("draw", "drawing"), ("style", "style"),
        ("meta", "meta"), ("presentation", "presentation"), ("svg", "svg-compatible"), ("chart", "chart"),
    )
) + ' xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:dc="http://purl.org/dc/elements/1.1/"'  # fmt: skip


def read(folder: Path, kind: str, body: str, styles: str = "", more: dict[str, str] | None = None) -> Document:
    path = folder / f"file.{ {'text': 'odt', 'spreadsheet': 'ods', 'presentation': 'odp'}[kind] }"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", f"application/vnd.oasis.opendocument.{kind}")
        archive.writestr(
            "content.xml",
            f"<office:document-content {SPACES}><office:automatic-styles>{styles}</office:automatic-styles>"
            f"<office:body><office:{kind}>{body}</office:{kind}></office:body></office:document-content>",
        )
        for member, content in (more or {}).items():
            archive.writestr(member, content)
    return parse(path, path.name, identify(path, path.name), ParseContext(Limits()))


def sections(document: Document) -> list[tuple[str, Location]]:
    return [(passage.text, passage.location) for passage in document.passages]


def rows(document: Document) -> list[tuple[str, Location]]:
    return [
        (passage.text[place.start : place.end], place.location)
        for passage in document.passages
        for place in passage.places
    ]


def test_text_is_read_with_its_notes_comments_and_without_what_was_deleted(tmp_path: Path) -> None:
    body = (
        "<text:tracked-changes><text:changed-region><text:deletion><text:p>1,250</text:p></text:deletion>"
        "</text:changed-region></text:tracked-changes>"
        '<text:h text:outline-level="1">The <text:span>l</text:span>amp</text:h>'
        "<text:p>Lit at<text:s text:c='2'/>dusk<text:note text:note-class='footnote'><text:note-citation>1"
        "</text:note-citation><text:note-body><text:p>It burned oil.</text:p></text:note-body></text:note>, rent"
        "<text:change text:change-id='c'/> 1,480<office:annotation><dc:creator>Ana</dc:creator>"
        "<text:p>Check it.</text:p></office:annotation>.<text:line-break/>Daily.</text:p>"
    )
    assert sections(read(tmp_path, "text", body)) == [
        (
            "Lit at  dusk [1], rent 1,480.\nDaily.\n\n[1] It burned oil.\n\nComment by Ana: Check it.",
            Section("The lamp"),
        )
    ]


def test_lists_have_the_numbers_that_their_style_gives_them(tmp_path: Path) -> None:
    styles = (
        "<text:list-style style:name='N'><text:list-level-style-number text:level='1' style:num-format='1'/>"
        "<text:list-level-style-number text:level='2' style:num-format='a'/></text:list-style>"
        "<text:list-style style:name='B'><text:list-level-style-bullet text:level='1'/></text:list-style>"
    )
    inner = "<text:list><text:list-item><text:p>in</text:p></text:list-item></text:list>"
    body = (
        f"<text:list text:style-name='N'><text:list-item><text:p>one</text:p>{inner}</text:list-item>"
        "<text:list-item><text:p>two</text:p></text:list-item></text:list>"
        "<text:list text:style-name='B'><text:list-item><text:p>loose</text:p></text:list-item></text:list>"
        "<text:list text:style-name='N' text:continue-numbering='true'><text:list-item><text:p>three</text:p>"
        "</text:list-item></text:list>"
    )
    (passage,) = read(tmp_path, "text", body, styles).passages
    assert passage.text == "1. one\n\na. in\n\n2. two\n\nloose\n\n3. three"


def test_boxes_formulas_and_charts_are_read_where_they_hang(tmp_path: Path) -> None:
    body = (
        "<text:p>Call:<draw:frame><draw:text-box><text:p>0171 555 0143</text:p></draw:text-box></draw:frame></text:p>"
        "<text:p>Drag<draw:frame><draw:object xlink:href='./Object 1'/><draw:image xlink:href='./x.svm'/>"
        "<svg:desc>the drag on the sail</svg:desc></draw:frame></text:p>"
        "<text:p><draw:frame><draw:object xlink:href='./Object 2'/></draw:frame></text:p>"
    )
    math = (
        '<math xmlns="http://www.w3.org/1998/Math/MathML"><semantics><mi>D</mi>'
        '<annotation encoding="StarMath 5.0">D = 0.42 v^2</annotation></semantics></math>'
    )
    cell = "<table:table-cell><text:p>{}</text:p></table:table-cell>"
    chart = (
        f"<office:document-content {SPACES}><office:body><office:chart><chart:chart><chart:title>"
        f"<text:p>Visitors</text:p></chart:title><table:table><table:table-row>{cell.format('')}{cell.format('2025')}</table:table-row>"
        f"<table:table-row>{cell.format('Tampere')}{cell.format('643')}</table:table-row></table:table></chart:chart>"
        "</office:chart></office:body></office:document-content>"
    )
    more = {"Object 1/content.xml": math, "Object 2/content.xml": chart}
    (passage,) = read(tmp_path, "text", body, more=more).passages
    assert passage.text.split("\n\n") == [
        "Call:", "0171 555 0143", "Drag", "D = 0.42 v^2", "the drag on the sail", "Visitors", "| 2025\nTampere | 643"
    ]  # fmt: skip


def test_what_stands_on_every_page_and_what_is_known_of_the_file_is_kept(tmp_path: Path) -> None:
    styles = (
        f"<office:document-styles {SPACES}><office:master-styles><style:master-page style:name='S'><style:header>"
        "<text:p>Draft 7</text:p></style:header></style:master-page></office:master-styles></office:document-styles>"
    )
    meta = (
        f"<office:document-meta {SPACES}><office:meta><dc:title>Lease of the shed</dc:title><meta:initial-creator>Ana"
        "</meta:initial-creator><meta:creation-date>2026-05-01T10:00:00</meta:creation-date>"
        "<meta:document-statistic meta:page-count='3'/></office:meta></office:document-meta>"
    )
    document = read(tmp_path, "text", "<text:p>Rent.</text:p>", more={"styles.xml": styles, "meta.xml": meta})
    assert sections(document) == [("Rent.", Section("")), ("Draft 7", Section("page header and footer"))]
    facts = document.facts
    assert facts is not None
    assert (facts.title, facts.author, facts.written, facts.pages) == (
        "Lease of the shed", "Ana", "2026-05-01T10:00:00", 3
    )  # fmt: skip


def cell(text: str, more: str = "") -> str:
    return (
        f"<table:table-cell {more}><text:p>{text}</text:p></table:table-cell>"
        if text
        else f"<table:table-cell {more}/>"
    )


def line(*cells: str, more: str = "") -> str:
    return f"<table:table-row {more}>{''.join(cells)}</table:table-row>"


def test_a_sheet_is_read_as_its_cells_show_it(tmp_path: Path) -> None:
    blank = line(cell("", 'table:number-columns-repeated="16384"'), more='table:number-rows-repeated="1048000"')
    body = (
        "<table:table table:name='Shops'>"
        + line(cell("Shop"), cell("Rate"), cell("Open"))
        + line(cell("Lisbon", 'table:number-rows-spanned="2"'), cell("7.5%", 'office:value="0.075"'), cell("51:30"))
        + line("<table:covered-table-cell/>", cell("8%"), cell("", 'table:number-columns-repeated="16000"'))
        + line(cell("Porto"), cell("1%"), more='table:visibility="collapse"')
        + blank
        + line(cell("Sum"), cell("9"))
        + "</table:table>"
    )
    assert rows(read(tmp_path, "spreadsheet", body)) == [
        ("Shop | Rate | Open", Sheet("Shops", 1, 1)),
        ("Shop: Lisbon | Rate: 7.5% | Open: 51:30", Sheet("Shops", 2, 2)),
        ("Shop: Lisbon | Rate: 8%", Sheet("Shops", 3, 3)),
        ("Shop: Porto | Rate: 1% | (hidden row)", Sheet("Shops", 4, 4)),
        ("Shop: Sum | Rate: 9", Sheet("Shops", 1048005, 1048005)),
    ]


def test_a_number_of_a_sheet_has_both_of_its_headings(tmp_path: Path) -> None:
    wide = 'table:number-columns-spanned="2"'
    body = (
        "<table:table table:name='Lines'>"
        + line(cell("Line", 'table:number-rows-spanned="2"'), cell("Q3", wide), "<table:covered-table-cell/>",
               cell("Q4", wide), "<table:covered-table-cell/>")
        + line("<table:covered-table-cell/>", *(cell(name) for name in ("cost", "sales", "cost", "sales")))
        + line(*(cell(name) for name in ("Harbour", "388", "1", "412", "2")))
        + "</table:table>"
    )  # fmt: skip
    assert rows(read(tmp_path, "spreadsheet", body))[-1] == (
        "Line: Harbour | Q3 / cost: 388 | Q3 / sales: 1 | Q4 / cost: 412 | Q4 / sales: 2",
        Sheet("Lines", 3, 3),
    )


def test_a_hidden_sheet_is_told_as_hidden(tmp_path: Path) -> None:
    styles = "<style:style style:name='h'><style:table-properties table:display='false'/></style:style>"
    body = (
        "<table:table table:name='Old' table:style-name='h'>"
        + line(cell("Kit"), cell("Price"))
        + line(cell("Kestrel"), cell("39"))
        + "</table:table>"
    )
    document = read(tmp_path, "spreadsheet", body, styles)
    assert rows(document)[-1][0].startswith("Kit: Kestrel | Price: 39 | ")
    assert rows(document)[-1][0].endswith("(hidden sheet)")


def test_slides_are_read_with_their_notes(tmp_path: Path) -> None:
    frame = "<draw:frame {}><draw:text-box>{}</draw:text-box></draw:frame>"
    body = (
        "<draw:page>"
        + frame.format('presentation:class="title"', "<text:p>Open days</text:p>")
        + frame.format("", "<text:list><text:list-item><text:p>Tampere</text:p></text:list-item></text:list>")
        + "<presentation:notes>"
        + frame.format("", "<text:p>Ask for the key.</text:p>")
        + "</presentation:notes></draw:page><draw:page>"
        + frame.format("", "<text:p>Thanks</text:p>")
        + "</draw:page>"
    )
    document = read(tmp_path, "presentation", body)
    assert sections(document) == [
        ("Open days\n\nTampere\n\nNotes: Ask for the key.", Slide(1)),
        ("Thanks", Slide(2)),
    ]
    assert document.facts is not None
    assert (document.facts.slides, document.facts.outline) == (2, ("Open days",))


def test_an_encrypted_or_damaged_file_is_refused(tmp_path: Path) -> None:
    manifest = "<manifest><file-entry><encryption-data/></file-entry></manifest>"
    with pytest.raises(BadInput, match="encrypted"):
        read(tmp_path, "text", "<text:p>x</text:p>", more={"META-INF/manifest.xml": manifest})
    with pytest.raises(BadInput, match="damaged"):
        read(tmp_path, "text", "<text:p>x")
