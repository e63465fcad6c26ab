// The line to the server for a call or a dictation: it comes back by itself after a cut, and loses or doubles nothing.
// What it speaks is told in ui/call_wire.py.
(() => {
    const OVER = 4000, WHY = { 4001: "lost", 4002: "hostile", 4003: "crowded" };
    const PATIENCE = 28_000, SILENT = 6000, KEPT = 940, CHUNK = 32;

    // first: the message it begins with. on: message(said), voice(said, samples), connected(whether), closed(trouble).
    class Wire {
        constructor(first, on) {
            Object.assign(this, { first, on, frames: [], base: 0, next: 0, seen: 0, waiting: [], tries: 0 });
            this.connect();
            this.beat = setInterval(() => this.pulse(), 2000);
            this.back = () => { if (this.cut && !this.over) this.again(0); };
            addEventListener("online", this.back);
        }
        get frame() { return this.next; }
        connect() {
            const address = new URL("call", document.baseURI);
            address.protocol = address.protocol.replace("http", "ws");
            const socket = this.socket = new WebSocket(address);
            socket.binaryType = "arraybuffer";
            this.ready = false;
            socket.onopen = () => {
                this.lasting = Date.now();
                socket.send(JSON.stringify(this.token ? { type: "resume", token: this.token, seen: this.seen } : this.first));
            };
            socket.onmessage = (event) => { if (socket === this.socket) this.take(event.data); };
            socket.onclose = (event) => { if (socket === this.socket) this.lost(event.code); };
        }
        take(data) {
            this.lasting = Date.now();
            if (typeof data !== "string") {
                const length = new DataView(data).getUint32(0, true);
                const said = JSON.parse(new TextDecoder().decode(new Uint8Array(data, 4, length)));
                if (this.fresh(said)) this.on.voice(said, new Int16Array(data.slice(4 + length)));
                return;
            }
            const said = JSON.parse(data);
            if (said.type === "welcome") return this.welcome(said);
            if (said.type === "seen") return this.forget(said.frame);
            if (this.fresh(said)) this.on.message(said);
        }
        fresh(said) {
            if (said.n <= this.seen) return false;
            this.seen = said.n;
            return true;
        }
        welcome(said) {
            this.token = said.token;
            this.ready = true;
            this.tries = 0;
            this.cut = 0;
            this.sent = Math.max(said.frame, this.base);
            for (const one of this.waiting.splice(0)) this.send(one);
            this.flush();
            this.on.connected(true);
        }
        lost(code) {
            if (this.over) return;
            if (code === OVER) return this.end("");
            if (WHY[code]) return this.end(WHY[code]);
            if (!this.token) return this.end("unreachable");
            if (!this.cut) { this.cut = Date.now(); this.on.connected(false); }
            if (Date.now() - this.cut > PATIENCE) return this.end("lost");
            this.again(Math.min(4000, 250 * 2 ** this.tries++));
        }
        again(milliseconds) {
            clearTimeout(this.timer);
            this.ready = false;
            this.timer = setTimeout(() => { if (!this.over) this.connect(); }, milliseconds);
        }
        pulse() {
            if (this.socket?.readyState === WebSocket.OPEN) {
                if (this.ready) this.socket.send(JSON.stringify({ type: "seen", n: this.seen }));
                if (Date.now() - this.lasting > SILENT) this.drop();  // a phone changed its network, say
            }
        }
        drop() {
            const socket = this.socket;
            this.socket = null;
            socket.close();
            this.lost(1006);
        }
        send(said) {
            if (this.ready && this.socket.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(said));
            else this.waiting.push(said);
        }
        hear(samples) {
            this.frames.push(samples);
            this.next++;
            if (this.frames.length > KEPT) { this.frames.shift(); this.base++; }
            this.flush();
        }
        flush() {
            if (!this.ready || this.socket.readyState !== WebSocket.OPEN) return;
            this.sent = Math.max(this.sent, this.base);
            while (this.sent < this.next) {
                const now = this.frames.slice(this.sent - this.base, this.sent - this.base + CHUNK);
                const data = new ArrayBuffer(4 + 1024 * now.length);
                new DataView(data).setUint32(0, this.sent, true);
                now.forEach((one, at) => new Int16Array(data, 4 + 1024 * at, 512).set(one));
                this.socket.send(data);
                this.sent += now.length;
            }
        }
        forget(frame) {  // the server has these
            const many = Math.max(0, Math.min(frame - this.base, this.frames.length));
            this.frames.splice(0, many);
            this.base += many;
        }
        end(trouble) {
            if (this.over) return;
            this.over = true;
            clearInterval(this.beat);
            clearTimeout(this.timer);
            removeEventListener("online", this.back);
            this.socket?.close();
            this.on.closed(trouble);
        }
    }
    window.medleyWire = Wire;
})();
