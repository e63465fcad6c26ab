"""The words of sharing: in the list of conversations, and on the page that whoever has the link sees."""

from dataclasses import dataclass


@dataclass(frozen=True)
class SharingWords:
    """Strings with {names} are filled with `str.format`."""

    share: str = "Share a copy"
    about: str = "Whoever has the link can read this conversation as it is now. What you ask later is not in the copy."
    with_files: str = "with the files"
    make: str = "Make a link"
    shared: str = "Shared on {date}"
    shared_files: str = "Shared with its files on {date}"
    only_here: str = "This page is open on this machine only, so the link works only here."
    open: str = "Open the copy"
    copy: str = "Copy the link"
    stop: str = "Stop sharing"
    untitled: str = "A conversation"
    note: str = "A copy made on {date}; it does not change. The answers are a language model's: check what they cite."
    question: str = "Question"
    answer: str = "Answer"
    files: str = "Files"
    footnote: str = "Source {number}"
    voice: str = "A recorded question"
    unsupported: str = "† Nothing that was given supports this sentence."
    not_grounded: str = "This comes from the model itself: nothing that was given supports it."
    seen_or_itself: str = (
        "No text that was given supports this: it is what the model saw in the pictures, or it comes from the model "
        "itself."
    )
    another_script: str = (
        "What was given is in another script. Where a sentence has no number, its words could not be compared with it."
    )
    no_answer: str = "No answer came."
    unfinished: str = "The answer was not finished when this copy was made."
    gone: str = "There is no shared copy here. It may have been withdrawn."


ENGLISH = SharingWords()

CHINESE = SharingWords(
    share="分享副本",
    about="拿到链接的人可以看到这个对话现在的样子。之后的提问不会出现在副本中。",
    with_files="连同文件",
    make="生成链接",
    shared="已于 {date} 分享",
    shared_files="已于 {date} 连同文件分享",
    only_here="这个页面只在这台机器上打开，所以链接只在这里有效。",
    open="打开副本",
    copy="复制链接",
    stop="停止分享",
    untitled="一个对话",
    note="副本制作于 {date}，不会再变。回答由语言模型生成：请核对它引用的内容。",
    question="问题",
    answer="回答",
    files="文件",
    footnote="来源 {number}",
    voice="录下的问题",
    unsupported="† 所提供的内容中没有支持这句话的依据。",
    not_grounded="这出自模型本身：所提供的内容中没有依据。",
    seen_or_itself="所提供的文字中没有依据：这是模型在图片中看到的，或出自模型本身。",
    another_script="所提供的内容使用另一种文字。没有编号的句子无法与原文逐字核对。",
    no_answer="没有得到回答。",
    unfinished="制作副本时回答尚未完成。",
    gone="这里没有分享的副本。它可能已被撤回。",
)
