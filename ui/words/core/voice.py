"""What the core says about reading answers aloud."""

VOICE: tuple[tuple[str, str], ...] = (
    (
        "{folder} holds no voice that I can read: there is no .onnx file.",
        "{folder} 里没有我能读取的朗读模型：缺少 .onnx 文件。",
    ),
    ("{folder} holds no voices for English or Chinese.", "{folder} 里没有英文或中文的声音。"),
    ("The voice in {folder} cannot be read. Fetch it again.", "无法读取 {folder} 里的朗读模型。请重新下载。"),
    ("The voice in {folder} cannot be loaded: {problem}", "无法加载 {folder} 里的朗读模型：{problem}"),
    ("There is no voice “{voice}”. Choose one of {names}.", "没有名为“{voice}”的声音。请从 {names} 中选择。"),
    (
        "The voice could not say this. Try it again, or choose another voice.",
        "这个声音无法朗读这段话。请重试，或换一个声音。",
    ),
    (
        "read_aloud knows no “{value}”. Choose never, spoken or always.",
        "read_aloud 没有“{value}”。请选择 never、spoken 或 always。",
    ),
    (
        "speaking_speed must be a number from 0.5 to 2, not “{value}”.",
        "speaking_speed 须为 0.5 到 2 之间的数，而不是“{value}”。",
    ),
    ("{model} is no voice. Choose kokoro.", "{model} 不是朗读模型。请选择 kokoro。"),
    ("espeak-ng has no voice “{voice}”.", "espeak-ng 没有声音“{voice}”。"),
    ("espeak-ng could not read this aloud.", "espeak-ng 无法朗读这段话。"),
    (
        "espeak-ng is not installed here. Install it, or choose another voice.",
        "这里没有安装 espeak-ng。请安装它，或选择别的声音。",
    ),
    ("{reason} Until then espeak-ng reads answers aloud.", "{reason}在此之前由 espeak-ng 朗读回答。"),
    (
        "There is no voice here for this language. Install espeak-ng, and it is read aloud.",
        "这里没有这种语言的声音。安装 espeak-ng 后即可朗读。",
    ),
    (
        "The server's answer is no sound that I can play. Choose another voice.",
        "服务器返回的不是我能播放的声音。请换一个声音。",
    ),
)
