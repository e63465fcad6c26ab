"""Films and long recordings with the real models of the CPU default, in conversations as the page has them.

    python benchmarks/video.py ready    # a 10-minute film: when its first answer, all words and all frames are there
    python benchmarks/video.py memory   # an hour: how much the process grows over its loaded models
    python benchmarks/video.py facts    # sentences at known seconds: is each cited within 2 s (needs espeak-ng)

--minutes changes the length of the first two. What is made is put into --folder, a temporary one by default, and
used again where it is there.
"""

import argparse
import json
import os
import re
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy
import psutil

ROOT = Path(__file__).parent.parent
sys.path[:] = [str(ROOT), *(one for one in sys.path if one != str(ROOT / "benchmarks"))]  # which has a requests.py

from cli.main import QUIET

os.environ.update(QUIET)

from assistant.conversations.conversations import Conversations
from assistant.conversations.history import History
from assistant.intake.background import Background
from assistant.media import read_samples
from assistant.settings.settings import from_environment
from assistant.storage.originals import Originals
from assistant.values.events import Answer, Done
from assistant.values.evidence import Seconds
from assistant.values.parts import Attachment, Text, Turn
from cli.wiring import wire
from tests.support.films_made import Pixels, Scene, placed, write_film
from tests.support.media_made import JFK, RATE, Samples

FACTS = {
    6.0: ("The warehouse in Rotterdam burned down in nineteen eighty four.", "When is the warehouse mentioned?"),
    21.0: ("Doctor Meyer ordered forty new microscopes for the laboratory.", "When does he talk about microscopes?"),
    34.0: ("The price of the blue bicycle is five hundred dollars.", "When does he mention the price of the bicycle?"),
    52.0: ("Our next meeting takes place on Friday in the town hall.", "At what point is the next meeting mentioned?"),
    70.0: ("The captain lost his compass during the storm.", "When is the compass mentioned?"),
}


class ProgramWithoutPage:
    """The program without its page."""

    def __init__(self, folder: Path) -> None:
        settings = replace(from_environment(os.environ), data=folder, offline=True)
        originals = Originals(folder / "originals")
        models, assistant = wire(settings, folder / "library", originals)
        self.background = Background(assistant.library, assistant.files.go_on)
        self.assistant = replace(assistant, background=self.background)
        self.history = History(folder / "conversations", originals)
        self.conversations = Conversations(self.history, self.assistant, originals)
        for part in (models.engine, models.embedder, assistant.library, models.transcriber, models.reader):
            part.get()
        models.transcriber.get().transcribe(read_samples(JFK))  # what is loaded at the first use

    def ask(self, conversation: str, words: str, *files: Attachment) -> Answer:
        entries = self.history.turns("me", conversation)
        after = entries[-1].id if entries else ""
        _, events = self.conversations.ask("me", conversation, Turn((Text(words), *files)), after, threading.Event())
        *_, last = events
        assert isinstance(last, Done), last
        return last.answer

    def close(self) -> None:
        self.background.close()
        self.history.close()
        self.assistant.close()


def ready(house: ProgramWithoutPage, folder: Path, minutes: float) -> dict[str, float]:
    path = folder / f"film-{minutes:g}.mp4"
    if not path.exists():
        sound = placed(60.0, *((start, read_samples(JFK)) for start in range(1, 48, 13)))
        minute = write_film(folder / "minute.mp4", panned(60, 8, (1280, 720)), sound, (1280, 720))
        repeated(minute, path, round(minutes))
    conversation = house.history.make("me").id
    began = time.monotonic()
    house.ask(conversation, "What shall you ask?", Attachment(path, path.name))
    told = {"first answer": time.monotonic() - began}
    while house.background.doing(conversation):
        if "all words" not in told and house.background.doing(conversation)[0].watching:
            told["all words"] = time.monotonic() - began
        time.sleep(0.2)
    told["frames as well"] = time.monotonic() - began
    return {name: round(value, 1) for name, value in told.items()}


