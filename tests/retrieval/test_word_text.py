"""A Word document reads as Word shows it."""

import zipfile
from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml

from assistant.values.evidence import Document, Section
from assistant.values.limits import Limits
from retrieval.loaders import load_document

SPACES = " ".join(
    f'xmlns:{name}="{uri}"'
    for name, uri in {
        "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
        "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
        "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
        "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
        "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
        "v": "urn:schemas-microsoft-com:vml",
        "w14": "http://schemas.microsoft.com/office/word/2010/wordml",
    }.items()
)
TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def read(folder: Path, body: str, **parts: str) -> Document:
    """A document with this body. parts: the inner XML of other parts, by their kind."""
    roots = {"comments": "comments", "footnotes": "footnotes", "endnotes": "endnotes", "numbering": "numbering",
             "header": "hdr", "footer": "ftr", "styles": "styles"}  # fmt: skip
    with zipfile.ZipFile(folder / "text.docx", "w") as archive:
        types = "".join(f'<Override PartName="/word/{kind}.xml" ContentType="{TYPE}.{kind}+xml"/>' for kind in parts)
        archive.writestr(
            "[Content_Types].xml",
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/word/document.xml" ContentType="{TYPE}.document.main+xml"/>{types}</Types>',
        )
        package = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'
        archive.writestr(
            "_rels/.rels",
            f'<Relationships {package}><Relationship Id="r1" Type="{RELATION}/officeDocument" '
            'Target="word/document.xml"/></Relationships>',
        )
        related = "".join(f'<Relationship Id="{kind}" Type="{RELATION}/{kind}" Target="{kind}.xml"/>' for kind in parts)
        archive.writestr("word/_rels/document.xml.rels", f"<Relationships {package}>{related}</Relationships>")
        archive.writestr("word/document.xml", f"<w:document {SPACES}><w:body>{body}</w:body></w:document>")
        for kind, inner in parts.items():
            archive.writestr(f"word/{kind}.xml", f"<w:{roots[kind]} {SPACES}>{inner}</w:{roots[kind]}>")
    return load_document(folder / "text.docx", "text.docx", Limits())


def p(*runs: str, properties: str = "") -> str:
    said = (f"<w:pPr>{properties}</w:pPr>" if properties else "") + "".join(runs)
    return f"<w:p>{said}</w:p>"


def r(text: str, properties: str = "") -> str:
    shown = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f'<w:r>{shown}<w:t xml:space="preserve">{text}</w:t></w:r>'


def text(document: Document) -> str:
    return document.passages[0].text


def test_a_text_box_that_is_stored_twice_is_read_once(tmp_path: Path) -> None:
    box = f"<w:txbxContent>{p(r('Call the warden on 0171 555 0143.'))}</w:txbxContent>"
    shape = (
        '<mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:anchor><wp:docPr id="1" name="Box" '
        f'descr="a red frame"/><a:graphic><a:graphicData><wps:wsp><wps:txbx>{box}</wps:txbx></wps:wsp>'
        "</a:graphicData></a:graphic></wp:anchor></w:drawing></mc:Choice><mc:Fallback><w:pict><v:shape><v:textbox>"
        f"{box}</v:textbox></v:shape></w:pict></mc:Fallback></mc:AlternateContent>"
    )
    old = f"<w:pict><v:shape alt='the harbour'><v:textbox>{box.replace('0143', '0199')}</v:textbox></v:shape></w:pict>"
    document = read(tmp_path, p(r("Rules"), f"<w:r>{shape}</w:r>") + p(f"<w:r>{old}</w:r>"))
    assert text(document).split("\n\n") == [
        "Rules",
        "Picture: a red frame",
        "Call the warden on 0171 555 0143.",
        "Picture: the harbour",
        "Call the warden on 0171 555 0199.",
    ]


def test_tracked_changes_read_as_accepted_and_what_was_deleted_is_told_apart(tmp_path: Path) -> None:
    change = 'w:author="O. Fontaine" w:date="2026-04-02T10:00:00Z"'
    gone = f"<w:del {change}><w:r><w:delText>1,250 euros</w:delText></w:r></w:del>"
    added = f"<w:ins {change}>{r('1,480 euros')}</w:ins>"
    moved = f"<w:moveFrom>{r('Moved.')}</w:moveFrom>"
    body = (
        p(r("Lease"), properties='<w:outlineLvl w:val="0"/>')
        + p(r("The rent is "), gone, added, r(", due monthly."), moved)
        + p(r("Pets are "), properties="<w:rPr><w:del/></w:rPr>")
        + p(r("welcome."))
        + f"<w:tbl><w:tr>{tc('Kept')}{tc('1')}</w:tr>"
        + f"<w:tr><w:trPr><w:del {change}/></w:trPr>{tc('Gone')}{tc('2')}</w:tr></w:tbl>"
    )
    document = read(tmp_path, body)
    assert [(one.text, one.location) for one in document.passages] == [
        ("The rent is 1,480 euros, due monthly.\n\nPets are welcome.\n\nKept | 1", Section("Lease")),
        (
            "Deleted in a tracked change by O. Fontaine, 2026-04-02, after “The rent is”: “1,250 euros”",
            Section("Lease"),
        ),
        ("Deleted in a tracked change by O. Fontaine, 2026-04-02: “Gone | 2”", Section("Lease")),
    ]


