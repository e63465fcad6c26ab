// The page's own hands: commands of its buttons, which conversation its address names, files from everywhere.
(() => {
    const at = (id) => document.getElementById(id);
    const list = () => document.querySelector("#conversations nav");
    const named = () => new URLSearchParams(location.search).get("c") || "";
    const opened = () => list()?.dataset.open ?? named();
    const phone = matchMedia("(max-width: 48rem)");
    if (named()) document.documentElement.classList.add("arriving");  // no empty page before the conversation is there

    // What is told along with every event. The box names every recording audio.wav and sends it like an upload:
    // what was picked, dropped or pasted is noted here, so what remains was recorded.
    const given = new Set();
    const note = (files) => { for (const file of files || []) given.add(file.name + "/" + file.size); };
    addEventListener("change", (event) => { if (event.target.type === "file") note(event.target.files); }, true);
    addEventListener("drop", (event) => note(event.dataTransfer?.files), true);
    addEventListener("paste", (event) => note(event.clipboardData?.files), true);
    const recorded = (box) => (box?.files || []).filter(
        (file) => file.orig_name === "audio.wav" && !given.has("audio.wav/" + file.size)).map((file) => file.path);
    let command = "";
    window.medley = {
        told: (box) => {
            const dictated = window.medley.dictated === true;  // said by call.js, once for each question
            window.medley.dictated = false;
            return JSON.stringify({ conversation: opened(), recorded: recorded(box), dictated });
        },
        command: () => JSON.stringify({ conversation: opened(), command }),
        arrived: () => JSON.stringify({ conversation: named() }),
        files: (box) => {  // looked at before they are sent, once for each time that they change
            const now = (box?.files || []).map((file) => file.path || "").join("\n");
            if (now !== looked) { looked = now; at("look")?.click(); }
        },
    };
    let looked = "";
    const act = (what, asks) => { command = what; at(asks ? "do-ask" : "do")?.click(); };
    window.medley.act = act;

    // Buttons of ours stand in what the server writes; their value is the command.
    let pressed = "", unfolding = "";
    addEventListener("click", (event) => {
        const button = event.target.closest?.("button.do, button.renames");
        if (!button || button.disabled) return;
        pressed = button.value;
        const verb = button.value.split(" ")[0];
        if (verb === "copy") return copy(button);
        if (verb === "menu") unfolding = button.value;
        if (verb === "rename") return rename(button);
        if (verb === "copy-link") return put(new URL(button.value.slice(verb.length + 1), document.baseURI).href, button);
        const field = button.parentElement.querySelector("input");
        const why = verb === "feedback" ? "\n" + field.value : verb === "share" && field?.checked ? "\nfiles" : "";
        act(button.value + why, button.classList.contains("asks"));
        if (verb === "open" && phone.matches) menu(false);
        if (verb === "edit" || verb === "undo") setTimeout(() => document.querySelector("#box textarea")?.focus(), 400);
    });
    addEventListener("keydown", (event) => {
        const field = event.target.closest?.("input.rename, .why input");
        if (!field || event.isComposing) return;
        if (event.key === "Enter") {
            event.preventDefault();
            if (field.matches(".rename")) { act("rename " + field.name + "\n" + field.value); field.hidden = true; }
            else field.closest(".why").querySelector("button").click();
        } else if (event.key === "Escape" && field.matches(".rename")) field.hidden = true;
    });
    const rename = (button) => {
        const field = button.closest("li").querySelector("input.rename");
        field.hidden = !field.hidden;
        if (!field.hidden) { field.focus(); field.select(); }
    };
    // An answer as it is seen, with its sources where they are unfolded: as text, and with its looks for who takes those.
    const copy = (button) => {
        const whole = button.closest(".md"), clone = whole.cloneNode(true), place = document.createElement("div");
        for (const ours of clone.querySelectorAll(".acts, .why, .made, .folded:not(.sources.unfolded)")) ours.remove();
        place.className = "copying";
        place.append(clone);
        whole.append(place);  // what is not on the page has no lines
        const text = clone.innerText.trim(), rich = clone.innerHTML;
        place.remove();
        return put(text, button, rich);
    };
    const put = async (text, button, rich = "") => {
        const written = (kind, words) => [kind, new Blob([words], { type: kind })];
        try {
            if (rich && window.ClipboardItem) await navigator.clipboard.write([new ClipboardItem(
                Object.fromEntries([written("text/plain", text), written("text/html", rich)]))]);
            else await navigator.clipboard.writeText(text);
        } catch {  // there is none outside of https
            const field = Object.assign(document.createElement("textarea"), { value: text });
            document.body.append(field);
            field.select();
            document.execCommand("copy");
            field.remove();
            button.focus();
        }
        button.classList.add("copied");
        setTimeout(() => button.classList.remove("copied"), 2000);
    };

    // The address names the conversation, so that it can be loaded anew, kept and gone back to.
    let shown = null;
    const follow = () => {
        const nav = list();
        if (!nav) return;
        const now = nav.dataset.open, name = nav.dataset.title;
        const title = name ? name + " · Medley" : "Medley";
        if (document.title !== title) document.title = title;  // else this would call itself for ever
        const head = document.querySelector("#title h1");
        if (head && head.textContent !== (name || "Medley")) head.textContent = name || "Medley";
        if (now) {
            const settled = document.querySelector("#chat .message-row") || now !== named();
            if (settled) document.documentElement.classList.remove("arriving");
        } else document.documentElement.classList.remove("arriving");
        if (now !== shown) {
            const address = new URL(location.href);
            if (now) address.searchParams.set("c", now); else address.searchParams.delete("c");
            if (shown !== null) { address.hash = ""; at("evidence-close")?.click(); }
            if (now !== named() || shown !== null)
                history[shown === null || now === named() ? "replaceState" : "pushState"](history.state, "", address);
            if (shown === null) window.medley.restore?.();
            if (shown !== null && shown !== "") window.medley.aloud?.stop();  // its sound is not to be had any more
            shown = now;
            window.medley.enter();
        }
        if (unfolding) {
            const more = nav.querySelector(`[value="${CSS.escape(unfolding)}"][aria-expanded="true"]`);
            if (more) { unfolding = ""; more.closest("li").querySelector(".tools :is(button, a)")?.focus(); }
        }
        for (const link of nav.querySelectorAll(".share a")) {
            const code = link.parentElement.querySelector("code");
            if (code.textContent !== link.href) code.textContent = link.href;
        }
        if (pressed && document.activeElement === document.body)  // the list was written anew
            document.querySelector(`#conversations nav [value="${CSS.escape(pressed)}"], #chat .picture [value="${CSS.escape(pressed)}"]`)
                ?.focus({ preventScroll: true });
    };
    new MutationObserver(follow).observe(document.documentElement,
        { childList: true, subtree: true, attributes: true, attributeFilter: ["data-open"] });
    addEventListener("popstate", () => {
        if (shown !== null && named() !== shown) act(named() ? "open " + named() : "new");
    });

    // The list stands beside the chat where there is room, and is called where there is none.
    const menu = (open) => {
        document.documentElement.classList.toggle("menu-shown", open);
        document.documentElement.classList.toggle("menu-hidden", !open);
        at("menu")?.setAttribute("aria-expanded", String(open));
        if (open && phone.matches) document.querySelector("#search input, #search textarea")?.focus();
    };
    const menuOpen = () => at("aside")?.checkVisibility();
    addEventListener("click", (event) => {
        if (event.target.closest?.("#menu")) menu(!menuOpen());
        else if (phone.matches && menuOpen() && !event.target.closest?.("#aside")) menu(false);
        else if (phone.matches && menuOpen() && event.target.closest?.("#doors a")) menu(false);
    });
    addEventListener("keydown", (event) => {
        if (event.key === "Escape" && phone.matches && menuOpen()) { menu(false); at("menu")?.focus(); }
    });

    // Files may be dropped anywhere in the chat.
    const hand = (files) => {
        const input = document.querySelector("#box input[type=file]"), held = new DataTransfer();
        for (const file of files) held.items.add(file);
        input.files = held.files;
        input.dispatchEvent(new Event("change", { bubbles: true }));
    };
    let leaving = 0;
    const dropping = (on) => document.documentElement.classList.toggle("dropping", on);
    addEventListener("dragover", (event) => {
        if (!event.dataTransfer?.types?.includes("Files") || event.target.closest?.("#room-library, #room-settings")) return;
        dropping(true);
        clearTimeout(leaving);
        leaving = setTimeout(() => dropping(false), 400);  // told again and again while it is held over the page
    });
    addEventListener("drop", () => dropping(false), true);
    const elsewhere = (event) => event.dataTransfer?.types?.includes("Files")
        && !event.target.closest?.("#box, #room-library, #room-settings");
    addEventListener("dragover", (event) => { if (elsewhere(event)) event.preventDefault(); });
    addEventListener("drop", (event) => {
        if (elsewhere(event) && event.dataTransfer.files.length) {
            event.preventDefault();
            hand(event.dataTransfer.files);
        }
    });

    // A photo: a phone's own camera, else a look through this one's.
    let stream = null;
    const shut = () => {
        for (const track of stream?.getTracks() || []) track.stop();
        stream = null;
        document.documentElement.classList.remove("camera-on");
        at("photo")?.focus();
    };
    const picture = (blob) => hand([new File([blob], "photo.jpg", { type: "image/jpeg" })]);
    const photo = async () => {
        if (matchMedia("(pointer: coarse)").matches) {
            const input = Object.assign(document.createElement("input"), { type: "file", accept: "image/*" });
            input.capture = "environment";
            input.addEventListener("change", () => hand(input.files));
            return input.click();
        }
        try {
            stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
        } catch { return at("no-camera")?.click(); }
        const video = document.querySelector("#camera video");
        video.srcObject = stream;
        document.documentElement.classList.add("camera-on");
        await video.play();
        at("camera-take")?.focus();
    };
    const take = () => {
        const video = document.querySelector("#camera video"), canvas = document.createElement("canvas");
        canvas.width = video.videoWidth;
        canvas.height = video.videoHeight;
        canvas.getContext("2d").drawImage(video, 0, 0);
        canvas.toBlob((blob) => { shut(); picture(blob); }, "image/jpeg", 0.92);
    };
    addEventListener("click", (event) => {
        const button = event.target.closest?.("#photo, #camera-take, #camera-cancel")?.id;
        if (button === "photo") photo(); else if (button === "camera-take") take(); else if (button) shut();
    });
    addEventListener("keydown", (event) => { if (event.key === "Escape" && stream) shut(); });
})();

