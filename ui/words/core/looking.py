"""What the core says of pictures: what kind they are, and what can be read or guessed in them."""

LOOKING: tuple[tuple[str, str], ...] = (
    (
        "{name} is a drawing in SVG, which can carry programs, so I do not open it. Save it as PNG and give me that.",
        "{name} 是 SVG 图形，其中可能带有程序，所以我不打开它。请存为 PNG 后再提供。",
    ),
)
