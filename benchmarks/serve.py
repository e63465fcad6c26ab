"""A local chat model behind the OpenAI protocol, so that Medley can be measured with a model "somewhere else".

    python benchmarks/serve.py [--llm NAME] [--port 8001]
    python benchmarks/requests.py FILE.jsonl --llm http://127.0.0.1:8001/v1

/v1/models and /v1/chat/completions, streaming or whole, text only; one answer at a time. It listens on this machine
alone and is for measuring, not for people.
"""

import argparse
import json
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path[:] = [str(ROOT), *(one for one in sys.path if one != str(ROOT / "benchmarks"))]  # which has a requests.py

import uvicorn
from fastapi import FastAPI
from fastapi.responses import JSONResponse, StreamingResponse
from starlette.responses import Response

from assistant.ports.engine import Engine, Generation
from assistant.values.parts import ChatMessage, Text
from benchmarks.requests import open_assistant

ANSWER_TOKENS = 512  # where the request names no number


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--llm")
    parser.add_argument("--port", type=int, default=8001)
    options = parser.parse_args()
    uvicorn.run(
        serving(open_assistant(options.llm, only_chat=True).engine.get()), port=options.port, log_level="warning"
    )


def serving(engine: Engine) -> FastAPI:
    app, name, turn = FastAPI(), engine.profile.name, threading.Lock()

    @app.get("/v1/models")
    def models() -> dict[str, Any]:
        return {
            "object": "list",
            "data": [{"id": name, "object": "model", "max_model_len": engine.profile.context_tokens}],
        }

    @app.post("/v1/chat/completions", response_model=None)
    def completions(asked: dict[str, Any]) -> Response:
        messages = [ChatMessage(one["role"], (Text(plain(one["content"])),)) for one in asked["messages"]]
        most = asked.get("max_completion_tokens") or asked.get("max_tokens") or ANSWER_TOKENS

        def pieces() -> Iterator[str]:
            with turn:
                yield from engine.generate(messages, Generation(max_tokens=int(most)), threading.Event())

        made = {"id": f"chatcmpl-{time.time_ns()}", "created": int(time.time()), "model": name}
        if asked.get("stream"):
            return StreamingResponse(streamed(pieces(), made), media_type="text/event-stream")
        message = {"role": "assistant", "content": "".join(pieces())}
        choice = {"index": 0, "message": message, "finish_reason": "stop"}
        return JSONResponse(made | {"object": "chat.completion", "choices": [choice]})

    return app


def streamed(pieces: Iterator[str], made: dict[str, Any]) -> Iterator[str]:
    for piece in pieces:
        choice = {"index": 0, "delta": {"content": piece}, "finish_reason": None}
        yield f"data: {json.dumps(made | {'object': 'chat.completion.chunk', 'choices': [choice]})}\n\n"
    choice = {"index": 0, "delta": {}, "finish_reason": "stop"}
    yield f"data: {json.dumps(made | {'object': 'chat.completion.chunk', 'choices': [choice]})}\n\ndata: [DONE]\n\n"


def plain(content: str | list[dict[str, Any]]) -> str:
    if isinstance(content, str):
        return content
    return "\n".join(part["text"] for part in content if part.get("type") == "text")


if __name__ == "__main__":
    main()
