"""The package ``baisitong`` as a peer: installed apart, started here without keys, asked over HTTP.

Its reply is plain text with sources and has no outcome, so one is read from it, in its favour where in doubt:

* no source behind the reply (it then says that it found nothing): ``abstained``;
* where the question must not be answered and the first text of ours in the reply is one that sends elsewhere
  or says that nothing is published: what that text does;
* anything else: ``answered``.

A fact counts as given where the reply quotes any sentence that we wrote for it.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from benchmarks.library_text import Line, TextFile
from bot.models import Answer, Citation, Outcome
from bot.quality import Expectation, plain

VERSION = "1.0.6"
_SECONDS = 60.0
_ADDRESS = re.compile(r"running on (http://127\.0\.0\.1:\d+)")
_MARK = re.compile(r"\s*\[\d+\]")
_FRAME = re.compile(
    r"根据《.*?》等社区政策文件,为您整理如下:|以上信息来自社区政策知识库,具体以最新官方文件为准。"
)
_LONGEST = 500
"""Its interface takes no longer message."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back, without the frame and marks that every reply has; ``ms`` until the stream ended."""

    text: str
    sources: int
    ms: float


class Baisitong:
    """A running server with a library. A context manager: the server ends with the block."""

    def __init__(self, environment: Path, work: Path, files: Sequence[TextFile], wordings: bool) -> None:
        work.mkdir(parents=True)
        self._lines = [line for file in files for line in file.lines]
        with (work / "log").open("w") as log:
            self._process = subprocess.Popen(
                [environment / "bin" / "python", "-m", "baisitong", "--host", "127.0.0.1", "--port", "0"],
                cwd=work,
                env={"PATH": os.defpath, "PYTHONUNBUFFERED": "1", "LOG_LEVEL": "INFO"},
                stdout=subprocess.DEVNULL,
                stderr=log,
            )
        try:
            self._client = httpx.Client(
                base_url=self._address(work / "log"), timeout=_SECONDS, trust_env=False
            )
            self._load(files, wordings)
        except BaseException:
            self._process.kill()
            raise

    def __enter__(self) -> Baisitong:
        return self

    def __exit__(self, *error: object) -> None:
        self._client.close()
        self._process.terminate()
        self._process.wait(_SECONDS)

    def converse(self, turns: Sequence[str]) -> Reply:
        """The reply to the last message of a conversation of its own."""
        session = uuid.uuid4().hex
        return [self._ask(session, text[:_LONGEST]) for text in turns][-1]

    def judged_as(self, reply: Reply, expectation: Expectation) -> Answer:
        """The reply as one of ours, for :func:`bot.quality.judge`."""
        return read_answer(reply, self._lines, expectation)

    def _address(self, log: Path) -> str:
        give_up = time.monotonic() + _SECONDS
        while time.monotonic() < give_up and self._process.poll() is None:
            if found := _ADDRESS.search(log.read_text(encoding="utf-8", errors="replace")):
                return found[1]
            time.sleep(0.05)
        raise RuntimeError(f"baisitong did not start:\n{log.read_text(errors='replace')[-2000:]}")

    def _load(self, files: Sequence[TextFile], wordings: bool) -> None:
        """Its own five documents out, ours in."""
        for row in self._client.get("/api/knowledge/documents").raise_for_status().json()["data"]:
            self._client.delete(f"/api/knowledge/documents/{row['id']}").raise_for_status()
        for file in files:
            content = file.content(wordings).encode()
            self._client.post(
                "/api/knowledge/upload",
                data={"title": file.title, "source": file.source},
                files={"file": (f"{file.title}.txt", content, "text/plain")},
            ).raise_for_status()

    def _ask(self, session: str, text: str) -> Reply:
        started, said, sources = time.perf_counter(), [], 0
        with self._client.stream(
            "POST", "/api/chat", json={"session_id": session, "message": text}
        ) as answer:
            answer.raise_for_status()
            for line in answer.iter_lines():
                event = _event(line)
                said.append(str(event.get("content", "")))
                sources = max(sources, len(event.get("sources") or []))
        ms = (time.perf_counter() - started) * 1000
        return Reply(_FRAME.sub("", _MARK.sub("", "".join(said))).strip(), sources, ms)


def install(cache: Path) -> Path:
    """Its environment, made where it is not there: its dependencies are not ours."""
    environment = cache.absolute() / f"baisitong-{VERSION}"
    python = environment / "bin" / "python"
    if not (environment / "bin" / "baisitong").exists():
        print(f"installing baisitong {VERSION} into {environment}", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", environment], check=True)
        pip = [str(python), "-m", "pip", "install", "--quiet"]
        subprocess.run([*pip, f"baisitong=={VERSION}"], check=True, stdout=sys.stderr)
    return environment


def read_answer(reply: Reply, lines: Sequence[Line], expectation: Expectation) -> Answer:
    """A reply with the outcome and the facts that it stands for, as this module's rules have it."""
    text = plain(reply.text)
    places = {line: place for line in lines if (place := _place(text, line)) is not None}
    outcome = Outcome.ANSWERED if reply.sources else Outcome.ABSTAINED
    if reply.sources and "answered" not in expectation.outcomes:
        first = min(places.values(), default=0)
        said = [line.outcome for line, place in places.items() if place == first]
        outcome = next((found for found in said if found.value in expectation.outcomes), outcome)
    return Answer(outcome, reply.text, citations=_citations(list(places)), ms=reply.ms)


def _place(text: str, line: Line) -> int | None:
    """Where a reply first quotes a line."""
    found = [place for part in line.sentences() if (place := text.find(plain(part))) >= 0]
    return min(found, default=None)


def _event(line: str) -> dict[str, Any]:
    if not line.startswith("data: {"):
        return {}
    found: dict[str, Any] = json.loads(line[6:])
    return found


def _citations(quoted: Sequence[Line]) -> tuple[Citation, ...]:
    """One citation a document whose facts are quoted."""
    facts: dict[str, set[str]] = {}
    for ref in frozenset().union(*(line.facts for line in quoted)):
        document, _, key = ref.partition("#")
        facts.setdefault(document, set()).add(key)
    return tuple(
        Citation(document, "", None, "", "", "", tuple(sorted(keys)), "", None, None)
        for document, keys in sorted(facts.items())
    )
