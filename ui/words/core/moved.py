"""What the core says about what is carried in and out: archives of conversations, settings chosen in the page."""

MOVED: tuple[tuple[str, str], ...] = (
    # archives
    ("What this archive says of its conversation is damaged.", "这个归档对其对话的描述已损坏。"),
    ("This is no archive of a conversation.", "这不是对话归档。"),
    ("This is no archive of a conversation, or it is damaged.", "这不是对话归档，或者已损坏。"),
    (
        "This archive unpacks to far more than it should, so I do not open it.",
        "这个归档解压后远超应有的大小，所以我不打开它。",
    ),
    (
        "This archive holds what no conversation's archive holds, so I do not open it.",
        "这个归档中有对话归档不会有的内容，所以我不打开它。",
    ),
    (
        "Files are missing in this archive. Export the conversation again.",
        "这个归档缺少文件。请重新导出对话。",
    ),
    ("The archive could not be written: {trouble}.", "无法写入归档：{trouble}。"),
    (
        "This archive is locked with a password. Unpack it and pack it again without one.",
        "这个归档有密码保护。请解压后不带密码重新打包。",
    ),
    (
        "This archive is packed in a way that I do not open. Pack it again as a plain .zip.",
        "这个归档的打包方式我打不开。请重新打包为普通的 .zip。",
    ),
    ("A file in this archive is too large: I take {most} MB.", "这个归档中有文件太大：我最多接受 {most} MB。"),
    ("The conversation in this archive is too large.", "这个归档中的对话太大。"),
    (
        "This archive is of version {version}, and I know version {number}: a newer Medley made it. Import it there.",
        "这个归档是版本 {version}，而我只认识版本 {number}：它由较新的 Medley 制作。请在那里导入。",
    ),
    ("{name} is damaged: its bytes are not those that were kept.", "{name} 已损坏：内容与保存时不同。"),
    # how an exported answer ended
    ("The answer was stopped here.", "回答在此被停止。"),
    ("The answer was interrupted here.", "回答在此中断。"),
    ("The answer is still being written.", "回答仍在生成中。"),
    # settings chosen in the page
    ("{setting} must be a text, not “{text}”.", "{setting} 须为文字，而不是“{text}”。"),
    (
        "{setting} must be a number from {first} to {last}, not “{text}”.",
        "{setting} 须为 {first} 到 {last} 之间的数，而不是“{text}”。",
    ),
    ("There is no way of fusing called “{name}”. Choose {names}.", "没有名为“{name}”的融合方式。请选择 {names}。"),
    (
        "{name} cannot be read, so the defaults are taken. The file is left as it is.",
        "无法读取 {name}，所以采用默认值。该文件保持原样。",
    ),
    (
        "{name} holds settings that I do not know, which are left aside: {names}.",
        "{name} 中有我不认识的设置，已忽略：{names}。",
    ),
    ("What you chose cannot be kept in {folder}: {trouble}.", "您的选择无法保存到 {folder}：{trouble}。"),
    (
        "The model for {what} cannot be changed while I run. Choose it and start again.",
        "用于{what}的模型不能在运行时更换。请选好后重新启动。",
    ),
    ("There are no files of a model called “{name}” to fetch.", "没有名为“{name}”的模型文件可获取。"),
    (
        "{name} could not be fetched for a reason that I do not know. See the log.",
        "无法获取 {name}，原因不明。请查看日志。",
    ),
    ("There is no setting {name} to change here.", "这里没有可更改的设置 {name}。"),
    (
        "This is for whoever runs this Medley: it would change it for everybody.",
        "这由运行这个 Medley 的人决定：更改会影响所有人。",
    ),
    (
        "This is fixed for this run by --{flag} or MEDLEY_{variable}. Start without that.",
        "本次运行已由 --{flag} 或 MEDLEY_{variable} 固定。请不带它启动。",
    ),
    ("There is no such button.", "没有这个按钮。"),
    (
        "ZeroGPU needs the package spaces: add a line “spaces” to requirements.txt.",
        "ZeroGPU 需要软件包 spaces：请在 requirements.txt 中加一行“spaces”。",
    ),
)
