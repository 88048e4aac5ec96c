"""The command line as people and outside checks call it: ``run_bot.py`` in a process of its own."""

from __future__ import annotations

import contextlib
import gzip
import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

import run_bot
from bot.commands.asking import read_batch
from bot.errors import UsageError
from bot.models import Outcome
from knowledge.files import BUNDLED

ROOT = Path(__file__).parents[2]
TIMEOUT = 60
LOAN = "本专科生助学贷款一年最多能贷多少"
TODAY = "2026-11-23"

ANSWER_KEYS = ["outcome", "answer", "citations", "office", "suggestions", "confidence", "notices", "ms"]
CITATION_KEYS = [
    "document",
    "title",
    "doc_no",
    "issuer",
    "clause",
    "quote",
    "facts",
    "status",
    "valid_from",
    "valid_to",
]
EVALUATE_KEYS = (
    "docs queries recall@1 recall@5 recall@10 recall@100 mrr@10 ndcg@10 index_s docs_per_s "
    "p50_ms p95_ms p99_ms rss_mb engine semantic"
).split()
COMMANDS = ("serve", "chat", "ask", "search", "build-index", "check", "evaluate")


@dataclass(frozen=True, slots=True)
class Run:
    """What became of a process."""

    code: int
    out: bytes
    err: str

    @property
    def json(self) -> Any:
        """The one JSON document on stdout: UTF-8, strict."""
        return json.loads(self.out.decode("utf-8"), parse_constant=_no_constant)

    @property
    def lines(self) -> list[Any]:
        return [json.loads(line, parse_constant=_no_constant) for line in self.out.decode().splitlines()]


def _no_constant(name: str) -> None:
    raise AssertionError(f"{name} is no JSON")


def environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """Ours, without what would change settings."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("TELEGRAM_", "ZHENGCETONG_"))}
    return kept | dict(extra or {})


def command(*arguments: object) -> list[str]:
    return [sys.executable, str(ROOT / "run_bot.py"), *map(os.fspath, map(_text, arguments))]


def _text(argument: object) -> str | bytes:
    return argument if isinstance(argument, bytes) else str(argument)


def run(*arguments: object, stdin: bytes = b"", env: Mapping[str, str] | None = None) -> Run:
    """One command, to its end. Its directory holds nothing, so that nothing is found there by chance."""
    done = subprocess.run(
        [os.fsencode(part) for part in command(*arguments)],
        input=stdin,
        capture_output=True,
        env=environment(env),
        timeout=TIMEOUT,
        cwd="/",
    )
    return Run(done.returncode, done.stdout, done.stderr.decode("utf-8", "replace"))


@dataclass(frozen=True, slots=True)
class Built:
    """A data directory with an index, and what building it said."""

    data_dir: Path
    first: Run

    def run(self, *arguments: object, stdin: bytes = b"", env: Mapping[str, str] | None = None) -> Run:
        return run("--data-dir", self.data_dir, *arguments, stdin=stdin, env=env)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    data_dir = tmp_path_factory.mktemp("data")
    return Built(data_dir, run("build-index", "--json", "--data-dir", data_dir))


@pytest.fixture(scope="module")
def broken_library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the library with a line that is no YAML, and a wrong value in another file."""
    library = tmp_path_factory.mktemp("library")
    shutil.copytree(BUNDLED, library, ignore=shutil.ignore_patterns("*.py", "__pycache__"), dirs_exist_ok=True)
    with (library / "documents" / "05-shuangjian.yaml").open("a", encoding="utf-8") as file:
        file.write("aliases: [没有写完\n")
    offices = library / "offices.yaml"
    offices.write_text(offices.read_text("utf-8").replace("name:", "nmae:", 1), encoding="utf-8")
    return library


# --- bad usage and bad input: exit code 2, one line, no traceback -------------------------------------------


@dataclass(frozen=True, slots=True)
class Refusal:
    """A call that must be refused, and a word of the complaint."""

    arguments: tuple[object, ...]
    said: str
    stdin: bytes = b""
    env: dict[str, str] = field(default_factory=dict)
    notices: int = 0
    """Lines on stderr before the complaint (what ``serve`` has already said)."""


