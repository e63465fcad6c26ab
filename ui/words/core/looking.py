"""What the core says of pictures: what kind they are, and what can be read or guessed in them."""

LOOKING: tuple[tuple[str, str], ...] = (
    (
        "{name} is a drawing in SVG, which can carry programs, so I do not open it. Save it as PNG and give me that.",
        "{name} 是 SVG 图形，其中可能带有程序，所以我不打开它。请存为 PNG 后再提供。",
    ),
    (
        "I can read text here and guess at the subject, but not see the picture; a model that sees would (--vision).",
        "我在这里能读文字、猜测主体，但看不见图片；能看图的模型可以（--vision）。",
    ),
    (
        "I can read text here, but not see the picture; a model that sees would (--vision).",
        "我在这里能读文字，但看不见图片；能看图的模型可以（--vision）。",
    ),
    (
        "{name} has {count} pages, of which I take the first; save it as PDF for all of them.",
        "{name} 有 {count} 页，我只取第一页；要读全部请存为 PDF。",
    ),
    ("{name} moves: of its {count} frames I take the first.", "{name} 是动图，共 {count} 帧，我只取第一帧。"),
    (
        "{error} Until then pictures are read, and nothing is guessed of what they show.",
        "{error} 在此之前只读图片中的文字，不猜测图片内容。",
    ),
    (
        "The recogniser could not be started. Reinstall it: pip install openvino torch",
        "识别器无法启动。请重新安装：pip install openvino torch",
    ),
    (
        "Guessing what {name} shows failed. Try a smaller picture.",
        "猜测 {name} 的内容失败。请换一张小一些的图片。",
    ),
    ("Recogniser", "识别器"),
)
