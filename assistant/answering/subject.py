"""Subject: which files a request means: by name, by number, by what they are, because they came along, or because the
turn before was about them. Names and numbers are parsed; nothing here decides what is wanted of the files.
"""

import re
from collections.abc import Sequence
from pathlib import Path

from assistant.text.tokens import tokens
from assistant.values.conversation import Conversation
from assistant.values.evidence import Medium
from assistant.values.files import FileFacts
from assistant.values.request import Meant

_ORDINALS = (  # for the first, the second … in the languages that requests come in
    r"first|1st|第一|第1|erste[nrsm]?|premi(?:er|ère)|prim(?:er|ero|era)|primeir[oa]|одн|перв\w+|最初|1つ目|첫",
    r"second|2nd|第二|第2|zweite[nrsm]?|deuxième|second[eo]?|segund[oa]|втор\w+|2つ目|두 ?번째",
    r"third|3rd|第三|第3|dritte[nrsm]?|troisième|tercer[oa]?|terceir[oa]|трет\w+|3つ目|세 ?번째",
    r"fourth|4th|第四|第4|vierte[nrsm]?|quatrième|cuart[oa]|quart[oa]|четв[её]рт\w+|4つ目|네 ?번째",
    r"fifth|5th|第五|第5|fünfte[nrsm]?|cinquième|quint[oa]|пят\w+|5つ目|다섯 ?번째",
)
_LAST = r"last|latest|最后|最後|letzte[nrsm]?|derni(?:er|ère)|últim[oa]|последн\w+|마지막"
_THING = (
    r"one|file|document|doc|pdf|page|picture|photo|image|screenshot|receipt|invoice|bill|recording|voice (?:note|message)|message|memo|"
    r"audio|video|film|clip|sheet|spreadsheet|table|letter|contract|text|scan|slides?|presentation|datei|dokument|bild|foto|beleg|quittung|"
    r"rechnung|aufnahme|brief|fichier|document|photo|image|reçu|facture|enregistrement|lettre|archivo|documento|foto|imagen|recibo|factura|"
    r"grabación|arquivo|imagem|gravação|файл|документ|картинк\w+|фото\w*|чек|запис\w+"
)
_COUNTED = (
    r"[个份张段条幅页封]?(?:文件|文档|图片|照片|图|录音|视频|收据|发票|票据|表格|表|合同|信|文|个|份|张|段|条|幅|封)"
)
_ORDINAL = tuple(
    re.compile(rf"(?<!\w)(?:{words})\s+(?:\w+\s+)?(?:{_THING})s?\b|(?:{words})\s*{_COUNTED}|(?:{words})(?:の|\s*(?:파일|사진|문서))", re.I)
    for words in (*_ORDINALS, _LAST)
)  # fmt: skip
_NUMBERED_THING = (
    r"\b(?:files?|documents?|pictures?|photos?|photographs?|images?|screenshots?|receipts?|invoices?|recordings?|videos?|clips?|"
    r"datei(?:en)?|dokumente?|bild(?:er)?|fotos?|beleg|aufnahme|fichiers?|reçus?|archivos?|documentos?|imagen|imágenes|recibos?|arquivos?|"
    r"imagens|фото|файл|картинка|чек)\s++(?:(?:no|nr|number|nummer|numéro|número)\b\.?|#)?+\s*+"
    r"|(?:文件|文档|图片|照片|图|截图|录音|视频|收据|发票|画像|写真|ファイル|사진|파일)\s*+"
)
_NUMBERED = re.compile(
    rf"(?:{_NUMBERED_THING})\d{{1,2}}(?!\d|\s*+[枚張张장])"
    rf"(?:\s*+(?:,|、|&|and|or|to|with|und|oder|et|y|e|и|和|与|跟|と)\s*+(?:{_NUMBERED_THING})?\d{{1,2}}(?!\d))*",
    re.IGNORECASE,
)
_ALL = re.compile(
    r"\b(?:all|both|every|each|these|those|two|three|four|them|together|altogether|everything|alle|beide[nrs]?|diese|zusammen|tous|toutes|les deux|ces|"
    r"ensemble|todos|todas|ambos|ambas|estos|estas|juntos|все|оба|обе|вместе|эти)\b|所有|全部|这些|这两|这几|那些|一共|总共|合计|都|它们|すべて|全部|両方|모두|둘 다|전부",
    re.IGNORECASE,
)
_MEDIA_NAMED: tuple[tuple[tuple[Medium, ...], str], ...] = (
        (
            ("audio",),
            r"\b(?:recording|audio|voice (?:note|message|memo)|voicemail|podcast|sound file|aufnahme|sprachnachricht|tonaufnahme|enregistrement|"
            r"message vocal|grabación|nota de voz|gravação|áudio|аудио\w*|голосов\w+|запис[ьи])s?\b|录音|音频|语音|録音|音声|녹음|음성",
        ),
        (("video",), r"\b(?:video|film|movie|clip|footage|screencast|vidéo|vídeo|видео\w*|фильм\w*)s?\b|视频|录像|影片|動画|비디오|영상|동영상"),
        (
            ("image",),
            r"\b(?:picture|photo|photograph|image|screenshot|snapshot|bild|foto|bildschirmfoto|photo|image|capture|imagen|imagem|картинк\w+|"
            r"фото\w*|снимок|скриншот)(?:s|es|er|n|en)?\b|图片|照片|截图|图像|这张图|图\s*\d|写真|画像|사진|이미지",
        ),
        (
            ("text",),
            r"\b(?:document|pdf|report|letter|contract|article|text|spreadsheet|sheet|slides?|presentation|deck|dokument|bericht|brief|vertrag|"
            r"tabelle|lettre|contrat|rapport|documento|contrato|carta|informe|relatório|документ\w*|письмо|договор)s?\b|文档|合同|报告|文章|表格|幻灯片|書類|文書|문서|계약서",
        ),
)  # fmt: skip
_MEDIA = tuple((media, re.compile(pattern, re.IGNORECASE)) for media, pattern in _MEDIA_NAMED)
RECORDINGS: tuple[Medium, ...] = ("audio", "video")


