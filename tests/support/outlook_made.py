"""Messages as Outlook writes them: compound files ([MS-CFB], [MS-OXMSG]) and packed ones ([MS-OXTNEF])."""

import struct
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

WIDE, BINARY, INTEGER, TIME = 0x001F, 0x0102, 0x0003, 0x0040
SECTOR, SMALL = 512, 64
END, FREE, FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
Tree = dict[str, "bytes | Tree"]


def ticks(moment: datetime) -> int:
    return int((moment - datetime(1601, 1, 1, tzinfo=UTC)).total_seconds()) * 10_000_000


def storage(values: dict[int, Any], header: int, **more: Tree) -> Tree:
    """One of a message, a person or a file. values: words, bytes, numbers or times by their property."""
    tree: Tree = {}
    fixed = bytes(header)
    for number, value in values.items():
        match value:
            case str():
                kind, size, data = WIDE, 2 * len(value) + 2, value.encode("utf-16-le")
            case bytes():
                kind, size, data = BINARY, len(value), value
            case datetime():
                fixed += struct.pack("<HHIQ", TIME, number, 6, ticks(value))
                continue
            case _:
                fixed += struct.pack("<HHIQ", INTEGER, number, 6, value)
                continue
        tree[f"__substg1.0_{number:04X}{kind:04X}"] = data
        fixed += struct.pack("<HHIQ", kind, number, 6, size)
    tree["__properties_version1.0"] = fixed
    return {**tree, **more}


def message(values: dict[int, Any], *files: Tree, people: tuple[Tree, ...] = (), within: bool = False) -> Tree:
    tree = storage(values, 24 if within else 32)
    tree.update({f"__attach_version1.0_#{number:08X}": file for number, file in enumerate(files)})
    tree.update({f"__recip_version1.0_#{number:08X}": person for number, person in enumerate(people)})
    return tree


def write_compound(path: Path, tree: Tree) -> Path:
    """Streams of less than 4,096 bytes lie in the small stream, as the format wants it."""
    entries: list[dict[str, Any]] = [{"name": "Root Entry", "kind": 5}]
    _listed(tree, entries, 0)
    small, small_table = b"", list[int]()
    sectors: list[bytes] = []
    table: list[int] = []

    def chained(data: bytes) -> int:
        first, count = len(sectors), -(-len(data) // SECTOR)
        for number in range(count):
            sectors.append(data[number * SECTOR : (number + 1) * SECTOR].ljust(SECTOR, b"\0"))
            table.append(first + number + 1 if number < count - 1 else END)
        return first if count else END

    for entry in entries[1:]:
        data = entry.get("data", b"")
        if 0 < len(data) < 4096:
            entry["start"], count = len(small_table), -(-len(data) // SMALL)
            small_table += [len(small_table) + number + 1 for number in range(count - 1)] + [END]
            small += data.ljust(count * SMALL, b"\0")
        else:
            entry["start"] = chained(data)
    entries[0].update(start=chained(small), data=small)
    small_first = chained(struct.pack(f"<{len(small_table)}I", *small_table).ljust(SECTOR, b"\xff"))
    directory = chained(b"".join(map(_entry, entries)).ljust(-(-len(entries) // 4) * SECTOR, b"\0"))
    count = 1
    while count * SECTOR // 4 < len(table) + count:
        count += 1
    at = len(sectors)
    table += [FAT] * count
    packed = struct.pack(f"<{len(table)}I", *table).ljust(count * SECTOR, b"\xff")
    sectors += [packed[number * SECTOR : (number + 1) * SECTOR] for number in range(count)]
    small_count = -(-4 * len(small_table) // SECTOR) or 1
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, count, directory, 0, 4096, small_first, small_count, END, 0)
    header += struct.pack("<109I", *[*range(at, at + count), *[FREE] * (109 - count)])
    path.write_bytes(header + b"".join(sectors))
    return path


def _listed(tree: Tree, entries: list[dict[str, Any]], parent: int) -> None:
    """Each storage's children as a balanced tree, ordered by length and then by name."""
    kids = []
    for name in sorted(tree, key=lambda name: (len(name), name.upper())):
        inner = tree[name]
        entries.append({"name": name, "kind": 2 if isinstance(inner, bytes) else 1})
        kids.append(len(entries) - 1)
        if isinstance(inner, bytes):
            entries[-1]["data"] = inner
        else:
            _listed(inner, entries, len(entries) - 1)

    def balanced(among: list[int]) -> int:
        if not among:
            return FREE
        middle = len(among) // 2
        entry = entries[among[middle]]
        entry["left"], entry["right"] = balanced(among[:middle]), balanced(among[middle + 1 :])
        return among[middle]

    entries[parent]["child"] = balanced(kids)


def _entry(entry: dict[str, Any]) -> bytes:
    name = entry["name"].encode("utf-16-le") + b"\0\0"
    links = (entry.get("left", FREE), entry.get("right", FREE), entry.get("child", FREE))
    made = name.ljust(64, b"\0") + struct.pack("<HBB", len(name), entry["kind"], 1) + struct.pack("<III", *links)
    start = 0 if entry["kind"] == 1 else entry["start"]
    return made + bytes(36) + struct.pack("<IQ", start, len(entry.get("data", b"")))


def packed(values: dict[int, Any], *files: tuple[str, bytes]) -> bytes:
    """A winmail.dat."""
    made = b"\x78\x9f\x3e\x22\x01\x00" + _attribute(1, 0x9007, 6, struct.pack("<II", 1252, 0))
    made += _attribute(1, 0x9003, 6, properties(values))
    for name, data in files:
        made += _attribute(2, 0x9002, 6, bytes(14)) + _attribute(2, 0x8010, 1, name.encode("cp1252", "replace") + b"\0")
        made += _attribute(2, 0x800F, 6, data) + _attribute(2, 0x9005, 6, properties({0x3707: name}))
    return made


def properties(values: dict[int, Any]) -> bytes:
    made = struct.pack("<I", len(values))
    for number, value in values.items():
        match value:
            case str():
                data, kind = value.encode("utf-16-le") + b"\0\0", WIDE
            case bytes():
                data, kind = value, BINARY
            case datetime():
                made += struct.pack("<HHQ", TIME, number, ticks(value))
                continue
            case _:
                made += struct.pack("<HHI", INTEGER, number, value)
                continue
        made += struct.pack("<HHII", kind, number, 1, len(data)) + data + bytes(-len(data) % 4)
    return made


def _attribute(level: int, number: int, kind: int, data: bytes) -> bytes:
    return struct.pack("<BHHI", level, number, kind, len(data)) + data + struct.pack("<H", sum(data) & 0xFFFF)