// What stands under an answer behind a button.
(() => {
    const fold = (button, on) => {
        button.closest(".md").querySelector(".folded." + button.value)?.classList.toggle("unfolded", on);
        button.setAttribute("aria-expanded", String(on));
    };
    addEventListener("click", (event) => {
        const button = event.target.closest?.("#chat button.fold");
        if (!button) return;
        const on = button.getAttribute("aria-expanded") !== "true";
        for (const other of button.parentElement.querySelectorAll("button.fold")) fold(other, on && other === button);
        if (on) button.closest(".md").querySelector(".folded." + button.value)?.scrollIntoView({ block: "nearest" });
    });
    // A file waiting in the box goes by the cross on its chip.
    addEventListener("click", (event) => {
        const cross = event.target.closest?.("#given .cross");
        if (!cross) return;
        document.querySelectorAll("#box .thumbnail-item .delete-button")[Number(cross.value)]?.click();
        document.querySelector("#box textarea")?.focus();
    });
})();

// What can be done with a file of the conversation: the browser's own popover, put below its button.
(() => {
    addEventListener("toggle", (event) => {
        const tools = event.target;
        if (event.newState !== "open" || !tools.matches?.("#files .tools")) return;
        const button = document.querySelector(`[popovertarget="${CSS.escape(tools.id)}"]`).getBoundingClientRect();
        tools.style.top = button.bottom + 4 + "px";
        tools.style.left = Math.max(8, Math.min(button.right - tools.offsetWidth, innerWidth - tools.offsetWidth - 8)) + "px";
        tools.querySelector("button").focus();
    }, true);
    addEventListener("click", (event) => { event.target.closest?.("#files .tools button")?.closest(".tools").hidePopover(); });
})();

