"""Hallucinations: sentences that Whisper writes where nobody speaks, because they stood below silence in its training
films.

Collected by its users (openai/whisper discussions 1606, 928 and 679; Barański et al., "Investigation of Whisper ASR
Hallucinations Induced by Non-Speech Audio", 2025). Credits of subtitles are never spoken. Farewells are, and so are
doubted only where the model itself has doubts, or where they come faster than anybody speaks.
"""

import re
from functools import cache

from assistant.text.chinese_scripts import folded

SURE_OF_SPEECH = 0.3  # probability that nobody speaks, above which a farewell is doubted
LIKELY = -0.75  # mean log probability of its tokens, below which it is
FASTEST = 30.0  # letters a second; a hurried speaker has 20. A Chinese character counts as three

_CREDITS = re.compile(
    r"^\W*+((subtitles?|captions?|transcri(bed|ption|pts?)|translat(ed|ion)s?)( (are|were))?( (made|provided))? by\b"
    r"|ondertitel(ing|d)|untertitel(ung)?\s+(von|der|des|im auftrag)|(swr|zdf|ard|wdr|ndr) (20\d\d|mediagroup)"
    r"|sous-?titr(es|age)\s+(réalisé|fait|par|st'?\s?501|société)|subt[íi]tulos\s+(realizados|por|creados)"
    r"|sottotitoli\s+(creati|e revisione|a cura)|legendas\s+pela|napisy\s+(stworzone|wykonane)"
    r"|altyaz[ıi]\s*(?::\s*)?m\.?k"
    r"|редактор субтитров|субтитры\s+(сделал|создавал|делал)|titulky\s+vytvoř|mbc\s*뉴스|(한글\s*)?자막\s*(by|제공|:)"
    r"|(中文)?字幕(由|志愿者|制作|校对|[:：]|\s?by)|小编字幕由|词曲\s*李宗盛|李宗盛\s*词曲|优优独播剧场|yoyo television"
    r"|请不吝点赞|明镜需要您的支持)"
    r"|amara\.\s?org|打赏支持明镜|castingwords",
    re.IGNORECASE,
)
_LONGEST_CREDIT = 90  # letters; what goes on is about subtitles, and said by somebody
_FAREWELLS = """
    thankyou|thanks|thankyouverymuch|thankyousomuch|thankyouforwatching|thanksforwatching|thankyouforlistening
    thankyousomuchforwatching|thankyouverymuchforwatching|thankyouforwatchingthisvideo|thanksforwatchingthisvideo
    thankyouforyourattention|thanksforlistening|pleasesubscribe|pleasesubscribetomychannel|subscribe
    pleaselikeandsubscribe|likeandsubscribe|dontforgettosubscribe|seeyounexttime|seeyouinthenextvideo|seeyou
    illseeyouinthenextvideo|seeyoulater|bye|byebye|goodbye|you|oh|so|okay|ok|hmm|mm|mmhmm|uh|ah|theend|music
    applause|laughter|silence|iloveyou|imsorry|ohmygod|goodnight|peace
    谢谢|谢谢大家|谢谢观看|谢谢收看|谢谢您的观看|谢谢你的观看|感谢观看|感谢收看|感谢您的观看|谢谢收听|感谢收听
    多谢您的观看|再见|拜拜|请订阅
    请订阅我的频道|我们下期再见|下期再见|下次再见|我们下次再见|嗯|啊|音乐|掌声|谢谢大家观看|谢谢大家收看|谢谢您的收看|谢谢您
    ありがとうございました
    ご視聴ありがとうございました|ご清聴ありがとうございました
    チャンネル登録お願いします|おやすみなさい
    最後までご視聴ありがとうございました
    구독과좋아요부탁드립니다|감사합니다|시청해주셔서감사합니다|고맙습니다
    merci|mercidavoirregardé|mercidavoirregardécettevidéo|abientôt
    vielendank|vielendankfürszuschauen|dankeschön|danke|tschüss|bisbald|gracias|graciasporver|graciasporverelvideo
    hastalapróxima|obrigado|obrigada|grazie|grazieperlavisione|спасибо|спасибозапросмотр|продолжениеследует|dziękuję
    teşekkürler|izlediğiniziçinteşekkürler|tack|takk|kiitos
    """


def is_credit(text: str) -> bool:
    """Whether it is a line of subtitles' credits, which nobody speaks."""
    return len(text) <= _LONGEST_CREDIT and bool(_CREDITS.search(folded(text)))


def is_farewell(text: str) -> bool:
    """Whether it is nothing but one or several of the thanks, farewells and noises that silence is taken for."""
    parts = [_letters(part) for part in re.split(r"[.!?,。！？，、…♪\[\]()]+", folded(text))]
    said = [part for part in parts if part]
    return bool(said) and (all(part in _farewells() for part in said) or "".join(said) in _farewells())


@cache
def _farewells() -> frozenset[str]:
    return frozenset(folded(_FAREWELLS.casefold()).replace("|", " ").split())


def is_hallucination(text: str, seconds: float, no_speech: float, log_probability: float, certainty: float) -> bool:
    """Whether a segment of so many seconds, with the model's own doubts, was never said.

    no_speech: probability that nobody speaks. certainty: of the language.
    """
    if is_credit(text):
        return True
    if not is_farewell(text):
        return False
    too_fast = _length(text) > FASTEST * max(seconds, 0.1)
    return too_fast or no_speech > SURE_OF_SPEECH or log_probability < LIKELY or certainty < 0.5


def _letters(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())


def _length(text: str) -> int:
    return sum(3 if "\u3040" <= letter <= "\u9fff" else 1 for letter in _letters(text))
