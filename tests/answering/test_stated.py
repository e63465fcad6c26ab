"""Years, dates, amounts, addresses and links: all that stand there, each once, each where it stands."""

import pytest

from assistant.answering.stated import MOST, listed
from assistant.values.evidence import Evidence, Lines, Passage
from tests.one_turn import pieces_of

LETTER = (
    "Founded in 1871 after four years of work, lit in 1924 by gas, moved in November 1893 and again on 3 May 2026. "
    "The bulbs come by 1 August. "
    "It cost 1,950 euros, and 12.50 EUR a year since 1978. Write to info@harbour.example, or see "
    "https://harbour.example/tower (or www.harbour.example). "
    "Those of 2026-05-04 paid $40."
)


def letter() -> list[Evidence]:
    return pieces_of("letter.txt", [Passage(LETTER, Lines(1, 1))])


@pytest.mark.parametrize(
    ("sort", "found"),
    [
        ("years", ["1871", "1924", "1893", "2026", "1978"]),
        ("dates", ["November 1893", "3 May 2026", "1 August", "2026-05-04"]),
        ("amounts", ["1,950 euros", "12.50 EUR", "$40"]),
        ("addresses", ["info@harbour.example"]),
        ("links", ["https://harbour.example/tower", "www.harbour.example"]),
    ],
)
def test_all_of_a_sort_are_listed_and_cited(sort: str, found: list[str]) -> None:
    cited, more = listed(sort, letter())
    assert cited is not None
    assert more == 0
    assert [line.removeprefix("- ").rpartition("[")[0] for line in cited.text.splitlines()] == found
    for line in cited.text.splitlines():
        number = int(line.rpartition("[")[2].rstrip("]"))
        assert line.removeprefix("- ").rpartition("[")[0] in cited.citations[number - 1].quote


def test_what_is_no_such_sort_or_is_not_there_is_left_to_the_model() -> None:
    assert listed("", letter()) == (None, 0)
    assert listed("links", pieces_of("a.txt", [Passage("Nothing here.", Lines(1, 1))])) == (None, 0)


def test_a_list_that_is_too_long_says_how_much_it_leaves_out() -> None:
    years = " ".join(f"In {year} it rained." for year in range(1800, 2010))
    cited, more = listed("years", pieces_of("rain.txt", [Passage(years, Lines(1, 1))]))
    assert cited is not None
    assert (len(cited.text.splitlines()), more) == (MOST, 10)
