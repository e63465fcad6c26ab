"""Makes the files of the three examples on the empty page: a lease, a receipt and a spoken question, in two languages.

    python docs/make_examples.py

Everything in them is invented, and free to use under the licence of this project. Needs requirements-dev.txt,
espeak-ng, the Noto CJK fonts and the voice's weights (`python app.py weights fetch kokoro`).
"""

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy
from PIL import Image, ImageDraw, ImageFilter, ImageFont

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

FOLDER = ROOT / "docs" / "examples"
MOST_BYTES = 1_000_000  # of everything together
LATIN = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"
LATIN_BOLD = "/usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf"
MONO = "/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf"
CHINESE = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"
SIMPLIFIED = 2  # the collection's third face

LEASE_EN = (
    (
        "Residential lease",
        "Between Maya Brandt (landlady), 12 Harbour Lane, Ashford, and Daniel Okafor (tenant).",
        "1. The flat",
        "The landlady lets the flat on the second floor of 4 Mill Street, Ashford: two rooms, kitchen and bath, 58 "
        "square metres, with the cellar room number 7.",
        "2. Term",
        "The lease begins on 1 September 2026 and runs for an indefinite time. The tenant may end it with three "
        "months' notice to the end of a month.",
        "3. Rent",
        "The rent is 1,150 euros a month. It is due on the third working day of each month.",
        "Heating and water are paid with an advance of 140 euros a month and settled once a year in June.",
    ),
    (
        "4. Rent increases",
        "The rent can rise once a year, on 1 March, by at most 3 percent. The landlady announces a rise in writing at "
        "least sixty days before.",
        "5. Deposit",
        "The deposit is 2,300 euros. It is paid back within six weeks after the tenant has moved out and returned the "
        "keys.",
        "6. Pets and visitors",
        "The tenant may keep one cat or one small dog. Visitors may stay for up to four weeks.",
        "7. Repairs",
        "The tenant reports damage at once. Small repairs of up to 90 euros each are paid by the tenant.",
    ),
)
LEASE_ZH = (
    (
        "房屋租赁合同",
        "出租人：陈美华，海港路12号。承租人：李明。",
        "一、房屋",
        "出租人将磨坊街4号二楼的房屋出租给承租人：两室一厨一卫，面积58平方米，附7号地下室。",
        "二、期限",
        "租期自2026年9月1日起，不定期。承租人可提前三个月书面通知解除合同。",
        "三、租金",
        "租金为每月4500元。租金应在每月第三个工作日之前支付。",
        "水电和暖气费每月预付600元，每年六月结算一次。",
    ),
    (
        "四、租金上涨",
        "租金每年3月1日可以上涨一次，涨幅最多为百分之三。出租人须至少提前六十天书面通知。",
        "五、押金",
        "押金为9000元。承租人搬出并交还钥匙后六周内退还押金。",
        "六、宠物与访客",
        "承租人可以养一只猫或一只小狗。访客最多可住四周。",
        "七、维修",
        "承租人应立即报告损坏。每次不超过300元的小修由承租人承担。",
    ),
)
RECEIPT_EN = (
    "GREEN LANTERN GROCERY",
    "27 Station Road, Ashford",
    "",
    "14 May 2026        18:42",
    "------------------------",
    "Rye bread           3.40",
    "Apples 1.2 kg       4.68",
    "Olive oil           8.90",
    "Coffee beans        7.25",
    "Candles             2.60",
    "------------------------",
    "TOTAL EUR          26.83",
    "Paid by card       26.83",
    "",
    "Thank you!",
)
RECEIPT_ZH = (
    "绿灯笼超市",
    "车站路27号",
    "",
    "2026年5月14日  18:42",
    "",
    "全麦面包　　　　13.50",
    "苹果　　　　　　18.60",
    "橄榄油　　　　　45.90",
    "咖啡豆　　　　　38.00",
    "蜡烛　　　　　　12.80",
    "",
    "合计　　　　　　128.80元",
    "已付（刷卡）　　128.80元",
    "",
    "谢谢惠顾！",
)
SPOKEN = {  # file: voice, speed, and the sounds: of espeak-ng in English, written by hand in Chinese
    "en/question.flac": ("af_heart", 0.95, "How much is the deposit, and when do I get it back?"),
    "zh/语音提问.flac": (  # 每月的租金是多少元？
        "zf_xiaoxiao",
        0.85,
        "mei↓ ɥe↘ tɤ ʦu→ʨi→n ʂɨ↘ two→ʂau↓ ɥɛ↗n?",
    ),
}
RATE = 24_000  # samples a second of the voice
# The voice's alphabet and the number of each letter, from its config.json (hexgrad/Kokoro-82M, Apache-2.0).
LETTERS = {
    **dict(zip(";:,.!?", range(1, 7), strict=True)), "—": 9, "…": 10, " ": 16, "ʣ": 18, "ʥ": 19, "ʦ": 20, "ʨ": 21,
    "ꭧ": 23, "A": 24, "I": 25, "O": 31, "ᵊ": 42, **{chr(ord("a") + n): 43 + n for n in range(26)}, "ɑ": 69, "ɐ": 70,
    "ɒ": 71, "æ": 72, "ɔ": 76, "ɕ": 77, "ð": 81, "ʤ": 82, "ə": 83, "ɚ": 85, "ɛ": 86, "ɜ": 87, "ɡ": 92, "ɥ": 99,
    "ɨ": 101, "ɪ": 102, "ŋ": 112, "ɹ": 123, "ɾ": 125, "ɻ": 126, "ʂ": 130, "ʃ": 131, "ʈ": 132, "ʧ": 133, "ʊ": 135,
    "ʌ": 138, "ɤ": 140, "ʒ": 147, "ʔ": 148, "ˈ": 156, "ˌ": 157, "ː": 158, "ʰ": 162, "θ": 119, "↓": 169, "→": 171,
    "↗": 172, "↘": 173, "ᵻ": 177,
}  # fmt: skip


