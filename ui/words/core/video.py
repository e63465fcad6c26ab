"""What the core says about films, and about long recordings that are taken in in the background."""

VIDEO: tuple[tuple[str, str], ...] = (
    ("Watching {name}", "正在观看 {name}"),
    ("Watching {name}, {at} of {of}", "正在观看 {name}，{at} / {of}"),
    ("Listening to {name}, {at} of {of}", "正在听 {name}，{at} / {of}"),
    ("{name} is too long. I take films of up to {most} hours; cut it and give me a part.",
     "{name} 太长。我接受的视频最长 {most} 小时；请剪辑后提供其中一段。"),
    ("{name} is damaged: I cannot play it. Save it again as MP4 or WebM and give me the new file.",
     "{name} 已损坏，无法播放。请重新保存为 MP4 或 WebM 后提供新文件。"),
    ("{name} has too many pixels. I take films of up to {most} million pixels a picture; make "
     "it smaller and give it again.",
     "{name} 的像素太多。我接受的视频每帧最多 {most} 百万像素；请缩小后再提供。"),
    ("{name} is no film that I can show: its content is {type}. Give me MP4 or WebM.",
     "{name} 不是我能显示的视频：其内容是 {type}。请提供 MP4 或 WebM。"),
    ("{name} has no moving picture. Give me MP4 or WebM.", "{name} 中没有视频画面。请提供 MP4 或 WebM。"),
    ("{name} has no sound track; I looked at it only.", "{name} 没有音轨；我只看了画面。"),
    ("{name} is not taken in piece by piece.", "{name} 不会分段读取。"),
    (
        "{name} breaks off at {at} of {of}; I used what is there.",
        "{name} 在 {at} 处中断（全长 {of}）；我用了已有的部分。",
    ),
    ("I have heard the first {at} of {of} of {name} so far; the rest follows.",
     "到目前为止我听了 {name} 的前 {at}（全长 {of}）；其余部分随后。"),
    (
        "I have heard the first {at} of {name} so far; the rest follows.",
        "到目前为止我听了 {name} 的前 {at}；其余部分随后。",
    ),
    (
        "I have heard all of {name} and looked at {at} of {of} so far.",
        "{name} 已全部听完，画面看到 {at}（全长 {of}）。",
    ),
    (
        "This is about the whole, so I took parts from all of its length.",
        "这涉及整体，所以我从全长各处选取了一些部分。",
    ),
    ("No model here sees pictures: of {name} I have what is said, and the text that can be read on screen.",
     "这里没有能看图的模型：对 {name}，我只有其中说的话和画面上能读到的文字。"),
    ("I could not hear all of {name}: its sound is damaged.", "{name} 的声音已损坏，我没能全部听完。"),
    ("I could not look at all of {name}: its pictures are damaged.", "{name} 的画面已损坏，我没能全部看完。"),
    ("watched", "已观看"),
    ("being watched", "正在观看"),
)  # fmt: skip
