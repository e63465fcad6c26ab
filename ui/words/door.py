"""The words of refusals at the door: for requests that no page of ours sends."""

from dataclasses import dataclass

from ui.words.catalogues import SOURCE, Language


@dataclass(frozen=True)
class DoorWords:
    language: Language = SOURCE
    other_site: str = (
        "Another site's page asked for this, so I did not answer. If this is your page behind a proxy, name its "
        "address with --origins."
    )
    other_name: str = (
        "This page is for its own machine alone and was asked for under another name, so I did not answer. If that "
        "name is meant, give its address with --origins."
    )
    closed: str = "There is nothing at this address."
    not_yours: str = "This belongs to another visitor. Load the page anew."
    not_handed_over: str = "I take only files that you handed over here. Load the page anew, and hand yours over again."
    odd_value: str = "That is nothing that a page of ours sends, so I did not take it. Load the page anew."
    too_long: str = "That is more than any page of ours sends, so I did not read it."


ENGLISH = DoorWords()
