"""Who speaks: names that a person gives to the channels, tracks and voices of a recording.

They are part of the answer that took them, so that they last, travel and are branched with the conversation; a turn
that is taken back takes its names with it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from assistant.values.evidence import Evidence, Location, Seconds

LONGEST = 60  # characters of a name; what an archive of a stranger brings is cut there


@dataclass(frozen=True)
class SpeakerName:
    """What somebody is called from here on."""

    source_id: str
    track: str
    """As `Seconds.track` has it, before anybody was named."""
    name: str
    """ "": as the channel or voice is called by itself."""


Names = Mapping[str, Mapping[str, str]]
"""source_id → track → name."""
NOBODY: Names = MappingProxyType({})


def names_given(given: Iterable[SpeakerName]) -> dict[str, dict[str, str]]:
    """What holds after all of these, in the order in which they were given."""
    names: dict[str, dict[str, str]] = {}
    for one in given:
        of_file = names.setdefault(one.source_id, {})
        if name := " ".join(one.name.split())[:LONGEST].rstrip():
            of_file[one.track] = name
        else:
            of_file.pop(one.track, None)
    return {source_id: of_file for source_id, of_file in names.items() if of_file}


def with_names(piece: Evidence, names: Names) -> Evidence:
    """The piece with each track called as its speaker is."""
    called = names.get(piece.source_id)
    if not called:
        return piece
    places = tuple(replace(place, location=_named(place.location, called)) for place in piece.places)
    return replace(piece, location=_named(piece.location, called), places=places)


def _named(location: Location, called: Mapping[str, str]) -> Location:
    if isinstance(location, Seconds) and location.track in called:
        return replace(location, track=called[location.track])
    return location
