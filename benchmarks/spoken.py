"""The answer's voice, transcribed back: word error rate in English, character error rate in Chinese, and its pace.

    python -m benchmarks.spoken [--limit N] [--voices af_heart,zf_xiaoxiao,…] [--speech PROFILE] [--pace] [--json]

25 sentences of each language, with numbers, dates, units and names, as Markdown that an answer could hold. Each goes
through `speakable` and the voice, and Whisper writes down what it hears. Both what was written and what was heard are
then put into spoken form by the same rules ("12.5 kg" and "twelve point five kilograms" are one thing), without signs
and capitals, Chinese in simplified characters. What a recogniser gets wrong in several voices is likely its own: it is
counted as shared. In Chinese it often writes another character of the same sound (电缆 as 电栏): "by sound" counts
syllables without their tones instead. --pace: seconds of computing for a second of sound, with one and two threads
in turn, and the time until the first piece of an answer can be heard.
"""

import argparse
import json
import re
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy

ROOT = Path(__file__).parent.parent
sys.path[:] = [str(ROOT), *(one for one in sys.path if one != str(ROOT / "benchmarks"))]  # which has a requests.py

from assistant.models.profiles import profile_named
from assistant.ports.embedding import Vectors
from assistant.ports.speech import SpeechAudio
from assistant.settings.settings import Settings
from assistant.setup.models import Models
from assistant.speech.synthesis.kokoro import KokoroSpeaker
from assistant.speech.synthesis.sentences import Sentences
from assistant.speech.synthesis.speakable import speakable
from assistant.speech.text_normalization.normalize import normalize_text
from assistant.text.chinese_scripts import folded

ENGLISH = """\
The pump was serviced on **14 March 2026** by Dana Ortiz [1].
It weighs 12.5 kg and runs at 120 km/h.
The monthly rent is €950, due on the 3rd of each month [2].
The meeting starts at 14:30 and ends at 4:15 pm.
Revenue grew by 12.5% to $3.2 million in 2024.
The temperature must stay between 20–25 °C.
The battery holds 5.4 kWh and lasts about 8 h.
Dr. Smith met Mr. Johnson in New York on Monday.
Between 1990–1995 the population rose to 1,234,567 people.
The disk has 512 GB, and the memory 16 GB.
See [the safety manual](https://example.com/manual.pdf) on page 27.
Only 3/4 of the 48 samples passed the first test.
Chapter IV describes the reign of Louis XIV.
The cable is 2.5 m long and carries 230 V.
Call the office at 555-123-4567 before noon.
On 2025-12-31 the contract with Siemens ends.
The flight from London to Paris takes 75 min and costs £89.50.
William Shakespeare was born in 1564 in Stratford.
The filter should be replaced every 6 months, e.g. in April and October.
The house has an area of 85 m² and three bedrooms.
The 21st amendment was passed in 1933.
The train reaches 300 km/h and carries 1,100 passengers.
A total of 7 out of 10 customers chose the blue model.
The dose is 250 mg, taken twice a day for 10 days.
Maria Garcia and Peter Jones signed the lease in Berlin."""
CHINESE = """\
水泵于**2026年3月14日**由王小明检修[1]。
这台机器重12.5公斤，时速为120 km/h。
每月租金是950元，每月3日前支付[2]。
会议下午14:30开始，16:15结束。
2024年的收入增长了12.5%，达到320万元。
温度必须保持在20–25℃之间。
电池容量是5.4 kWh，大约可以使用8小时。
李医生星期一在北京见到了张先生。
1990–1995年，人口增加到一百二十万人。
硬盘有512个文件，内存里有16张图片。
请看[安全手册](https://example.com/manual.pdf)第27页。
48个样品中，只有3/4通过了第一次测试。
第4章介绍了唐朝的历史。
这根电缆长2.5米，电压是230伏。
请在中午以前打电话010-12345678。
与上海公司的合同于2025-12-31到期。
从广州到深圳的火车需要75分钟，票价是89元。
李白出生于公元701年，是著名的诗人。
滤芯应该每6个月更换一次，例如四月和十月。
这套房子的面积是85m²，有三个房间。
第21届运动会在南京举行。
这列火车的速度是每小时300公里，可以坐1100名乘客。
10位顾客中有7位选择了蓝色的型号。
剂量是250毫克，每天2次，连续服用10天。
陈美丽和刘建国在杭州签了合同。"""
VOICES = {"en": ("af_heart", "am_michael"), "zh": ("zf_xiaoxiao", "zm_yunxi")}
ANSWER = (
    "The pump was serviced in March, and the next service is due in September [1]. It costs about $250.\n\n"
    "- Replace the filter.\n- Check the pressure, which should be 2.5 bar.\n"
)


@dataclass(frozen=True)
class HeardAgain:
    """wrong: changes from what was written to what was heard; of `units` words, in Chinese characters."""

    written: str
    heard: str
    wrong: int
    units: int
    unlike: int  # by sound, in Chinese


def units_of(text: str, language: str) -> list[str]:
    """The words of a text in spoken form, in Chinese its characters; no signs, no capitals. Whisper writes times
    with a point ("14.30", "4.15 pm"), and disk with a c."""
    text = re.sub(r"\b([01]?\d|2[0-3])\.([0-5]\d)(?= ?[ap]\.?m| and ends)", r"\1:\2", folded(text))
    said = normalize_text(text, language).lower().replace("'s", "s").replace("disc ", "disk ")
    if language == "zh":
        return re.findall(r"[\u3400-\u9fff]|[a-z]+", said.replace("两", "二").replace("千克", "公斤"))
    return re.findall(r"[a-z']+", said.replace("per cent", "percent").replace(" and ", " "))


