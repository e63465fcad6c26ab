"""JSON and JSON lines: what belongs to one record stays together, however deep it lies."""

from pathlib import Path

from assistant.values.evidence import Document, Lines, Location, Section
from assistant.values.limits import Limits
from retrieval.loaders import parse
from retrieval.parse_context import ParseContext


def read(folder: Path, source: str, name: str) -> Document:
    (folder / name).write_text(source)
    return parse(folder / name, name, "application/json", ParseContext(Limits()))


def told(folder: Path, source: str, name: str) -> list[tuple[str, Location]]:
    return [
        (passage.text[place.start : place.end], place.location)
        for passage in read(folder, source, name).passages
        for place in passage.places
    ]


NESTED = '{"id": 7, "user": {"name": "Ana", "tags": ["a", "b"]}, "items": [{"sku": "x", "n": 2}, {"sku": "y", "n": 3}]}'
FLAT = "id: 7 | user name: Ana | user tags: a, b | items 1 sku: x | items 1 n: 2 | items 2 sku: y | items 2 n: 3"


def test_a_line_of_json_is_one_record_however_deep(tmp_path: Path) -> None:
    source = f'{NESTED}\n{{"id": 8, "user": {{"name": "Bo"}}}}\n'
    assert told(tmp_path, source, "log.jsonl") == [(FLAT, Lines(1, 1)), ("id: 8 | user name: Bo", Lines(2, 2))]


def test_the_records_of_a_list_stay_whole(tmp_path: Path) -> None:
    assert told(tmp_path, f'{{"orders": [{NESTED}]}}', "orders.json") == [
        (f"orders 1: {FLAT}", Section("orders 1")),
    ]


def test_each_part_of_a_long_record_tells_whose_it_is(tmp_path: Path) -> None:
    steps = ", ".join(f'{{"at": {number}, "note": "{"word " * 10}"}}' for number in range(30))
    lines = told(tmp_path, f'{{"id": 7, "run": {{"steps": [{steps}]}}}}', "log.jsonl")
    assert len(lines) > 3
    assert all(words.startswith("id: 7 | ") and len(words) < 650 for words, _ in lines)
    assert {place for _, place in lines} == {Lines(1, 1)}


def test_records_over_several_lines_are_read_one_behind_the_other(tmp_path: Path) -> None:
    source = '{\n  "id": 1,\n  "who": "Ana"\n}\n{\n  "id": 2\n}\n'
    expected = [("id: 1 | who: Ana", Lines(1, 4)), ("id: 2", Lines(5, 7))]
    assert told(tmp_path, source, "log.json") == expected
    assert told(tmp_path, source, "log.jsonl") == expected


def test_one_bad_line_does_not_spoil_the_others(tmp_path: Path) -> None:
    document = read(tmp_path, '{"id": 1}\n{"id": \n{"id": 3}\n', "log.jsonl")
    assert document.passages[0].text == 'id: 1\n{"id":\nid: 3'
    assert document.notes == ("Lines of log.jsonl that are no valid JSON I read as plain text: 2",)


def test_a_key_that_stands_twice_is_kept_twice(tmp_path: Path) -> None:
    assert told(tmp_path, '{"a": 1, "a": 2}', "a.json") == [("a: 1 | a (2): 2", Section(""))]
