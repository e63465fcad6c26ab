// Reading aloud: sentence after sentence, the next one fetched while one is played. One answer at a time.
(() => {
    const player = new Audio();
    const begun = new Set();  // what has begun by itself does so once
    let now = null;  // the address that is read, whether it waits for sound, and how to end it

    const show = () => {
        const root = document.documentElement.classList;
        root.toggle("aloud-on", now !== null);
        root.toggle("aloud-waits", now?.waits === true);
        for (const button of document.querySelectorAll("#chat button.aloud")) {
            const playing = button.value === now?.address;
            if (button.classList.contains("playing") === playing) continue;
            button.classList.toggle("playing", playing);
            button.title = button.querySelector(playing ? ".halt" : ".go").textContent;
        }
    };
    const told = () => document.getElementById("aloud-told") || document.body.appendChild(
        Object.assign(document.createElement("p"), { id: "aloud-told", role: "status" }));
    let silent = 0;
    const tell = (sentence, seconds = 8) => {
        told().textContent = sentence;
        clearTimeout(silent);
        if (sentence) silent = setTimeout(() => tell(""), 1000 * seconds);
    };

    const stop = () => {
        const before = now;
        now = null;
        before?.gone.abort();
        player.pause();
        before?.over?.();
        show();
    };
    // A sentence as sound; null once the answer has ended. Raises what the server says is in the way.
    const sentence = async (reading, number) => {
        for (;;) {
            const answer = await fetch(`${reading.address}/${number}`, { signal: reading.gone.signal });
            if (answer.status === 200) return answer.blob();
            if (answer.status === 204 || answer.status === 404) return null;
            const why = await answer.text();
            if (answer.status !== 202) throw new Error(why);
            if (why && reading === now) tell(why, 20);
        }
    };
    const play = async (sound, reading) => {
        const address = URL.createObjectURL(sound);
        try {
            const over = new Promise((resolve) => { reading.over = player.onended = player.onerror = resolve; });
            player.src = address;
            await player.play();
            await over;
        } finally { URL.revokeObjectURL(address); }
    };
    const read = async (address) => {
        stop();
        const reading = now = { address, waits: true, gone: new AbortController() };
        show();
        try {
            let next = sentence(reading, 0);
            for (let number = 1; reading === now; number++) {
                reading.waits = true;
                const waiting = setTimeout(show, 150);  // no flicker between two sentences
                const sound = await next;
                clearTimeout(waiting);
                if (!sound || reading !== now) break;
                next = sentence(reading, number);
                next.catch(() => {});  // told when its turn comes
                reading.waits = false;
                tell("");
                show();
                await play(sound, reading);
            }
        } catch (trouble) {
            if (reading === now && trouble.name !== "NotAllowedError") tell(trouble.message);
        }
        if (reading === now) stop();
    };
    window.medley.aloud = { read, stop, reading: () => now?.address || "" };

    addEventListener("click", (event) => {
        const button = event.target.closest?.("#chat button.aloud");
        if (button) { if (button.value === now?.address) stop(); else read(button.value); }
        // whoever stops the answer, or begins to speak, wants silence
        else if (event.target.closest?.("#aloud-stop, #box [data-testid=stop-button], #voice, #talk, #call")) stop();
    });
    addEventListener("keydown", (event) => { if (event.key === "Escape" && now) stop(); });
    addEventListener("pagehide", stop);

    let due = false;
    const look = () => {
        due = false;
        for (const sign of document.querySelectorAll("#chat a.reads")) {
            const address = sign.getAttribute("href").slice(1);
            if (begun.has(address)) continue;
            begun.add(address);
            read(address);
        }
        show();
    };
    new MutationObserver(() => { if (!due) { due = true; setTimeout(look, 50); } })
        .observe(document.documentElement, { childList: true, subtree: true });
})();