// The list of conversations is one stop of the keyboard: the arrows lead through it, and to the menu of each.
(() => {
    addEventListener("keydown", (event) => {
        const here = event.target.closest?.("#conversations :is(.title, .more)");
        if (!here || event.ctrlKey || event.metaKey || event.altKey) return;
        const lines = [...document.querySelectorAll("#conversations .line")], at = lines.indexOf(here.closest(".line"));
        const kind = here.matches(".title") ? ".title" : ".more";
        const to = {
            ArrowDown: lines[at + 1]?.querySelector(kind), ArrowUp: lines[at - 1]?.querySelector(kind),
            Home: lines[0]?.querySelector(kind), End: lines.at(-1)?.querySelector(kind),
            ArrowRight: lines[at].querySelector(".more"), ArrowLeft: lines[at].querySelector(".title"),
        }[event.key];
        if (!to) return;
        event.preventDefault();
        to.focus();
    });
    addEventListener("keydown", (event) => {
        const tools = event.target.closest?.("#conversations :is(.tools, .sharing)");
        if (event.key !== "Escape" || !tools || event.target.matches("input")) return;
        event.stopPropagation();
        tools.closest("li").querySelector(".more").click();
    }, true);
})();

// What is typed and not sent survives a reload, a conversation each, in this tab alone; none of it leaves the browser.
(() => {
    const key = () => "medley-draft " + (new URLSearchParams(location.search).get("c") || "");
    const keep = (text) => {
        try { if (text) sessionStorage.setItem(key(), text); else sessionStorage.removeItem(key()); } catch { /* nothing is kept */ }
    };
    const kept = () => { try { return sessionStorage.getItem(key()) || ""; } catch { return ""; } };
    const box = () => document.querySelector("#box textarea");
    addEventListener("input", (event) => { if (event.target === box()) keep(event.target.value); });
    let sent = "", under = "";  // a first question gives the conversation its address, and so another key
    const send = () => { sent = box().value; under = key(); };
    addEventListener("keydown", (event) => { if (event.key === "Enter" && event.target === box()) send(); }, true);
    addEventListener("click", (event) => { if (event.target.closest?.("#box .submit-button")) send(); }, true);
    new MutationObserver(() => {  // a question that was sent stands in the box no more
        if (sent && box() && box().value === "") {
            sent = "";
            try { sessionStorage.removeItem(under); } catch { /* nothing was kept */ }
        }
    }).observe(document.documentElement, { childList: true, subtree: true });
    let tries = 0;
    const restore = () => {  // the box is made anew while the page begins, so it is looked at for two seconds
        if (sent || !kept() || tries++ > 8) return;
        if (box() && !box().value) window.medley.write(box(), kept());
        setTimeout(restore, 250);
    };
    window.medley.restore = restore;
})();

