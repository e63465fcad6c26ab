"""What Outlook keeps and packs is read as any other message."""

import random
import struct
import time
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest

from assistant.values.errors import BadInput
from assistant.values.evidence import Document
from assistant.values.limits import Limits
from retrieval.loaders import load_document, parse
from retrieval.outlook.compressed_rtf import unpacked
from retrieval.parse_context import ParseContext
from tests.support.outlook_made import message, packed, storage, write_compound

SENT = datetime(2026, 5, 12, 6, 30, tzinfo=UTC)
SAID = {0x0037: "Kräne – neue Zeiten", 0x0042: "Zoë Hänninen", 0x5D02: "zoe@example.org", 0x0039: SENT}
RTF = bytes.fromhex(
    "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0"
)  # the example of [MS-OXRTFCP], 4.1


def read(path: Path, name: str = "") -> Document:
    return load_document(path, name or path.name, Limits())


def told(document: Document) -> str:
    return "\n~\n".join(passage.text for passage in document.passages)


def test_a_message_of_outlook_says_who_when_and_what_and_each_of_its_files(tmp_path: Path) -> None:
    inner = message({0x0037: "The lost buoy", 0x1000: "It was found near mark 61.", 0x0042: "Paolo Neri"}, within=True)
    tree = message(
        {**SAID, 0x1000: "Der Kran K-4 ruht ab 18:45 Uhr.\r\nJörg"},
        storage({0x3707: "codes.csv", 0x3704: "CODES~1.CSV", 0x3701: b"gate,code\nNorth,8841\n"}, 8),
        storage({0x3001: "The lost buoy", 0x3705: 5}, 8, __substg1=inner),
        people=(
            storage({0x3001: "The office", 0x39FE: "office@example.org", 0x0C15: 1}, 8),
            storage({0x3001: "Ana Ruiz", 0x3003: "/O=BOARD/CN=ANA", 0x0C15: 2}, 8),
        ),
    )
    attached = tree["__attach_version1.0_#00000001"]
    assert isinstance(attached, dict)
    attached["__substg1.0_3701000D"] = attached.pop("__substg1")
    document = read(write_compound(tmp_path / "a.msg", tree))
    assert told(document).split("\n~\n") == [
        "From: Zoë Hänninen <zoe@example.org>\nTo: The office <office@example.org>\nCc: Ana Ruiz\n"
        "Date: Tue, 12 May 2026 06:30:00 +0000\nSubject: Kräne – neue Zeiten\n\n"
        "Der Kran K-4 ruht ab 18:45 Uhr.\nJörg\n\nAttachments: codes.csv, The lost buoy",
        "gate | code\ngate: North | code: 8841",
        "From: Paolo Neri\nSubject: The lost buoy\n\nIt was found near mark 61.",
    ]
    assert document.facts is not None
    assert document.facts.author == "Zoë Hänninen <zoe@example.org>"
    assert not document.notes


def test_a_body_marked_up_or_as_packed_rich_text_is_read_and_an_appointment_says_when_and_where(tmp_path: Path) -> None:
    html = "<p>Ruhe ab <b>18:45</b></p><table><tr><td>Kran</td><td>K-4</td></tr></table>".encode("cp1252")
    write_compound(tmp_path / "a.msg", message({**SAID, 0x1013: html, 0x3FDE: 1252}))
    assert "Ruhe ab 18:45\n\nKran | K-4" in told(read(tmp_path / "a.msg"))
    write_compound(tmp_path / "b.msg", message({**SAID, 0x1009: RTF}))
    assert told(read(tmp_path / "b.msg")).endswith("hello world")
    tree = message({**SAID, 0x1000: "Bring the plans.", 0x8001: "Hall 9", 0x0060: SENT})
    tree["__nameid_version1.0"] = {"__substg1.0_00030102": struct.pack("<IHHIHH", 0x8233, 6, 0, 0x8208, 6, 1)}
    write_compound(tmp_path / "c.msg", tree)
    assert "Start: 2026-05-12 06:30 UTC\nLocation: Hall 9\n\nBring the plans." in told(read(tmp_path / "c.msg"))


