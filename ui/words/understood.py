"""The words for a request as it was understood: what was wanted, of which files, and in which form."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class UnderstoodWords:
    """Strings with {names} are filled with `str.format`. meant: how the files were found out. What its kinds are
    called, each way of answering declares.
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
            "medium": "by its kind",
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