def tc(said: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{p(r(said)) if said else p()}</w:tc>"


def test_notes_stand_at_their_place_and_comments_are_called_so(tmp_path: Path) -> None:
    notes = (
        f'<w:footnote w:type="separator" w:id="0">{p(r("----"))}</w:footnote>'
        f'<w:footnote w:id="2">{p("<w:r><w:footnoteRef/></w:r>", r(" The bridge was closed."))}</w:footnote>'
    )
    body = p(
        r("In all 214 hives"),
        '<w:r><w:footnoteReference w:id="2"/></w:r>',
        r(" were counted, "),
        '<w:commentRangeStart w:id="5"/>',
        r("twice"),
        '<w:commentRangeEnd w:id="5"/><w:r><w:commentReference w:id="5"/></w:r>',
        '<w:r><w:endnoteReference w:id="3"/></w:r>',
    )
    document = read(
        tmp_path,
        body,
        footnotes=notes,
        endnotes=f'<w:endnote w:id="3">{p(r("See the map."))}</w:endnote>',
        comments=f'<w:comment w:id="5" w:author="Lin Wei">{p(r("Once, I think."))}</w:comment>',
    )
    assert text(document) == (
        "In all 214 hives [Footnote 1: The bridge was closed.] were counted, twice [Endnote 1: See the map.]\n\n"
        "[Comment by Lin Wei on “twice”: Once, I think.]"
    )


def test_headers_and_footers_are_read_once_and_without_the_number_of_the_page(tmp_path: Path) -> None:
    page = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> PAGE </w:instrText></w:r>'
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{r("7")}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    section = (
        '<w:sectPr><w:headerReference w:type="default" r:id="header"/><w:footerReference r:id="footer"/></w:sectPr>'
    )
    document = read(
        tmp_path,
        p(r("Text."), properties=section) + section,
        header=p(r("Order 4711, confidential"))
        + p('<w:r><w:pict><v:shape><v:textpath string="DRAFT"/></v:shape></w:pict></w:r>'),
        footer=p(r("Kestrel Ltd, page "), page),
    )
    assert [(one.text, one.location) for one in document.passages] == [
        ("Text.", Section("")),
        ("Order 4711, confidential\nDRAFT", Section("Page header")),
        ("Kestrel Ltd, page", Section("Page footer")),
    ]


def m(name: str, *children: str, properties: str = "") -> str:
    own = f"<m:{name}Pr>{properties}</m:{name}Pr>" if properties else ""
    return f"<m:{name}>{own}{''.join(children)}</m:{name}>"


def t(said: str) -> str:
    return f"<m:r><m:t>{said}</m:t></m:r>"


FRACTION = m("f", m("num", t("a+b")), m("den", t("2")))
SQUARE = m("sSup", m("e", t("v")), m("sup", t("2")))


@pytest.mark.parametrize(
    ("equation", "says"),
    [
        (t("F=m·a"), r"F=m·a (LaTeX: F=m\cdot a)"),
        (t("x=3"), "x=3"),
        (t("0.42·") + SQUARE, r"0.42·v^2 (LaTeX: 0.42\cdot v^{2})"),
        (FRACTION, r"(a+b)/2 (LaTeX: \frac{a+b}{2})"),
        (m("rad", m("deg"), m("e", FRACTION)), r"√((a+b)/2) (LaTeX: \sqrt{\frac{a+b}{2}})"),
        (
            m("nary", m("sub", t("i=1")), m("sup", t("n")), m("e", t("i")), properties='<m:chr m:val="∑"/>'),
            r"∑_(i=1)^n i (LaTeX: \sum_{i=1}^{n} i)",
        ),
        (
            m("d", m("m", m("mr", m("e", t("1")), m("e", t("0"))), m("mr", m("e", t("0")), m("e", t("1"))))
              .join(("<m:e>", "</m:e>"))),
            r"([1, 0; 0, 1]) (LaTeX: \left(\begin{matrix}1 & 0 \\ 0 & 1\end{matrix}\right))",
        ),
        (m("func", m("fName", t("sin")), m("e", t("θ"))), r"sin θ (LaTeX: \sin \theta)"),
        (m("sSubSup", m("e", t("x")), m("sub", t("i")), m("sup", t("2"))), "x_i^2 (LaTeX: x_{i}^{2})"),
    ],
)  # fmt: skip
def test_an_equation_is_a_line_of_text_and_latex(tmp_path: Path, equation: str, says: str) -> None:
    inside = f"<m:oMath>{equation}</m:oMath>"
    document = read(tmp_path, p(r("Here "), inside, r(" holds.")) + p(f"<m:oMathPara>{inside}</m:oMathPara>"))
    assert text(document) == f"Here {says} holds.\n\n{says}"


def test_forms_say_what_is_filled_in(tmp_path: Path) -> None:
    def legacy(code: str, box: str, result: str = "") -> str:
        return (
            f'<w:r><w:fldChar w:fldCharType="begin"><w:ffData>{box}</w:ffData></w:fldChar></w:r>'
            f"<w:r><w:instrText> {code} </w:instrText></w:r>{result}"
            '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
        )

    def control(content: str, asks: str = "") -> str:
        return f"<w:sdt><w:sdtPr>{asks}</w:sdtPr><w:sdtContent>{content}</w:sdtContent></w:sdt>"

    choice = '<w:ddList><w:result w:val="1"/><w:listEntry w:val="Bus"/><w:listEntry w:val="Tram"/></w:ddList>'
    shown = '<w:r><w:fldChar w:fldCharType="separate"/></w:r>' + r("Olga Brandt")
    body = (
        p(r("Name: "), legacy("FORMTEXT", "<w:textInput/>", shown))
        + p(r("Comes: "), legacy("FORMCHECKBOX", '<w:checkBox><w:default w:val="0"/><w:checked/></w:checkBox>'))
        + p(r("Eats: "), legacy("FORMCHECKBOX", '<w:checkBox><w:default w:val="0"/></w:checkBox>'))
        + p(r("By: "), legacy("FORMDROPDOWN", choice))
        + control(p(r("Room: "), control(r("12 B"))))
        + p(r("Phone: "), control(r("Tap to enter."), "<w:showingPlcHdr/>"))
        + p(r("Done "), '<w:r><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>')
        + control(p(r("Contents 1")), '<w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj>')
    )
    assert text(read(tmp_path, body)).split("\n\n") == [
        "Name: Olga Brandt", "Comes: ☒", "Eats: ☐", "By: Tram", "Room: 12 B", "Phone: [Tap to enter.]", "Done ☑",
    ]  # fmt: skip


def test_lists_and_headings_have_their_numbers(tmp_path: Path) -> None:
    def level(at: int, sort: str, said: str) -> str:
        return f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{sort}"/><w:lvlText w:val="{said}"/></w:lvl>'

    numbering = (
        f'<w:abstractNum w:abstractNumId="0">{level(0, "decimal", "%1.")}'
        f"{level(1, 'lowerLetter', '%1.%2)')}</w:abstractNum>"
        f'<w:abstractNum w:abstractNumId="1">{level(0, "upperRoman", "Part %1")}</w:abstractNum>'
        f'<w:abstractNum w:abstractNumId="2">{level(0, "bullet", "•")}</w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
        '<w:num w:numId="2"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/>'
        "</w:lvlOverride></w:num>"
        '<w:num w:numId="3"><w:abstractNumId w:val="1"/></w:num><w:num w:numId="4"><w:abstractNumId w:val="2"/></w:num>'
    )
    styles = (
        '<w:style w:type="paragraph" w:styleId="ber1"><w:name w:val="heading 1"/><w:pPr><w:numPr><w:numId w:val="3"/>'
        '</w:numPr></w:pPr></w:style><w:style w:type="paragraph" w:styleId="own"><w:name w:val="Mine"/>'
        '<w:basedOn w:val="ber1"/></w:style>'
    )

    def item(said: str, number: int, at: int = 0) -> str:
        return p(r(said), properties=f'<w:numPr><w:ilvl w:val="{at}"/><w:numId w:val="{number}"/></w:numPr>')

    def heading(said: str, style: str = "ber1") -> str:
        return p(r(said), properties=f'<w:pStyle w:val="{style}"/>')

    body = (
        heading("Tools") + item("Saw", 1) + item("Blade", 1, 1) + item("Grip", 1, 1) + item("Plane", 1)
        + item("Screw", 1, 1) + item("Nail", 4) + heading("Wood", "own") + item("Oak", 2) + item("Ash", 2)
    )  # fmt: skip
    document = read(tmp_path, body, numbering=numbering, styles=styles)
    assert [(one.text, one.location) for one in document.passages] == [
        ("1. Saw\n\n1.a) Blade\n\n1.b) Grip\n\n2. Plane\n\n2.a) Screw\n\nNail", Section("Part I Tools")),
        ("5. Oak\n\n6. Ash", Section("Part II Wood")),
    ]


def test_what_is_struck_out_or_hidden_is_called_so(tmp_path: Path) -> None:
    body = p(r("Price "), r("1,2", "<w:strike/>"), r("50", "<w:strike/>"), r(" 1,480"), r(" old", "<w:vanish/>"),
             r(" euros", '<w:strike w:val="0"/>'))  # fmt: skip
    assert text(read(tmp_path, body)) == "Price [struck out: 1,250] 1,480[hidden text:  old] euros"


def test_cells_of_tables_are_kept_apart_and_carry_both_headings(tmp_path: Path) -> None:
    wide, tall, on = '<w:gridSpan w:val="2"/>', '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    sizes = f"<w:tbl><w:tr>{tc('S')}{tc('9')}</w:tr><w:tr>{tc('M')}{tc('9')}</w:tr></w:tbl>"
    nested = f"<w:tc>{p(r('Sizes'))}{sizes}{p()}</w:tc>"
    body = (
        f"<w:tbl><w:tr>{tc('Line', tall)}{tc('May', wide)}{tc('June', wide)}</w:tr>"
        f"<w:tr>{tc('', on)}{tc('In')}{tc('Out')}{tc('In')}{tc('Out')}</w:tr>"
        f"<w:tr>{tc('Quay')}{tc('7')}{tc('7')}{tc('')}{tc('8')}</w:tr></w:tbl>"
        f"<w:p/><w:tbl><w:tr>{tc('Shirt')}{nested}</w:tr></w:tbl>"
        f"<w:tbl><w:tr><w:tc>{p(r('In a frame'))}{p(r('two lines'))}</w:tc></w:tr></w:tbl>"
    )
    assert text(read(tmp_path, body)).split("\n\n") == [
        "Line | May | June\nLine | May / In | May / Out | June / In | June / Out\nQuay | 7 | 7 |  | 8",
        "Shirt | Sizes S , 9 ; M , 9",
        "In a frame",
        "two lines",
    ]


def test_text_boxes_inside_one_another_end_somewhere(tmp_path: Path) -> None:
    inner = p(r("deep"))
    for _ in range(20):
        inner = p(
            f"<w:r><w:pict><v:shape><v:textbox><w:txbxContent>{inner}</w:txbxContent></v:textbox></v:shape></w:pict></w:r>"
        )
    fields = '<w:r><w:fldChar w:fldCharType="begin"/></w:r>' * 1000
    assert text(read(tmp_path, inner + p(fields) + p(r("The end.")))) == "The end."


def test_a_chart_says_its_numbers(tmp_path: Path) -> None:
    from docx.opc.packuri import PackURI
    from docx.opc.part import Part

    made = docx.Document()
    names = "".join(f"<c:pt idx='{at}'><c:v>{name}</c:v></c:pt>" for at, name in enumerate(("Rye", "Oats")))
    shares = "".join(f"<c:pt idx='{at}'><c:v>{share}</c:v></c:pt>" for at, share in enumerate((0.625, 0.375)))
    chart = (
        '<c:chartSpace xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"><c:chart><c:plotArea>'
        "<c:pieChart><c:ser><c:tx><c:v>Share</c:v></c:tx>"
        f"<c:cat><c:strRef><c:strCache>{names}</c:strCache></c:strRef></c:cat><c:val><c:numRef><c:numCache>"
        f"<c:formatCode>0.0%</c:formatCode>{shares}</c:numCache></c:numRef></c:val></c:ser>"
        "</c:pieChart></c:plotArea></c:chart></c:chartSpace>"
    )
    kind = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
    part = Part(PackURI("/word/charts/chart1.xml"), kind, chart.encode(), made.part.package)
    number = made.part.relate_to(part, f"{RELATION}/chart")
    made.add_paragraph("Grain")._p.append(
        parse_xml(
            f"<w:r {SPACES}><w:drawing><wp:inline><a:graphic><a:graphicData><c:chart "
            'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
            f'r:id="{number}"/></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>'
        )
    )
    made.save(str(tmp_path / "text.docx"))
    assert text(load_document(tmp_path / "text.docx", "text.docx", Limits())) == "Grain\n\nShare: Rye 62.5%, Oats 37.5%"
