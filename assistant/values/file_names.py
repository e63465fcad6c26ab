"""Names of files that tell them apart: two that are called the same are called by their folders, or numbered."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path, PurePath

from assistant.values.parts import Attachment

_LONGEST_FOLDER = 40  # characters
_HEX = frozenset("0123456789abcdef")


def told_apart(
    files: Sequence[Attachment], known: Mapping[str, str], digest: Callable[[Path], str]
) -> tuple[Attachment, ...]:
    """The files, each with a name of its own. known: source_id → name of what was given before.

    A file that is the same as one known, or as another of these, keeps its name; so does a spoken question. digest is
    asked only where names meet.
    """
    met: dict[str, list[Attachment]] = {}
    for file in files:
        if file.spoken:
            continue
        met.setdefault(file.name, []).append(file)
    earlier = set(known.values())
    if all(len(same) == 1 for same in met.values()) and not earlier.intersection(met):
        return tuple(files)
    taken = {name: source_id for source_id, name in known.items()}
    made: list[Attachment] = []
    for file in files:
        same = met.get(file.name, [])
        if file.spoken or (len(same) == 1 and file.name not in earlier) or not file.path.is_file():
            made.append(file)
            continue
        source_id = digest(file.path)
        same = [one for one in same if one is file or digest(one.path) != source_id]
        name = known.get(source_id) or _new_name(file, same, taken, source_id)
        taken[name] = source_id
        made.append(replace(file, name=name))
    return tuple(made)


def _new_name(file: Attachment, same: Sequence[Attachment], taken: Mapping[str, str], source_id: str) -> str:
    """By its folder where those of the others are called otherwise, else the first number that is free."""
    stem, ending = PurePath(file.name).stem, PurePath(file.name).suffix
    folders = {_folder(one) for one in same}
    if len(folders) > 1 and "" not in folders:
        name = f"{stem} ({_folder(file)}){ending}"
        if taken.get(name, source_id) == source_id:
            return name
    name, number = file.name, 1
    while taken.get(name, source_id) != source_id:
        number += 1
        name = f"{stem} ({number}){ending}"
    return name


def _folder(file: Attachment) -> str:
    """The name of the folder that it lies in, "" for one that no person gave."""
    name = file.path.parent.name
    made_up = len(name) >= 16 and _HEX.issuperset(name)
    return name if 0 < len(name) <= _LONGEST_FOLDER and not made_up else ""
