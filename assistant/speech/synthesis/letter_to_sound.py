"""Letter to sound: guesses from its letters how an English word is said that stands in no lexicon.

A small recurrent network of the package g2p-en (Kyubyong Park and Jongseok Kim, Apache-2.0): a GRU reads the
letters, another writes ARPAbet. Run here with numpy alone; a word takes about a millisecond.
"""

from pathlib import Path

import numpy
import numpy.typing

_Array = numpy.typing.NDArray[numpy.float32]
_GRAPHEMES = ("<pad>", "<unk>", "</s>", *"abcdefghijklmnopqrstuvwxyz")
_VOWELS = "AA AE AH AO AW AY EH ER EY IH IY OW OY UH UW"
_ARPABET = (
    "<pad> <unk> <s> </s> AA0 AA1 AA2 AE0 AE1 AE2 AH0 AH1 AH2 AO0 AO1 AO2 AW0 AW1 AW2 AY0 AY1 AY2 B CH D DH EH0 EH1 "
    "EH2 ER0 ER1 ER2 EY0 EY1 EY2 F G HH IH0 IH1 IH2 IY0 IY1 IY2 JH K L M N NG OW0 OW1 OW2 OY0 OY1 OY2 P R S SH T TH "
    "UH0 UH1 UH2 UW UW0 UW1 UW2 V W Y Z ZH"
).split()
_START, _END = 2, 3
_LONGEST = 20  # sounds of one word
_SOUND = dict(
    zip(
        f"{_VOWELS} B CH D DH F G HH JH K L M N NG P R S SH T TH V W Y Z ZH".split(),
        "ɑ æ ʌ ɔ W I ɛ ɜɹ A ɪ i O Y ʊ u b ʧ d ð f ɡ h ʤ k l m n ŋ p ɹ s ʃ t θ v w j z ʒ".split(),
        strict=True,
    )
)
_WEAK = {"AH0": "ə", "ER0": "əɹ"}
_STRESS = {"0": "", "1": "ˈ", "2": "ˌ"}


class LetterToSound:
    """The network. weights: its arrays by name, as the file holds them."""

    def __init__(self, weights: dict[str, _Array]) -> None:
        self._weights = weights

    @classmethod
    def load(cls, path: Path) -> "LetterToSound":
        with numpy.load(path, allow_pickle=False) as kept:
            return cls({name: kept[name] for name in kept.files})

    def say(self, word: str) -> str:
        """The sounds of a word in letters a to z, as Kokoro's lexicon writes American English."""
        known = [letter for letter in word.lower() if letter in _GRAPHEMES]
        return "".join(_sound(symbol) for symbol in self._arpabet(known)) if known else ""

    def _arpabet(self, letters: list[str]) -> list[str]:
        weights = self._weights
        state = numpy.zeros(weights["enc_w_hh"].shape[1], numpy.float32)
        for letter in [*letters, "</s>"]:
            state = self._step("enc", weights["enc_emb"][_GRAPHEMES.index(letter)], state)
        said: list[str] = []
        last = _START
        for _ in range(_LONGEST):
            state = self._step("dec", weights["dec_emb"][last], state)
            last = int((weights["fc_w"] @ state + weights["fc_b"]).argmax())
            if last == _END:
                break
            said.append(_ARPABET[last])
        return said

    def _step(self, side: str, given: _Array, state: _Array) -> _Array:
        """One step of a GRU (Cho and others, 2014), gates in the order reset, update, new."""
        weights = self._weights
        into = weights[f"{side}_w_ih"] @ given + weights[f"{side}_b_ih"]
        back = weights[f"{side}_w_hh"] @ state + weights[f"{side}_b_hh"]
        size = len(state)
        reset, update = numpy.split(1 / (1 + numpy.exp(-(into[: 2 * size] + back[: 2 * size]))), 2)
        new = numpy.tanh(into[2 * size :] + reset * back[2 * size :])
        made: _Array = (1 - update) * new + update * state
        return made


def _sound(symbol: str) -> str:
    """ARPAbet as Kokoro writes it: the mark of stress stands before the vowel."""
    if symbol in _WEAK:
        return _WEAK[symbol]
    name, stress = (symbol[:-1], symbol[-1]) if symbol[-1].isdigit() else (symbol, "0")
    return _STRESS[stress] + _SOUND[name] if name in _SOUND else ""
