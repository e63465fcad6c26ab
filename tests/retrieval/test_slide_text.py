"""A slide reads as it is shown."""

from pathlib import Path
from typing import Any

import pptx
from pptx.chart.data import CategoryChartData, XyChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.opc.package import Part
from pptx.opc.packuri import PackURI
from pptx.oxml import parse_xml
from pptx.util import Inches

from assistant.values.evidence import Box, Document, Slide
from assistant.values.limits import Limits
from retrieval.loaders import load_document

DIAGRAM = "http://schemas.openxmlformats.org/drawingml/2006/diagram"
MAIN = "http://schemas.openxmlformats.org/drawingml/2006/main"
SPACES = (
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" '
    f'xmlns:a="{MAIN}" xmlns:dgm="{DIAGRAM}" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
)
AT = Inches(1), Inches(1), Inches(4), Inches(3)


def a_slide() -> tuple[Any, Any]:
    shown = pptx.Presentation()
    shown.slide_width, shown.slide_height = Inches(10), Inches(5)
    return shown, shown.slides.add_slide(shown.slide_layouts[6])


def read(shown: Any, folder: Path) -> Document:
    shown.save(str(folder / "show.pptx"))
    return load_document(folder / "show.pptx", "show.pptx", Limits())


def related(slide: Any, name: str, kind: str, xml: str) -> str:
    part = Part(PackURI(f"/ppt/{name}.xml"), "application/xml", slide.part.package, xml.encode())
    number: str = slide.part.relate_to(
        part, f"http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}"
    )
    return number


def test_charts_say_their_numbers_as_they_are_shown(tmp_path: Path) -> None:
    shown, slide = a_slide()
    data = CategoryChartData(number_format="0.0%")
    data.categories = ["Turku", "Oulu"]
    data.add_series("2025", (0.625, None))
    slide.shapes.add_chart(XL_CHART_TYPE.PIE, *AT, data)
    points = XyChartData()
    series = points.add_series("Depth")
    for x, y in ((1, 10), (2, 12.5)):
        series.add_data_point(x, y)
    chart = slide.shapes.add_chart(XL_CHART_TYPE.XY_SCATTER, Inches(1), Inches(2), *AT[2:], points).chart
    chart.value_axis.has_title = True
    chart.value_axis.axis_title.text_frame.text = "metres"
    regions = CategoryChartData()
    north = regions.add_category("North")
    north.add_sub_category("Oulu")
    north.add_sub_category("Kemi")
    regions.add_category("South").add_sub_category("Turku")
    regions.add_series("Boats", (3, 4, 5))
    slide.shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, Inches(1), Inches(3), *AT[2:], regions)
    assert read(shown, tmp_path).passages[0].text.split("\n\n") == [
        "2025: Turku 62.5%, Oulu –",
        "Axis: metres\nDepth: 1: 10, 2: 12.5",
        "Boats: North Oulu 3, North Kemi 4, South Turku 5",
    ]


def test_smart_art_is_read_in_its_order(tmp_path: Path) -> None:
    shown, slide = a_slide()
    texts = {"1": "Sign", "2": "Key", "3": "Photo", "4": "Badge"}
    points = "".join(
        f'<dgm:pt modelId="{at}"><dgm:t><a:p><a:r><a:t>{text}</a:t></a:r></a:p></dgm:t></dgm:pt>'
        for at, text in reversed(texts.items())
    )
    links = "".join(
        f'<dgm:cxn modelId="{9 + at}" srcId="{above}" destId="{below}" srcOrd="{order}" destOrd="0"/>'
        for at, (above, below, order) in enumerate([("0", "1", 0), ("0", "3", 2), ("0", "2", 1), ("3", "4", 0)])
    )
    model = (
        f'<dgm:dataModel {SPACES}><dgm:ptLst><dgm:pt modelId="0" type="doc"/>{points}</dgm:ptLst>'
        f"<dgm:cxnLst>{links}</dgm:cxnLst></dgm:dataModel>"
    )
    number = related(slide, "diagrams/data1", "diagramData", model)
    slide.shapes._spTree.append(
        parse_xml(
            f'<p:graphicFrame {SPACES}><p:nvGraphicFramePr><p:cNvPr id="9" name="D" descr="how to begin"/>'
            "<p:cNvGraphicFramePr/><p:nvPr/></p:nvGraphicFramePr><p:xfrm><a:off x='0' y='0'/>"
            f"<a:ext cx='{Inches(5)}' cy='{Inches(5)}'/></p:xfrm><a:graphic><a:graphicData uri='{DIAGRAM}'>"
            f'<dgm:relIds r:dm="{number}"/></a:graphicData></a:graphic></p:graphicFrame>'
        )
    )
    document = read(shown, tmp_path)
    assert document.passages[0].text == "Sign\nKey\nPhoto\n  Badge\n(how to begin)"
    assert document.passages[0].places[0].location == Slide(1, (Box(0, 0, 0.5, 1),))


