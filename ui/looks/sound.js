// Sound in and out of the page: a microphone as frames of 16 kHz, and a voice that is played piece by piece.
(() => {
    // Resampled by a windowed sinc, since browsers record at 44.1, 48 or 96 kHz; frames of 512 samples of 16 bits.
    const worklet = `
    registerProcessor("frames", class extends AudioWorkletProcessor {
        constructor() {
            super();
            this.ratio = sampleRate / 16000;
            this.half = Math.ceil(16 * Math.max(1, this.ratio));
            const cut = Math.min(1, 1 / this.ratio) * 0.95, steps = this.steps = 128;
            this.table = new Float32Array(2 * this.half * steps + 1);
            for (let i = 0; i < this.table.length; i++) {
                const x = i / steps - this.half, y = Math.PI * cut * x;
                this.table[i] = cut * (x ? Math.sin(y) / y : 1) * (0.5 + 0.5 * Math.cos(Math.PI * x / this.half));
            }
            this.held = new Float32Array(16384);
            this.count = this.half;
            this.at = this.half;
            this.frame = new Int16Array(512);
            this.filled = 0;
        }
        process(inputs) {
            const input = inputs[0];
            if (!input.length) return true;
            const { held, half, steps, table } = this;
            for (let i = 0; i < input[0].length; i++) {
                let sum = 0;
                for (const channel of input) sum += channel[i];
                held[this.count++] = sum / input.length;
            }
            while (this.at + half < this.count) {
                const first = Math.ceil(this.at - half);
                let sum = 0;
                for (let i = first, t = (first - this.at + half) * steps; i < this.at + half; i++, t += steps)
                    sum += held[i] * table[Math.round(t)];
                this.frame[this.filled++] = Math.max(-32768, Math.min(32767, Math.round(sum * 32767)));
                if (this.filled === 512) {
                    this.port.postMessage(this.frame, [this.frame.buffer]);
                    this.frame = new Int16Array(512);
                    this.filled = 0;
                }
                this.at += this.ratio;
            }
            const done = Math.floor(this.at) - half - 1;
            if (done > 4096) { held.copyWithin(0, done, this.count); this.count -= done; this.at -= done; }
            return true;
        }
    });`;

    const WHY = { NotAllowedError: "refused", SecurityError: "refused", NotFoundError: "none",
        OverconstrainedError: "none", NotReadableError: "busy", AbortError: "busy" };

    // A microphone. Made in the tap itself, or a phone gives no sound; says why it cannot be had by throwing a name
    // of `trouble` in ui/words/call.py. heard: called with each frame; trouble: with such a name, "" when it is over.
    class Microphone {
        constructor(heard, trouble) {
            this.heard = heard;
            this.trouble = trouble;
            const Context = window.AudioContext || window.webkitAudioContext;
            this.context = Context ? new Context({ latencyHint: "interactive" }) : null;
            this.wake();
        }
        wake() { this.context?.resume().catch(() => {}); }
        async open() {
            if (!navigator.mediaDevices?.getUserMedia) throw isSecureContext ? "unsupported" : "insecure";
            if (!this.context?.audioWorklet) throw "unsupported";
            const wish = { echoCancellation: true, noiseSuppression: true, autoGainControl: true, channelCount: 1 };
            try {
                this.stream = await navigator.mediaDevices.getUserMedia({ audio: wish });
            } catch (error) { throw WHY[error.name] || "failed"; }
            if (this.closed) return this.close();
            try {
                const address = URL.createObjectURL(new Blob([worklet], { type: "text/javascript" }));
                await this.context.audioWorklet.addModule(address);
                URL.revokeObjectURL(address);
                const source = this.context.createMediaStreamSource(this.stream);
                const node = new AudioWorkletNode(this.context, "frames", { numberOfOutputs: 1 });
                const silence = this.context.createGain();
                silence.gain.value = 0;
                source.connect(node).connect(silence).connect(this.context.destination);  // else some never run it
                node.port.onmessage = (event) => { this.lasting = performance.now(); this.heard(event.data); };
            } catch { throw "failed"; }
            const [track] = this.stream.getAudioTracks();
            track.addEventListener("ended", () => { if (!this.closed) this.trouble("taken"); });
            track.addEventListener("mute", () => { if (!this.closed) this.trouble("silent"); });
            track.addEventListener("unmute", () => this.trouble(""));
            this.context.addEventListener("statechange", () => this.state());
            this.seen = () => { if (!document.hidden) this.wake(); this.state(); };
            document.addEventListener("visibilitychange", this.seen);
            this.wake();
        }
        state() {  // a phone suspends, or calls it "interrupted", when it is locked or rings
            if (this.closed) return;
            const stopped = this.context.state !== "running";
            this.trouble(!stopped ? "" : document.hidden ? "background" : "paused");
        }
        close() {
            this.closed = true;
            document.removeEventListener("visibilitychange", this.seen);
            for (const track of this.stream?.getTracks() || []) track.stop();
            if (this.context && this.context.state !== "closed") this.context.close().catch(() => {});
        }
    }

    // Plays pieces one after the other; tell: {type: "playing" | "played" | "paused", piece, skipped}.
    class Player {
        constructor(context, tell) {
            this.context = context;
            this.tell = tell;
            this.queue = [];
            this.skipped = 0;
        }
        add(piece, rate, samples) {
            const buffer = this.context.createBuffer(1, samples.length, rate), into = buffer.getChannelData(0);
            for (let i = 0; i < samples.length; i++) into[i] = samples[i] / 32768;
            this.queue.push({ piece, buffer });
            this.go();
        }
        go() {
            if (this.source || this.held || !this.queue.length) return;
            const { piece, buffer } = this.queue[0], source = this.source = this.context.createBufferSource();
            source.buffer = buffer;
            source.connect(this.context.destination);
            source.onended = () => {
                this.queue.shift();
                this.source = null;
                this.skipped = 0;
                this.tell({ type: "played", piece });
                this.go();
            };
            this.from = this.context.currentTime - this.skipped;
            source.start(0, this.skipped);
            this.tell({ type: "playing", piece, skipped: this.skipped });
        }
        hold(on) {
            this.held = on;
            if (!on) return this.go();
            if (!this.source) return;
            this.skipped = Math.max(0, this.context.currentTime - this.from - 0.15);  // a little is said again
            this.silence();
            this.tell({ type: "paused" });
        }
        drop() {
            this.silence();
            this.queue = [];
            this.skipped = 0;
            this.held = false;
        }
        silence() {
            if (!this.source) return;
            this.source.onended = null;
            this.source.stop();
            this.source = null;
        }
    }
    window.medleySound = { Microphone, Player };
})();
