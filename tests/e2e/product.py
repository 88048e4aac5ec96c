"""The product as its users run it: ``run_bot.py serve`` as a process of its own."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import ProxyHandler, Request, build_opener

import pytest

ROOT = Path(__file__).parents[2]
AS_OF = "2026-06-15"
"""The library's figures are asked for as of this day, so that no test ends with a figure's validity."""
SECONDS = 30
"""Longest wait for anything; the machine may be busy."""
LOAN = "助学贷款一年最多能贷多少？"
LOAN_LIMIT = "20000元"

NewDataDir = Callable[[], Path]

_ADDRESS = re.compile(r"网页：已开启，请用浏览器打开 (http://\S+)")
_http = build_opener(ProxyHandler({}))


def until(found: Callable[[], Any], what: str) -> Any:
    """Ask again until the answer is true."""
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        if result := found():
            return result
        time.sleep(0.02)
    pytest.fail(f"not within {SECONDS} s: {what}")


def fetch(url: str, body: object = None) -> Any:
    """What an HTTP server answers, as JSON; with a body it is posted."""
    content = None if body is None else json.dumps(body).encode()
    request = Request(url, content, {"Content-Type": "application/json"})
    with _http.open(request, timeout=SECONDS) as response:
        return json.load(response)


class Product:
    """A running ``serve`` with all that it prints, on a port of its own choice."""

    def __init__(
        self,
        data_dir: Path,
        *,
        port: int = 0,
        token: str = "",
        base_url: str = "",
        config: Path | None = None,
    ) -> None:
        self.data_dir = data_dir
        self._printed = data_dir.with_name(f"{data_dir.name}-printed-{time.monotonic_ns()}.txt")
        command = [sys.executable, "run_bot.py", "serve", "--port", str(port), "--as-of", AS_OF]
        command += ["--config", str(config)] if config else []
        environment = {**os.environ, "TELEGRAM_BOT_TOKEN": token, "TELEGRAM_BASE_URL": base_url}
        with self._printed.open("w") as printed:
            self._process = subprocess.Popen(
                [*command, "--data-dir", str(data_dir)],
                cwd=ROOT,
                env=environment,
                stdout=printed,
                stderr=subprocess.STDOUT,
            )

    @property
    def printed(self) -> str:
        """Standard output and standard error so far."""
        return self._printed.read_text("utf-8")

    @property
    def log(self) -> str:
        """``zhengcetong.log`` so far: of every process on this data directory."""
        path = self.data_dir / "zhengcetong.log"
        return path.read_text("utf-8") if path.exists() else ""

    @property
    def url(self) -> str:
        """Where the page is, once it is there."""
        found = until(lambda: _ADDRESS.search(self.printed) or self._ended(), "the page to be on")
        assert isinstance(found, re.Match), self.printed
        return found[1]

    def ask(self, question: str, session: str = "test") -> str:
        """The answer that the web page's interface gives."""
        text = fetch(f"{self.url}/api/ask", {"text": question, "session": session})["answer"]["answer"]
        assert isinstance(text, str)
        return text

    def wait(self) -> int:
        """The exit code, once it has ended by itself."""
        return self._process.wait(SECONDS)

    def stop(self) -> int:
        """Ask it to end, as a service supervisor does; the exit code."""
        self._process.send_signal(signal.SIGTERM)
        return self.wait()

    def kill(self) -> None:
        """End it as a power cut does."""
        self._process.kill()
        self.wait()

    def _ended(self) -> bool:
        return self._process.poll() is not None


@contextmanager
def serving(
    data_dir: Path, *, token: str = "", base_url: str = "", config: Path | None = None
) -> Iterator[Product]:
    """A running product that does not outlive the test."""
    product = Product(data_dir, token=token, base_url=base_url, config=config)
    try:
        yield product
    finally:
        product.kill()