def test_shapes_in_a_group_stand_where_they_are_shown(tmp_path: Path) -> None:
    shown, slide = a_slide()
    group = slide.shapes.add_group_shape()
    group.shapes.add_textbox(0, 0, 100, 100).text_frame.text = "left"
    group.shapes.add_textbox(100, 0, 100, 100).text_frame.text = "right"
    for name, (x, y) in {"off": (5, 0), "ext": (5, 5)}.items():
        frame = group._element.grpSpPr.find(f".//{{{MAIN}}}{name}")
        for key, inches in zip(frame.attrib, (x, y), strict=True):
            frame.set(key, str(Inches(inches)))
    for name, size in {"chOff": (0, 0), "chExt": (200, 100)}.items():
        frame = group._element.grpSpPr.find(f".//{{{MAIN}}}{name}")
        for key, units in zip(frame.attrib, size, strict=True):
            frame.set(key, str(units))
    places = read(shown, tmp_path).passages[0].places
    assert [place.location for place in places] == [Slide(1, (Box(0.5, 0, 0.75, 1),)), Slide(1, (Box(0.75, 0, 1, 1),))]


def test_tables_lists_and_equations_read_as_they_are_shown(tmp_path: Path) -> None:
    shown, slide = a_slide()
    grid = slide.shapes.add_table(4, 3, *AT).table
    for row, cells in enumerate([("Line", "May", ""), ("", "In", "Out"), ("Quay", "7", "7"), ("Pier", "8", "9")]):
        for column, cell in enumerate(cells):
            grid.cell(row, column).text = cell
    grid.cell(0, 0).merge(grid.cell(1, 0))
    grid.cell(0, 1).merge(grid.cell(0, 2))
    body = slide.shapes.add_textbox(Inches(1), Inches(4), Inches(4), Inches(1)).text_frame._txBody
    for paragraph in list(body.p_lst):
        body.remove(paragraph)
    for properties, said in (
        ('<a:buAutoNum type="arabicPeriod"/>', "<a:r><a:t>Saw</a:t></a:r>"),
        ('<a:buAutoNum type="arabicPeriod"/>', '<a:r><a:rPr strike="sngStrike"/><a:t>Plane</a:t></a:r>'),
        ("", "<a:r><a:t>Then</a:t></a:r><a:br/><a:r><a:t>rest: </a:t></a:r><mc:AlternateContent>"
             "<mc:Choice Requires='a14'><m:oMath><m:r><m:t>x=3</m:t></m:r></m:oMath></mc:Choice>"
             "</mc:AlternateContent>"),
        ('<a:buAutoNum type="alphaLcParenR" startAt="3"/>', "<a:r><a:t>Varnish</a:t></a:r>"),
    ):  # fmt: skip
        body.append(parse_xml(f"<a:p {SPACES}><a:pPr>{properties}</a:pPr>{said}</a:p>"))
    assert read(shown, tmp_path).passages[0].text.split("\n\n") == [
        "Line | May\nLine | May / In | May / Out\nQuay | 7 | 7\nPier | 8 | 9",
        "1. Saw\n2. [struck out: Plane]\nThen\nrest: x=3\nc) Varnish",
    ]


def test_what_is_stored_twice_is_read_once_and_what_is_hidden_is_called_so(tmp_path: Path) -> None:
    shown, slide = a_slide()

    def shape(number: int, text: str, more: str = "") -> str:
        return (
            f'<p:sp><p:nvSpPr><p:cNvPr id="{number}" name="S" {more}/><p:cNvSpPr/><p:nvPr/></p:nvSpPr><p:spPr/>'
            f"<p:txBody><a:bodyPr/><a:p><a:r><a:t>{text}</a:t></a:r></a:p></p:txBody></p:sp>"
        )

    slide.shapes._spTree.append(
        parse_xml(
            f"<mc:AlternateContent {SPACES}><mc:Choice Requires='x'>{shape(7, 'new')}</mc:Choice>"
            f"<mc:Fallback>{shape(8, 'old')}</mc:Fallback></mc:AlternateContent>"
        )
    )
    slide.shapes._spTree.append(parse_xml(shape(9, "draft", 'hidden="1"').replace("<p:sp>", f"<p:sp {SPACES}>")))
    slide._element.set("show", "0")
    related(
        slide,
        "comments/comment1",
        "comments",
        f'<p:cmLst {SPACES}><p:cm authorId="0"><p:text>Too long.</p:text></p:cm></p:cmLst>',
    )
    assert read(shown, tmp_path).passages[0].text.split("\n\n") == [
        "(hidden slide)", "new", "(hidden) draft", "[Comment: Too long.]",
    ]  # fmt: skip


def test_a_picture_says_what_it_is_said_to_show_and_no_name_of_a_file(tmp_path: Path) -> None:
    from PIL import Image

    Image.new("RGB", (80, 80)).save(tmp_path / "gate.png")
    shown, slide = a_slide()
    for number, said in enumerate(
        (None, "The gate, code 4711 on it\n\nDescription automatically generated with low confidence", "")
    ):
        picture = slide.shapes.add_picture(str(tmp_path / "gate.png"), Inches(1), Inches(number))
        if said is not None:
            picture._element.nvPicPr.cNvPr.set("descr", said)
    assert read(shown, tmp_path).passages[0].text == "Picture: The gate, code 4711 on it"
