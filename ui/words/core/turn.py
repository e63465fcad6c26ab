"""What the core says while it answers: statuses, notes, and what is wrong with a question or a file given."""

TURN: tuple[tuple[str, str], ...] = (
    # many at once
    ("Waiting until it is your turn", "正在排队等候"),
    (
        "{count} answers are being made for you already. Wait until one of them has ended, or stop one.",
        "已经在为您生成 {count} 个回答。请等其中一个结束，或停止一个。",
    ),
    ("Too many people are asking just now. Try again in a minute.", "现在提问的人太多。请一分钟后再试。"),
    # statuses
    ("Listening to {name}", "正在听 {name}"),
    ("Looking at {name}", "正在看 {name}"),
    ("Reading {name}", "正在阅读 {name}"),
    ("Reading page {number} of {count} of {name}", "正在阅读 {name}（第 {number} 页，共 {count} 页）"),
    ("Reading chapter {number} of {count} of {name}", "正在阅读 {name}（第 {number} 章，共 {count} 章）"),
    ("Reading sheet {sheet} of {name}", "正在阅读 {name} 的工作表 {sheet}"),
    ("Reading page {number} of {name}", "正在阅读 {name} 的第 {number} 页"),
    ("Reading figure {number} of {name}", "正在阅读 {name} 的第 {number} 幅图"),
    ("Reading {what} of {name}", "正在阅读 {name} 的 {what}"),
    ("{name} waits until other files are read", "{name} 正在等待其他文件读完"),
    ("Filing {name}", "正在归档 {name}"),
    ("Searching what you gave me", "正在检索您提供的内容"),
    ("Looking for where this comes from", "正在查找它的出处"),
    ("Answering", "正在回答"),
    ("Working out a formula", "正在列算式"),
    ("Checking that this answers the question", "正在核对这是否回答了问题"),
    ("Looking again", "正在再看一遍"),
    # notes
    (
        "You asked nothing in words, so I was asked: “What does this say?”",
        "您没有用文字提问，所以按“这里说了什么？”回答。",
    ),
    (
        "You asked nothing in words, so I was asked what this is about.",
        "您没有用文字提问，所以按“这是关于什么的？”回答。",
    ),
    (
        "The answer was cut off at the longest answer; ask it to go on, or raise the setting.",
        "回答达到最大长度，已被截断；可以请它继续，或在设置中调高上限。",
    ),
    ("I searched for “{words}”.", "我检索了“{words}”。"),
    (
        "I searched for “{words}”, since what you gave me is in another language.",
        "您提供的内容是另一种语言，所以我检索了“{words}”。",
    ),
    (
        "This is about the whole, so I read from the beginning, as far as the model takes it.",
        "这个问题涉及全文，所以我从头读起，直到模型所能容纳的长度。",
    ),
    ("{count} {what} did not fit and {were} left out.", "有 {count} 个{what}放不下，已略去。"),
    (
        "Your question stands by itself, so earlier turns were not sent along.",
        "您的问题可以单独理解，所以没有附上之前的对话。",
    ),
    ("I heard no speech in {name}.", "我在 {name} 中没有听到说话声。"),
    ("I found nothing to read in {name}.", "{name} 中没有可读的内容。"),
    ("{what} of {name}, without words that I can read.", "{name} 的{what}，其中没有可读的文字。"),
    # what is wrong with what was asked or given
    (
        "I heard no speech in {name}. Say it again closer to the microphone, or type it.",
        "我在 {name} 中没有听到说话声。请靠近麦克风再说一遍，或者输入文字。",
    ),
    ("Ask something: type a question, record one, or hand me a file.", "请提问：输入问题、录音，或交给我一个文件。"),
    (
        "Your question has {count} characters, and I take {most}. Put the long part into a text file and attach that: "
        "then I can search it.",
        "您的问题有 {count} 个字符，我最多接受 {most} 个。请把长的部分放进文本文件并附上，这样我就能检索它。",
    ),
    (
        "Your question is too long for this model: it takes {needed} tokens and the model {most}. Shorten it, or put "
        "the long part into a text file and attach that.",
        "您的问题对这个模型来说太长：需要 {needed} 个词元，而模型最多 {most} 个。"
        "请缩短它，或把长的部分放进文本文件并附上。",
    ),
    ("There is no file {name}. Check the name and try again.", "没有文件 {name}。请检查名称后再试。"),
    ("{name} has {size} MB; I take {most} MB.", "{name} 有 {size} MB；我最多接受 {most} MB。"),
    (
        "That needs {what}, and there is {left} here. Hand it to me along with the command.",
        "这需要{what}，而这里有 {left}。请连同命令一起提供。",
    ),
    ("Stopped before the models were loaded. Ask again in a moment.", "模型加载完之前已停止。请稍后再问。"),
    ("I cannot read {type} files yet. I take {taken} and more.", "我还不能读 {type} 文件。我能读 {taken} 等。"),
)

PHRASES: tuple[tuple[str, str], ...] = (
    # what stands at a name of another sentence
    ("earlier turn", "先前的对话轮次"),
    ("earlier turns", "先前的对话轮次"),
    ("weaker piece of evidence", "较弱的依据"),
    ("weaker pieces of evidence", "较弱的依据"),
    ("earlier picture", "先前的图片"),
    ("earlier pictures", "先前的图片"),
    ("in a minute", "一分钟后"),
    ("in {seconds} seconds", "{seconds} 秒后"),
    ("{count} hours", "{count} 小时"),
    ("{count} minutes", "{count} 分钟"),
    ("{count} seconds", "{count} 秒"),
    ("page {number}", "第 {number} 页"),
    ("figure {number}", "第 {number} 幅图"),
    ("a presentation", "演示文稿"),
    ("a Word document", "Word 文档"),
    ("a table", "表格"),
    ("plain text", "纯文本"),
    ("a book", "电子书"),
    ("a message", "邮件"),
    ("a spreadsheet", "电子表格"),
    ("a web page", "网页"),
    ("a PDF", "PDF"),
    ("of a kind unknown to me", "我不认识的类型"),
    ("yes or no", "“是”或“否”"),
    ("a whole number", "整数"),
    ("a number", "数字"),
    ("something to read", "可读的内容"),
    ("nothing", "0 个"),
    ("{count} files", "{count} 个文件"),
    ("Page {number}", "第 {number} 页"),
    ("Figure {number}", "第 {number} 幅图"),
    # how a file was taken in, as the line about the file says it
    ("sent as pixels", "以像素发送"),
    ("described", "已描述"),
    ("read", "已读"),
    ("transcribed", "已转写"),
    ("no speech found", "没有听到说话声"),
    # the roles of models
    ("chat", "回答"),
    ("vision", "看图"),
    ("speech", "听写"),
    ("reader", "读图中文字"),
    ("embedding", "检索"),
    ("picture-embedding", "检索图片"),
    ("rerank", "重新排序"),
    ("voice", "朗读"),
    ("recogniser", "识别图片内容"),
)
