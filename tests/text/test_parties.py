"""Between whom a letter is."""

import pytest

from assistant.text.parties import Parties, in_the_role, parties_of, readdressed


@pytest.mark.parametrize(
    ("text", "parties"),
    [
        ("Invoice\nFrom: North Print, 8 Canal Street\nTo: Lake School, Room 4", ("North Print", "Lake School")),
        ("Von: Anna Berg <anna@berg.example>\nAn: Jan Ott\nBetreff: Teich", ("Anna Berg", "Jan Ott")),
        ("发件人：王芳\n收件人：张伟", ("王芳", "张伟")),
        (
            "Hartwell Lettings\n\nDear Mr Dube,\nThe rent rises.\n\nYours sincerely\nGrace Holloway",
            ("Grace Holloway", "Mr Dube"),
        ),
        ("Liebe Frau Sahin,\ndas Angebot.\nMit freundlichen Grüßen\nJörg Althaus", ("Jörg Althaus", "Frau Sahin")),
        ("Hi Ben!\nSee you.\nBest,\n\nAda", ("Ada", "Ben")),
        ("Dear Ada,\nno more than that", None),
        ("From: the harbour you see the tower.", None),
        ("To: everybody", None),
        ("It runs from: here, to: there", None),
    ],
)  # fmt: skip
def test_the_lines_that_say_it_are_read(text: str, parties: tuple[str, str] | None) -> None:
    assert parties_of(text) == (Parties(*parties) if parties else None)


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("schreib dem verkäufer kurz, dass ich später komme", "Jörg Althaus"),
        ("Write to the Käuferin.", "Mina Sahin"),
        ("schreib der Versicherung", ""),
    ],
)
def test_who_has_a_role_in_a_contract_is_written_to_by_it(words: str, name: str) -> None:
    assert (
        in_the_role(words, "Verkäufer: Jörg Althaus, Kassel\nKäuferin: Mina Sahin, Marburg\n§ 1 Preis: 7.850 Euro")
        == name
    )


def test_a_reply_that_took_over_the_letters_greeting_is_turned_round() -> None:
    parties = Parties("Grace Holloway", "Mr Dube")
    copied = "Dear Mr Dube,\nI do not agree.\nYours sincerely\nGrace Holloway"
    assert readdressed(copied, parties) == "Dear Grace Holloway,\nI do not agree.\nYours sincerely\nMr Dube"
    right = "Dear Grace,\nI do not agree.\nBest regards\nThabo"
    assert readdressed(right, parties) == right
