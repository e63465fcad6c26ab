"""Makes the files of the examples on the empty page, in two languages: a lease, two receipts, a
message, a notice and a film.

    python docs/make_examples.py

Everything in them is invented, and free to use under the licence of this project. Needs requirements-dev.txt,
the Noto CJK fonts and the voice's weights (`python app.py weights fetch kokoro`).
"""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy
from PIL import Image, ImageDraw, ImageFilter, ImageFont

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

FOLDER = ROOT / "docs" / "examples"
MOST_BYTES = 3_000_000  # of everything together
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
BAKERY_EN = (
    "BAKERY AT THE BRIDGE",
    "3 Mill Street, Ashford",
    "",
    "15 May 2026        07:55",
    "------------------------",
    "Sourdough           4.20",
    "Croissants x4       7.60",
    "------------------------",
    "TOTAL EUR          11.80",
    "Paid in cash       11.80",
    "",
    "See you tomorrow!",
)
BAKERY_ZH = (
    "桥头面包店",
    "磨坊街3号",
    "",
    "2026年5月15日  07:55",
    "",
    "酸面包　　　　　22.00",
    "牛角包　　　　　36.50",
    "",
    "合计　　　　　　58.50元",
    "已付（现金）　　58.50元",
    "",
    "明天见！",
)
NOTICE_DE = (
    "Hinweis an alle Mieter",
    "Am Dienstag, dem 9. Juni 2026, wird von 8 bis 12 Uhr das Wasser abgestellt.",
    "Die Leitung im Keller wird erneuert. Bitte füllen Sie vorher einen Eimer Wasser für die Toilette.",
    "Lassen Sie Ihre Wohnung bitte zwischen 12 und 13 Uhr prüfen, ob alle Hähne dicht sind.",
    "Ihre Hausverwaltung",
)
NOTICE_EN = (
    "Notice to all tenants",
    "On Tuesday, 9 June 2026, the water is turned off from 8 to 12 o'clock.",
    "The pipe in the cellar is renewed. Please fill a bucket of water for the toilet beforehand.",
    "Between 12 and 1 o'clock please have your flat checked, whether all taps are tight.",
    "Your property management",
)
MESSAGES = {  # file: voice, and what is said
    "en/message.flac": (
        "am_michael",
        "Hello, this is Mr Brandt from Mill Street. The plumber comes on Thursday at ten in the morning. "
        "Please leave your key with the neighbour on the first floor. Thank you, and goodbye.",
    ),
    "zh/留言.flac": (
        "zm_yunxi",
        "您好，我是磨坊街的陈先生。水管工星期四上午十点来。请把钥匙交给一楼的邻居。谢谢，再见。",
    ),
}
FILMS = {  # file: voice, and what each part of the tour shows and says
    "en/tour.mp4": (
        "af_heart",
        (
            ("Welcome to Mill Street 4", "Welcome to your new flat. This is a short tour of the house."),
            ("The kitchen", "This is the kitchen. The main tap for the water is under the sink, on the left."),
            ("The cellar", "Down in the cellar is the fuse box. It is behind the door of room seven."),
            ("The yard", "In the yard you find the bins. They are collected on Wednesday morning."),
        ),
    ),
    "zh/看房.mp4": (
        "zf_xiaoxiao",
        (
            ("磨坊街4号", "欢迎来到您的新家。下面带您看看这栋房子。"),
            ("厨房", "这里是厨房。水的总开关在水槽下面，左边。"),
            ("地下室", "地下室里有电箱。它在七号房间的门后面。"),
            ("院子", "院子里有垃圾桶。每周三早上收垃圾。"),
        ),
    ),
}
RATE = 24_000  # samples a second of the voice


def main() -> None:
    write_pdf(FOLDER / "en" / "lease.pdf", LEASE_EN, LATIN, LATIN_BOLD)
    write_pdf(FOLDER / "zh" / "租房合同.pdf", LEASE_ZH, CHINESE, CHINESE)
    photograph(print_receipt(RECEIPT_EN, ImageFont.truetype(MONO, 34))).save(
        FOLDER / "en" / "receipt.jpg", quality=72, optimize=True
    )
    photograph(print_receipt(RECEIPT_ZH, ImageFont.truetype(CHINESE, 34, index=SIMPLIFIED))).save(
        FOLDER / "zh" / "收据.jpg", quality=72, optimize=True
    )
    write_pdf(FOLDER / "en" / "Hinweis.pdf", (NOTICE_DE,), LATIN, LATIN_BOLD)
    write_pdf(FOLDER / "zh" / "notice.pdf", (NOTICE_EN,), LATIN, LATIN_BOLD)
    photograph(print_receipt(BAKERY_EN, ImageFont.truetype(MONO, 34))).save(
        FOLDER / "en" / "bakery.jpg", quality=60, optimize=True
    )
    photograph(print_receipt(BAKERY_ZH, ImageFont.truetype(CHINESE, 34, index=SIMPLIFIED))).save(
        FOLDER / "zh" / "面包店.jpg", quality=60, optimize=True
    )
    speaker = reader()
    for file, (voice, said) in MESSAGES.items():
        write_flac(FOLDER / file, speaker.say(said, voice).samples)
    for file, (voice, parts) in FILMS.items():
        write_tour(FOLDER / file, parts, [speaker.say(said, voice).samples for _, said in parts])
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


def reader() -> Any:
    """The voice as the program has it, with sounds of its own."""
    from assistant.models.profiles import profile_named
    from assistant.settings.settings import Settings
    from assistant.speech.synthesis.kokoro import KokoroSpeaker

    profile = profile_named("kokoro")
    assert profile is not None
    folder = Settings().cache / "weights" / "kokoro-82m-int8"
    return KokoroSpeaker.load(profile, folder, folder / "words")


def write_tour(path: Path, parts: tuple[tuple[str, str], ...], spoken: list[Any]) -> None:
    """A film of a still for each part, as long as what is said to it and a breath."""
    from tests.support.films_made import FPS, write_film
    from tests.support.media_made import RATE as SOUND_RATE

    size, frames, sound = (640, 360), [], []
    for number, ((title, _), samples) in enumerate(zip(parts, spoken, strict=True)):
        picture = Image.new("RGB", size, ("#1f4e4a", "#6b4a2b", "#3b3b4f", "#3f5a33")[number % 4])
        font = ImageFont.truetype(CHINESE, 44, index=SIMPLIFIED)
        ImageDraw.Draw(picture).text((320, 180), title, fill="white", font=font, anchor="mm")
        shown = len(samples) / RATE + 0.8
        count = round(shown * FPS)
        frames += [numpy.asarray(picture)] * count
        still = numpy.zeros(round(count / FPS * RATE), numpy.float32)
        still[: len(samples)] = samples[: len(still)]
        sound.append(still)
    whole = numpy.concatenate(sound)
    at = numpy.arange(int(len(whole) * SOUND_RATE / RATE)) * RATE / SOUND_RATE
    write_film(path, iter(frames), numpy.interp(at, numpy.arange(len(whole)), whole).astype(numpy.float32), size=size)


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