// A slash at the beginning of the box offers the commands that begin with what follows it.
(() => {
    const offered = () => document.querySelector("#commands > * div[role=group], #commands div[role=group]");
    const offer = (text) => {
        const group = offered();
        if (!group) return;
        const begun = /^\/\S*$/.test(text) ? text.toLowerCase() : "";
        for (const one of group.children) one.hidden = !begun || !one.value.toLowerCase().startsWith(begun);
        group.hidden = ![...group.children].some((one) => !one.hidden);
    };
    const write = (box, text) => {
        Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value").set.call(box, text);
        box.dispatchEvent(new Event("input", { bubbles: true }));
        box.focus();
    };
    window.medley.write = write;
    addEventListener("input", (event) => { if (event.target.matches?.("#box textarea")) offer(event.target.value); });
    addEventListener("click", (event) => {
        const command = event.target.closest?.("#commands button");
        if (command) { write(document.querySelector("#box textarea"), command.value + " "); offer(""); }
    });
    addEventListener("keydown", (event) => {
        const group = offered(), inside = event.target.closest?.("#box textarea, #commands");
        if (!group || group.hidden || !inside) return;
        const all = [...group.children].filter((one) => !one.hidden), at = all.indexOf(event.target);
        if (event.key === "Escape") { offer(""); document.querySelector("#box textarea").focus(); }
        else if (event.key === "ArrowUp") { event.preventDefault(); all.at(at < 0 ? -1 : Math.max(0, at - 1)).focus(); }
        else if (event.key === "ArrowDown" && at >= 0) {
            event.preventDefault();
            (all[at + 1] || document.querySelector("#box textarea")).focus();
        }
    }, true);
})();