def refusals(tmp: Path, broken_library: Path) -> dict[str, Refusal]:
    """Every way of calling it wrong that we know of. ``FILE`` stands where a directory should."""
    occupied = tmp / "occupied"
    occupied.write_text("", encoding="utf-8")
    config = tmp / "config.yaml"
    config.write_text("port: 8080\nprot: 1\n", encoding="utf-8")
    corpus, text = tmp / "corpus.jsonl", tmp / "text.jsonl"
    corpus.write_text('{"id": "a", "text": "甲"}\n{"id": "b"}\n', encoding="utf-8")
    text.write_text('{"id": "a", "text": "甲"}\n', encoding="utf-8")
    qrels = tmp / "qrels.tsv"
    qrels.write_text("a\ta\t1\n", encoding="utf-8")
    evaluate = ("evaluate", "--queries", text, "--qrels", qrels, "--corpus")
    data = ("--data-dir", tmp / "data")
    return {
        "no question": Refusal((*data, "ask"), "请写出要问的问题"),
        "unknown command": Refusal(("frobnicate",), "frobnicate"),
        "unknown option": Refusal(("ask", "x", "--nope"), "--nope"),
        "shortened option": Refusal(("ask", "x", "--js"), "--js"),
        "value for a flag": Refusal(("ask", "x", "--json=yes"), "--json"),
        "option without its value": Refusal(("ask", "x", "--as-of"), "--as-of"),
        "no such day": Refusal(("ask", "x", "--as-of", "2023-02-29"), "2024-09-01"),
        "day in another spelling": Refusal(("--as-of", "20231001", "ask", "x"), "2024-09-01"),
        "no such port": Refusal(("serve", "--port", "65536"), "65535"),
        "no words": Refusal((*data, "search"), "缺少参数"),
        "no such config": Refusal(("--config", tmp / "none.yaml", "ask", "x"), "找不到配置文件"),
        "unknown setting": Refusal(("ask", "x", "--config", config), "config.yaml:2 [prot]"),
        "no library": Refusal((*data, "ask", "x"), "没有政策库", env={"ZHENGCETONG_LIBRARY": str(tmp)}),
        "broken library": Refusal(
            (*data, "ask", "x"),
            "documents/05-shuangjian.yaml:",
            env={"ZHENGCETONG_LIBRARY": str(broken_library)},
        ),
        "data dir for ask": Refusal(("--data-dir", occupied, "ask", "x"), "无法写入"),
        "data dir for build-index": Refusal(("build-index", "--data-dir", occupied), "无法写入"),
        "data dir for chat": Refusal(("chat", "--data-dir", occupied), "无法写入"),
        "data dir for serve": Refusal(("serve", "--port", "0", "--data-dir", occupied), "无法写入"),
        "host for serve": Refusal((*data, "serve", "--host", "no.such.invalid"), "主机名", notices=2),
        "stdin is no JSON": Refusal((*data, "ask", "--jsonl"), "第 2 行", b'{"id":1,"question":"x"}\nx\n'),
        "stdin is no UTF-8": Refusal((*data, "ask", "--jsonl"), "第 1 行", b'{"id":1,"question":"\xff"}\n'),
        "no corpus": Refusal((*data, *evaluate, tmp / "none.jsonl"), "找不到文件"),
        "broken corpus": Refusal((*data, *evaluate, corpus), "第 2 行"),
        "nowhere to write": Refusal(
            (*data, *evaluate, text, "--per-query", tmp / "no" / "where.jsonl"), "没有这个目录"
        ),
        "no semantic engine": Refusal((*data, *evaluate, text, "--semantic", "on"), "semantic"),
    }


REFUSALS = list(refusals.__annotations__) and [
    "no question",
    "unknown command",
    "unknown option",
    "shortened option",
    "value for a flag",
    "option without its value",
    "no such day",
    "day in another spelling",
    "no such port",
    "no words",
    "no such config",
    "unknown setting",
    "no library",
    "broken library",
    "data dir for ask",
    "data dir for build-index",
    "data dir for chat",
    "data dir for serve",
    "host for serve",
    "stdin is no JSON",
    "stdin is no UTF-8",
    "no corpus",
    "broken corpus",
    "nowhere to write",
    "no semantic engine",
]
