"""Markdown is read as it is shown: cells whole whatever code stands in them, what stands above the text, footnotes."""

import time
from pathlib import Path

import pytest

from assistant.values.evidence import Document, Location, Section
from assistant.values.limits import Limits
from retrieval.loaders import parse
from retrieval.parse_context import ParseContext


def read(folder: Path, source: str) -> Document:
    (folder / "notes.md").write_text(source)
    return parse(folder / "notes.md", "notes.md", "text/markdown", ParseContext(Limits()))


def sections(document: Document) -> list[tuple[str, Location]]:
    return [(passage.text, passage.location) for passage in document.passages]


def test_code_in_the_cells_of_a_table_leaves_the_cells_whole(tmp_path: Path) -> None:
    source = (
        "| Command | What it does |\n|:--|--:|\n| run `make tidy` now | formats **all** |\n"
        "| `make \\| tee log` | logs |\n"
        "| `cut | sort` | sorts |\n| ``a ` b | c`` | ticks |\n| only \\| a bar | `**kwargs**` |\n| one<br>two | |\n"
    )
    (passage,) = read(tmp_path, source).passages
    assert passage.text.split("\n") == [
        "Command | What it does",
        "run `make tidy` now | formats all",
        "`make | tee log` | logs",
        "`cut | sort` | sorts",
        "``a ` b | c`` | ticks",
        "only | a bar | `**kwargs**`",
        "one two |",
    ]


def test_a_table_needs_no_bars_at_its_edges(tmp_path: Path) -> None:
    source = "Prices\n\nItem|Price\n---|---:\nSeal|43\n\n> | A | B |\n> |---|---|\n> | 1 | 2 |\n"
    (passage,) = read(tmp_path, source).passages
    assert passage.text == "Prices\n\nItem | Price\nSeal | 43\n\nA | B\n1 | 2"


@pytest.mark.parametrize(
    "front",
    [
        "---\ntitle: \"Commands\"\nowner: Petra Nagy\n\n# who asks\nupdated: 2026-06-21\nauthor: 'Jo Blix'\n---\n",
        '+++\ntitle = "Commands"\nowner = "Petra Nagy"\nupdated = 2026-06-21\nauthor = "Jo Blix"\n+++\n',
        "---\ntitle: Commands\nowner: Petra Nagy\nupdated: 2026-06-21\nauthor: Jo Blix\n...\n",
    ],
)
def test_what_stands_above_the_text_is_kept_as_text(tmp_path: Path, front: str) -> None:
    document = read(tmp_path, front + "\n# Setup\n\nRun it.\n\n# Use\n\nGo.\n")
    assert sections(document) == [
        ("title: Commands\nowner: Petra Nagy\nupdated: 2026-06-21\nauthor: Jo Blix", Section("")),
        ("Run it.", Section("Setup")),
        ("Go.", Section("Use")),
    ]
    assert document.facts is not None
    assert (document.facts.title, document.facts.author, document.facts.outline) == (
        "Commands",
        "Jo Blix",
        ("Setup", "Use"),
    )


def test_a_rule_is_neither_text_nor_front_matter(tmp_path: Path) -> None:
    source = "---\n\nA walk.\n\n---\n\n- one\n- two\n---\nThe end\nof it\n---\nFin.\n* * *\n"
    assert sections(read(tmp_path, source)) == [
        ("A walk.\n\n- one\n- two", Section("")),
        ("Fin.", Section("The end of it")),
    ]


def test_a_footnote_stands_behind_what_points_to_it(tmp_path: Path) -> None:
    source = (
        "# Lamp\n\nIt was lit at dusk[^oil].\n\nAll slept.\n\n[^oil]: It burned *rapeseed* oil,\n    eleven litres.\n"
        "[^lone]: Nobody asks.\n\nMorning.\n"
    )
    assert sections(read(tmp_path, source)) == [
        (
            "It was lit at dusk[^oil].\n[^oil]: It burned rapeseed oil, eleven litres.\n\nAll slept.\n\nMorning.\n\n"
            "[^lone]: Nobody asks.",
            Section("Lamp"),
        )
    ]


def test_what_is_code_or_escaped_keeps_its_signs_and_what_is_hidden_is_left_out(tmp_path: Path) -> None:
    source = (
        "Call `f(**kwargs)` and `<br>`, \\*not\\* styled, ~~old~~ <kbd>Ctrl</kbd> in a_b_c.\n\n"
        "<!-- secret\n\nplan -->\nSee [the guide][g] if a < b > c.\n\n```html\n<!-- shown\n-->\n# kept\n```\n\n"
        "## Next {#n}\n"
    )
    assert sections(read(tmp_path, source)) == [
        (
            "Call `f(**kwargs)` and `<br>`, *not* styled, ~~old~~ Ctrl in a_b_c.\n\nSee the guide if a < b > c.\n\n"
            "<!-- shown\n-->\n# kept",
            Section(""),
        ),
        ("Next", Section("Next")),
    ]


def test_a_table_of_html_within_is_read_by_its_rows(tmp_path: Path) -> None:
    source = (
        "Before.\n\n<table>\n<tr><th>Pump</th><th>Weeks</th></tr>\n\n<tr><td>Beta</td><td>9</td></tr>\n</table>\nAfter."
    )
    (passage,) = read(tmp_path, source).passages
    assert passage.text == "Before.\n\nPump | Weeks\nBeta | 9\n\nAfter."


@pytest.mark.parametrize(
    "line", ["<table\n", "`` ` ", "[^a]: [^b] ", "|`", "<!-- \n", "\\|`a`", "---\n", "> | a\n|-|\n"]
)
def test_a_hostile_page_takes_no_longer_than_an_honest_one(tmp_path: Path, line: str) -> None:
    source = line * (300_000 // len(line))
    began = time.process_time()
    read(tmp_path, source)
    assert time.process_time() - began < 10
