// Talking: one tap writes down what is said and sends it; a call goes on hands-free until it is ended.
(() => {
    const at = (id) => document.getElementById(id);
    const { Microphone, Player } = window.medleySound, Wire = window.medleyWire;
    const told = () => JSON.parse(at("talk-words")?.dataset.words || '{"states":{},"trouble":{}}');
    const opened = () => document.querySelector("#conversations nav")?.dataset.open || "";
    const kept = (name, value) => {
        try { return value === undefined ? localStorage.getItem(name) || "" : localStorage.setItem(name, value); }
        catch { return ""; }  // a browser that keeps nothing
    };
    if (!window.WebSocket || (isSecureContext && !window.AudioWorkletNode)) document.documentElement.classList.add("no-talk");

    // One of the two strips above the box.
    const strip = (id) => {
        const find = (name) => document.querySelector("#" + id + " " + name);
        const now = (state, muted) => {
            const { states } = told();
            const said = muted ? states.muted + " · " + (states[state] || "") : states[state] || "";
            if (find(".now").textContent !== said) find(".now").textContent = said;
            at(id).dataset.state = state;
            at(id).dataset.muted = String(Boolean(muted));
        };
        const trouble = (sentence) => {
            find(".trouble").hidden = !sentence;
            find(".trouble").textContent = sentence || "";
        };
        const show = (on) => {
            at(id).hidden = !on;
            document.documentElement.classList.toggle(id + "-on", on);
            if (on) { trouble(""); find(".spoken").value = kept("medley-spoken"); }
        };
        const words = (stable, tentative, where = "") => {
            find(where + " .stable").textContent = stable;
            find(where + " .tentative").textContent = tentative;
        };
        const loud = (samples) => {
            let sum = 0;
            for (const one of samples) sum += one * one;
            at(id).style.setProperty("--loud", Math.min(1, Math.sqrt(sum / samples.length) / 4000).toFixed(2));
        };
        return { find, now, trouble, show, words, loud };
    };

    // Push to talk

    let talk = null;
    const talking = strip("talking");
    const press = (on) => { at("talk")?.setAttribute("aria-pressed", String(on)); };
    const stopTalking = (sentence) => {
        talk?.microphone.close();
        talk?.wire?.end("");
        talk = null;
        press(false);
        const cancel = talking.find(".cancel");
        talking.find(".send").hidden = Boolean(sentence);
        if (!sentence) return talking.show(false);
        talking.now("");
        talking.trouble(sentence);
        cancel.dataset.cancel ||= cancel.textContent;
        cancel.textContent = cancel.dataset.close;
    };
    const startTalking = async () => {
        if (!at("talking")) return;  // the page is not there yet
        if (call) return call.wire?.send({ type: "hush" });
        const mine = talk = { state: "starting" };
        window.medley.aloud?.stop();
        const cancel = talking.find(".cancel");
        cancel.textContent = cancel.dataset.cancel || cancel.textContent;
        talking.find(".send").hidden = false;
        talking.find(".review").checked = kept("medley-review") === "yes";
        talking.show(true);
        talking.words("", "");
        talking.now("starting");
        press(true);
        mine.microphone = new Microphone(
            (samples) => { if (mine.state === "recording") { mine.wire.hear(samples); talking.loud(samples); } },
            (name) => { if (talk === mine) talking.trouble(told().trouble[name]); });
        try { await mine.microphone.open(); }
        catch (name) { return talk === mine && stopTalking(told().trouble[name] || told().trouble.failed); }
        if (talk !== mine) return;
        mine.state = "recording";
        mine.wire = new Wire({ type: "dictate", conversation: opened(), language: kept("medley-spoken") }, {
            connected: (on) => talking.now(on ? (mine.state === "writing" ? "writing" : "recording") : "reconnecting"),
            message: (said) => {
                if (said.type === "heard" && !said.final) talking.words(said.stable, said.tentative);
                else if (said.type === "heard") written(mine, said.stable);
                else if (said.sentence && talk === mine) stopTalking(said.sentence);
            },
            voice: () => {},
            closed: (trouble) => { if (talk === mine) stopTalking(told().trouble[trouble] || told().trouble.unreachable); },
        });
        talking.now("recording");
        if (mine.soon) finishTalking();
    };
    const finishTalking = () => {
        if (!talk) return;
        if (talk.state === "starting") { talk.soon = true; return; }
        if (talk.state !== "recording") return;
        talk.state = "writing";
        talk.microphone.close();
        talking.now("writing");
        talk.wire.send({ type: "finish" });
    };
    const written = (mine, text) => {
        if (talk !== mine) return;
        if (!text.trim()) return stopTalking(told().trouble.nothing);
        const review = talking.find(".review").checked;
        stopTalking("");
        const box = document.querySelector("#box textarea"), before = box.value.trim();
        window.medley.write(box, before ? before + " " + text : text);
        window.medley.dictated = true;
        if (!review) setTimeout(() => document.querySelector("#box [data-testid=submit-button]")?.click(), 100);
    };
    const toggle = () => { if (talk) finishTalking(); else startTalking(); };

    // A tap begins and another one sends; held down, letting go sends.
    let pressed = 0, began = false;
    addEventListener("pointerdown", (event) => {
        const button = event.target.closest?.("#talk");
        if (!button || event.button) return;
        pressed = performance.now();
        began = !talk;
        try { button.setPointerCapture(event.pointerId); } catch { /* a pointer that is gone already */ }
        toggle();
    });
    addEventListener("pointerup", (event) => {
        talk?.microphone?.wake();  // on a phone only letting go counts as the person's wish
        if (pressed && began && talk?.state === "recording" && performance.now() - pressed > 500) finishTalking();
        pressed = 0;
    });
    addEventListener("click", (event) => {
        if (event.target.closest?.("#talk") && event.detail === 0) toggle();  // by the keyboard, or a screen reader
        else if (event.target.closest?.("#talking .cancel")) { stopTalking(""); at("talk")?.focus(); }
        else if (event.target.closest?.("#talking .send")) finishTalking();
    });

    // A call

    let call = null;
    const calling = strip("calling");
    const startCall = async () => {
        if (!at("calling") || call) return;
        stopTalking("");
        window.medley.aloud?.stop();
        const mine = call = { began: opened(), conversation: opened(), state: "connecting", muted: false };
        calling.show(true);
        for (const who of [".you", ".answer"]) calling.find(who).hidden = true;
        calling.words("", "", ".you");
        calling.find(".answer span").textContent = "";
        calling.find(".mute").hidden = false;
        mute(mine, false);
        const end = calling.find(".end");
        end.textContent = end.dataset.end || end.textContent;
        showCall(mine);
        at("call")?.setAttribute("aria-pressed", "true");
        end.focus({ preventScroll: true });
        mine.microphone = new Microphone(
            (samples) => { if (mine.wire) { mine.wire.hear(samples); calling.loud(mine.muted ? [0] : samples); } },
            (name) => { if (call === mine) calling.trouble(told().trouble[name]); });
        try { await mine.microphone.open(); }
        catch (name) { return call === mine && endCall(told().trouble[name] || told().trouble.failed); }
        if (call !== mine) return;
        mine.player = new Player(mine.microphone.context, (said) => mine.wire.send({ ...said, frame: mine.wire.frame }));
        const libraries = [...document.querySelectorAll("#libraries input:checked")].map((one) => one.name);
        mine.wire = new Wire({ type: "call", conversation: mine.conversation, language: kept("medley-spoken"), libraries }, {
            connected: (on) => {
                mine.cut = !on;
                if (on && mine.state === "connecting") mine.state = "listening";
                showCall(mine);
            },
            message: (said) => follow(mine, said),
            voice: (said, samples) => mine.player.add(said.piece, said.rate, samples),
            closed: (trouble) => { if (call === mine) endCall(told().trouble[trouble] || mine.sentence || ""); },
        });
    };
    const follow = (mine, said) => {
        switch (said.type) {
            case "state":
                mine.state = said.state;
                return showCall(mine);
            case "heard": {
                const you = calling.find(".you");
                if (said.final && !said.stable) { you.hidden = !mine.asked; return calling.words(mine.asked || "", "", ".you"); }
                if (said.final) { mine.asked = said.stable; calling.find(".answer").hidden = true; calling.find(".answer span").textContent = ""; }
                you.hidden = false;
                return calling.words(said.stable, said.tentative, ".you");
            }
            case "turn":
                mine.conversation = said.conversation;
                return;
            case "writes": {
                const answer = calling.find(".answer span");
                calling.find(".answer").hidden = false;
                answer.textContent += said.text;
                calling.find(".captions").scrollTop = 1e6;
                return;
            }
            case "hold": return mine.player.hold(said.on);
            case "drop": return mine.player.drop();
            case "ended":
                if (said.text) calling.find(".answer span").textContent = said.text.replace(/\[\d+\]|†/g, "");
                return showTurns(mine);
            case "trouble": return calling.trouble(said.sentence);
            case "over": mine.sentence = said.sentence;
        }
    };
    const showCall = (mine) => {
        if (call !== mine) return;
        const state = mine.cut ? "reconnecting" : mine.state;
        calling.now(state, mine.muted);
        calling.find(".hush").hidden = !["speaking", "thinking"].includes(state);
        if (state === "hearing") calling.trouble("");
    };
    // The turns stand in the chat like any other, once they are whole; unless something else is looked at by now.
    const showTurns = (mine) => {
        const busy = document.querySelector("#box [aria-label=Stop]")?.checkVisibility();
        if (mine.conversation && !busy && [mine.began, mine.conversation].includes(opened()))
            window.medley.act("open " + mine.conversation);
    };
    const mute = (mine, on) => {
        mine.muted = on;
        calling.find(".mute").setAttribute("aria-pressed", String(on));
        mine.wire?.send({ type: "mute", on });
        showCall(mine);
    };
    const endCall = (sentence) => {
        const mine = call;
        call = null;
        if (!mine) return calling.show(false);
        mine.player?.drop();
        mine.microphone.close();
        if (mine.wire && !mine.wire.over) { mine.wire.send({ type: "end" }); mine.wire.end(""); }
        at("call")?.setAttribute("aria-pressed", "false");
        setTimeout(() => showTurns(mine), 400);
        if (!sentence) { calling.show(false); at("call")?.focus(); return; }
        const end = calling.find(".end");
        calling.now("ended");
        for (const name of [".mute", ".hush"]) calling.find(name).hidden = true;
        end.dataset.end ||= end.textContent;
        end.textContent = end.dataset.close;
        calling.trouble(sentence);
    };

    addEventListener("click", (event) => {
        if (event.target.closest?.("#call")) { if (call) endCall(""); else startCall(); }
        else if (event.target.closest?.("#calling .end")) endCall("");
        else if (event.target.closest?.("#calling .mute") && call) mute(call, !call.muted);
        else if (event.target.closest?.("#calling .hush")) call?.wire?.send({ type: "hush" });
        else if (event.target.closest?.("#calling .trouble")) call?.microphone.wake();
    });
    addEventListener("change", (event) => {
        if (event.target.matches?.(".spoken")) {
            kept("medley-spoken", event.target.value);
            call?.wire?.send({ type: "language", language: event.target.value });
        } else if (event.target.matches?.("#talking .review")) kept("medley-review", event.target.checked ? "yes" : "");
    });
    addEventListener("keydown", (event) => {
        if (event.key !== "Escape") return;
        if (talk) { stopTalking(""); at("talk")?.focus(); }
        else if (call && ["speaking", "thinking"].includes(call.state)) call.wire?.send({ type: "hush" });
    });
    addEventListener("pagehide", () => { if (call) endCall(""); });
})();