// Gradio's foldable lines are buttons with a nameless button inside: for whoever does not see, there is one.
(() => {
    const name = () => {
        for (const inner of document.querySelectorAll('#chat [role="button"] button:not([inert])')) inner.inert = true;
    };
    new MutationObserver(name).observe(document.documentElement, { childList: true, subtree: true });
})();

// Which room is shown, the address says.
(() => {
    const rooms = ["library", "settings"];
    const enter = () => {
        const room = location.hash.slice(1), known = rooms.includes(room);
        if (!known && document.documentElement.dataset.room) window.medley.act("libraries");  // there may be others by now
        if (known) document.documentElement.dataset.room = room; else delete document.documentElement.dataset.room;
        for (const name of ["chat", ...rooms]) {
            const door = document.getElementById("go-" + name);
            if (name === (known ? room : "chat")) door?.setAttribute("aria-current", "page");
            else door?.removeAttribute("aria-current");
        }
    };
    // A link to "#room" would be taken from the page's base and lose the conversation; so would an empty one.
    const leave = (room) => {
        const address = new URL(location.href);
        address.hash = room;
        if (address.href !== location.href) history.pushState(history.state, "", address);
        enter();
    };
    addEventListener("click", (event) => {
        const door = event.target.closest?.("#doors a");
        if (door) { event.preventDefault(); leave(door.id.slice("go-".length).replace("chat", "")); }
        else if (event.target.closest?.("#new, #conversations .title") && rooms.includes(location.hash.slice(1))) leave("");
    }, true);
    addEventListener("hashchange", enter);
    addEventListener("popstate", enter);
    window.medley.enter = enter;
    enter();
})();

// Enter that ends the writing of a Chinese or Japanese word sends nothing. Gradio does not look whether one is written.
(() => {
    let ended = 0;
    addEventListener("compositionend", (event) => { if (event.target.matches?.("#box textarea")) ended = performance.now(); }, true);
    addEventListener("keydown", (event) => {
        if (event.key !== "Enter" || !event.target.matches?.("#box textarea")) return;
        const just = performance.now() - ended < 60;  // Safari ends the writing before it tells of the key
        if (event.isComposing || event.keyCode === 229 || just) event.stopImmediatePropagation();
    }, true);
})();

