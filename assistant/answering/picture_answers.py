"""What the model says of pictures that it saw: which sentence is about which picture, and where in it.

Such a citation opens the picture and claims no more: no text was compared, so the answer is not called grounded for it.
A sentence gets one where it names the picture ("picture 2", its file, "the photo" where there is one) or points at a
place in it; a place is told of no picture where it cannot be told of which.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.answering.picture_budget import PromptPicture, PromptPictures
from assistant.citing.citations import Cited
from assistant.models.profiles import ModelProfile
from assistant.text.picture_references import named_in
from assistant.text.tokens import sentences
from assistant.values.events import Citation
from assistant.values.evidence import Region
from assistant.vision import grounding
from assistant.vision.grounding import MARK, Grounded, GroundedBox, Scale

_THE_PICTURE = re.compile(
    r"\b(?:picture|photo|photograph|image|screenshot|scan|drawing)\b|图片|照片|图像|截图|图中|图里|这张图",
    re.IGNORECASE,
)


def read(said: str, showing: PromptPictures, profile: ModelProfile) -> Grounded:
    """What the model said, with the places that it pointed at, where it was shown pictures."""
    if not showing.pictures:
        return Grounded(said)
    sent = showing.pictures[-1].sent
    scale: Scale = "pixels" if profile.boxes == "pixels" else "thousandths"
    return grounding.read(said, scale, sent.width, sent.height)


def plain(text: str) -> str:
    return text.replace(MARK, "")


def cite(cited: Cited, grounded: Grounded, showing: PromptPictures) -> Cited:
    """`cited`, of `grounded.text`, with a number behind each place and each sentence about a picture."""
    if not showing.pictures:
        return replace(cited, text=cited.text.replace(MARK, ""))
    writer = _PictureCiter(cited, [shown for shown in showing.pictures if shown.image.source_id])
    places = list(grounded.places)
    out, last = "", 0
    for start, end in sentences(cited.text):
        sentence = cited.text[start:end]
        out += cited.text[last:start] + writer.written(sentence, [places.pop(0) for _ in range(sentence.count(MARK))])
        last = end
    text = (out + cited.text[last:]).replace(MARK, "")
    about = writer.about
    unsupported = tuple(
        one.replace(MARK, "") for one in cited.unsupported if one.replace(MARK, "").strip() not in about
    )
    return replace(cited, text=text, citations=tuple(writer.citations), unsupported=unsupported)


class _PictureCiter:
    """Goes through the sentences in order: a picture named in one is meant by places in those that follow."""

    def __init__(self, cited: Cited, pictures: Sequence[PromptPicture]) -> None:
        self.citations = list(cited.citations)
        self.about: set[str] = set()
        self._pictures = pictures
        self._last: PromptPicture | None = self._only()

    def written(self, sentence: str, places: list[GroundedBox]) -> str:
        plain = re.sub(r"\[\d+\]", "", sentence).replace(MARK, "").strip()
        meant = self._meant(plain)
        if len(meant) == 1:
            self._last = meant[0]
        if places and self._last is not None:
            picture = self._last
            numbers = [self._number(picture, Region((place.box,)), place.label) for place in places]
            self.about.add(plain)
            for number in numbers:
                sentence = sentence.replace(MARK, f"[{number}]", 1)
            return sentence
        if meant and not re.search(r"\[\d+\]", sentence):
            self.about.add(plain)
            return sentence + "".join(f"[{self._number(one, Region(), '')}]" for one in meant)
        return sentence

    def _meant(self, sentence: str) -> list[PromptPicture]:
        _, numbers = named_in(sentence)
        whole = [shown for shown in self._pictures if shown.kind != "frame"]
        current = [shown for shown in whole if shown.kind == "picture"]
        meant = [shown for shown in current if shown.number in numbers]
        lower = sentence.lower()
        meant += [shown for shown in whole if shown not in meant and shown.image.name.lower() in lower]
        if not meant and not numbers and len(whole) == 1 and _THE_PICTURE.search(sentence):
            return whole
        return meant

    def _only(self) -> PromptPicture | None:
        whole = [shown for shown in self._pictures if shown.kind != "frame"]
        current = [shown for shown in whole if shown.kind == "picture"]
        return current[0] if len(current) == 1 else whole[0] if len(whole) == 1 else None

    def _number(self, picture: PromptPicture, region: Region, label: str) -> int:
        image = picture.image
        for known in self.citations:
            if known.seen and (known.source_id, known.location) == (image.source_id, region):
                return known.number
        number = len(self.citations) + 1
        self.citations.append(Citation(number, image.source_id, image.name, "image", region, label, seen=True))
        return number
