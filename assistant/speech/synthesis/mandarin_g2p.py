"""Grapheme to phoneme (G2P) for Mandarin: words (jieba) to pinyin (pypinyin), a syllable to the phonemes of Kokoro.

The letters are those of misaki 0.9 (Apache-2.0), whose IPA of pinyin Kokoro 1.0 was trained on, after Duanmu (2007) and
Lin (2007), and so are the words, which jieba parts: where they are parted otherwise, the voice is harder to
understand. The tones are arrows: → first, ↗ second, ↓ third, ↘ fourth, nothing for the fifth.
"""

import re
from functools import lru_cache

_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff〇]+")
_TONES = {"1": "→", "2": "↗", "3": "↓", "4": "↘", "5": ""}
_INITIALS = dict(
    zip(
        "b p m f d t n l g k h j q x zh ch sh r z c s".split(),
        "p pʰ m f t tʰ n l k kʰ x ʨ ʨʰ ɕ ꭧ ꭧʰ ʂ ɻ ʦ ʦʰ s".split(),
        strict=True,
    )
)
_FINALS = dict(  # 0 is where the tone stands
    zip(
        "a ai an ang ao e ei en eng i ia ian iang iao ie in iou ing iong ong ou u uei ua uai uan uen uang ueng uo o "
        "v ve van vn er ê".split(),
        "a0 ai0 a0n a0ŋ au0 ɤ0 ei0 ə0n ə0ŋ i0 ja0 jɛ0n ja0ŋ jau0 je0 i0n jou0 i0ŋ jʊ0ŋ ʊ0ŋ ou0 u0 wei0 wa0 wai0 wa0n "
        "wə0n wa0ŋ wə0ŋ wo0 wo0 y0 ɥe0 ɥɛ0n y0n ɚ0 ɛ0".split(),
        strict=True,
    )
)
_ALONE = {"hm": "hm0", "hng": "hŋ0", "m": "m0", "n": "n0", "ng": "ŋ0", "o": "ɔ0", "io": "jɔ0"}
_FULL = {"iu": "iou", "ui": "uei", "un": "uen", "ue": "ve", "io": "io"}
_WRITTEN_WITH_Y = {
    "yi": "i", "ya": "ia", "yan": "ian", "yang": "iang", "yao": "iao", "ye": "ie", "yin": "in", "ying": "ing",
    "you": "iou", "yong": "iong", "yu": "v", "yue": "ve", "yuan": "van", "yun": "vn", "yo": "io", "yai": "ia",
    "wu": "u", "wa": "ua", "wai": "uai", "wan": "uan", "wang": "uang", "wei": "uei", "wen": "uen", "weng": "ueng",
    "wo": "uo",
}  # fmt: skip


def is_han(text: str) -> bool:
    """Whether the text begins with a Chinese character."""
    return _HAN.match(text) is not None


def sounds(han: str) -> str:
    """The sounds of Chinese characters, words parted by spaces. Other characters are left out."""
    return " ".join(word for run in _HAN.findall(han) for word in _words(run))


def _words(run: str) -> list[str]:
    import rjieba  # reads its dictionary in
    from pypinyin import Style, lazy_pinyin

    said = []
    for word in rjieba.cut(run, True):
        syllables = lazy_pinyin(word, style=Style.TONE3, neutral_tone_with_five=True, errors="ignore")
        if spoken := "".join(map(_syllable, syllables)):
            said.append(spoken)
    return said


@lru_cache(maxsize=2048)
def _syllable(pinyin: str) -> str:
    """ "zhong1" → "ꭧʊ→ŋ". One that no table knows is said as nothing."""
    name, tone = (pinyin[:-1], pinyin[-1]) if pinyin[-1:].isdigit() else (pinyin, "5")
    name = name.replace("ü", "v")
    mark = _TONES.get(tone, "")
    if name in _ALONE:
        return _ALONE[name].replace("0", mark)
    if name in _WRITTEN_WITH_Y:
        initial, final = "", _WRITTEN_WITH_Y[name]
    else:
        initial = next((one for one in (name[:2], name[:1]) if one in _INITIALS), "")
        final = name[len(initial) :]
        if initial in ("j", "q", "x") and final.startswith("u"):
            final = "v" + final[1:]
        final = _FULL.get(final, final)
    if final == "i" and initial in ("zh", "ch", "sh", "r"):
        sound = "ɻɨ0" if initial == "r" else _INITIALS[initial] + "ɨ0"
        return sound.replace("0", mark)
    if final == "i" and initial in ("z", "c", "s"):
        return (_INITIALS[initial] + "ɨ0").replace("0", mark)
    if not initial and final in _ALONE:
        return _ALONE[final].replace("0", mark)
    if final not in _FINALS:
        return ""
    return (_INITIALS.get(initial, "") + _FINALS[final]).replace("0", mark)
