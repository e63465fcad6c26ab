// The page's own hands: commands of its buttons, which conversation its address names, files from everywhere.
(() => {
    const at = (id) => document.getElementById(id);
    const list = () => document.querySelector("#conversations nav");
    const named = () => new URLSearchParams(location.search).get("c") || "";
    const opened = () => list()?.dataset.open ?? named();
    const phone = matchMedia("(max-width: 48rem)");

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
    let pressed = "";
    addEventListener("click", (event) => {
        const button = event.target.closest?.("button.do, button.renames");
        if (!button || button.disabled) return;
        pressed = button.value;
        const verb = button.value.split(" ")[0];
        if (verb === "copy") return copy(button);
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
    const copy = (button) => {
        const shown = button.closest(".md"), ours = shown.querySelectorAll(".acts, .why");
        for (const one of ours) one.style.display = "none";
        const text = shown.innerText.trim();
        for (const one of ours) one.style.display = "";
        return put(text, button);
    };
    const put = async (text, button) => {
        try { await navigator.clipboard.writeText(text); }
        catch {  // there is none outside of https
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
        if (now !== shown) {
            const address = new URL(location.href);
            if (now) address.searchParams.set("c", now); else address.searchParams.delete("c");
            if (shown !== null) { address.hash = ""; at("evidence-close")?.click(); }
            if (now !== named() || shown !== null)
                history[shown === null || now === named() ? "replaceState" : "pushState"](history.state, "", address);
            shown = now;
            window.medley.enter();
        }
        if (pressed && document.activeElement === document.body && nav.querySelector)  // the list was written anew
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
