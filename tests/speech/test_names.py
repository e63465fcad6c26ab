"""Names that are likely to be spoken, found in what both sides know."""

import pytest

from assistant.speech.recognition.names import LONGEST, MOST, names_in, only_names, recited


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("The pump was serviced by Dana Ortiz in March.", ("Dana Ortiz",)),
        ("Who maintains it?", ()),
        ("Ask Anneliese van der Voss about the Kestrel pump.", ("Ask Anneliese", "Voss", "Kestrel")),
        ("The Bank of Ireland wrote to us.", ("Bank of Ireland",)),
        ("It is a KX-40 beside my iPhone, in 2024.", ("KX-40", "iPhone")),
        ("brightwater-invoice_Ortiz.pdf", ("Ortiz",)),
        ("李明说《风之谷》很好看。", ("风之谷",)),
        ("", ()),
    ],
)
def test_names_are_found(text: str, names: tuple[str, ...]) -> None:
    assert names_in([text]) == names


def test_a_name_is_given_once_and_whole() -> None:
    assert names_in(["Did Ortiz call?", "Dana Ortiz did.", "DANA ORTIZ"]) == ("Dana Ortiz",)


def test_there_are_never_too_many() -> None:
    assert len(names_in(f"Zebra{number}x, Person{number}" for number in range(100))) == MOST
    assert names_in(["A" + "a" * LONGEST]) == ()
    assert len(names_in(["-a" * 1_000_000, *(f"Zebra{n}q " * 2000 for n in range(1000))])) <= MOST


def test_nothing_but_names_is_told_from_a_sentence() -> None:
    assert only_names("Dana Ortiz, Kestrel.", ["Kestrel", "Dana Ortiz"])
    assert not only_names("Call Dana Ortiz.", ["Dana Ortiz"])
    assert not only_names("...", ["Dana Ortiz"])
    assert recited("by Dana Ortiz, Kestrel, Kestrel, Dana Ortiz, Kestrel", ["Dana Ortiz", "Kestrel"])
    assert recited("Kestrel-9, Dana Ortiz, Dana Ortiz, Dana Ort", ["Dana Ortiz", "Kestrel-9"])  # stopped in the middle
    assert not recited("Dana Ortiz", ["Dana Ortiz"])
