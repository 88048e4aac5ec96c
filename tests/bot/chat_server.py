"""A chat endpoint on this machine that replies as a test wants, well or badly."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Reply = Callable[[list[str]], str]
"""From the published statements to what the model says."""


def completion(text: object, **choice: object) -> bytes:
    """The body of a chat completion."""
    message = {"role": "assistant", "content": text}
    return json.dumps(
        {"choices": [{"index": 0, "message": message, "finish_reason": "stop"} | choice]}
    ).encode()


class ChatServer(ThreadingHTTPServer):
    """Answers POST requests with ``status`` and ``body``, or with what ``say`` makes of the statements."""

    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.status = 200
        self.body = b""
        self.headers: dict[str, str] = {}
        self.say: Reply | None = None
        self.stalls = ""
        self.requests: list[Request] = []
        self.released = threading.Event()
        self._thread = threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"

    def stop(self) -> None:
        self.released.set()
        self.shutdown()
        self._thread.join()
        self.server_close()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that leave are part of the tests."""


@dataclass
class Request:
    path: str
    headers: dict[str, str]
    body: dict[str, Any] = field(default_factory=dict)

    @property
    def data(self) -> dict[str, Any]:
        """What the model is given besides the instruction."""
        given: dict[str, Any] = json.loads(self.body["messages"][1]["content"])
        return given


class _Handler(BaseHTTPRequestHandler):
    server: ChatServer

    def do_POST(self) -> None:
        server = self.server
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        request = Request(self.path, dict(self.headers), body)
        server.requests.append(request)
        if server.stalls == "before":
            server.released.wait()
            return
        if server.stalls == "headers":
            self._drip(b"HTTP/1.1 200 OK\r\nX-Slow: " + b"x" * 10_000)
            return
        content = completion(server.say(request.data["statements"])) if server.say else server.body
        self.send_response(server.status)
        for name, value in server.headers.items():
            self.send_header(name, value)
        if server.stalls == "body":
            self.end_headers()
            self._drip(b" " * 10_000)
            return
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _drip(self, content: bytes) -> None:
        for byte in content:
            if self.server.released.wait(0.02):
                return
            self.wfile.write(bytes([byte]))
            self.wfile.flush()

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""
