"""A page of a PDF is read as a person reads it: columns one after the other, tables by their headings, words whole."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from fpdf import FPDF

from assistant.values.evidence import Document, Page
from retrieval.loaders.pdf import PdfLoader
from retrieval.parse_context import ParseContext

FONT = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")
CJK = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")
LEFT = """The Alder pump draws water from the
lower basin. It is serviced every
fourteen weeks by Chidi Oduya, who
also keeps the spare seals. Its
filter is rinsed each Monday. When
the pressure falls below 2.1 bar the
pump stops by itself.""".split("\n")
RIGHT = """The Birch pump lifts water up to the
tower. It is serviced every nine
weeks by Signe Lindqvist, and she
orders the oil as well. Its filter
is changed each quarter. When the
pressure falls below 3.4 bar the
siren sounds twice.""".split("\n")
MIDDLE = """The Cedar pump stands still and is
only kept for the great floods. It
was last seen by Tomas Okafor, the
keeper of the northern gate, whose
daughter has the key of the house.
Nobody knows where the oil for it
is to be had now.""".split("\n")
Draw = Callable[[FPDF], None]


def a_pdf(path: Path, *pages: Draw, width: int = 600, height: int = 800) -> Path:
    pdf = FPDF(unit="pt", format=(width, height))
    pdf.set_auto_page_break(False)
    for draw in pages:
        pdf.add_page()
        pdf.set_font("Helvetica", size=10)
        draw(pdf)
    pdf.output(str(path))
    return path


def read(path: Path) -> Document:
    return PdfLoader(ParseContext()).load(path, path.name)


def text_of(path: Path) -> str:
    return "\n~~\n".join(passage.text for passage in read(path).passages)


def column(pdf: FPDF, x: float, y: float, lines: Sequence[str], lead: float = 13) -> float:
    for line in lines:
        pdf.text(x, y, line)
        y += lead
    return y


def rows(
    pdf: FPDF, y: float, cells: Sequence[Sequence[str]], x: float = 60, step: float = 120, lead: float = 16
) -> float:
    for row in cells:
        for index, cell in enumerate(row):
            pdf.text(x + step * index, y, cell)
        y += lead
    return y


def across(pdf: FPDF, y: float, *columns: Sequence[str], x: float = 60, step: float = 180, lead: float = 13) -> None:
    """Line by line over all columns, as many programs write it."""
    for number in range(max(map(len, columns))):
        for index, lines in enumerate(columns):
            if number < len(lines):
                pdf.text(x + step * index, y + lead * number, lines[number])


def is_in_order(text: str, *parts: str) -> bool:
    found = [text.find(part) for part in parts]
    return min(found) >= 0 and found == sorted(found)


# Columns


@pytest.mark.parametrize("gutter", [6, 8, 12, 24])
def test_two_columns_are_read_one_after_the_other_however_narrow_the_gutter(tmp_path: Path, gutter: int) -> None:
    def draw(pdf: FPDF) -> None:
        step = max(map(pdf.get_string_width, LEFT)) + gutter
        pdf.set_font("Helvetica", "B", 16)
        pdf.text(60, 60, "Care of the two pumps")
        pdf.set_font("Helvetica", size=10)
        across(pdf, 90, LEFT, RIGHT, step=step)

    text = text_of(a_pdf(tmp_path / "a.pdf", draw))
    assert text == "\n".join(["Care of the two pumps", *LEFT, *RIGHT])


def test_three_columns_under_a_title_and_above_a_footnote_over_the_full_width(tmp_path: Path) -> None:
    def draw(pdf: FPDF) -> None:
        pdf.set_font("Helvetica", "B", 16)
        pdf.text(60, 60, "Care of all the pumps that the harbour board has bought so far")
        pdf.set_font("Helvetica", size=10)
        across(pdf, 90, LEFT, MIDDLE, RIGHT)
        pdf.set_font("Helvetica", size=7)
        pdf.text(
            60,
            700,
            "1 The pumps were counted in March by two men of the board who did not know of one another, and again",
        )
        pdf.text(60, 709, "in October.")

    text = text_of(a_pdf(tmp_path / "a.pdf", draw))
    note = "1 The pumps were counted in March by two men of the board who did not know of one another, and again"
    title = "Care of all the pumps that the harbour board has bought so far"
    assert text == "\n".join([title, *LEFT, *MIDDLE, *RIGHT, "", note, "in October."])


def test_a_heading_and_a_table_between_columns_part_them(tmp_path: Path) -> None:
    def draw(pdf: FPDF) -> None:
        across(pdf, 60, LEFT, RIGHT, step=240)
        pdf.set_font("Helvetica", "B", 14)
        pdf.text(60, 175, "Later years")
        pdf.set_font("Helvetica", size=10)
        across(pdf, 200, MIDDLE, LEFT, step=240)
        rows(pdf, 320, [["Gate", "Leaks", "Height", "Cost"], ["Nord", "3", "2.40", "120"], ["West", "0", "3.10", "40"]])
        across(pdf, 390, RIGHT, MIDDLE, step=240)

    text = text_of(a_pdf(tmp_path / "a.pdf", draw))
    row = "Gate: Nord | Leaks: 3 | Height: 2.40 | Cost: 120"
    ends = [part[index] for part in (LEFT, RIGHT) for index in (0, -1)]
    assert is_in_order(text, *ends, "Later years", MIDDLE[0])
    assert is_in_order(text[text.find("Later") :], *MIDDLE, *LEFT, row, *RIGHT)
    assert is_in_order(text[text.find(row) :], *RIGHT, *MIDDLE)


def test_a_narrow_side_of_short_lines_is_read_by_itself(tmp_path: Path) -> None:
    def draw(pdf: FPDF) -> None:
        column(pdf, 220, 80, [*LEFT, *MIDDLE, *RIGHT], lead=15)
        pdf.set_font("Helvetica", size=8)
        column(pdf, 40, 81, ["Contact", "0151 2345678", "Harbour Street 4", "Languages", "Polish", "German"], lead=11)

    text = text_of(a_pdf(tmp_path / "a.pdf", draw))
    assert is_in_order(text, "Contact", "0151 2345678", "German", LEFT[0], MIDDLE[0], RIGHT[-1])


def test_dates_beside_what_happened_then_stay_with_it(tmp_path: Path) -> None:
    def draw(pdf: FPDF) -> None:
        events = [("2019-2024", "Chief diver at the Harbour Board"), ("2015-2019", "Diver at the Port of Gdansk")]
        rows(pdf, 80, [*events, ("2012-2015", "Student of mechanics in Lodz"), ("2010", "School leaving certificate")])

    text = text_of(a_pdf(tmp_path / "a.pdf", draw))
    assert text.split("\n")[0] == "2019-2024 | Chief diver at the Harbour Board"
    assert text.split("\n")[3] == "2010 | School leaving certificate"


def test_text_set_with_even_margins_and_lists_and_letterheads_are_no_tables(tmp_path: Path) -> None:
    def draw(pdf: FPDF) -> None:
        rows(
            pdf,
            50,
            [["Seller", "Buyer"], ["Nordwind", "Lakeside"], ["Kanalstr. 8", "Room 4"], ["Kiel", "Riverton"]],
            step=260,
        )
        pdf.set_xy(60, 130)
        pdf.multi_cell(480, 14, " ".join([*LEFT, *RIGHT, *MIDDLE] * 2), align="J")
        column(pdf, 60, 380, [f"{number}. {line}" for number, line in enumerate(LEFT, 1)])
        rows(pdf, 500, [["Name", "Maria Berg"], ["Age", "43"], ["Phone", "0151 2233"], ["Weight", "61"]])
        rows(pdf, 600, [["Name: Jo", "Born: Ulm"], ["Street: 3 Lane", "Zip: 1234"], ["Phone: 99", "Floor: 2"]])

    text = text_of(a_pdf(tmp_path / "a.pdf", draw))
    assert "Seller: " not in text
    assert "Name: Age" not in text
    assert "Name: Jo: " not in text
    assert "Nordwind | Lakeside" in text
    assert "Age | 43" in text


# Tables


def test_a_table_over_three_pages_has_its_headings_on_each(tmp_path: Path) -> None:
    def page(first: int, last: int) -> Draw:
        def draw(pdf: FPDF) -> None:
            y = 80.0
            pdf.text(60, 30, "Cold store of the harbour, confidential")
            pdf.text(290, 780, f"Page {first // 30 + 1} of 3")
            if first == 0:
                y = rows(pdf, y, [["Article", "Shelf life (days)", "Minimum order", "Rack"]])
            rows(pdf, y, [[f"K-{n:03}", str(20 + n), str(100 + 3 * n), f"B{n % 9}"] for n in range(first, last)])

        return draw

    document = read(a_pdf(tmp_path / "a.pdf", page(0, 30), page(30, 60), page(60, 63)))
    pages = [passage.text for passage in document.passages]
    assert "Article: K-002 | Shelf life (days): 22 | Minimum order: 106 | Rack: B2" in pages[0]
    assert pages[1].startswith("Article: K-030 | Shelf life (days): 50 | Minimum order: 190 | Rack: B3\n")
    assert pages[2].endswith("Article: K-062 | Shelf life (days): 82 | Minimum order: 286 | Rack: B8")
    assert [page.count("confidential") for page in pages] == [1, 0, 0]
    assert "Page 2" not in pages[1]
    place = document.passages[2].places[-1].location
    assert isinstance(place, Page)
    assert place.number == 3
    assert len(place.boxes) == 1
    assert place.boxes[0].left == pytest.approx(0.1, abs=0.01)


@pytest.mark.parametrize("borders", ["ALL", "NONE", "MINIMAL", "HORIZONTAL_LINES", "INTERNAL", "SINGLE_TOP_LINE"])
@pytest.mark.parametrize("repeated", [0, 1])
def test_tables_are_read_with_and_without_rules(tmp_path: Path, borders: str, repeated: int) -> None:
    pdf = FPDF(unit="pt", format=(600, 800))
    pdf.set_font("Helvetica", size=10)
    pdf.add_page()
    pdf.multi_cell(0, 14, "The stock of the shop, counted on the last day of June.", new_x="LMARGIN", new_y="NEXT")
    with pdf.table(borders_layout=borders, repeat_headings=repeated) as table:
        table.row(["Article", "Keeper", "Place"])
        for number in range(56):
            table.row([f"Thing {'abcdefgh'[number % 8]}", ["Ana Ruiz", "Bo Lind"][number % 2], "upper shelf"])
    pdf.output(str(tmp_path / "a.pdf"))
    one, two = (passage.text for passage in read(tmp_path / "a.pdf").passages)
    assert one.startswith("The stock of the shop, counted on the last day of June.\n\nArticle | Keeper | Place\n")
    assert "\nArticle: Thing b | Keeper: Bo Lind | Place: upper shelf\n" in one
    assert two.endswith("Article: Thing h | Keeper: Bo Lind | Place: upper shelf")
    assert all(line.count(": ") == 3 for line in two.split("\n")[repeated:])


def test_headings_of_two_rows_and_cells_over_several_columns_and_rows(tmp_path: Path) -> None:
    from fpdf.enums import TableSpan

    pdf = FPDF(unit="pt", format=(600, 800))
    pdf.set_font("Helvetica", size=10)
    pdf.add_page()
    with pdf.table(num_heading_rows=2) as table:
        table.row(["Region", "2023", TableSpan.COL, "2024", TableSpan.COL])
        table.row([TableSpan.ROW, "Q1", "Q2", "Q1", "Q2"])
        table.row(["North", "10", "12", "14", "16"])
        table.row(["South", "20", "22", "24", "26"])
    pdf.ln(30)
    with pdf.table() as table:
        table.row(["Kind", "Name", "Price"])
        table.row([{"text": "Fruit", "rowspan": 2}, "Apple", "3.00"])  # type: ignore[list-item]
        table.row(["Pear", "4.00"])
        table.row(["Root", "Beet", "2.00"])
    pdf.output(str(tmp_path / "a.pdf"))
    text = text_of(tmp_path / "a.pdf")
    assert "Region: South | 2023 Q1: 20 | 2023 Q2: 22 | 2024 Q1: 24 | 2024 Q2: 26" in text
    assert "Kind: Fruit | Name: Apple | Price: 3.00\nKind: Fruit | Name: Pear | Price: 4.00\nKind: Root" in text


def test_cells_of_several_lines_are_one_row(tmp_path: Path) -> None:
    def draw(pdf: FPDF) -> None:
        pdf.set_font("Helvetica", "B", 10)
        rows(pdf, 60, [["Rule", "What it says", "Owner"]], step=150)
        pdf.set_font("Helvetica", size=10)
        for index in range(4):
            y = 82 + 50 * index
            column(pdf, 60, y, [f"Rule {index} of", "the house"], lead=12)
            column(pdf, 210, y, ["Doors are shut at", "ten, and whoever", "is late rings twice"], lead=12)
            pdf.text(360, y, ["Ana", "Bo", "Cy", "Di"][index])

    text = text_of(a_pdf(tmp_path / "a.pdf", draw))
    said = "Doors are shut at ten, and whoever is late rings twice"
    assert text.split("\n")[0] == "Rule | What it says | Owner"
    assert text.split("\n")[1:] == [
        f"Rule: Rule {n} of the house | What it says: {said} | Owner: {who}"
        for n, who in enumerate(("Ana", "Bo", "Cy", "Di"))
    ]


def test_a_table_of_words_goes_on_without_taking_its_next_row_for_headings(tmp_path: Path) -> None:
    people = [["Anna Berg", "Engineer", "Oslo"], ["Per Dahl", "Cook", "Bergen"], ["Liv Moe", "Pilot", "Narvik"]]

    def page(heads: bool) -> Draw:
        def draw(pdf: FPDF) -> None:
            with pdf.table(first_row_as_headings=heads) as table:
                for row in [["Name", "Role", "Office"], *people] if heads else people:
                    table.row(row)

        return draw

    two = read(a_pdf(tmp_path / "a.pdf", page(True), page(False))).passages[1].text
    assert two.split("\n")[0] == "Name: Anna Berg | Role: Engineer | Office: Oslo"
    assert two.split("\n")[2] == "Name: Liv Moe | Role: Pilot | Office: Narvik"


# Words


def test_ligatures_and_words_broken_over_lines_columns_and_pages_are_whole(tmp_path: Path) -> None:
    pdf = FPDF(unit="pt", format=(600, 800))
    pdf.add_font("d", fname=str(FONT))
    pdf.set_font("d", size=10)
    pdf.add_page()
    one = [
        "The ﬁnal certiﬁcation of the workﬂow",
        "is in the hands of Ms Eleni Kara‐",
        "manlis and the oﬃce. It is a well-",
    ]
    one += ["known rule, which since 2019-", "2024 says so of the whole Rhine-", "Main line, and of short- and long-"]
    one += ["term plans. In all of it, every di-"]
    two = [
        "vergence is told by noon to the cap-",
        "tain. The keeper of the east gate is",
        "called Bertrand, of the north Okonk-",
    ]
    pdf.text(60, 60, "x")
    across(pdf, 80, one, [*two, *["and so on with the text of it here"] * 4], step=260)
    pdf.text(60, 400, "The last line of this page ends in the word inter-")
    pdf.add_page()
    pdf.text(60, 80, "national, and goes on.")
    pdf.output(str(tmp_path / "a.pdf"))
    first, second = (passage.text for passage in read(tmp_path / "a.pdf").passages)
    for said in (
        "The final certification of the workflow",
        "Eleni Karamanlis and the office. It is a well-known rule, which since 2019-2024 says so of the whole Rhine",
        "short- and long-term plans",
        "every divergence is told by noon to the captain.",
    ):
        assert said in first
    assert first.endswith("ends in the word international,")
    assert second == "and goes on."


def test_the_places_of_a_broken_word_are_those_of_both_halves(tmp_path: Path) -> None:
    def draw(pdf: FPDF) -> None:
        column(pdf, 60, 80, ["The pump belongs to Ms Kara-", "manlis of the board."])

    (passage,) = read(a_pdf(tmp_path / "a.pdf", draw)).passages
    assert passage.text == "The pump belongs to Ms Karamanlis of the board."
    assert [passage.text[place.start : place.end] for place in passage.places] == [
        "The pump belongs to Ms Kara",
        "manlis of the board.",
    ]
    tops = [place.location.boxes[0].top for place in passage.places if isinstance(place.location, Page)]
    assert tops == pytest.approx([72.8 / 800, 85.8 / 800], abs=0.005)


def test_a_raised_mark_does_not_join_the_number_before_it(tmp_path: Path) -> None:
    def draw(pdf: FPDF) -> None:
        x = 60.0
        for text, raised in [("It costs 450", "1"), (" euros for 20 m", "2"), (" and 10", "6"), (" fish.", "")]:
            pdf.set_font("Helvetica", size=11)
            pdf.text(x, 80, text)
            x += pdf.get_string_width(text)
            pdf.set_font("Helvetica", size=6.5)
            pdf.text(x, 76, raised)
            x += pdf.get_string_width(raised)
        pdf.set_font("Helvetica", size=11)
        column(pdf, 60, 110, LEFT)
        pdf.set_font("Helvetica", size=6.5)
        pdf.text(60, 700, "1 Without tax, which is paid with the first")
        pdf.text(60, 708, "bill.")

    text = text_of(a_pdf(tmp_path / "a.pdf", draw))
    assert text.startswith("It costs 450 ¹ euros for 20 m² and 10^6 fish.\n" + LEFT[0])
    assert text.endswith(LEFT[-1] + "\n\n1 Without tax, which is paid with the first\nbill.")


# What stands around the text


def test_running_heads_stand_once_and_page_numbers_not_at_all(tmp_path: Path) -> None:
    def page(number: int) -> Draw:
        def draw(pdf: FPDF) -> None:
            pdf.set_font("Helvetica", size=8)
            pdf.text(60, 30, "Nordwind manual")
            pdf.text(480, 30, f"Chapter {1 + number // 4}")
            pdf.text(295, 780, f"- {number + 11} -")
            pdf.set_font("Helvetica", "B", 15)
            pdf.text(60, 80, f"{number + 1} Part {number}")
            pdf.set_font("Helvetica", size=10)
            column(pdf, 60, 110, [f"{number + 7} boats lie here.", *LEFT])

        return draw

    document = read(a_pdf(tmp_path / "a.pdf", *map(page, range(8))))
    texts = [passage.text for passage in document.passages]
    assert texts[0].startswith("Nordwind manual | Chapter 1\n1 Part 0\n7 boats lie here.")
    assert texts[1] == "\n".join(["2 Part 1", "8 boats lie here.", *LEFT])
    assert sum(text.count("Nordwind") for text in texts) == 2  # the second chapter has a head of its own
    assert not any("- 1" in text for text in texts)
    assert document.facts is not None
    assert document.facts.pages == 8
    assert document.facts.outline[:2] == ("1 Part 0", "2 Part 1")


def test_a_footnote_stands_whole_after_the_column_it_interrupts(tmp_path: Path) -> None:
    def draw(pdf: FPDF) -> None:
        y = 440
        across(pdf, y, LEFT, RIGHT, step=260)
        pdf.set_font("Helvetica", size=7.5)
        column(pdf, 60, 560, ["1 Oduya has served here since 2009", "and is paid by the tide."], lead=9)

    text = text_of(a_pdf(tmp_path / "a.pdf", draw))
    note = "1 Oduya has served here since 2009\nand is paid by the tide."
    assert text == "\n".join([*LEFT, *RIGHT]) + "\n\n" + note


@pytest.mark.parametrize("angle", [90, 180, 270])
def test_a_table_printed_sideways_is_read_and_outlined_where_it_stands(tmp_path: Path, angle: int) -> None:
    def draw(pdf: FPDF) -> None:
        with pdf.rotation(angle, 300, 400):
            rows(pdf, 300, [["Gate", "Leaks", "Cost"], ["Nord", "3", "120"], ["Sued", "1", "90"], ["West", "0", "40"]])

    (passage,) = read(a_pdf(tmp_path / "a.pdf", draw)).passages
    assert passage.text.split("\n")[1] == "Gate: Nord | Leaks: 3 | Cost: 120"
    location = passage.places[1].location
    assert isinstance(location, Page)
    across_page = max(box.right for box in location.boxes) - min(box.left for box in location.boxes)
    down = max(box.bottom for box in location.boxes) - min(box.top for box in location.boxes)
    long, thin = (600 * across_page, 800 * down) if angle == 180 else (800 * down, 600 * across_page)
    assert long > 240
    assert thin < 16


def test_columns_and_tables_of_a_page_from_right_to_left(tmp_path: Path) -> None:
    words = "השער הצפוני נפתח בכל יום בשעה שש בבוקר ונסגר בערב לפני רדת החשכה".split()
    pdf = FPDF(unit="pt", format=(600, 800))
    pdf.add_font("d", fname=str(FONT))
    pdf.set_font("d", size=11)
    pdf.add_page()

    def write(right: float, y: float, text: str) -> None:
        shown = text if text[0].isdigit() else text[::-1]  # as it is seen
        pdf.text(right - pdf.get_string_width(shown), y, shown)

    right = [" ".join(words[index : index + 6]) for index in range(6)]
    left = [" ".join(words[5 - index : 11 - index]) for index in range(6)]
    for index in range(6):
        write(560, 80 + 15 * index, right[index])
        write(290, 80 + 15 * index, left[index])
    for index, row in enumerate([["שער", "שומר", "גובה"], ["צפון", "דוד", "2.40"], ["דרום", "רות", "1.80"]]):
        for at, cell in enumerate(row):
            write(560 - 150 * at, 250 + 16 * index, cell)
    pdf.output(str(tmp_path / "a.pdf"))
    text = text_of(tmp_path / "a.pdf")
    assert text.startswith("\n".join([*right, *left]) + "\n\n")
    assert text.endswith("שער: דרום | שומר: רות | גובה: 1.80")


# What was filled in and written on it

FORM = """%PDF-1.7
1 0 obj <</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[6 0 R 7 0 R 8 0 R 9 0 R 13 0 R]/DA(/F 10 Tf)>>>> endobj
2 0 obj <</Type/Pages/Kids[3 0 R]/Count 1>> endobj
3 0 obj <</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>
/Annots[6 0 R 7 0 R 8 0 R 9 0 R 10 0 R 11 0 R 12 0 R 13 0 R]>> endobj
4 0 obj <</Length 174>> stream
BT /F 11 Tf 60 700 Td (Surname:) Tj 0 -30 Td (Pier:) Tj 20 -30 Td (Power is needed) Tj
0 -30 Td (The mooring costs 300 euros.) Tj ET
endstream endobj
5 0 obj <</Type/Font/Subtype/Type1/BaseFont/Helvetica>> endobj
6 0 obj <</Type/Annot/Subtype/Widget/FT/Tx/T(a1)/TU(Surname)/V(Lindqvist)/Rect[130 695 300 712]/F 4>> endobj
7 0 obj <</Type/Annot/Subtype/Widget/FT/Ch/Ff 131072/T(pier)/V(n)/Opt[[(n)(North pier)][(s)(South pier)]]
/Rect[130 665 300 682]/F 4>> endobj
8 0 obj <</Type/Annot/Subtype/Widget/FT/Btn/T(power)/V/Yes/AS/Yes/Rect[60 638 74 652]/F 4
/AP<</N<</Yes 4 0 R/Off 4 0 R>>>>>> endobj
9 0 obj <</Type/Annot/Subtype/Widget/FT/Tx/T(b7)/TU(Length in metres)/V(7.5)/Rect[60 400 200 417]/F 4>> endobj
10 0 obj <</Type/Annot/Subtype/Text/Contents(It is 320 by now.)/T(Maria)/Rect[400 605 420 625]/F 4>> endobj
11 0 obj <</Type/Annot/Subtype/StrikeOut/Rect[80 605 240 625]/QuadPoints[78 622 290 622 78 606 290 606]/F 4>> endobj
12 0 obj <</Type/Annot/Subtype/FreeText/Contents(Paid on 3 May)/Rect[300 500 420 520]/F 4>> endobj
13 0 obj <</Type/Annot/Subtype/Widget/FT/Tx/T(secret)/Ff 8192/V(hunter2)/Rect[60 300 200 317]/F 4>> endobj
trailer <</Root 1 0 R/Size 14>>
"""


def test_the_values_of_a_form_stand_beside_their_labels_and_comments_are_told_as_such(tmp_path: Path) -> None:
    (tmp_path / "form.pdf").write_bytes(FORM.encode())
    (passage,) = read(tmp_path / "form.pdf").passages
    assert passage.text.split("\n") == [
        "Surname: Lindqvist",
        "Pier: | North pier",
        "[x] Power is needed",
        "The mooring costs 300 euros.",
        "Paid on 3 May",
        "Length in metres: 7.5",
        "",
        "[Comment by Maria] It is 320 by now.",
        "[Struck out: “The mooring costs 300 euros.”]",
    ]
    note = passage.places[-2].location
    assert isinstance(note, Page)
    assert note.boxes[0].left == pytest.approx(400 / 600, abs=0.01)


def test_a_hostile_page_of_many_words_and_rules_is_read_in_time(tmp_path: Path) -> None:
    import time

    def draw(pdf: FPDF) -> None:
        pdf.set_font("Helvetica", size=2)
        for row in range(130):
            for at in range(60):
                pdf.text(5 + 9.8 * at, 10 + 6 * row, str((row * at) % 97))
        for line in range(700):
            pdf.line(1 + line % 300, 5, 1 + line % 300, 790)

    path = a_pdf(tmp_path / "a.pdf", draw)
    began = time.process_time()
    assert len(text_of(path)) > 10_000
    assert time.process_time() - began < 5


def test_a_last_column_of_two_lines_is_read_after_the_others(tmp_path: Path) -> None:
    text = text_of(a_pdf(tmp_path / "a.pdf", lambda pdf: across(pdf, 80, LEFT, MIDDLE, RIGHT[:2])))
    assert text == "\n".join([*LEFT, *MIDDLE, *RIGHT[:2]])


def test_a_heading_that_names_the_number_of_its_page_is_no_running_head(tmp_path: Path) -> None:
    def page(number: int) -> Draw:
        def draw(pdf: FPDF) -> None:
            pdf.set_font("Helvetica", "B", 14)
            pdf.text(60, 70, f"Part {number}")
            pdf.set_font("Helvetica", size=10)
            column(pdf, 60, 125, [f"Here lie {number} boats.", *LEFT])
            pdf.text(300, 780, f"Nordwind {number}")

        return draw

    texts = [passage.text for passage in read(a_pdf(tmp_path / "a.pdf", *map(page, range(1, 7)))).passages]
    assert [text.split("\n")[0] for text in texts] == [f"Part {number}" for number in range(1, 7)]
    assert sum("Nordwind" in text for text in texts) == 1


def test_a_row_that_a_page_break_cuts_is_whole_and_a_row_without_its_first_cell_is_its_own(tmp_path: Path) -> None:
    def grid(pdf: FPDF, y: float, rows: Sequence[Sequence[str]]) -> None:
        for row in rows:
            height = 14 * max(cell.count("\n") + 1 for cell in row) + 4
            for index, cell in enumerate(row):
                pdf.rect(56 + 140 * index, y - 12, 140, height)
                for number, line in enumerate(cell.split("\n")):
                    pdf.text(60 + 140 * index, y + 13 * number, line)
            y += height

    heads = ["Part", "Where it is kept", "Price"]
    first = [heads, ["Fender", "behind the door", "39.95"], ["Bilge pump", "on the third\nshelf, beside", "217.40"]]
    cut = [["", "the green\nwindow of shed B", ""], ["Anchor chain", "in the yard", "105.00"]]
    text = text_of(a_pdf(tmp_path / "a.pdf", lambda pdf: grid(pdf, 700, first), lambda pdf: grid(pdf, 60, cut)))
    pump = "Part: Bilge pump | Where it is kept: on the third shelf, beside the green window of shed B | Price: 217.40"
    assert pump in text
    assert text.count("green") == 1
    assert "~~\nPart: Anchor chain | Where it is kept: in the yard | Price: 105.00" in text
    own = [["", "Under the stairs", "18.00"], ["Anchor chain", "in the yard", "105.00"]]
    text = text_of(a_pdf(tmp_path / "b.pdf", lambda pdf: grid(pdf, 700, first), lambda pdf: grid(pdf, 60, own)))
    assert "~~\nWhere it is kept: Under the stairs | Price: 18.00" in text


@pytest.mark.skipif(not CJK.is_file(), reason="without fonts-noto-cjk")
def test_chinese_and_japanese_set_downwards_are_read_from_right_to_left(tmp_path: Path) -> None:
    columns = [
        "吾輩は猫である。名前はまだ無い。",
        "どこで生れたかとんと見当がつかぬ。",
        "何でも薄暗いじめじめした所で",
        "鳴",
    ]

    def downwards(pdf: FPDF) -> None:
        pdf.add_font("cjk", fname=str(CJK))
        pdf.set_font("cjk", size=12)
        for index, column in enumerate(columns):
            for number, letter in enumerate(column):
                pdf.text(500 - 22 * index, 100 + 13 * number, letter)

    def across(pdf: FPDF) -> None:
        pdf.add_font("cjk", fname=str(CJK))
        pdf.set_font("cjk", size=12)
        for index, line in enumerate(columns):
            pdf.text(60, 100 + 20 * index, line)

    (passage,) = read(a_pdf(tmp_path / "a.pdf", downwards)).passages
    assert passage.text == "\n".join(columns)
    first = passage.places[0].location
    assert isinstance(first, Page)
    assert all(box.left > 0.8 and box.right < 0.9 for box in first.boxes)
    assert text_of(a_pdf(tmp_path / "b.pdf", across)) == "\n".join(columns)
