"""What can be guessed of a picture without a model that sees: its likely subject, how many faces, its colours."""

import threading
from pathlib import Path

from assistant.media import open_picture
from assistant.ports.vision import ImageGuess
from assistant.values.errors import EngineError, SetupError
from assistant.values.limits import Limits
from assistant.values.messages import say
from assistant.values.parts import Image
from assistant.vision.colours import main_colours
from assistant.vision.faces import FaceCounter
from assistant.vision.subject import SubjectClassifier


class LocalImageClassifier:
    """Implements `ImageClassifier` with models on this machine."""

    def __init__(self, recogniser: SubjectClassifier, faces: FaceCounter, limits: Limits) -> None:
        self._recogniser, self._faces, self._limits = recogniser, faces, limits
        self._alone = threading.Lock()

    @classmethod
    def load(cls, folder: Path, limits: Limits) -> "LocalImageClassifier":
        """Raises SetupError where the files in it cannot be loaded."""
        try:
            return cls(SubjectClassifier.load(folder), FaceCounter.load(folder), limits)
        except Exception as error:  # torch and OpenVINO raise their own
            raise SetupError(
                say("The recogniser could not be started. Reinstall it: pip install openvino torch")
            ) from error

    def look(self, image: Image, chinese: bool = False) -> ImageGuess:
        """Raises BadInput for a picture that does not open."""
        picture = open_picture(image.path, self._limits, image.name)
        try:
            with self._alone:
                faces = self._faces.find(picture)
                subject = self._recogniser.subject(picture)
        except Exception as error:  # torch and OpenVINO raise their own
            raise EngineError(
                say("Guessing what {name} shows failed. Try a smaller picture.", name=image.name)
            ) from error
        name, kind, share = "", "", 0.0
        if subject is not None:
            share, kind = subject.share, subject.kind
            name = (subject.thing.chinese if chinese else subject.thing.english) if subject.thing else ""
        return ImageGuess(name, kind, share, faces, main_colours(picture, chinese))