def named(words: str, files: Sequence[FileFacts]) -> tuple[str, ...]:
    """source_ids of files whose name, with or without its ending, stands in the words, in that order."""
    lower = words.lower()
    found: dict[str, int] = {}
    for one in files:
        for written in (one.name.lower(), Path(one.name).stem.lower()):
            at = lower.find(written) if len(written) > 2 else -1
            if at >= 0 and _stands_alone(lower, at, at + len(written)):
                found.setdefault(one.source_id, at)
                break
    return tuple(sorted(found, key=lambda source_id: found[source_id]))


def called(words: str, files: Sequence[FileFacts]) -> tuple[str, ...]:
    """source_ids of files of whose name a telling word stands in the words ("the invoice" of invoice_march.pdf)."""
    said = {token.text for token in tokens(words) if token.kind != "number"}
    parts = {one.source_id: _telling(one.name) for one in files}
    shared = {source_id: len(words_of & said) for source_id, words_of in parts.items()}
    best = max(shared.values(), default=0)
    return tuple(source_id for source_id, number in shared.items() if number == best) if best else ()


def by_number(words: str, files: Sequence[FileFacts]) -> tuple[str, ...]:
    """source_ids of "the second one", "photo 2", "the last photo", "第二个文件", counted among files of the medium it
    names, or of what their own names call so."""
    numbers = [at for at, pattern in enumerate(_ORDINAL) if pattern.search(words)]
    numbered = [int(number) for one in _NUMBERED.findall(words) for number in re.findall(r"\d+", one)]
    if not numbers and not numbered:
        return ()
    alike = called(words, files)
    several = alike if len(alike) > 1 else ()
    counted = of_medium(words, files) or several or tuple(one.source_id for one in files)
    last = len(_ORDINAL) - 1
    found = [
        counted[-1] if at == last else counted[at] for at in numbers if counted and (at == last or at < len(counted))
    ]
    found += [counted[number - 1] for number in numbered if 0 < number <= len(counted)]
    return tuple(dict.fromkeys(found))


def of_medium(words: str, files: Sequence[FileFacts]) -> tuple[str, ...]:
    """source_ids of the files of a medium that the words name ("the recording")."""
    media = {medium for some, pattern in _MEDIA if pattern.search(words) for medium in some}
    return tuple(one.source_id for one in files if one.medium in media)


def means_all(words: str) -> bool:
    """Whether it speaks of several things ("both", "all of them", "这两张")."""
    return bool(_ALL.search(words))


def subject(
    words: str, files: Sequence[FileFacts], given_now: Sequence[str], conversation: Conversation, recordings: bool
) -> tuple[tuple[str, ...], Meant]:
    """source_ids of what is meant, and how that was found out; nothing where there are no files.

    files: of the conversation, in the order given. given_now: of this very turn. recordings: only these can be meant.
    """
    if recordings:
        files = [one for one in files if one.medium in RECORDINGS]
        given_now = [source_id for source_id in given_now if source_id in {one.source_id for one in files}]
    now = [one for one in files if one.source_id in given_now]
    here = now if len(now) > 1 else files
    if found := named(words, files):
        return found, "named"
    if found := by_number(words, here):
        return found, "ordinal"
    if now:
        return tuple(one.source_id for one in now), "given now"
    if not files:
        return (), "none"
    before = _before(conversation, files)
    several = means_all(words)
    if found := called(words, files):
        if several or len(found) == 1:
            return found, "named"
        still = tuple(source_id for source_id in found if source_id in before)
        return still or found, "named"
    if found := of_medium(words, files):
        still = tuple(source_id for source_id in found if source_id in before)
        return (found if several else still or found[-1:]), "medium"
    if before and not several:
        return before, "last"
    if several or not before:
        return tuple(one.source_id for one in files), "all"
    return before, "last"


def _before(conversation: Conversation, files: Sequence[FileFacts]) -> tuple[str, ...]:
    """What the last turn that was about files was about."""
    known = {one.source_id for one in files}
    for exchange in reversed(conversation.exchanges):
        if there := tuple(source_id for source_id in exchange.files if source_id in known):
            return there
    return ()


def _stands_alone(text: str, start: int, end: int) -> bool:
    before, after = text[start - 1 : start], text[end : end + 1]
    return not (before.isascii() and before.isalnum()) and not (after.isascii() and after.isalnum())


def _telling(name: str) -> frozenset[str]:
    """The words of a file's name that may stand for it: no numbers, no endings, nothing of one letter."""
    stem = re.sub(r"[_\-.+]+", " ", Path(name).stem)
    return frozenset(token.text for token in tokens(stem) if token.kind != "number" and len(token.text) > 1)
