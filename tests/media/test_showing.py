"""Evidence becomes something to look at, and an address that viewers understand."""

from pathlib import Path

import pytest
from fpdf import FPDF
from PIL import Image

from assistant.media.evidence_images import WIDTH, Excerpt, excerpt, page_picture, picture_with_region
from assistant.values.errors import BadInput
from assistant.values.evidence import Box, Location, Page, Region, Seconds, Section, Sheet
from assistant.values.evidence_links import link
from assistant.values.limits import Limits
from retrieval.loaders import load_document

Colour = tuple[int, int, int]


@pytest.fixture
def report(tmp_path: Path) -> Path:
    """Two pages; the second says in its middle who serviced the pump."""
    return write_pdf(tmp_path / "report.pdf")


def write_pdf(path: Path, **options: object) -> Path:
    pdf = FPDF(**options)  # type: ignore[arg-type]
    pdf.set_font("helvetica", size=12)
    for text in ("Site handbook.", "Dana Ortiz serviced the pump."):
        pdf.add_page()
        pdf.set_y(pdf.eph / 2)
        pdf.multi_cell(0, 8, text)
    pdf.output(str(path))
    return path


def colours(picture: Image.Image, box: Box) -> set[Colour]:
    """The colours of the picture inside this box."""
    edges = (box.left * picture.width, box.top * picture.height, box.right * picture.width, box.bottom * picture.height)
    left, top, right, bottom = map(round, edges)
    counted = picture.crop((left, top, right, bottom)).getcolors(1 << 24) or []
    return {colour for _, colour in counted}  # type: ignore[misc]


def is_yellow(colour: Colour) -> bool:
    red, green, blue = colour
    return red > 200 and green > 180 and blue < 120


def test_the_words_meant_are_highlighted_where_they_are_printed(report: Path) -> None:
    (place,) = load_document(report, report.name, Limits()).passages[1].places
    assert isinstance(place.location, Page)
    picture = page_picture(report, place.location)
    (box,) = place.location.boxes
    inside = colours(picture, box)
    assert any(map(is_yellow, inside))
    assert min(sum(colour) for colour in inside) < 150  # the letters are still black
    outside = Box(0, 0, 1, box.top - 0.02), Box(0, box.bottom + 0.02, 1, 1)
    assert not any(is_yellow(colour) for rest in outside for colour in colours(picture, rest))


def test_a_page_without_boxes_is_drawn_plain(report: Path) -> None:
    picture = page_picture(report, Page(1))
    assert picture.width == WIDTH
    assert not any(map(is_yellow, colours(picture, Box(0, 0, 1, 1))))


def test_on_dark_paper_the_highlight_is_seen_too(tmp_path: Path) -> None:
    pdf = FPDF()
    pdf.set_page_background((20, 20, 20))  # type: ignore[arg-type]
    pdf.add_page()
    pdf.output(str(tmp_path / "dark.pdf"))
    box = Box(0.2, 0.2, 0.8, 0.3)
    picture = page_picture(tmp_path / "dark.pdf", Page(1, (box,)))
    (inside,) = colours(picture, box)
    assert inside[0] > 100 > inside[2]


def test_a_page_of_ten_metres_stays_small(tmp_path: Path) -> None:
    picture = page_picture(write_pdf(tmp_path / "banner.pdf", format=(400, 10_000)), Page(2))
    assert picture.width * picture.height <= 4_100_000


@pytest.mark.parametrize("number", [0, 3, -1])
def test_a_page_that_is_not_there_is_said(report: Path, number: int) -> None:
    with pytest.raises(BadInput, match=r"report\.pdf has no page"):
        page_picture(report, Page(number))


