"""Our web page without limits on requests, for comparing latency over HTTP.

``python -m benchmarks.web_server DIRECTORY`` prints its address and serves until its input ends.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
import uuid
from collections.abc import Sequence
from pathlib import Path

import httpx

from benchmarks.questions import WRITTEN_FOR
from bot.assistant import Assistant
from bot.channels.web import WebSettings, create_app
from bot.channels.web import serve as serve_web
from bot.desk import Desk
from bot.store import Store
from index.build import passages
from index.engines.whoosh import WhooshEngine
from knowledge.loading import load

_UNLIMITED = 10**9
_SECONDS = 60.0


class OurWeb:
    """The server in a process of its own, and a client. A context manager."""

    def __init__(self, directory: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.web_server", directory],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        address = self._process.stdout.readline().strip()
        self._client = httpx.Client(base_url=address, timeout=_SECONDS, trust_env=False)

    def __enter__(self) -> OurWeb:
        return self

    def __exit__(self, *error: object) -> None:
        self._client.close()
        self._process.communicate(timeout=_SECONDS)

    def milliseconds(self, turns: Sequence[str]) -> float:
        """How long the last message of a conversation takes."""
        session = uuid.uuid4().hex
        for text in turns:
            started = time.perf_counter()
            self._client.post("/api/ask", json={"text": text, "session": session}).raise_for_status()
        return (time.perf_counter() - started) * 1000


async def serve(directory: Path) -> None:
    library = load()
    engine = WhooshEngine(directory / "index")
    engine.refresh(passages(library))
    assistant = Assistant(library, engine, lambda: WRITTEN_FOR)
    settings = WebSettings(requests_per_minute=_UNLIMITED, requests_per_minute_per_address=_UNLIMITED)
    stop = asyncio.Event()
    with Store(directory) as store:
        app = create_app(Desk(assistant, store), settings)
        serving = asyncio.create_task(
            serve_web(app, "127.0.0.1", 0, stop, lambda url: print(url, flush=True))
        )
        await asyncio.to_thread(sys.stdin.read)
        stop.set()
        await serving


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1])))