// The keyboard: a list of its keys on "?", and what they do.
(() => {
    const at = (id) => document.getElementById(id);
    const box = () => document.querySelector("#box textarea");
    const typing = (target) => target.closest?.("input, textarea, select, [contenteditable]");
    const keys = () => {
        const dialog = document.querySelector("#keys dialog");
        if (!dialog) return;
        if (dialog.open) return dialog.close();
        dialog.showModal();
    };
    const search = () => {
        if (!at("aside").checkVisibility()) at("menu").click();
        document.querySelector("#search :is(input, textarea)")?.focus();
    };
    const last = () => [...document.querySelectorAll("#chat .user-row .edit")].at(-1)?.click();
    addEventListener("keydown", (event) => {
        if (event.isComposing || document.querySelector("dialog[open]")) return;
        const mod = event.ctrlKey || event.metaKey, name = event.key.toLowerCase();
        const stop = document.querySelector("#box .stop-button");
        const does =
            mod && event.shiftKey && name === "o" ? () => at("new")?.click()
            : mod && !event.shiftKey && name === "k" ? search
            : event.key === "Escape" && event.target === box() && stop?.checkVisibility() ? () => stop.click()
            : event.key === "ArrowUp" && event.target === box() && !box().value && !at("editing")?.querySelector("button") ? last
            : typing(event.target) || mod || event.altKey ? null
            : name === "/" ? () => box()?.focus()
            : name === "?" ? keys : null;
        if (!does) return;
        event.preventDefault();
        does();
    });
    addEventListener("click", (event) => {
        if (event.target.closest?.("#keys .close") || event.target.matches?.("#keys dialog")) document.querySelector("#keys dialog").close();
        else if (event.target.closest?.("#skip")) { event.preventDefault(); box()?.focus(); }
    });
})();

// While an answer is made the next question can be sent: it waits above the composer, where it is changed or taken back.
(() => {
    const box = () => document.querySelector("#box textarea");
    const shown = (name) => document.querySelector("#box ." + name)?.checkVisibility();
    const opened = () => document.querySelector("#conversations nav")?.dataset.open || "";
    let waiting = [], sending = false;
    const button = (kind, label, does) => {
        const made = Object.assign(document.createElement("button"), { type: "button", className: kind, title: label });
        made.setAttribute("aria-label", label);
        made.addEventListener("click", does);
        return made;
    };
    const draw = () => {
        const words = document.getElementById("next-words")?.dataset || {};
        document.getElementById("next")?.remove();
        const mine = waiting.filter((one) => one.conversation === opened());
        if (!mine.length) return;
        const list = Object.assign(document.createElement("ul"), { id: "next" });
        list.setAttribute("aria-label", words.next);
        for (const one of mine) {
            const line = document.createElement("li"), said = document.createElement("span");
            said.dir = "auto";
            said.textContent = one.text;
            const out = () => { waiting = waiting.filter((other) => other !== one); draw(); box().focus(); };
            line.append(said, button("edit", words.edit, () => { window.medley.write(box(), one.text); out(); }), button("cross", words.drop, out));
            list.append(line);
        }
        document.getElementById("ask").before(list);
    };
    addEventListener("keydown", (event) => {
        if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.target !== box() || !shown("stop-button")) return;
        event.preventDefault();
        event.stopImmediatePropagation();
        const text = box().value.trim();
        if (!text) return;
        waiting.push({ text, conversation: opened() });
        window.medley.write(box(), "");
        draw();
    }, true);
    addEventListener("click", (event) => {  // who stops the answer wants none of what was to follow
        if (!event.target.closest?.("#box .stop-button") || !waiting.length) return;
        const before = waiting.filter((one) => one.conversation === opened()).map((one) => one.text);
        waiting = waiting.filter((one) => one.conversation !== opened());
        window.medley.write(box(), [...before, box().value].filter(Boolean).join("\n"));
        draw();
    }, true);
    const send = () => {
        const next = waiting.find((one) => one.conversation === opened());
        if (!next || sending || !shown("submit-button") || shown("stop-button")) return;
        sending = true;
        waiting = waiting.filter((one) => one !== next);
        draw();
        const typed = box().value;
        window.medley.write(box(), next.text);
        setTimeout(() => {
            document.querySelector("#box .submit-button")?.click();
            setTimeout(() => { if (typed && !box().value) window.medley.write(box(), typed); sending = false; }, 800);
        }, 100);
    };
    setInterval(() => { if (waiting.length) { send(); if (!document.getElementById("next")) draw(); } }, 300);
})();
