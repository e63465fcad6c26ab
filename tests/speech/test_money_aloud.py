"""Sums of money are said rightly, however their millions and billions are shortened, in English and in German."""

import pytest

from assistant.speech.synthesis.speakable import speakable
from assistant.speech.text_normalization.normalize import normalize_text

ENGLISH = {
    "£2bn": "two billion pounds",
    "€5m": "five million euros",
    "$4tn": "four trillion dollars",
    "$1.5T": "one point five trillion dollars",
    "£2.5 bn": "two point five billion pounds",
    "$10k": "ten thousand dollars",
    "€3mn": "three million euros",
    "US$7B": "seven billion dollars",
    "5m €": "five million euros",
    "2bn EUR": "two billion euros",
    "CHF 4m": "four million Swiss francs",
    "£2bn–£3bn": "two to three billion pounds",
    "£2–3bn": "two to three billion pounds",
    "$900m–$1bn": "nine hundred million to one billion dollars",
    "5m euros": "five million euros",
    "2bn people": "two billion people",
    "It costs £2bn.": "It costs two billion pounds.",
    "a run of 5m": "a run of five meters",
    "a $20 T-shirt": "a twenty dollars T-shirt",
    "€5 meters": "five euros meters",
    "$5 million": "five million dollars",
}
GERMAN = {
    "£2bn": "zwei Milliarden Pfund",
    "€5m": "fünf Millionen Euro",
    "$4tn": "vier Billionen Dollar",
    "5 Mio. €": "fünf Millionen Euro",
    "2,5 Mrd. Euro": "zwei Komma fünf Milliarden Euro",
    "1 Mio. €": "eine Million Euro",
    "1 Mrd. US$": "eine Milliarde US-Dollar",
    "1,5 Mio. Menschen": "eins Komma fünf Millionen Menschen",
    "25 €": "fünfundzwanzig Euro",
    "1 €": "ein Euro",
    "12,50 €": "zwölf Euro fünfzig",
    "1.480,00 €": "eintausendvierhundertachtzig Euro",
    "0,99 €": "neunundneunzig Cent",
    "CHF 300": "dreihundert Schweizer Franken",
    "10–20 €": "zehn bis zwanzig Euro",
    "2–3 Mrd. €": "zwei bis drei Milliarden Euro",
    "€10k": "zehntausend Euro",
    "Es kostet 5 Mio.": "Es kostet fünf Millionen.",
    "40 %": "40 Prozent",
    "1.234.567 €": "eine Million zweihundertvierunddreißigtausendfünfhundertsiebenundsechzig Euro",
}


@pytest.mark.parametrize("written", ENGLISH)
def test_english_money(written: str) -> None:
    assert normalize_text(written, "en") == ENGLISH[written]


@pytest.mark.parametrize("written", GERMAN)
def test_german_money(written: str) -> None:
    said = normalize_text(written, "de")
    assert said == GERMAN[written]
    assert normalize_text(said, "de") == said


def test_a_german_answer_is_not_counted_in_english() -> None:
    said = speakable("Die Miete ist **1.480,00 €** und das Haus kostet 2 Mio. Euro, bis zum 3. Mai auf 25 Seiten.")
    assert said == (
        "Die Miete ist eintausendvierhundertachtzig Euro und das Haus kostet zwei Millionen Euro, bis zum 3. Mai auf "
        "25 Seiten."
    )