def main() -> None:
    write_pdf(FOLDER / "en" / "lease.pdf", LEASE_EN, LATIN, LATIN_BOLD)
    write_pdf(FOLDER / "zh" / "租房合同.pdf", LEASE_ZH, CHINESE, CHINESE)
    photograph(print_receipt(RECEIPT_EN, ImageFont.truetype(MONO, 34))).save(
        FOLDER / "en" / "receipt.jpg", quality=72, optimize=True
    )
    photograph(print_receipt(RECEIPT_ZH, ImageFont.truetype(CHINESE, 34, index=SIMPLIFIED))).save(
        FOLDER / "zh" / "收据.jpg", quality=72, optimize=True
    )
    for file, (voice, speed, said) in SPOKEN.items():
        write_flac(FOLDER / file, speak(sounds(said) if file.startswith("en") else said, voice, speed))
    made = [path for path in sorted(FOLDER.rglob("*")) if path.is_file()]
    for path in made:
        print(f"{path.relative_to(FOLDER)}: {path.stat().st_size // 1000} kB")  # noqa: T201
    assert sum(path.stat().st_size for path in made) < MOST_BYTES


def write_pdf(path: Path, pages: tuple[tuple[str, ...], ...], font: str, bold: str) -> None:
    """Numbered headings in bold, the first line of all as the title. Its date is fixed: the same bytes each time."""
    from fpdf import FPDF

    pdf = FPDF(format="A4")
    pdf.set_creation_date(datetime(2026, 11, 1, tzinfo=UTC))
    pdf.set_margin(24)
    number = SIMPLIFIED if font == CHINESE else 0
    pdf.add_font("body", "", font, collection_font_number=number)
    pdf.add_font("body", "B", bold, collection_font_number=number)
    for page in pages:
        pdf.add_page()
        for line in page:
            title = line == pages[0][0]
            heading = title or line[:2] in {f"{n}." for n in range(1, 8)} or line[1:2] == "、"
            pdf.set_font("body", "B" if heading else "", 20 if title else 12)
            pdf.multi_cell(0, 8 if not title else 14, line, new_x="LMARGIN", new_y="NEXT")
            pdf.ln(1 if heading else 5)
    pdf.output(str(path))


