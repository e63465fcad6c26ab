"""Words that name a fact about a file, in several languages, as the examples of `file_facts` call it."""

# ruff: noqa: E501 - a pattern is read as one line

SAYS = (
    ("pages", r"\bpages?\b(?! \d)|\bseiten(?:zahl)?\b|\bpáginas?\b|页|頁|ページ|페이지|страниц"),
    ("slides", r"\bslides?\b|\bfolien?\b|\bdiapos?\w*\b|\bdiapositivas?\b|幻灯片|簡報|スライド|슬라이드|слайд"),
    ("sheets", r"\b(?:work)?sheets?\b|\btabs?\b|tabellenbl|\breiter\b|\bhojas?\b|\bonglets?\b|工作表"),
    ("pixels", r"\bpixels?\b|\bresolution\b|\bpíxeles\b|auflösung|résolution|resolución|resolução|像素|分辨率|解像度|해상도|разрешени"),
    ("words", r"\bwords?\b|\bword count\b|\bwörter\b|\bzeichen\b|\bmots\b|\bpalabras\b|\bpalavras\b|多少字|几个字|字数|字數|文字数|글자 수|слов\b"),
    ("size", r"\b(?:mega|kilo|giga)bytes?\b|\b[mkg]b\b|file size|dateigröße|多少兆|文件大小|ファイルサイズ"),
    ("author", r"\bauthors?\b|\bautore?s?\b|\bauteure?s?\b|作者|著者|작성자|автор"),
    ("outline", r"\bchapters?\b|table of contents|\btoc\b|\bkapitel\b|inhaltsverzeichnis|\bchapitres?\b|\bcapítulos?\b|章节|目录|目次|목차|оглавлени"),
)  # fmt: skip