def test_a_damaged_or_locked_page_is_said(tmp_path: Path, report: Path) -> None:
    damaged = tmp_path / "damaged.pdf"
    damaged.write_bytes(report.read_bytes()[:200])
    with pytest.raises(BadInput, match=r"cannot draw page 1 of lease\.pdf: it is damaged"):
        page_picture(damaged, Page(1), name="lease.pdf")
    locked = tmp_path / "locked.pdf"
    pdf = FPDF()
    pdf.set_encryption("owner", "secret")
    pdf.add_page()
    pdf.output(str(locked))
    with pytest.raises(BadInput, match="locked"):
        page_picture(locked, Page(1))
    assert page_picture(locked, Page(1), password="secret").width == WIDTH


def test_a_page_over_the_limits_is_said_and_ends(report: Path) -> None:
    with pytest.raises(BadInput, match="more memory"):
        page_picture(report, Page(1), Limits(parse_bytes=20_000_000))
    with pytest.raises(BadInput, match="too long"):
        page_picture(report, Page(1), Limits(parse_seconds=0))


def test_the_region_of_a_picture_is_outlined_and_nothing_else_changes(tmp_path: Path) -> None:
    Image.new("RGB", (700, 400), "white").save(tmp_path / "receipt.png")
    box = Box(0.25, 0.5, 0.75, 0.75)
    picture = picture_with_region(tmp_path / "receipt.png", Region((box,)))
    assert picture.size == (700, 400)
    assert colours(picture, box) == {(255, 255, 255)}  # what is meant can be read
    around = Box(box.left - 0.03, box.top - 0.05, box.right + 0.03, box.bottom + 0.05)
    assert any(colour[0] > 180 and colour[1] < 80 for colour in colours(picture, around))
    assert colours(picture, Box(0, 0, 0.2, 1)) == {(255, 255, 255)}


def test_a_large_picture_is_made_smaller_and_one_over_the_limit_refused(tmp_path: Path) -> None:
    Image.new("RGB", (4000, 1000), "white").save(tmp_path / "wide.png")
    assert picture_with_region(tmp_path / "wide.png", Region()).size == (WIDTH, WIDTH // 4)
    with pytest.raises(BadInput, match="too many pixels"):
        picture_with_region(tmp_path / "wide.png", Region(), Limits(picture_pixels=1_000_000))


@pytest.mark.parametrize(
    ("quote", "context", "shown"),
    [
        ("b c", "a b c d", Excerpt("a ", "b c", " d")),
        ("b c", "a\nb\n  c\nd", Excerpt("a\n", "b\n  c", "\nd")),
        ("(x) [y]", "see (x) [y].", Excerpt("see ", "(x) [y]", ".")),
        ("水泵", "保养水泵。", Excerpt("保养", "水泵", "。")),
        ("not there", "a b c", Excerpt("", "not there", "")),
        ("alone", "", Excerpt("", "alone", "")),
        ("", "a", Excerpt("", "", "")),
    ],
)
def test_a_quote_is_marked_within_its_text(quote: str, context: str, shown: Excerpt) -> None:
    assert excerpt(quote, context) == shown


@pytest.mark.parametrize(
    ("source", "location", "address"),
    [
        ("report.pdf", Page(3), "report.pdf#page=3"),
        ("question.wav", Seconds(12, 15.5), "question.wav#t=12.0,15.5"),
        ("a b#1.png", Region((Box(0.1, 0.2, 0.4, 0.3), Box(0.2, 0.3, 0.5, 0.4))), None),
        ("plain.png", Region(), "plain.png"),
        ("costs.xlsx", Sheet("Year 1", 2, 9), "costs.xlsx#sheet=Year%201&row=2-9"),
        ("costs.csv", Sheet("", 2, 9), "costs.csv#row=2-9"),
        ("报告.txt", Section(""), "%E6%8A%A5%E5%91%8A.txt#:~:text=The%20Kestrel%2D9%20pump"),
    ],
)
def test_every_location_has_an_address(source: str, location: Location, address: str | None) -> None:
    assert link(source, location, "The Kestrel-9 pump\nwas serviced") == (
        address or "a%20b%231.png#xywh=percent:10.0,20.0,40.0,20.0"
    )
