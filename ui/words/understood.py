"""The words for a request as it was understood: what was wanted, of which files, and in which form."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class UnderstoodWords:
    """Strings with {names} are filled with `str.format`. kinds: by the name of a file in prompts/requests. facets: by
    kind and facet, "clock date"; a facet that is not here is called as its kind. meant: how the files were found out.
    """

    one: str = "Understood as: {request}"
    several: str = "Understood as several requests:"
    between: str = " · "
    unsure: str = "{request} (not sure)"
    files: str = "{names} ({meant})"
    more: str = "{names} and {count} more"
    counted: str = "{count} files"
    page: str = "page {first}"
    pages: str = "pages {first}–{last}"
    span: str = "{start}–{end}"
    span_on: str = "from {start} on"
    span_around: str = "around {at}"
    span_last: str = "the last {length}"
    sentence: str = "in one sentence"
    sentences: str = "in {count} sentences"
    items: str = "{count} of them"
    language: str = "answer in {language}"
    points_back: str = "with the turn before in mind"
    kinds: dict[str, str] = field(
        default_factory=lambda: {
            "about_medley": "question about Medley",
            "calculate": "calculation",
            "clock": "date and time",
            "compare": "comparison",
            "compute": "calculation with what stands there",
            "describe": "description",
            "fact": "question",
            "fields": "certain values, picked out",
            "file_facts": "facts about files",
            "knowledge": "question of general knowledge",
            "language": "which language it is in",
            "list": "list",
            "moment": "the moment when it comes up",
            "read": "the text as it stands",
            "rework": "another form",
            "small_talk": "small talk",
            "source": "which file it is in",
            "table": "table",
            "transcript": "transcript",
            "translate": "translation",
            "verify": "whether it is so",
            "where": "where it says so",
            "whole": "what it is about as a whole",
            "write": "a new text",
        }
    )
    facets: dict[str, str] = field(
        default_factory=lambda: {
            "clock date": "the date",
            "clock time": "the time",
            "clock until": "time until or since a day",
            "clock weekday": "the day of the week",
            "compute average": "average",
            "compute count": "count",
            "compute days": "number of days",
            "compute difference": "difference",
            "compute least": "the smallest value",
            "compute most": "the largest value",
            "compute percent": "percentage",
            "compute sum": "sum",
            "file_facts author": "author of a file",
            "file_facts date": "date of a file",
            "file_facts files": "which files there are",
            "file_facts length": "length of a recording",
            "file_facts outline": "headings of a file",
            "file_facts pages": "number of pages",
            "file_facts pixels": "size of a picture in pixels",
            "file_facts sheets": "sheets of a table",
            "file_facts size": "size of a file",
            "file_facts slides": "number of slides",
            "file_facts type": "type of a file",
            "file_facts words": "number of words",
            "transcript srt": "subtitles (SRT)",
            "transcript times": "transcript with times",
            "transcript vtt": "subtitles (WebVTT)",
            "whole decisions": "decisions",
            "whole explain": "explanation",
            "whole minutes": "minutes of a meeting",
            "whole outline": "outline",
            "whole points": "main points",
            "whole quiz": "quiz",
            "whole summary": "summary",
            "whole title": "title",
        }
    )
    shapes: dict[str, str] = field(
        default_factory=lambda: {
            "words": "in words",
            "list": "as a list",
            "table": "as a table",
            "csv": "as CSV",
            "json": "as JSON",
            "srt": "as SRT",
            "vtt": "as WebVTT",
            "times": "with times",
        }
    )
    meant: dict[str, str] = field(
        default_factory=lambda: {
            "given now": "handed over now",
            "named": "named",
            "ordinal": "by its number",
            "medium": "by what it is",
            "last": "as in the turn before",
            "all": "everything here",
            "answer": "of the answer before",
            "libraries": "in everything that may be searched",
            "none": "without a file",
        }
    )


ENGLISH = UnderstoodWords()

CHINESE = UnderstoodWords(
    one="理解为：{request}",
    several="理解为几个请求：",
    between=" · ",
    unsure="{request}（不确定）",
    files="{names}（{meant}）",
    more="{names}等，另有 {count} 个",
    counted="{count} 个文件",
    page="第 {first} 页",
    pages="第 {first}–{last} 页",
    span="{start}–{end} 处",
    span_on="从 {start} 起",
    span_around="{at} 前后",
    span_last="最后 {length}",
    sentence="用一句话",
    sentences="用 {count} 句话",
    items="共 {count} 条",
    language="用{language}回答",
    points_back="结合上一轮",
    kinds={
        "about_medley": "关于 Medley 的问题",
        "calculate": "计算",
        "clock": "日期与时间",
        "compare": "比较",
        "compute": "根据其中的数字计算",
        "describe": "描述",
        "fact": "提问",
        "fields": "提取指定的值",
        "file_facts": "文件的信息",
        "knowledge": "常识问题",
        "language": "是哪种语言",
        "list": "列表",
        "moment": "提到它的时刻",
        "read": "原文",
        "rework": "换一种形式",
        "small_talk": "闲聊",
        "source": "出自哪个文件",
        "table": "表格",
        "transcript": "转写",
        "translate": "翻译",
        "verify": "是否属实",
        "where": "出自何处",
        "whole": "整体内容",
        "write": "写一篇新文字",
    },
    facets={
        "clock date": "日期",
        "clock time": "时间",
        "clock until": "距离某一天的时间",
        "clock weekday": "星期几",
        "compute average": "平均值",
        "compute count": "计数",
        "compute days": "天数",
        "compute difference": "差值",
        "compute least": "最小值",
        "compute most": "最大值",
        "compute percent": "百分比",
        "compute sum": "总和",
        "file_facts author": "文件的作者",
        "file_facts date": "文件的日期",
        "file_facts files": "有哪些文件",
        "file_facts length": "录音的时长",
        "file_facts outline": "文件的标题",
        "file_facts pages": "页数",
        "file_facts pixels": "图片的像素尺寸",
        "file_facts sheets": "表格的工作表",
        "file_facts size": "文件的大小",
        "file_facts slides": "幻灯片张数",
        "file_facts type": "文件的类型",
        "file_facts words": "字数",
        "transcript srt": "字幕（SRT）",
        "transcript times": "带时间的转写",
        "transcript vtt": "字幕（WebVTT）",
        "whole decisions": "决定",
        "whole explain": "解释",
        "whole minutes": "会议纪要",
        "whole outline": "提纲",
        "whole points": "要点",
        "whole quiz": "测验题",
        "whole summary": "摘要",
        "whole title": "标题",
    },
    shapes={
        "words": "用文字",
        "list": "列成清单",
        "table": "做成表格",
        "csv": "CSV 格式",
        "json": "JSON 格式",
        "srt": "SRT 格式",
        "vtt": "WebVTT 格式",
        "times": "带时间",
    },
    meant={
        "given now": "这次提供",
        "named": "按名称",
        "ordinal": "按次序",
        "medium": "按类型",
        "last": "同上一轮",
        "all": "这里的全部",
        "answer": "上一个回答",
        "libraries": "所有可检索的内容",
        "none": "不涉及文件",
    },
)