def test_winmail_dat_is_read_by_itself_and_its_files_hang_on_the_message_that_it_came_with(tmp_path: Path) -> None:
    data = packed({**SAID, 0x1009: RTF}, ("Plätze.csv", b"berth,ship\nNorth 4,Aurelia\n"), ("note.txt", b"Bring oil."))
    (tmp_path / "winmail.dat").write_bytes(data)
    alone = told(read(tmp_path / "winmail.dat"))
    assert "Subject: Kräne – neue Zeiten" in alone
    assert "hello world" in alone
    assert "berth: North 4 | ship: Aurelia" in alone
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "zoe@example.org", "Kräne"
    mail.set_content("Hello world, and more.")
    mail.add_attachment(data, maintype="application", subtype="ms-tnef", filename="winmail.dat")
    (tmp_path / "a.eml").write_bytes(mail.as_bytes())
    document = read(tmp_path / "a.eml")
    assert "Attachments: Plätze.csv, note.txt" in told(document)
    assert told(document).count("ello world") == 1
    assert "berth: North 4 | ship: Aurelia" in told(document)
    assert "Bring oil." in told(document)


def test_a_message_cut_off_or_changed_anywhere_is_read_in_part_or_refused_in_a_sentence(tmp_path: Path) -> None:
    tree = message(
        {**SAID, 0x1000: "Der Kran ruht." * 400, 0x1009: RTF}, storage({0x3707: "a.txt", 0x3701: b"x" * 5000}, 8)
    )
    whole = write_compound(tmp_path / "a.msg", tree).read_bytes()
    tnef = packed({**SAID, 0x1000: "Der Kran ruht."}, ("a.txt", b"x" * 500))
    chance = random.Random(7)
    began = time.monotonic()
    for number in range(60):
        source, kind = ((whole, "application/x-ole-storage"), (tnef, "application/ms-tnef"))[number % 2]
        data = bytearray(source[: chance.randrange(40, len(source))] if number % 3 == 0 else source)
        for _ in range(chance.randrange(1, 12)):
            data[chance.randrange(8, len(data))] = chance.choice((0, 1, 127, 255, chance.randrange(256)))
        path = tmp_path / "b"
        path.write_bytes(data)
        try:
            parse(path, "b.msg", kind, ParseContext(folder=tmp_path))
        except BadInput:
            continue
    assert time.monotonic() - began < 60


def test_what_says_that_it_is_longer_than_it_is_takes_no_memory(tmp_path: Path) -> None:
    assert unpacked(RTF[:4] + b"\xff\xff\xff\xff" + RTF[8:], 10_000).startswith(b"{\\rtf1")
    bomb = struct.pack("<II", 100, 0xFFFFFFFF) + b"LZFu" + bytes(4) + (b"\xff" + b"\x00\x0e" * 8) * 50_000
    began = time.monotonic()
    assert len(unpacked(bomb, 1_000_000)) == 1_000_000
    assert time.monotonic() - began < 20
    lie = struct.pack("<I", 0xFFFFFFFF) + struct.pack("<HHI", 0x101F, 0x0037, 0xFFFFFFFF)
    made = b"\x78\x9f\x3e\x22\x01\x00" + struct.pack("<BHHI", 1, 0x9003, 6, len(lie)) + lie + bytes(2)
    (tmp_path / "winmail.dat").write_bytes(made)
    with pytest.raises(BadInput, match="damaged"):
        read(tmp_path / "winmail.dat")


def test_an_old_word_file_is_still_refused_as_that(tmp_path: Path) -> None:
    write_compound(tmp_path / "a.doc", {"WordDocument": bytes(5000)})
    with pytest.raises(BadInput, match="old format of Office"):
        read(tmp_path / "a.doc")
