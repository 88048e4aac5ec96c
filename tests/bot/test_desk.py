"""The service desk: the real library, index and store behind what a channel sees."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.assistant import Assistant
from bot.desk import Desk
from bot.models import Answer, Outcome
from bot.store import FILE_NAME, Store
from index.build import passages
from index.engines.whoosh import WhooshEngine
from knowledge.loading import load

TODAY = date(2026, 11, 23)
LOAN = "本专科生助学贷款一年最多能贷多少"
SLEEP = "小学生每天应该睡多少小时"
HOMEWORK = "小学生每天书面作业最多写多久"
THEN = "那初中呢？"
"""Means what the question before it meant."""
SINCE = datetime(2000, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    library = load()
    engine = WhooshEngine(tmp_path_factory.mktemp("index"))
    engine.refresh(passages(library))
    yield Assistant(library, engine, lambda: TODAY)
    engine.close()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path) as opened:
        yield opened


@pytest.fixture
def desk(assistant: Assistant, store: Store) -> Desk:
    return Desk(assistant, store)


def on_disk(data_dir: Path) -> bytes:
    return b"".join(path.read_bytes() for path in data_dir.iterdir() if path.name.startswith(FILE_NAME))


def documents(answer: Answer) -> set[str]:
    return {citation.document for citation in answer.citations}


def test_an_answer_comes_with_the_number_of_its_exchange(desk: Desk, store: Store) -> None:
    first, second = desk.ask("web", "u", LOAN), desk.ask("web", "u", "你好")
    assert first.answer.outcome is Outcome.ANSWERED
    assert "20000" in first.answer.answer
    assert first.answer.citations[0].status == "in_force"
    assert second.id > first.id
    assert store.counts(SINCE).exchanges == 2


def test_the_conversation_goes_on_also_in_another_process(assistant: Assistant, tmp_path: Path) -> None:
    """A follow-up is understood after a restart: the memory is in the store."""
    with Store(tmp_path) as store:
        Desk(assistant, store).ask("web", "u", LOAN)
    with Store(tmp_path) as store:
        answer = Desk(assistant, store).ask("web", "u", "那研究生呢？").answer
    assert answer.outcome is Outcome.ANSWERED
    assert "25000" in answer.answer


def test_conversations_of_others_and_of_other_channels_are_apart(desk: Desk, store: Store) -> None:
    assert documents(desk.ask("web", "u", SLEEP).answer) == {"12-shuimian-shouji"}
    assert store.load_state("web", "u")
    assert store.load_state("web", "v") is None
    assert store.load_state("telegram", "u") is None
    for channel, user in (("web", "v"), ("telegram", "u")):
        assert "12-shuimian-shouji" not in documents(desk.ask(channel, user, THEN).answer)
    assert documents(desk.ask("web", "u", THEN).answer) == {"12-shuimian-shouji"}


def test_forgetting_ends_the_conversation_not_the_log(desk: Desk, store: Store) -> None:
    desk.ask("web", "u", SLEEP)
    desk.forget("web", "u")
    assert store.load_state("web", "u") is None
    assert "12-shuimian-shouji" not in documents(desk.ask("web", "u", THEN).answer)
    assert store.counts(SINCE).exchanges == 2


def test_only_the_one_who_asked_rates(desk: Desk, store: Store) -> None:
    exchange = desk.ask("web", "u", LOAN)
    refused = [
        desk.rate("web", "v", exchange.id, True),
        desk.rate("telegram", "u", exchange.id, True),
        desk.rate("web", "u", exchange.id + 1, True),
        desk.rate("web", "u", -1, True),
    ]
    assert refused == [False, False, False, False]
    assert desk.rate("web", "u", exchange.id, True)
    counts = store.counts(SINCE)
    assert (counts.helpful, counts.unhelpful) == (1, 0)


def test_personal_data_reaches_neither_the_log_nor_the_memory(
    desk: Desk, store: Store, tmp_path: Path
) -> None:
    """The memory holds the last question, so it is masked too, and still is a memory."""
    desk.ask("web", "u", "我电话13812345678，身份证34250119900307123X，本科生助学贷款最多能贷多少")
    assert b"13812345678" not in on_disk(tmp_path)
    assert b"199003071" not in on_disk(tmp_path)
    state = store.load_state("web", "u")
    assert state is not None
    assert isinstance(json.loads(state), dict)


@pytest.mark.parametrize("state", ["", "{", "[]", "null", '{"question": 5, "facts": 3}', '{"options": null}'])
def test_a_memory_that_cannot_be_read_is_an_empty_one(desk: Desk, store: Store, state: str) -> None:
    """It is small and safe to lose; the citizen gets an answer all the same."""
    store.save_state("web", "u", state)
    assert desk.ask("web", "u", LOAN).answer.outcome is Outcome.ANSWERED


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \t\n　",
        "😀😀😀",
        "\u202e\u200b\u200f\ufeff",
        "\x00\x01\x1b[31m\x7f",
        "\ud800 助学贷款 \udfff",
        "مرحبا هل يمكنني",
        "。。。？？？",
        "贷" * 10_000,
        "助学贷款最多多少？" * 1_200,
        '{"id": 1}',
        "'; DROP TABLE exchanges; --",
        "<script>alert(1)</script>",
    ],
    ids=[
        "empty",
        "blank",
        "emoji",
        "invisible",
        "control",
        "surrogates",
        "arabic",
        "marks",
        "one word",
        "repeated",
        "json",
        "sql",
        "html",
    ],
)
def test_every_text_gets_an_answer_and_is_kept(desk: Desk, store: Store, text: str) -> None:
    """Nothing that a person can send makes the desk fail, nor take long."""
    exchange = desk.ask("web", "u", text)
    assert exchange.answer.outcome in set(Outcome)
    assert exchange.answer.answer.strip()
    assert 0 <= exchange.answer.confidence <= 1
    assert exchange.answer.ms < 5_000
    assert store.counts(SINCE).exchanges == 1
    assert desk.ask("web", "u", LOAN).answer.outcome is Outcome.ANSWERED


def test_many_at_once_lose_nothing_and_mix_nothing_up(desk: Desk, store: Store) -> None:
    """Eight users with two turns each; the second turn is the same for all and means two things."""

    def talk(number: int) -> tuple[list[int], set[str]]:
        user = f"u{number}"
        exchanges = [desk.ask("web", user, HOMEWORK if number % 2 else SLEEP), desk.ask("web", user, THEN)]
        return [exchange.id for exchange in exchanges], documents(exchanges[1].answer)

    with ThreadPoolExecutor(8) as pool:
        talks = list(pool.map(talk, range(8)))
    ids = [number for pair, _ in talks for number in pair]
    assert len(set(ids)) == 16
    assert [first < second for (first, second), _ in talks] == [True] * 8
    assert [cited for _, cited in talks] == [{"12-shuimian-shouji"}, {"05-shuangjian"}] * 4
    counts = store.counts(SINCE)
    assert (counts.exchanges, counts.users) == (16, 8)


def test_topics_are_columns_with_questions_that_can_be_asked(desk: Desk, assistant: Assistant) -> None:
    groups = desk.topics()
    topics = [topic for group in groups for topic in group.topics]
    assert len({group.name for group in groups}) == len(groups) > 1
    assert len({topic.id for topic in topics}) == len(topics) > 10
    assert {topic.id for topic in topics} <= set(assistant.library.categories)
    assert all(1 <= len(topic.questions) <= 6 for topic in topics)


def test_sources_are_the_published_documents_with_their_status(desk: Desk, assistant: Assistant) -> None:
    lines = {line.document: line for line in desk.sources()}
    assert set(lines) == set(assistant.library.published)
    assert {
        d: lines[d].status for d in ("05-shuangjian", "L01-shisiwu-guihua", "04-zhaosheng-ruxue-2023")
    } == {
        "05-shuangjian": "in_force",
        "L01-shisiwu-guihua": "expired",
        "04-zhaosheng-ruxue-2023": "superseded",
    }
    assert len({line.status_text for line in lines.values()}) == len({line.status for line in lines.values()})


def test_the_desk_introduces_itself(desk: Desk) -> None:
    assert "政策" in desk.greeting()
    assert desk.help_text() != desk.greeting()
