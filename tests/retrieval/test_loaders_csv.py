"""Tables as text are read whatever program wrote them: what parts their cells, what quotes them, which encoding."""

from pathlib import Path

import pytest

from assistant.media import identify
from assistant.values.errors import BadInput
from assistant.values.evidence import Sheet
from assistant.values.limits import Limits
from retrieval.loaders import parse
from retrieval.parse_context import ParseContext


def rows(folder: Path, source: str | bytes, name: str = "table.csv") -> list[tuple[str, int]]:
    (folder / name).write_bytes(source if isinstance(source, bytes) else source.encode())
    document = parse(folder / name, name, "text/csv", ParseContext(Limits()))
    return [
        (passage.text[place.start : place.end], place.location.first_row)
        for passage in document.passages
        for place in passage.places
        if isinstance(place.location, Sheet)
    ]


@pytest.mark.parametrize(
    ("source", "second"),
    [
        ("Item;Price;Net\nOil;2,5;3,5\nSeal;1,5;2,5\n", "Item: Oil | Price: 2,5 | Net: 3,5"),
        ("Item;Price\nOil;2,50\nSeal;1,50\nBolt;0,20\n", "Item: Oil | Price: 2,50"),
        ("Name;Weight\n1;2,5\n3;4,5\n", "Name: 1 | Weight: 2,5"),
        ("Item,Note\nOil,a;b\nSeal,c;d;e\n", "Item: Oil | Note: a;b"),
        ("Item\tNote\nOil\ta, b, c\nSeal\td, e\n", "Item: Oil | Note: a, b, c"),
        ("Item|Note\nOil|a, b\nSeal|c, d\n", "Item: Oil | Note: a, b"),
        ('Item,Note\n"Oil, fine","says ""go"""\nSeal,x\n', 'Item: Oil, fine | Note: says "go"'),
        ('Item,Note\nOil,"says \\"go\\", twice"\nSeal,"x \\"y\\""\n', 'Item: Oil | Note: says "go", twice'),
        ("Item,Note\n'Oil, fine','a'\n'Seal','b'\n'Bolt','c'\n", "Item: Oil, fine | Note: a"),
        ('Item, Note\n"Oil", "a, b"\n"Seal", "c"\n', "Item: Oil | Note: a, b"),
        ('Item,Note\nPipe,5" wide\nSeal,"two\nlines"\n', 'Item: Pipe | Note: 5" wide'),
        ('"Item;Price"\n"Oil;2,5"\n', "Item: Oil | Price: 2,5"),
        ('"Item,""Note"""\n"Oil,""a, b"""\n', "Item: Oil | Note: a, b"),
        ('"Item","Price"\n"Oil","2,5"\n', "Item: Oil | Price: 2,5"),
        ('"Item";"Price"\n"Oil";"2,5"\n', "Item: Oil | Price: 2,5"),
        ("\ufeffItem,Price\nOil,2.5\n", "Item: Oil | Price: 2.5"),
        ("Item,Price\r\nOil,2.5\r\n", "Item: Oil | Price: 2.5"),
        ("Item,Price\rOil,2.5\r", "Item: Oil | Price: 2.5"),
    ],
)
def test_cells_are_parted_as_they_were_meant(tmp_path: Path, source: str, second: str) -> None:
    assert rows(tmp_path, source)[1] == (second, 2)


def test_the_line_that_tells_excel_what_parts_the_cells_is_no_row(tmp_path: Path) -> None:
    assert rows(tmp_path, "sep=;\nItem;Price\nOil;2,5\n") == [("Item | Price", 2), ("Item: Oil | Price: 2,5", 3)]


def test_a_quotation_mark_that_is_never_closed_swallows_nothing(tmp_path: Path) -> None:
    source = 'Item,Note\n"Pipe,5 wide\n' + "".join(f"Seal {number},x\n" for number in range(100))
    found = rows(tmp_path, source)
    assert found[1] == ('Item: "Pipe | Note: 5 wide', 2)
    assert found[-1] == ("Item: Seal 99 | Note: x", 102)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "cp1252", "cp1250", "mac_roman"])
def test_the_encoding_is_found(tmp_path: Path, encoding: str) -> None:
    source = "Straße;Größe;Preis\nHauptstraße;12,5;3\nÄgidienweg;7,0;4\nDüsterweg;1;5\n"
    found = rows(tmp_path, source.encode(encoding))
    assert found[1] == ("Straße: Hauptstraße | Größe: 12,5 | Preis: 3", 2)


def test_text_in_utf16_without_its_mark_is_no_unknown_file(tmp_path: Path) -> None:
    (tmp_path / "table.csv").write_bytes("Straße;Größe\n1;2\n".encode("utf-16-le"))
    assert identify(tmp_path / "table.csv", "table.csv") == "text/csv"
    (tmp_path / "sound.csv").write_bytes(bytes(range(256)) * 4)
    with pytest.raises(BadInput, match="what kind of file"):
        identify(tmp_path / "sound.csv", "sound.csv")


def test_a_tsv_with_commas_alone_is_read_by_them(tmp_path: Path) -> None:
    assert rows(tmp_path, "Item,Price\nOil,2\n", "table.tsv")[1] == ("Item: Oil | Price: 2", 2)


def test_the_first_line_names_the_columns_also_of_two(tmp_path: Path) -> None:
    found = rows(tmp_path, "Item,Size\nshirt,L\nshoes,42\nring,7\nhat,M\n")
    assert found[2] == ("Item: shoes | Size: 42", 3)
