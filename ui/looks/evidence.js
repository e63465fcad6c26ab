// Links to evidence open the panel, also from the keyboard, from the address and with Back; the server is told
// a turn's id and a number, and says by `data-evidence` what it has opened.
(() => {
    const linked = (text) => /^#evidence-([0-9a-f]+-f?\d+)$/.exec(text || "")?.[1] || "";
    const press = (name) => document.getElementById("evidence-" + name)?.click();
    let shown = "", from = null, begun = false;
    const open = (which) => { window.medleyAsked = which; press("open"); };
    const follow = () => {
        const which = linked(location.hash);
        if (which && which !== shown) open(which); else if (!which && shown) press("close");
    };
    const address = (how, hash) => history[how](history.state, "", location.pathname + location.search + hash);
    const look = (opened, frames) => {  // the words are there a few frames before the panel is
        const close = document.getElementById("evidence-close");
        if (!close?.checkVisibility()) { if (frames) requestAnimationFrame(() => look(opened, frames - 1)); return; }
        document.querySelector("#evidence .at")?.scrollIntoView({ block: "center" });
        const here = [from, ...document.querySelectorAll("#chat a[aria-current]")].find(
            (link) => link?.isConnected && linked(link.getAttribute("href")) === shown);
        const below = matchMedia("(max-width: 48rem)").matches;  // the claim stays in sight above the sheet
        here?.scrollIntoView({ block: below ? "start" : "nearest" });
        if (opened) close.focus({ preventScroll: true });
    };
    const changed = () => {
        if (!begun && document.getElementById("evidence-open")) { begun = true; if (linked(location.hash)) follow(); }
        const now = document.querySelector("#evidence [data-evidence]")?.dataset.evidence || "";
        if (now === shown) return;
        const before = shown;
        shown = now;
        for (const link of document.querySelectorAll("#chat a[aria-current]")) link.removeAttribute("aria-current");
        for (const link of document.querySelectorAll(`#chat a[href="#evidence-${now}"]`))
            link.setAttribute("aria-current", "true");
        if (now) {
            if (linked(location.hash) !== now) address(before ? "replaceState" : "pushState", "#evidence-" + now);
            requestAnimationFrame(() => look(!before, 60));
        } else {
            if (linked(location.hash)) address("replaceState", "");
            if (from?.isConnected) from.focus({ preventScroll: true });
        }
    };
    new MutationObserver(changed).observe(document.documentElement,
        { childList: true, subtree: true, attributes: true, attributeFilter: ["data-evidence"] });
    addEventListener("click", (event) => {
        const link = event.target.closest?.(':is(#chat, #files) a[href^="#evidence-"]');
        const which = linked(link?.getAttribute("href"));
        if (!which || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        from = link;
        if (which !== shown) open(which);
    }, true);
    addEventListener("keydown", (event) => {
        if (event.key === "Escape" && event.target.closest?.("#evidence")) press("close");
    });
    addEventListener("popstate", follow);
    addEventListener("hashchange", follow);
})();