def by_sound(units: Sequence[str]) -> list[str]:
    """Characters as syllables without tones; Latin words as they are."""
    from pypinyin import lazy_pinyin

    return [syllable for one in units for syllable in lazy_pinyin(one)]


def distance(one: Sequence[str], other: Sequence[str]) -> int:
    """Levenshtein's: substitutions, insertions and omissions."""
    row = list(range(len(other) + 1))
    for place, unit in enumerate(one, 1):
        before, row[0] = row[0], place
        for at, wanted in enumerate(other, 1):
            before, row[at] = row[at], min(row[at] + 1, row[at - 1] + 1, before + (unit != wanted))
    return row[-1]


def at_16_khz(spoken: SpeechAudio) -> Vectors:
    at = numpy.arange(int(spoken.seconds * 16_000)) * spoken.rate / 16_000
    return numpy.interp(at, numpy.arange(len(spoken.samples)), spoken.samples).astype(numpy.float32)


def listen(models: Models, written: str, language: str, voice: str) -> HeardAgain:
    spoken = models.speaker.get().say(speakable(written, language), voice)
    heard = models.transcriber.get().transcribe(at_16_khz(spoken), language).text
    wanted = units_of(speakable(written, language), language)
    got = units_of(heard, language)
    return HeardAgain(written, heard, distance(got, wanted), len(wanted), distance(by_sound(got), by_sound(wanted)))


def rate(models: Models, sentences: Sequence[str], language: str, voices: Sequence[str]) -> dict[str, object]:
    """Errors by voice, and those that every voice's sentence has."""
    told: dict[str, list[HeardAgain]] = {}
    for voice in voices:
        told[voice] = [listen(models, written, language, voice) for written in sentences]
        for one in told[voice]:
            if one.wrong:
                print(f"  {voice} {one.wrong}/{one.units}: {one.written} → {one.heard}", file=sys.stderr)
    units = sum(one.units for one in next(iter(told.values())))
    rates = {voice: round(sum(one.wrong for one in heard) / units, 4) for voice, heard in told.items()}
    if language == "zh":
        rates |= {
            f"{voice}, by sound": round(sum(one.unlike for one in heard) / units, 4) for voice, heard in told.items()
        }
    shared = sum(min(same) for same in zip(*([one.wrong for one in heard] for heard in told.values()), strict=True))
    return {"units": units, **rates, "shared": round(shared / units, 4)}


def pace(folder: Path, rounds: int) -> dict[str, object]:
    """Real-time factor by threads in alternating rounds; seconds until the first piece of an answer is sound."""
    profile = profile_named("kokoro")
    assert profile is not None
    speakers = {threads: KokoroSpeaker.load(profile, folder, folder / "words", threads=threads) for threads in (1, 2)}
    factors: dict[int, list[float]] = {1: [], 2: []}
    first: dict[int, list[float]] = {1: [], 2: []}
    begins = (Sentences().feed(ANSWER) or [ANSWER])[0]
    for written in ENGLISH.splitlines()[: rounds + 1]:  # the first one warms up
        for threads, speaker in speakers.items():
            began = time.perf_counter()
            spoken = speaker.say(speakable(written, "en"))
            factors[threads].append((time.perf_counter() - began) / spoken.seconds)
            began = time.perf_counter()
            speaker.say(begins)
            first[threads].append(time.perf_counter() - began)
    return {
        "first piece": begins,
        **{f"real-time factor, {n} thread(s)": round(statistics.median(one[1:]), 2) for n, one in factors.items()},
        **{
            f"seconds to the first sound, {n} thread(s)": round(statistics.median(one[1:]), 2)
            for n, one in first.items()
        },
    }


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--limit", type=int, default=25, help="sentences of each language")
    parser.add_argument("--voices", default="", help="names with commas; by default two of each language")
    parser.add_argument("--speech", default="whisper-base", help="who listens")
    parser.add_argument("--pace", action="store_true", help="measure the pace instead")
    parser.add_argument("--rounds", type=int, default=6)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    models = Models(Settings(voice="kokoro", speech=options.speech, profile="cpu-offline"))
    if options.pace:
        checkpoint = models.selection.get().choices["voice"].profile
        assert checkpoint is not None
        assert checkpoint.checkpoint is not None
        told: dict[str, object] = pace(models.weights.fetch(checkpoint.checkpoint), options.rounds)
    else:
        named = [name for name in options.voices.split(",") if name]
        told, wrong, units = {}, 0, 0
        for language, sentences in (("en", ENGLISH), ("zh", CHINESE)):
            voices = [one for one in named if one.startswith("z") == (language == "zh")] or list(VOICES[language])
            rates = told[language] = rate(models, sentences.splitlines()[: options.limit], language, voices)
            wrong += round(float(str(rates[voices[0]])) * int(str(rates["units"])))
            units += int(str(rates["units"]))
        told["all sentences, the first voices"] = round(wrong / units, 4)
    print(json.dumps(told, ensure_ascii=False, indent=None if options.json else 2))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
