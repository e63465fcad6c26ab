"""The language of a short text, by its script and its commonest small words: enough to answer in it."""

import re
from collections import Counter

from assistant.text.identified import identify
from assistant.text.tokens import is_cjk

SURE = 0.97  # of what its letters alone tell, from which it is believed
_KANA = re.compile(r"[\u3040-\u30ff]")
_HANGUL = re.compile(r"[\uac00-\ud7af\u1100-\u11ff]")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_WORD = re.compile(r"[^\W\d_]+")
_OWN = {"es": re.compile(r"[¿¡ñ]"), "pt": re.compile(r"[ãõ]"), "de": re.compile(r"ß")}  # letters and signs of one alone
_SMALL: dict[str, frozenset[str]] = {
    language: frozenset(words.split())
    for language, words in {
        "en": "the a an of to in is are was what who when where how which do does did can you me my it this that and for on with "
        "please give tell make show say write list have has i he she they from as be not",
        "de": "der die das ein eine einen dem den des ist sind war was wer wann wo wie welche welcher welches kann ich du mir mein und für "
        "auf mit bitte im in zu von es nicht hat habe gib mach schreib fasse zeig sag steht viel viele gibt wurde werden man dieser diese dieses "
        "heißt worum geht mal du bist kannst hast dich dir dein deine hilfe lies seite seiten vor nach wieviel",
        "fr": "le la les un une des du de est sont qui quoi quand où comment quel quelle quels peux tu moi mon ma mes ce cette c qu et pour sur avec "
        "s il te plaît dans en à au je ne pas fais donne écris combien que y a t elle il résume dit te tes ça marche aide",
        "es": "el la los las un una de del es son qué quién cuándo dónde cómo cuál cuánto cuánta cuántos puedes me mi y para en con por favor al se no hay "
        "haz dame escribe resume dice está esto este esta que lo te tú eres tienes puedes sabes hablas lees funciona mis ayuda cuántas cuántos tiene tienen quién pesa dura son hablan",
        "pt": "o a os as um uma de do da é são que quem quando onde como qual quanto quantos pode me meu minha e para em com por favor no na não há "
        "faça faz dê escreva resuma diz está isto isso este esta você te tá seu sua seus suas meus minhas sem funciona ajuda quantas quanta tem têm ele ela eles elas dura falam fala foi leia página páginas",
        "it": "il lo la gli le un una di del della è sono che chi quando dove come quale quanto puoi mi mio e per in con favore nel non c fai dammi scrivi",
        "nl": "de het een van is zijn wat wie wanneer waar hoe welke kan je mij mijn en voor op met alsjeblieft in te niet maak geef schrijf",
    }.items()
}  # fmt: skip


def language_of(text: str) -> str:
    """ISO 639-1; "en" where nothing tells."""
    if _KANA.search(text):
        return "ja"
    if _HANGUL.search(text):
        return "ko"
    if is_cjk(text):
        return "zh"
    if len(_CYRILLIC.findall(text)) * 3 > len(text):
        return "ru"
    words = Counter(word.lower() for word in _WORD.findall(text[:2000]))
    shares = {language: sum(words[word] for word in small) for language, small in _SMALL.items()}
    for language, own in _OWN.items():
        shares[language] += bool(own.search(text))
    most = max(shares.values())
    likely = [language for language, share in shares.items() if share == most]
    if not most:  # none of these words: its letters may tell
        found = identify(text, tuple(shares))
        return found.code if found.sureness >= SURE else "en"
    if "en" in likely:
        return "en"
    return likely[0] if len(likely) == 1 else identify(text, tuple(likely)).code
