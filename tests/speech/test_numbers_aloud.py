"""Numbers are said by the rules of the language they stand in; telephone numbers and codes digit by digit."""

import pytest

from assistant.speech.synthesis.speakable import speakable
from assistant.speech.text_normalization.normalize import normalize_text
from assistant.speech.text_normalization.numbers_by_language import cardinal

CARDINALS = {
    "fr": {
        0: "zéro", 21: "vingt et un", 71: "soixante et onze", 80: "quatre-vingts", 81: "quatre-vingt-un",
        95: "quatre-vingt-quinze", 200: "deux cents", 201: "deux cent un",
        1999: "mille neuf cent quatre-vingt-dix-neuf",
        80_000: "quatre-vingt mille", 2_000_000: "deux millions", 1_000_000_000: "un milliard",
    },
    "es": {
        16: "dieciséis", 21: "veintiuno", 31: "treinta y uno", 100: "cien", 101: "ciento uno", 515: "quinientos quince",
        21_000: "veintiún mil", 1_000_000: "un millón", 2_500_000_000: "dos mil quinientos millones",
    },
    "it": {
        21: "ventuno", 28: "ventotto", 33: "trentatré", 108: "centotto", 180: "centottanta", 1_000: "mille",
        2_026: "duemilaventisei", 1_000_000: "un milione",
    },
    "pt": {
        16: "dezesseis", 21: "vinte e um", 100: "cem", 101: "cento e um", 1_100: "mil e cem",
        1_234: "mil duzentos e trinta e quatro", 2_026: "dois mil e vinte e seis", 2_000_000: "dois milhões",
    },
    "ja": {
        10: "十", 110: "百十", 1_000: "千", 2_026: "二千二十六", 10_000: "一万", 10_000_000: "一千万",
        123_456_789: "一億二千三百四十五万六千七百八十九",
    },
}  # fmt: skip
SAID = {
    "fr": {
        "Il y a 71 pages.": "Il y a soixante et onze pages.",
        "12,5 %": "douze virgule cinq pour cent",
        "1 250 €": "mille deux cent cinquante euros",
        "1,50 €": "un virgule cinq zéro euros",
        "1 €": "un euro",
        "2 £": "deux livres",
        "5 M€": "cinq millions d'euros",
        "2 Md$": "deux milliards de dollars",
        "€5m": "cinq millions d'euros",
        "le 2026-05-01": "le premier mai deux mille vingt-six",
        "à 14h30": "à quatorze heures trente",
        "à 14:00": "à quatorze heures",
        "Appelez le 01 23 45 67 89.": "Appelez le zéro un deux trois quatre cinq six sept huit neuf.",
        "code 007": "code zéro zéro sept",
        "il fait -3": "il fait moins trois",
    },
    "es": {
        "Hay 21 páginas": "Hay veintiuno páginas",
        "21 €": "veintiún euros",
        "200 £": "doscientas libras",
        "1.250,75": "mil doscientos cincuenta coma siete cinco",
        "€5m": "cinco millones de euros",
        "el 14/03/2026": "el catorce de marzo de dos mil veintiséis",
        "a las 16:15": "a las dieciséis y quince",
        "+34 912 345 678": "tres cuatro nueve uno dos tres cuatro cinco seis siete ocho",
    },
    "it": {
        "1 €": "un euro",
        "3.200 €": "tremiladuecento euro",
        "25 %": "venticinque per cento",
        "2 mld €": "due miliardi di euro",
    },
    "pt": {
        "R 22": "R vinte e dois",
        "2 £": "duas libras",
        "5 mi 3": "cinco mi três",
        "99,9%": "noventa e nove vírgula nove por cento",
        "código AB-1203": "código AB-um dois zero três",
    },
    "ja": {
        "1,250円です": "千二百五十円です",
        "¥3000": "三千円",
        "14:30に": "十四時三十分に",
        "12.5%": "十二点五パーセント",
        "€5m": "五百万ユーロ",
        "電話は03-1234-5678です": "電話は零三一二三四五六七八です",
    },
}


@pytest.mark.parametrize(
    ("language", "number"), [(one, number) for one, known in CARDINALS.items() for number in known]
)
def test_a_number_is_said_by_the_rules_of_its_language(language: str, number: int) -> None:
    assert cardinal(number, language) == CARDINALS[language][number]


@pytest.mark.parametrize(("language", "text"), [(one, text) for one, known in SAID.items() for text in known])
def test_money_days_times_and_telephone_numbers_are_words_and_stay_so(language: str, text: str) -> None:
    said = normalize_text(text, language)
    assert said == SAID[language][text]
    assert normalize_text(said, language) == said


def test_french_is_not_counted_in_english_and_another_language_keeps_its_digits() -> None:
    assert (
        speakable("Le prix est de 25 € pour les 3 pages.", "fr")
        == "Le prix est de vingt-cinq euros pour les trois pages."
    )
    assert normalize_text("Цена 25 рублей", "ru") == "Цена 25 рублей"


@pytest.mark.parametrize("language", ["fr", "es", "it", "pt", "ja"])
def test_any_run_of_digits_and_signs_is_said_quickly(language: str) -> None:
    for text in (
        "1" * 20_000,
        "1." * 10_000,
        "1 000" * 4_000,
        "0-" * 10_000,
        "+1 " * 7_000,
        "€" * 20_000,
        "1:" * 9_000,
    ):
        assert isinstance(normalize_text(text, language), str)
