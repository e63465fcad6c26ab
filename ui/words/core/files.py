"""What the core says about files: what they are not, what is too much of them, what was read of them."""

FILES: tuple[tuple[str, str], ...] = (
    # any file
    (
        "Give me a picture, a recording, a PDF, a Word document or a text file instead.",
        "请改为提供图片、录音、PDF、Word 文档或文本文件。",
    ),
    ("{name} is empty. {reason}", "{name} 是空的。{reason}"),
    ("{name} is a program, which I do not read. {reason}", "{name} 是程序，我不读程序。{reason}"),
    ("I do not know what kind of file {name} is. {reason}", "我不知道 {name} 是什么类型的文件。{reason}"),
    ("{name} is a folder. Give me the files in it one by one.", "{name} 是文件夹。请逐个提供其中的文件。"),
    ("I cannot find {name}. Give it again.", "找不到 {name}。请再提供一次。"),
    ("I cannot read {name}. Give it again.", "无法读取 {name}。请再提供一次。"),
    ("I cannot read {name}: {trouble}.", "无法读取 {name}：{trouble}。"),
    ("{name} is too large. I take files of up to {most} MB.", "{name} 太大。我接受的文件最大 {most} MB。"),
    ("{name} has {size} MB; I accept up to {most} MB.", "{name} 有 {size} MB；我最多接受 {most} MB。"),
    (
        "{name} is damaged, or not {kind}. Open it in the program it comes from and save it again.",
        "{name} 已损坏，或者不是{kind}。请用原来的程序打开并重新保存。",
    ),
    (
        "{name} is damaged: the program that reads such files failed on it. Save or print it anew and try that.",
        "{name} 已损坏：读取这类文件的程序无法处理它。请重新保存或打印后再试。",
    ),
    (
        "{name} needs more memory to read than I allow ({most} MB). Split it into parts and try those.",
        "读取 {name} 需要的内存超过允许的 {most} MB。请把它拆成几部分再试。",
    ),
    (
        "{name} takes longer to read than I allow ({most} s). Split it into parts, or save it again, and try that.",
        "读取 {name} 的时间超过允许的 {most} 秒。请把它拆成几部分，或重新保存后再试。",
    ),
    (
        "{name} was being read twice when Medley stopped unexpectedly, so it was set aside; remove it or add it again.",
        "Medley 两次意外停止时都正在读取 {name}，因此已将它搁置；请移除它，或重新添加。",
    ),
    # pictures
    (
        "{name} is a HEIC photo, which I cannot open. Save it as JPEG or PNG and give it again.",
        "{name} 是 HEIC 照片，我打不开。请存为 JPEG 或 PNG 后再提供。",
    ),
    (
        "{name} is not a picture that I can open: its content is {type}. Give me PNG, JPEG or WebP.",
        "{name} 不是我能打开的图片：其内容是 {type}。请提供 PNG、JPEG 或 WebP。",
    ),
    (
        "{name} has too many pixels. I take pictures of up to {most} million pixels; make it smaller and give it "
        "again.",
        "{name} 的像素太多。我接受的图片最多 {most} 百万像素；请缩小后再提供。",
    ),
    (
        "{name} is not a picture, or it is damaged. Give me a PNG, JPEG or WebP picture.",
        "{name} 不是图片，或者已损坏。请提供 PNG、JPEG 或 WebP 图片。",
    ),
    (
        "{name} is damaged and cannot be shown. Save it again and give me the new file.",
        "{name} 已损坏，无法显示。请重新保存后提供新文件。",
    ),
    # recordings
    (
        "{name} holds no sound that I can play: its content is {type}. Give me WAV, MP3, M4A or WebM.",
        "{name} 中没有我能播放的声音：其内容是 {type}。请提供 WAV、MP3、M4A 或 WebM。",
    ),
    (
        "{name} holds no sound at all: it is 0 seconds long. Record it again.",
        "{name} 中没有声音：长度为 0 秒。请重新录制。",
    ),
    ("{name} has no sound track. {reason}", "{name} 没有声音轨。{reason}"),
    (
        "{name} is damaged: I cannot play it. Record or save it again as WAV, MP3 or M4A.",
        "{name} 已损坏，无法播放。请重新录制，或存为 WAV、MP3 或 M4A。",
    ),
    (
        "{name} is too long. I take recordings of up to {span}; cut it and give me the part that matters.",
        "{name} 太长。我接受的录音最长 {span}；请剪短，只提供重要的部分。",
    ),
    # documents
    (
        "I cannot read {name} as a document: it is {kind}. Give me {kinds}.",
        "我无法把 {name} 当作文档来读：它是{kind}。请提供{kinds}。",
    ),
    (
        "{name} holds more than {most} characters. Split it into parts.",
        "{name} 的字符超过 {most} 个。请把它拆成几部分。",
    ),
    (
        "{name} is a ZIP archive, or damaged. If it is one, unpack it and give me the files in it.",
        "{name} 是 ZIP 压缩包，或者已损坏。如果是压缩包，请解压后提供其中的文件。",
    ),
    ("{name} holds no text.", "{name} 中没有文字。"),
    (
        "{name} is named {ending}, but its content is {kind}; I read it as that.",
        "{name} 的扩展名是 {ending}，但内容是{kind}；我按内容来读。",
    ),
    (
        "{name} does not say how its letters are encoded; I took {guess}. If it looks wrong, save it as UTF-8.",
        "{name} 没有说明文字编码；我按 {guess} 读取。如果看起来不对，请存为 UTF-8。",
    ),
    (
        "{name} is encrypted in a way that I cannot open. Save it without a password and try again.",
        "{name} 的加密方式我打不开。请不带密码保存后再试。",
    ),
    (
        "{name} unpacks to {size} MB, more than I accept. Split it into parts.",
        "{name} 解压后有 {size} MB，超出我接受的大小。请把它拆成几部分。",
    ),
    (
        "{name} is locked with a password. Tell me the password, or save a copy without one.",
        "{name} 有密码保护。请告诉我密码，或另存一份没有密码的副本。",
    ),
    (
        "The password does not open {name}. Try again, or save a copy without one.",
        "这个密码打不开 {name}。请再试一次，或另存一份没有密码的副本。",
    ),
    (
        "{name} is locked twice over. Save a copy without a password and try that.",
        "{name} 有双重密码。请另存一份没有密码的副本再试。",
    ),
    (
        "{name} is in the old format of Office (.doc, .xls or .ppt), or damaged. Save it as .docx, .xlsx or .pptx and "
        "try again.",
        "{name} 是旧的 Office 格式（.doc、.xls 或 .ppt），或者已损坏。请存为 .docx、.xlsx 或 .pptx 后再试。",
    ),
    (
        "{name} is damaged, or no PDF. If it opens in your viewer, print it to a new PDF and try that.",
        "{name} 已损坏，或者不是 PDF。如果阅读器能打开它，请打印成新的 PDF 再试。",
    ),
    (
        "{name} has no pages. Save it again, or print it to a new PDF.",
        "{name} 没有页面。请重新保存，或打印成新的 PDF。",
    ),
    (
        "{name} has {count} pages; I read up to {most}. Split it into parts.",
        "{name} 有 {count} 页；我最多读 {most} 页。请把它拆成几部分。",
    ),
    (
        "Page {number} of {name} is damaged. Print the document to a new PDF and try that.",
        "{name} 的第 {number} 页已损坏。请把文档打印成新的 PDF 再试。",
    ),
    ("Page {number} is a scan; I read it by OCR.", "第 {number} 页是扫描件；我用 OCR 读取。"),
    ("Pages {first} to {last} are scans; I read them by OCR.", "第 {first} 至 {last} 页是扫描件；我用 OCR 读取。"),
    ("Page {number} has no text I can read; it may be a scan.", "第 {number} 页没有我能读的文字；可能是扫描件。"),
    (
        "Pages {first} to {last} have no text I can read; they may be scans.",
        "第 {first} 至 {last} 页没有我能读的文字；可能是扫描件。",
    ),
    (
        "Page {number} is a scan beyond the {most} that I read of one document; I left it out.",
        "第 {number} 页是扫描件，超出每个文档 {most} 页扫描件的上限；已略去。",
    ),
    (
        "Pages {first} to {last} are scans beyond the {most} that I read of one document; I left them out.",
        "第 {first} 至 {last} 页是扫描件，超出每个文档 {most} 页扫描件的上限；已略去。",
    ),
    (
        "It holds {count} figures; I read the text of the first {most}.",
        "其中有 {count} 幅图；我读了前 {most} 幅中的文字。",
    ),
    ("I could not read the pictures in it: {error}", "其中的图片无法读取：{error}"),
    ("A picture in it is damaged; I left it out.", "其中一幅图片已损坏；已略去。"),
    (
        "{name} is no table that I can read ({trouble}). Save it again as CSV.",
        "{name} 不是我能读的表格（{trouble}）。请重新存为 CSV。",
    ),
    (
        "{name} is no message: it says neither who wrote it nor when. Save it again as .eml.",
        "{name} 不是邮件：没有写明发件人和时间。请重新存为 .eml。",
    ),
    (
        "{name} is damaged: I cannot read the message. Save it again as .eml.",
        "{name} 已损坏，邮件无法读取。请重新存为 .eml。",
    ),
    (
        "{name} is protected against copying (DRM). Give me a copy without it.",
        "{name} 有复制保护（DRM）。请提供没有保护的副本。",
    ),
    (
        "{name} is too large a web page for me to read. Save the part you need, or its text.",
        "{name} 这个网页太大，我读不了。请只保存需要的部分，或其中的文字。",
    ),
    (
        "{name} is not a web page that I can read. Save it again from the browser.",
        "{name} 不是我能读的网页。请从浏览器重新保存。",
    ),
    (
        "{name} nests its values too deeply for me. Give me the part that matters.",
        "{name} 的嵌套太深，我读不了。请只提供重要的部分。",
    ),
    (
        "{name} is not valid JSON ({trouble}); I read it as plain text.",
        "{name} 不是有效的 JSON（{trouble}）；我按纯文本读取。",
    ),
    # pages drawn beside the chat
    ("I cannot draw page {number} of {name}: it is damaged.", "无法显示 {name} 的第 {number} 页：它已损坏。"),
    ("{name} has no page {number}.", "{name} 没有第 {number} 页。"),
    (
        "{name} is locked with a password, which I do not keep, so I cannot draw its page.",
        "{name} 有密码保护，而我不保存密码，所以无法显示它的页面。",
    ),
    ("Page {number} of {name} is too thin to be drawn.", "{name} 的第 {number} 页太窄，无法显示。"),
    (
        "Page {number} of {name} takes more memory to draw than I allow a file.",
        "显示 {name} 的第 {number} 页需要的内存超过允许的上限。",
    ),
    ("Page {number} of {name} takes too long to draw.", "显示 {name} 的第 {number} 页耗时太长。"),
)
