"""What the core says about pictures and video that a model looks at."""

SEEING: tuple[tuple[str, str], ...] = (
    ("There is no such picture in this turn.", "这一轮中没有这张图片。"),
    ("pictures", "图片"),
    ("video", "视频"),
    (
        "{name} was shown as {count} pictures with their times: this model does not take video itself.",
        "{name} 以 {count} 张带时间的图片展示：这个模型本身不接受视频。",
    ),
    (
        "{name} cannot take these pictures: {reason}",
        "{name} 无法接受这些图片：{reason}",
    ),
    (
        "{name} needs torchvision to prepare pictures: pip install torchvision.",
        "{name}需要 torchvision 来处理图片：pip install torchvision。",
    ),
    (
        "{name} leaves {kind} out of its prompt. Choose another model (--llm).",
        "{name} 会在提示中略去{kind}。请另选一个模型（--llm）。",
    ),
)
