"""Medley as agents reach it, with the official client: over HTTP under a key, and through standard input."""

import base64
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest

pytest.importorskip("mcp", reason="pip install mcp: the server for agents is an optional extra")

import httpx2
from mcp import Client, StdioServerParameters
from mcp.client.streamable_http import streamable_http_client

from tests.support.api_server import ServedApi
from tests.ui.api.test_clients import ENGINE, PLAN, tone
from tests.ui.test_strangers import ELSEWHERE
from ui.api.mcp_server import PATH

ROOT = Path(__file__).parents[3]
TOOLS = {"ask", "search", "evidence", "transcript", "list_libraries", "list_files", "add_to_library"}


def base64_of(data: bytes | str) -> str:
    return base64.b64encode(data.encode() if isinstance(data, str) else data).decode()


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedApi]:
    with ServedApi(tmp_path_factory.mktemp("mcp"), ENGINE, alone=False, agents=True).running() as served:
        yield served


def called(api: ServedApi, key: str, *calls: tuple[str, dict[str, Any]]) -> list[Any]:
    """What these tools return, one after the other, in one connection."""

    async def talk() -> list[Any]:
        headers = {"authorization": f"Bearer {key}"}
        async with httpx2.AsyncClient(headers=headers, trust_env=False, timeout=60) as http:
            transport = streamable_http_client(f"{api.address}{PATH}", http_client=http)
            async with Client(transport) as client:
                assert {tool.name for tool in (await client.list_tools()).tools} == TOOLS
                return [await client.call_tool(name, how) for name, how in calls]

    return anyio.run(talk)


def test_an_agent_keeps_a_library_searches_it_and_asks(api: ServedApi) -> None:
    _, key = api.keys.add("agent")
    plan = {"name": "plan.txt", "data": base64_of(PLAN)}
    added, known, files, found, read, told, other = called(
        api,
        key,
        ("add_to_library", {"library": "Plant", "file": plan}),
        ("list_libraries", {}),
        ("list_files", {"library": "Plant"}),
        ("search", {"words": "who serviced the pump", "libraries": ["Plant"]}),
        ("evidence", {"library": "Plant", "file": "plan.txt"}),
        ("ask", {"question": "Who serviced the pump?", "libraries": ["Plant"]}),
        ("ask", {"question": "When does the surgeon come?", "files": [plan]}),
    )
    assert added.structured_content == {"library": "Plant", "file": "plan.txt", "added": True, "trouble": ""}
    assert known.structured_content == {"result": [{"name": "Plant", "files": 1}]}
    assert files.structured_content["result"][0]["name"] == "plan.txt"
    assert PLAN in found.structured_content["result"][0]["text"]
    assert read.structured_content["result"][0]["source"] == "plan.txt"
    assert told.structured_content["answer"] == "Dana Ortiz serviced the pump.[1]"
    assert told.structured_content["citations"][0]["source"] == "plan.txt"
    assert other.structured_content["answer"] == "The surgeon comes on Thursday.[1]"


def test_a_recording_is_written_down(api: ServedApi) -> None:
    _, key = api.keys.add("listener")
    recording = {"name": "talk.wav", "data": base64_of(tone())}
    (told,) = called(api, key, ("transcript", {"recording": recording}))
    assert told.structured_content["text"] == "We meet on Tuesday. Bring the plans."
    assert [one["start"] for one in told.structured_content["segments"]] == [0.0, 2.0]


def test_another_key_finds_nothing_of_it_and_errors_are_sentences(api: ServedApi) -> None:
    _, owner_key = api.keys.add("owner")
    _, key = api.keys.add("other agent")
    plan = {"name": "plan.txt", "data": base64_of(PLAN)}
    called(api, owner_key, ("add_to_library", {"library": "Private", "file": plan}))
    known, found, refused, broken = called(
        api,
        key,
        ("list_libraries", {}),
        ("search", {"words": "pump"}),
        ("evidence", {"library": "Private", "file": "plan.txt"}),
        ("ask", {"question": "Who?", "files": [{"name": "x.txt", "data": "***"}]}),
    )
    assert known.structured_content == {"result": []}
    assert found.structured_content == {"result": []}
    for one in (refused, broken):
        assert one.is_error
        assert PLAN not in str(one.content)
    assert "base64" in str(broken.content)


@pytest.mark.parametrize("shown", ["", "Bearer medley-wrong"])
def test_nobody_comes_in_without_a_key(api: ServedApi, shown: str) -> None:
    api.keys.add(f"some {len(shown)}")
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    for method in ("POST", "GET", "DELETE"):
        got = httpx.request(
            method,
            f"{api.address}{PATH}",
            json=body,
            headers={"authorization": shown} if shown else {},
            trust_env=False,
        )
        assert got.status_code == 401


@pytest.mark.parametrize("elsewhere", [one for one in ELSEWHERE if "host" not in one])
def test_another_sites_page_reaches_no_tool(api: ServedApi, elsewhere: dict[str, str]) -> None:
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    assert httpx.post(f"{api.address}{PATH}", json=body, headers=elsewhere, trust_env=False).status_code == 403


def test_the_command_speaks_through_standard_input(tmp_path: Path) -> None:
    """No model is loaded for what needs none."""

    async def talk() -> tuple[set[str], Any]:
        command = [
            str(ROOT / "app.py"),
            "mcp",
            "--offline",
            "--data",
            str(tmp_path),
            "--cache",
            str(tmp_path / "cache"),
        ]
        async with Client(StdioServerParameters(command=sys.executable, args=command, cwd=str(ROOT))) as client:
            tools = {tool.name for tool in (await client.list_tools()).tools}
            return tools, await client.call_tool("list_libraries", {})

    tools, known = anyio.run(talk)
    assert tools == TOOLS
    assert known.structured_content == {"result": []}
