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
_OF_FILES = (  # what files are called, several of them
    r"files|documents|docs|pdfs|papers|pictures|photos|photographs|images|screenshots|receipts|invoices|bills|recordings|messages|memos|"
    r"videos|films|clips|sheets|spreadsheets|letters|contracts|leases|reports|texts|scans|presentations|attachments|e-?mails|quotes|offers|"
    r"versions|ones|dateien|dokumente?n?|bilder[n]?|fotos|belegen?|quittungen|rechnungen|aufnahmen|briefen?|verträgen?|berichten?|texten?|"
    r"fichiers|reçus|factures|enregistrements|lettres|contrats|rapports|textes|archivos|documentos|imágenes|recibos|facturas|grabaciones|"
    r"cartas|contratos|informes|textos|arquivos|imagens|faturas|gravações|relatórios|файл\w+|документ\w+|картин\w+|фото\w*|чек\w+|запис\w+|"
    r"пис[еь]м\w*|договор\w+"
)
_ONE_FILE = rf"{_OF_FILES}|(?:{_THING})"  # "each file", "every letter"
_EACH = (
    r"all|both|every|each|alle[nr]?|beide[nrs]?|jede[nrs]?|tous|toutes|les deux|chaque|todos|todas|ambos|ambas|los dos|las dos|cada|os dois|"
    r"as duas|все|всех|оба|обе|обоих|обеих|кажд\w+"
)
_SOME = r"these|those|the|diese[nr]?|die|den|ces|les|estos|estas|esos|esas|los|las|estes|estas|esses|essas|os|as|эти\w*"
_FEW = (
    r"two|three|four|five|zwei|drei|vier|deux|trois|quatre|dos|tres|cuatro|dois|duas|três|quatro|дв[аеу]х?|тр[иё]х?|\d"
)
_DETERMINED = rf"(?:(?:of|my|your|our|von|meine[rn]?|mes|mis|meus|minhas|mo[ий]х?|{_SOME}|{_FEW})\s+){{0,3}}"
_GOES_ON = (  # after a word for all where nothing else is counted
    r"of (?:them|these|those|it)|together|are|were|is|was|do|does|did|say|says|said|have|has|had|in|on|at|from|with|and|or|to|for|"
    r"von ihnen|zusammen|sind|ist|sagen|haben|in|und|d'entre (?:eux|elles)|sont|ensemble|disent|et|ellos|ellas|son|dicen|juntos|y|eles|elas|são|"
    r"dizem|e|вместе|они|и"
)
_FILES_CJK = r"文件|文档|图片|照片|图|截图|录音|视频|收据|发票|票据|小票|表格|表|合同|报告|信|邮件|ファイル|文書|書類|画像|写真|録音|動画|파일|문서|사진|녹음|영상"
_ALL = re.compile(
    rf"\b(?:{_EACH})\s+{_DETERMINED}(?:[^\W\d]+\s+)?(?:{_ONE_FILE})\b"
    rf"|\b(?:(?:these|those|diese[nr]?|ces|estos|estas|esos|esas|estes|esses|essas|эти\w*)\s+(?:(?:{_FEW})\s+)?|(?:{_SOME})\s+(?:{_FEW})\s+)"
    rf"(?:[^\W\d]+\s+)?(?:{_OF_FILES})\b"
    rf"|\b(?:{_EACH}|everything)(?=\s*(?:[,.;:?!)]|$)|\s+(?:{_GOES_ON})\b)"
    r"|\b(?:together|altogether|zusammen|ensemble|juntos|juntas|вместе)\b"
    r"|\bwhich (?:one )?of (?:them|these|those)\b.*\b(?:[^\W\d]{3,}er|more|less|[^\W\d]{3,}est|most|least)\b"
    rf"|(?:所有|全部|这些|那些|这[两几三四五]|すべて|全部|これら|모든|이)(?:的|の)?\s*[个個份张張段条幅页封]?(?:{_FILES_CJK})"
    r"|这[两几三四五][份张段条幅封]|(?:所有|全部|すべて|両方|모두|둘 ?다|전부)(?=\s*(?:[，。？！,.?!、]|$|加|合|一起|都|里|中|を|に|の合|합))|一共|总共|合计",
    re.IGNORECASE,
)  # several files, and no several things in a file: "all the letters", "both", but neither "all the dates" nor "both parties"
_THEY = re.compile(
    r"\b(?:them|these|those|diese[nr]?|ces|celles-ci|ceux-ci|estos|estas|ellos|ellas|estes|esses|essas|eles|elas|эти\w*|они|их|им|ими)\b"
    r"|这些|那些|它们|都|これら|それら|그것들|이것들",
    re.IGNORECASE,
)  # the files, or the things in one of them
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


def means_all(words: str, before: Sequence[str] = ()) -> bool:
    """Whether it speaks of several files ("both", "all the letters", "这两张").

    before: what the turn before was about. Where that is one file, "read them out" means what is in it.
    """
    return bool(_ALL.search(words)) or (len(before) != 1 and bool(_THEY.search(words)))


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
    several = means_all(words, before)
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
