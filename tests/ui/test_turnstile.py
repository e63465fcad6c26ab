"""However much one address asks at once, the others' requests come in between."""

import asyncio
from typing import Any

import pytest

from ui import turnstile
from ui.owner import DIRECT
from ui.turnstile import AT_ONCE, Turnstile


class Server:
    """An app that works on requests until it is let go on, and notes who was inside."""

    def __init__(self, streams: bool = False) -> None:
        self.inside: list[str] = []
        self.most: dict[str, int] = {}
        self.served: list[str] = []
        self.go_on = asyncio.Event()
        self._streams = streams

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        client = scope["client"][0]
        self.inside.append(client)
        self.most[client] = max(self.most.get(client, 0), self.inside.count(client))
        if self._streams:
            await send({"type": "http.response.start", "status": 200, "headers": []})
        await self.go_on.wait()
        self.inside.remove(client)
        self.served.append(client)


def request(address: str, path: str = "/config") -> dict[str, Any]:
    return {"type": "http", "path": path, "client": (address, 1), "headers": [], "query_string": b""}


async def nothing(_: Any = None) -> None:
    pass


async def asked(server: Server, *requests: dict[str, Any]) -> list[asyncio.Task[None]]:
    """Each request on its way, as far as it comes."""
    gate = Turnstile(server, address_of=DIRECT)
    tasks = [asyncio.create_task(gate(one, nothing, nothing)) for one in requests]
    for _ in range(5):
        await asyncio.sleep(0)
    return tasks


def test_one_address_has_few_requests_inside_and_another_one_comes_in_beside_them() -> None:
    async def run() -> None:
        server = Server()
        tasks = await asked(server, *[request("198.51.100.1")] * 120, request("203.0.113.7"))
        assert server.inside.count("198.51.100.1") == AT_ONCE
        assert server.inside.count("203.0.113.7") == 1
        server.go_on.set()
        await asyncio.gather(*tasks)
        assert server.most["198.51.100.1"] <= AT_ONCE
        assert len(server.served) == 121

    asyncio.run(run())


def test_a_place_is_free_again_once_the_answer_begins() -> None:
    async def run() -> None:
        server = Server(streams=True)
        tasks = await asked(server, *[request("198.51.100.1")] * 20)
        await asyncio.sleep(0.01)
        assert server.inside.count("198.51.100.1") == 20
        server.go_on.set()
        await asyncio.gather(*tasks)

    asyncio.run(run())


def test_an_upload_takes_no_place() -> None:
    async def run() -> None:
        server = Server()
        uploads = [request("198.51.100.1", "/gradio_api/upload")] * 20
        tasks = await asked(server, *uploads, request("198.51.100.1"))
        assert len(server.inside) == 21
        server.go_on.set()
        await asyncio.gather(*tasks)

    asyncio.run(run())


def test_a_slow_request_shuts_nobody_out(monkeypatch: pytest.MonkeyPatch) -> None:
    async def run() -> None:
        monkeypatch.setattr(turnstile, "LONGEST_WAIT", 0.01)
        server = Server()
        tasks = await asked(server, *[request("198.51.100.1")] * (AT_ONCE + 1))
        assert len(server.inside) == AT_ONCE
        while len(server.inside) == AT_ONCE:
            await asyncio.sleep(0.01)
        server.go_on.set()
        await asyncio.gather(*tasks)

    asyncio.run(run())


def test_who_gives_up_waiting_leaves_nothing_behind() -> None:
    async def run() -> None:
        server = Server()
        gate = Turnstile(server, address_of=DIRECT)
        tasks = [asyncio.create_task(gate(request("198.51.100.1"), nothing, nothing)) for _ in range(AT_ONCE + 3)]
        await asyncio.sleep(0.01)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        server.go_on.set()
        await gate(request("198.51.100.1"), nothing, nothing)
        assert not gate._inside

    asyncio.run(run())
