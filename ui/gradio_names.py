"""A script for the page's head: what Gradio names in English alone is named in the page's language.

Its names for a screen reader, and the titles of its messages.
"""

import json
from dataclasses import asdict

from ui.words.around import CHINESE, ENGLISH

_SCRIPT = """
(() => {
    if (!navigator.language.toLowerCase().startsWith("zh")) return;
    const names = NAMES;
    const name = (one) => {
        const label = one.getAttribute("aria-label") ?? "";
        const begins = /^(?:user|bot)'s message:/.exec(label)?.[0] ?? label;  // the message itself follows
        const told = names[begins];
        if (told) one.setAttribute("aria-label", told + label.slice(begins.length));
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


def script() -> str:
    """Chinese is the one language beside English that the page speaks."""
    english, chinese = asdict(ENGLISH), asdict(CHINESE)
    names = {english[name]: chinese[name] for name in english if name != "language"}
    return _SCRIPT.replace("NAMES", json.dumps(names, ensure_ascii=False))