def memory(house: ProgramWithoutPage, folder: Path, minutes: float) -> dict[str, float]:
    path = folder / f"long-{minutes:g}.mp4"
    if not path.exists():
        sound = placed(60.0, (20.0, read_samples(JFK)))
        minute = write_film(folder / "minute.mp4", panned(60, 20, (640, 360), 10), sound, (640, 360), fps=10)
        repeated(minute, path, round(minutes))
    process = psutil.Process()
    at_rest, highest = process.memory_info().rss, 0.0
    conversation = house.history.make("me").id
    began = time.monotonic()
    house.ask(conversation, "What shall you ask?", Attachment(path, path.name))
    while house.background.doing(conversation):
        highest = max(highest, process.memory_info().rss)
        time.sleep(0.1)
    return {
        "MB at rest, models loaded": round(at_rest / 1e6),
        "MB more at most": round((highest - at_rest) / 1e6),
        "MB of the process at most": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3),
        "seconds": round(time.monotonic() - began),
    }


def facts(house: ProgramWithoutPage, folder: Path, minutes: float) -> dict[str, object]:  # noqa: ARG001
    sound = placed(80.0, *((start, said(words, folder)) for start, (words, _) in FACTS.items()))
    path = write_film(folder / "facts.mp4", panned(80, 6, (640, 360)), sound, (640, 360))
    conversation = house.history.make("me").id
    house.ask(conversation, "What is this about?", Attachment(path, path.name))
    rows = []
    for start, (_, asked) in FACTS.items():
        answer = house.ask(conversation, asked)
        times = [cited.location.start for cited in answer.citations if isinstance(cited.location, Seconds)]
        rows.append((asked, start, times[:1], answer.text))
    for start, (words, _) in FACTS.items():
        minute, second = divmod(round(start) + 1, 60)
        answer = house.ask(conversation, f"What is said at {minute}:{second:02}?")
        times = [cited.location.start for cited in answer.citations if isinstance(cited.location, Seconds)]
        rows.append((words, start, times[:1], answer.text))
    near = [bool(times) and abs(times[0] - start) <= 2 for _, start, times, _ in rows]
    return {"cited within 2 s": sum(near), "asked": len(near), "rows": rows}


def repeated(film: Path, to: Path, times: int) -> None:
    """The same film over and over, without encoding it again."""
    import av

    with av.open(str(to), "w") as out:
        streams: dict[int, object] = {}
        last: dict[int, int] = {}
        for number in range(times):
            with av.open(str(film)) as one:
                for stream in one.streams:
                    if stream.index not in streams:
                        streams[stream.index] = out.add_stream_from_template(stream)
                for packet in one.demux():
                    if packet.dts is None:
                        continue
                    later = round(60 * number / packet.time_base)
                    packet.pts, packet.dts = packet.pts + later, packet.dts + later  # type: ignore[operator]
                    track = packet.stream.index
                    if packet.dts <= last.get(track, -1 << 60):
                        continue  # the sound is a little longer than its minute
                    last[track] = packet.dts
                    packet.stream = streams[track]  # type: ignore[assignment]
                    out.mux(packet)


def said(words: str, folder: Path) -> Samples:
    path = folder / "said.wav"
    subprocess.run(["espeak-ng", "-v", "en-us", "-s", "150", "-w", str(path), words], check=True)
    samples = read_samples(path)
    loud = numpy.flatnonzero(numpy.abs(samples) > 0.01)
    return samples[loud[0] : loud[-1] + RATE // 10]


def panned(seconds: int, every: int, size: tuple[int, int], fps: int = 25) -> Iterator[Pixels]:
    """A new scene every so many seconds, each with words of its own; only the camera moves, which is soon drawn."""
    width, height = size
    for number in range(0, seconds, every):
        frame = next(Scene(number + 1, 1, words=f"PART {number} OF {seconds}").drawn(size))
        top = frame[: height * 3 // 4]
        for at in range(min(every, seconds - number) * fps):
            yield numpy.concatenate([numpy.roll(top, at % width, axis=1), frame[height * 3 // 4 :]])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("ready", "memory", "facts"))
    parser.add_argument("--minutes", type=float, default=0.0)
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="medley-video-") as passing:
        folder = options.folder or Path(passing)
        folder.mkdir(parents=True, exist_ok=True)
        house = ProgramWithoutPage(folder / "data")
        try:
            run = {"ready": ready, "memory": memory, "facts": facts}[options.what]
            minutes = options.minutes or {"ready": 10.0, "memory": 60.0, "facts": 0.0}[options.what]
            print(re.sub(r"\], \[", "],\n[", json.dumps(run(house, folder, minutes), ensure_ascii=False)))
        finally:
            house.close()


if __name__ == "__main__":
    main()
