"""Who is who, in a person's words: “the left channel is Anna, Ben is on the right”, “左边是安娜”.

A sentence is read as what it speaks of - left, right, speaker 2, somebody named before - and names, in turns; whichever
comes first, each belongs to its neighbour. Knows words alone: what there is in a recording is handed in.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from assistant.text.tokens import is_cjk
from assistant.values.request import to_parse
from assistant.values.speakers import LONGEST

MOST_WORDS = 5  # of a name
MOST_CHARACTERS = 60  # of a name in Chinese or Japanese with the words around it
_NUMBERS = {
    word: number
    for number, words in enumerate(
        (
            "one first eins erste erster ersten ein premier première un une uno una primero primera primeiro primeira "
            "один первый первая первого 一 首 첫 일",
            "two second zwei zweite zweiter zweiten deux deuxième seconde dos segundo segunda dois duas два второй "
            "вторая второго 二 两 둘 두 이",
            "three third drei dritte dritter dritten trois troisième tres tercero tercera três terceiro terceira три "
            "третий третья третьего 三 셋 세 삼",
            "four fourth vier vierte vierter vierten quatre quatrième cuatro cuarto cuarta quatro quarto quarta четыре "
            "четвёртый четвертый четвёртая 四 넷 네 사",
        ),
        1,
    )
    for word in words.split()
}
_COUNT = "|".join(sorted(_NUMBERS, key=len, reverse=True))
_VOICES = (
    r"speaker|voice|person|sprecher(?:in)?|stimme|locut(?:eur|rice)|voix|intervenant|hablante|locutora?|voz|falante|"
    r"orador|говорящ\w+|голос\w*|диктор\w*|спикер\w*|说话人|说话者|发言人|話者|話し手|スピーカー|화자|목소리"
)
_CHANNELS = r"channel|kanal|canal|канал\w*|声道|频道|通道|チャンネル|채널"
_TRACKS = r"track|tonspur|spur|piste|pista|faixa|дорожк\w+|音轨|トラック|트랙"
_REFERENCE = re.compile(
    rf"(?P<left>\b(?:left|links|linke[nmrs]?|gauche|izquierd[ao]|esquerd[ao]|слева|лев(?:ый|ая|ое|ом|ой|ого|ую))\b"
    rf"|左(?:边|邊|侧|側|面)?|왼(?:쪽|편))"
    rf"|(?P<right>\b(?:right|rechts|rechte[nmrs]?|droite?|derech[ao]|direit[ao]|справа|"
    rf"прав(?:ый|ая|ое|ом|ой|ого|ую))\b|右(?:边|邊|侧|側|面)?|오른(?:쪽|편))"
    rf"|(?P<what>{_VOICES}|{_CHANNELS}|{_TRACKS})\s*(?:no\.?|nr\.?|nº|n°|№|#|号)?\s*"
    rf"(?P<number>\d{{1,2}}|\b(?:{_COUNT})\b|[一二三四])"
    rf"|(?:\b(?P<nth>{_COUNT})\s+|第?(?P<cjk>[一二三四1-4])(?:个|位|の)?|(?P<ko>첫|두|세|네)\s?번째\s*)"
    rf"(?P<whom>{_VOICES}|{_CHANNELS}|{_TRACKS}|one\b(?=\s))",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"[“\"«„「『‘]([^”\"»“」』’]{1,60})[”\"»“」』’]")
_PARTED = re.compile(
    r"[,;:!?()\n，；、。！？：—–]|(?<!\b[A-Z])(?<!\b[DMS][rst])(?<!\bMrs)(?<!\bProf)(?<!\b[FHS]r)\.(?=\s|$)|"
    r"\b(?:and|und|et|y|и|while|but|whereas|aber|mais|pero|mas|а)\b|以及|并且|而且|[和与跟而]|そして|"
    r"그리고|(?<=\s)e(?=\s)",
    re.IGNORECASE,
)
_NOT = re.compile(
    r"\b(?:not|isn['’]t|wasn['’]t|nicht|pas|не)\b|^(?:kein\w*|no|não|nao|没有)\b|不是|ではなく|아니라", re.IGNORECASE
)
_STOPS = frozenset(
    """
    a an the is are was be being it its it's this that that's these those there here on at in of to for as from by with
    who whom whose which what one ones person people side channel channels speaker speakers voice voices track ear
    man woman guy lady hear hears heard speak speaks speaking spoken talk talks talking belongs belong goes called
    call calls name names named label labels rename renamed relabel set tag mark note remember know please actually
    really now should would could can you i me my we us let's let so say says saying hi ok okay hey well fyi by way
    will have has his her their him her she he they on-the same other everywhere transcript recording call audio file
    instead anymore again always only just correct correction sorry i'm i've make use write change replace identify

    ist sind war heißt heisst heissen heißen der die das den dem des ein eine einen einer auf in im am an von vom zu zur
    zum mit für als wer wie kanal kanäle kanals stimme seite sprecher sprecherin spricht sprechen redet hört man hören
    zu gehört nenne nenn nennen benenne bitte also jetzt ab sofort künftig ich du wir es er sie ja doch eigentlich
    namens name namen person frau herr um in-zukunft soll sollen heißen bezeichne merk dir dass aufnahme tonspur spur

    le la les l' un une des du de d' est c'est sont sur dans au aux à a qui que canal canaux voix côté personne
    s'appelle appelle appelez appelons nomme nommez renomme parle entend on il elle nous moi vous s'il te plaît plait
    locuteur locutrice celui celle en fait désormais maintenant enregistrement piste appeler

    el la los las lo un una unos es son está esta estan están en del de al a que quien canal canales voz lado persona
    se llama llaman llámalo llama llamalo nombra nombre renombra habla hablan oye por favor en-realidad ahora hablante
    locutor pista grabación

    o os as um uma é são está no na nos nas do da dos das ao à que quem canal canais voz lado pessoa chama-se chama
    chame se fala ouve por favor agora falante faixa gravação renomeie nomeie

    это этот эта на в во с у канал канале канала каналы голос стороне сторона говорит зовут слышно слышен слышна
    что как человек спикер говорящий назови называй назовите пожалуйста имя дорожка кто там теперь его её ее
    """.split()
)
_CJK_BEFORE = re.compile(
    r"^(?:[\s的之是叫为]|就是|声道|频道|通道|音轨|说话的?人?|讲话的?人?|发言的?人|那个|那位|这个|这位|的人|人是|人叫|声音|"
    r"名叫|名字|叫做|叫作|称为|称作|改名为|改名|改成|改为|命名为|标为|标成|标记为|换成|应该|其实|听到|一侧|请|把|将|记住|"
    r"帮我|麻烦|注意|录音|里|中|"
    r"[はがをのに]|チャンネル|チャネル|スピーカー|話者|側|声|人は|人が|名前|話しているのは|聞こえるのは)+"
)
_CJK_AFTER = re.compile(
    r"(?:[\s在说用从的是吧了呢啊哦]|位于|坐|说话|讲话|那边|这边|那|这|声道|频道|请|把|将|"
    r"です|でした|だ|である|ですよ|だよ|といいます|と言います|という|と呼んで(?:ください|下さい)?|にして(?:ください|下さい)?|"
    r"に変えて(?:ください)?|としてください|[はがをのにで]|さん(?=です|だ|は|が))$"
)
_KO_AFTER = re.compile(
    r"(?:입니다|이에요|예요|이고요?|이고|고요|이야|야|이라고|라고|으로|로|은|는|이|가|을|를|의|에|에서|님|씨|요)$"
)
_KO_STOPS = frozenset(
    """
    채널 채널은 채널이 채널을 화자 화자는 화자가 사람은 사람이 사람 목소리는 목소리 쪽 쪽은 은 는 이 가 의 에 을 를 에서
    말하는 있는 있어 있어요 있습니다 불러 불러줘 불러주세요 바꿔 바꿔줘 바꿔주세요 해줘 해주세요 이름은 이름을 이름
    """.split()
)


@dataclass(frozen=True)
class Reference:
    """Whom words speak of. number: of a speaker, channel or track, from 1; name: one that was given before."""

    what: Literal["left", "right", "speaker", "channel", "track", "name"]
    number: int = 0
    name: str = ""


def named(words: str, known: Collection[str] = ()) -> list[tuple[Reference, str]]:
    """Who is called what by these words. known: names given before, which may be changed."""
    items = list(_items(to_parse(words), known))
    found: list[tuple[Reference, str]] = []
    waiting: Reference | str | None = None
    for item in items:
        match waiting, item:
            case Reference(), str():
                found.append((waiting, item))
                waiting = None
            case str(), Reference():
                found.append((item, waiting))
                waiting = None
            case _:
                waiting = item  # of two of a kind the latter: "the speakers: left is Anna"
    return found


def references(words: str, known: Collection[str] = ()) -> list[Reference]:
    """Whom these words speak of, each once."""
    return list(dict.fromkeys(one for one in _items(to_parse(words), known) if isinstance(one, Reference)))


def found_in(reference: Reference, tracks: Mapping[str, str]) -> str | None:
    """Which of these tracks is meant, None where it is none of them. tracks: in order of their first words, each with
    what it is called."""
    ordered = list(tracks)
    match reference.what:
        case "left" | "right":
            return reference.what if {"left", "right"} & set(ordered) else None
        case "name":
            return next((track for track, name in tracks.items() if name.casefold() == reference.name.casefold()), None)
        case "channel":
            side = ("left", "right")[reference.number - 1] if reference.number in (1, 2) else ""
            return side if {"left", "right"} & set(ordered) and side else None
        case "track":
            return next((one for one in ordered if one.split()[:2] == ["track", str(reference.number)]), None)
        case "speaker":
            if (exact := f"speaker {reference.number}") in ordered:
                return exact
            apart = [one for one in ordered if not one.startswith("subtitles")]
            return apart[reference.number - 1] if 0 < reference.number <= len(apart) else None


def _items(words: str, known: Collection[str]) -> Iterator[Reference | str]:
    """What is spoken of, and names, in their order."""
    last = 0
    for start, end, reference in _places(words, known):
        yield from _names(words[last:start])
        yield reference
        last = end
    yield from _names(words[last:])


def _places(words: str, known: Collection[str]) -> Iterator[tuple[int, int, Reference]]:
    last = 0
    for match in re.finditer(_with_known(known), words) if known else _REFERENCE.finditer(words):
        if match.start() >= last:
            last = match.end()
            yield match.start(), last, _reference(match)


def _with_known(known: Collection[str]) -> "re.Pattern[str]":
    names = "|".join(
        re.escape(name) if is_cjk(name) else rf"(?<!\w){re.escape(name)}(?:(?:'s|’s)?(?!\w))"
        for name in sorted(known, key=len, reverse=True)
    )
    return re.compile(rf"(?P<known>{names})|{_REFERENCE.pattern}", re.IGNORECASE)


def _reference(match: "re.Match[str]") -> Reference:
    told = match.groupdict()
    if told.get("known"):
        return Reference("name", name=re.sub(r"['’]s$", "", told["known"]))
    if told["left"] or told["right"]:
        return Reference("left" if told["left"] else "right")
    counted = (told["number"] or told["nth"] or told["cjk"] or told["ko"] or "").casefold()
    number = int(counted) if counted.isascii() and counted.isdecimal() else _NUMBERS.get(counted, 0)
    kind = told["what"] or told["whom"] or ""
    if re.fullmatch(_CHANNELS, kind, re.IGNORECASE):
        return Reference("channel", number)
    if re.fullmatch(_TRACKS, kind, re.IGNORECASE):
        return Reference("track", number)
    return Reference("speaker", number)


def _names(text: str) -> Iterator[str]:
    if quoted := _QUOTED.findall(text):
        yield from (" ".join(one.split()) for one in quoted)
        return
    for part in _PARTED.split(text):
        if part and (name := _name(part.strip())):
            yield name


def _name(text: str) -> str:
    """What is left without the words around it; "" where that is no name."""
    if _NOT.search(text):
        return ""
    korean = any("\uac00" <= letter <= "\ud7a3" for letter in text)
    if is_cjk(text) and not korean:
        if len(text) > MOST_CHARACTERS:
            return ""
        text, before = _CJK_BEFORE.sub("", text), ""
        while text != before:
            before, text = text, _CJK_AFTER.sub("", text)
        return text if 0 < len(text) <= 16 and any(letter.isalpha() for letter in text) else ""
    words = [word.strip("\"'“”‘’«».…-=") for word in text.split()]
    while words and (_is_stop(words[0]) or not words[0]):
        words.pop(0)
    while words and (_is_stop(words[-1]) or not words[-1]):
        words.pop()
    if korean and words:
        words[-1] = _KO_AFTER.sub("", words[-1]) or words[-1]
    name = re.sub(r"['’]s$", "", " ".join(words))
    fits = 0 < len(words) <= MOST_WORDS and len(name) <= LONGEST
    return name if fits and any(letter.isalpha() for letter in name) else ""


def _is_stop(word: str) -> bool:
    plain = word.casefold().replace("’", "'")
    return plain in _STOPS or plain in _KO_STOPS
