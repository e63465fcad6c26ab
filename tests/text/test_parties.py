"""Between whom a letter is."""

import pytest

from assistant.text.parties import Parties, parties_of


@pytest.mark.parametrize(
    ("text", "parties"),
    [
        ("Invoice\nFrom: North Print, 8 Canal Street\nTo: Lake School, Room 4", ("North Print", "Lake School")),
        ("Von: Anna Berg <anna@berg.example>\nAn: Jan Ott\nBetreff: Teich", ("Anna Berg", "Jan Ott")),
        ("发件人：王芳\n收件人：张伟", ("王芳", "张伟")),
        ("From: the harbour you see the tower.", None),
        ("To: everybody", None),
        ("It runs from: here, to: there", None),
    ],
)  # fmt: skip
def test_the_lines_that_say_it_are_read(text: str, parties: tuple[str, str] | None) -> None:
    assert parties_of(text) == (Parties(*parties) if parties else None)