def print_receipt(lines: tuple[str, ...], font: Any) -> Image.Image:
    paper = Image.new("RGB", (640, 110 + 52 * len(lines)), (250, 249, 244))
    draw = ImageDraw.Draw(paper)
    for number, line in enumerate(lines):
        width = draw.textlength(line, font=font)
        left = (paper.width - width) / 2 if number < 2 or number == len(lines) - 1 else 60
        draw.text((left, 50 + 52 * number), line, fill=(40, 40, 46), font=font)
    return paper


def photograph(paper: Image.Image) -> Image.Image:
    """The paper as if somebody had held a phone over it: on wood, a little turned, unevenly lit, not quite sharp."""
    chance = numpy.random.default_rng(4)
    width, height = 960, paper.height + 220
    grain = numpy.cumsum(chance.normal(0, 1.3, (height, 1)), axis=0) + chance.normal(0, 5, (height, width))
    wood = numpy.clip(numpy.array([139, 101, 66]) + grain[..., None] * numpy.array([1.0, 0.85, 0.65]), 0, 255)
    table = Image.fromarray(wood.astype(numpy.uint8)).filter(ImageFilter.GaussianBlur(1.2))
    turned = paper.convert("RGBA").rotate(2.2, Image.Resampling.BICUBIC, expand=True)
    at = ((width - turned.width) // 2, (height - turned.height) // 2)
    shadow = Image.new("L", table.size, 0)
    shadow.paste(turned.getchannel("A").point(lambda alpha: alpha // 2), (at[0] + 14, at[1] + 18))
    table.paste((20, 14, 8), mask=shadow.filter(ImageFilter.GaussianBlur(14)))
    table.paste(turned, at, turned)
    down, across = numpy.mgrid[0:height, 0:width]
    light = 1.04 - 0.22 * (across / width) - 0.10 * (down / height)
    lit = numpy.asarray(table, numpy.float32) * light[..., None] + chance.normal(0, 3, (height, width, 1))
    return Image.fromarray(numpy.clip(lit, 0, 255).astype(numpy.uint8)).filter(ImageFilter.GaussianBlur(0.6))


def sounds(text: str) -> str:
    """English as the sounds that espeak-ng gives it, with the marks between its parts."""
    command = ["espeak-ng", "--ipa", "-q", "-v", "en-us", text]
    spoken = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split("\n")
    return ", ".join(part.strip() for part in spoken if part.strip()) + "?"


def speak(said: str, voice: str, speed: float) -> "numpy.typing.NDArray[numpy.float32]":
    """Kokoro's samples for these sounds. A sound that it has no letter for is an error."""
    import onnxruntime

    from assistant.settings.settings import Settings

    folder = Settings().cache / "weights" / "kokoro-82m-int8"
    numbers = [LETTERS[letter] for letter in said.replace("\u032f", "")]
    styles = numpy.fromfile(folder / "voices" / f"{voice}.bin", numpy.float32).reshape(-1, 1, 256)
    session = onnxruntime.InferenceSession(str(folder / "kokoro-v1.0.int8.onnx"), providers=["CPUExecutionProvider"])
    names = [one.name for one in session.get_inputs()]
    values = ([[0, *numbers, 0]], styles[len(numbers)], numpy.array([speed], numpy.float32))
    feed = dict(zip(names, (numpy.array(values[0], numpy.int64), *values[1:]), strict=True))
    return numpy.asarray(session.run(None, feed)[0], numpy.float32).reshape(-1)


def write_flac(path: Path, samples: "numpy.typing.NDArray[numpy.float32]") -> None:
    import av

    with av.open(str(path), "w") as container:
        stream = container.add_stream("flac", rate=RATE)
        stream.layout = "mono"
        whole = (samples.clip(-1, 1) * 32767).astype("<i2").reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(whole, "s16", "mono")
        frame.sample_rate, frame.pts = RATE, 0
        for packet in (*stream.encode(frame), *stream.encode(None)):
            container.mux(packet)


if __name__ == "__main__":
    main()
