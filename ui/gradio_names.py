"""A script for the page's head: what Gradio names in English alone is named in the page's language.

Its names for a screen reader, and the titles of its messages.
"""

import json
from dataclasses import asdict

from ui.words import in_language
from ui.words.around import AroundWords
from ui.words.catalogues import CATALOGUES, SOURCE, Catalogues, Language

_SCRIPT = """
(() => {
    const tongues = NAMES, asked = navigator.language.toLowerCase();
    const names = tongues[asked] ?? tongues[asked.split("-")[0]] ?? {};
    const name = (one) => {
        const label = one.getAttribute("aria-label") ?? "";
        // The message follows, as it is written and not as it is read: who said it is enough, its text is there.
        const whose = /^(?:user|bot)'s message:/.exec(label)?.[0];
        if (whose) one.setAttribute("aria-label", (names[whose] ?? whose).replace(/[:：]\\s*$/, ""));
        else if (names[label]) one.setAttribute("aria-label", names[label]);
        const title = one.matches(".toast-title") && names[one.textContent.trim()];
        if (title) one.textContent = title;
    };
    new MutationObserver((changes) => {
        for (const change of changes) {
            if (change.type === "attributes") name(change.target);
            for (const added of change.addedNodes) {
                if (!(added instanceof Element)) continue;
                name(added);
                added.querySelectorAll("[aria-label], .toast-title").forEach(name);
            }
        }
    }).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ["aria-label"] });
    document.querySelectorAll("[aria-label]").forEach(name);
})();
"""


def script(catalogues: Catalogues = CATALOGUES) -> str:
    others = [language for language in catalogues.languages if language != SOURCE]
    told = {language.lower().replace("_", "-"): _names(language, catalogues) for language in others}
    return _SCRIPT.replace("NAMES", json.dumps(told, ensure_ascii=False))


def _names(language: Language, catalogues: Catalogues) -> dict[str, str]:
    english, theirs = (asdict(in_language(one, AroundWords, catalogues)) for one in (SOURCE, language))
    return {english[name]: theirs[name] for name in english if name != "language"}
