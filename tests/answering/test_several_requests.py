"""Several requests in one sentence are told apart, and a name with a point in it is none of two."""

from collections.abc import Collection, Mapping

import pytest

from assistant.answering.tuning import AnswerTuning
from assistant.answering.understanding import There, understand
from assistant.values.conversation import Conversation
from assistant.values.files import FileFacts


class ByFirstWord:
    """A classifier that knows a few kinds by their words, the first of which is the kind and the others are heard; all
    else it takes for facts about files."""

    def scores(self, words: str, candidates: Collection[str]) -> Mapping[str, float]:
        known = {"summarise": "whole", "transcribe": "transcript", "translate": "translate"}
        heard = dict.fromkeys((known[word] for word in words.lower().split() if word in known), 0.4)
        return heard | {known.get(words.split()[0].lower(), "file_facts"): 1.0}

    def facet(self, words: str, kind: str) -> str:
        return ""


@pytest.mark.parametrize(
    ("words", "kinds"),
    [
        ("Summarise handbook.pdf", ["whole"]),
        ("Summarise handbook.pdf.", ["whole"]),
        ("Summarise part 2.5 of handbook.pdf", ["whole"]),
        ("Transcribe talk.ogg. Translate it.", ["transcript", "translate"]),
        ("Transcribe talk.ogg and summarise it", ["transcript", "whole"]),
        ("transcribe it\nsummarise it", ["transcript", "whole"]),
    ],
)
def test_requests_are_parted_at_sentences_and_not_in_names(words: str, kinds: list[str]) -> None:
    files = (FileFacts("a", "handbook.pdf", "text"), FileFacts("b", "talk.ogg", "audio"))
    request = understand(words, There(files, ("a", "b"), frozenset(), Conversation()), ByFirstWord(), AnswerTuning())
    assert [part.kind for part in request.every_part] == kinds
