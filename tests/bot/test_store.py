"""What the store keeps, for whom, and what it survives."""

from __future__ import annotations

import logging
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.models import Answer, Citation, Outcome
from bot.store import FILE_NAME, Counts, Store, StoreError

NOW = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
ANSWERED = Answer(
    Outcome.ANSWERED,
    "每人每年不超过20000元。",
    citations=(
        Citation("03-loan", "助学贷款通知", None, "财政部", "一", "…", ("limit",), "in_force", None, None),
    ),
)
ABSTAINED = Answer(Outcome.ABSTAINED, "没有找到依据。")
REDIRECT = Answer(Outcome.REDIRECT, "请拨打110。")


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Iterator[Store]:
    with Store(tmp_path, now=clock) as opened:
        yield opened


def everything_on_disk(data_dir: Path) -> bytes:
    return b"".join(path.read_bytes() for path in data_dir.iterdir() if path.name.startswith(FILE_NAME))


def test_neither_personal_data_nor_users_reach_the_disk(store: Store, tmp_path: Path) -> None:
    echoing = Answer(Outcome.ABSTAINED, "您的电话13812345678已收到")
    store.add_exchange("telegram", "user-4711", "我叫张三，电话13812345678，想问助学金", echoing, NOW)
    store.save_state("telegram", "user-4711", "{}")
    stored = everything_on_disk(tmp_path)
    assert "我叫[姓名]，电话[电话]，想问助学金".encode() in stored
    for secret in ("张三", "13812345678", "user-4711"):
        assert secret.encode() not in stored


def test_the_same_user_has_another_hash_in_another_installation(tmp_path: Path) -> None:
    hashes = set()
    for name in ("a", "b"):
        with Store(tmp_path / name) as opened:
            opened.add_exchange("web", "u", "问", ANSWERED, NOW)
        connection = sqlite3.connect(tmp_path / name / FILE_NAME)
        hashes.add(connection.execute("SELECT user FROM exchanges").fetchone())
        connection.close()
    assert len(hashes) == 2


def test_files_are_readable_by_their_owner_only(store: Store, tmp_path: Path) -> None:
    store.save_state("web", "u", "{}")
    assert {path.stat().st_mode & 0o077 for path in tmp_path.iterdir()} == {0}


def test_only_the_user_of_an_exchange_can_rate_it_and_the_last_vote_wins(store: Store) -> None:
    exchange = store.add_exchange("web", "anna", "问", ANSWERED, NOW)
    assert not store.rate(exchange, "web", "bob", True)
    assert not store.rate(exchange, "telegram", "anna", True)
    assert not store.rate(exchange + 1, "web", "anna", True)
    assert not store.rate(10**30, "web", "anna", True)
    assert store.rate(exchange, "web", "anna", True)
    assert store.rate(exchange, "web", "anna", False)
    counts = store.counts(NOW)
    assert (counts.helpful, counts.unhelpful) == (0, 1)


def test_unanswered_questions_are_grouped_and_ordered_by_count(store: Store) -> None:
    for minute, (text, answer) in enumerate(
        [
            ("校车几点到？", ABSTAINED),
            ("社保怎么交", REDIRECT),
            (" 社保怎么交？！", ABSTAINED),
            ("助学贷款最高多少", ANSWERED),
        ]
    ):
        store.add_exchange("web", "u", text, answer, NOW + timedelta(minutes=minute))
    found = store.unanswered(NOW, 10)
    assert [(each.question, each.count) for each in found] == [(" 社保怎么交？！", 2), ("校车几点到？", 1)]
    assert found[0].outcomes == {"abstained": 1, "redirect": 1}
    assert found[0].last_asked == NOW + timedelta(minutes=2)
    assert len(store.unanswered(NOW, 1)) == 1
    assert [each.question for each in store.unanswered(NOW + timedelta(minutes=1), 9)] == [" 社保怎么交？！"]


def test_counts_add_up_since_a_moment(store: Store) -> None:
    store.add_exchange("web", "old", "问", ANSWERED, NOW - timedelta(days=1))
    store.add_exchange("web", "a", "问", ANSWERED, NOW)
    store.add_exchange("telegram", "a", "问", ABSTAINED, NOW)
    assert store.counts(NOW) == Counts(
        exchanges=2,
        users=2,
        helpful=0,
        unhelpful=0,
        outcomes={"abstained": 1, "answered": 1},
        channels={"telegram": 1, "web": 1},
    )


def test_counts_end_before_a_moment(store: Store) -> None:
    store.add_exchange("web", "a", "问", ANSWERED, NOW)
    store.add_exchange("web", "a", "问", ABSTAINED, NOW + timedelta(days=1))
    assert store.counts(NOW, NOW + timedelta(days=1)).outcomes == {"answered": 1}
    assert store.counts(NOW, NOW).exchanges == 0


def test_a_state_lives_until_it_is_forgotten(tmp_path: Path) -> None:
    with Store(tmp_path) as first:
        first.save_state("web", "u", '{"turn": 1}')
        first.save_state("web", "u", '{"turn": 2}')
    with Store(tmp_path) as second:
        assert second.load_state("web", "u") == '{"turn": 2}'
        assert second.load_state("telegram", "u") is None
        second.forget("web", "u")
        assert second.load_state("web", "u") is None


def test_an_update_is_new_once_also_after_a_restart_and_again_after_three_days(
    tmp_path: Path, clock: Clock
) -> None:
    with Store(tmp_path, now=clock) as first:
        assert first.first_time(1000)
        assert not first.first_time(1000)
    with Store(tmp_path, now=clock) as second:
        assert not second.first_time(1000)
        clock.now += timedelta(days=3, seconds=1)
        assert second.first_time(1000)
        assert not second.first_time(1000)


def test_the_table_of_updates_is_bounded(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.store._UPDATES_KEPT", 100)
    for update_id in range(1, 1201):
        assert store.first_time(update_id)
    connection = sqlite3.connect(tmp_path / FILE_NAME)
    (kept,) = connection.execute("SELECT COUNT(*) FROM updates").fetchone()
    connection.close()
    assert kept <= 100 + 500
    assert not store.first_time(1200)


def test_purge_deletes_what_is_too_old_and_leaves_no_trace_on_disk(
    store: Store, tmp_path: Path, clock: Clock
) -> None:
    store.add_exchange("web", "u", "旧的问题在这里", ABSTAINED, NOW - timedelta(days=31))
    store.add_exchange("web", "u", "新的问题在这里", ABSTAINED, NOW - timedelta(days=29))
    clock.now = NOW - timedelta(days=31)
    store.save_state("web", "u", '"旧的状态"')
    clock.now = NOW
    assert store.purge(30) == 2
    stored = everything_on_disk(tmp_path)
    assert "新的问题".encode() in stored
    assert "旧的".encode() not in stored
    assert [each.question for each in store.unanswered(NOW - timedelta(days=99), 9)] == ["新的问题在这里"]
    assert store.purge(30) == 0


def test_eight_threads_write_at_once_and_lose_nothing(store: Store) -> None:
    ids: list[int] = []

    def write(user: int) -> None:
        for turn in range(50):
            ids.append(store.add_exchange("web", str(user), f"问{turn}", ABSTAINED, NOW))
            store.save_state("web", str(user), str(turn))

    threads = [threading.Thread(target=write, args=(user,)) for user in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(ids)) == 400
    assert store.counts(NOW).exchanges == 400
    assert {store.load_state("web", str(user)) for user in range(8)} == {"49"}


WRITER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from bot.models import Answer, Outcome
from bot.store import Store

store = Store(Path(sys.argv[1]))
while True:
    print(store.add_exchange("web", "u", "问", Answer(Outcome.ANSWERED, "答"), datetime.now(UTC)), flush=True)
"""


def writer(data_dir: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, str(data_dir)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )


def test_kill_in_mid_write_loses_nothing_that_was_committed(tmp_path: Path) -> None:
    with writer(tmp_path) as process:
        assert process.stdout is not None
        reported = [int(process.stdout.readline()) for _ in range(200)]
        process.send_signal(signal.SIGKILL)
        # The last line may be cut by the kill; all complete ones were committed before they were printed.
        reported += [
            int(line) for line in process.stdout.read().splitlines(keepends=True) if line.endswith("\n")
        ]
    with Store(tmp_path) as store:
        assert store.damaged == ()
        assert all(store.rate(exchange, "web", "u", True) for exchange in reported)
        assert store.counts(NOW - timedelta(days=9999)).exchanges >= len(reported)


def test_several_processes_share_a_new_file(tmp_path: Path) -> None:
    processes = [writer(tmp_path) for _ in range(3)]
    ids = [process.stdout.readline() for process in processes if process.stdout for _ in range(20)]
    for process in processes:
        process.kill()
        process.communicate()
    assert len(set(ids)) == 60


@pytest.mark.parametrize("damage", ["not a database", "hole in the middle", "cut short"])
def test_a_damaged_file_is_moved_aside_and_reported(
    tmp_path: Path, damage: str, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / FILE_NAME
    with Store(tmp_path) as store:
        for turn in range(300):
            store.add_exchange("web", "u", f"第{turn}个问题", ABSTAINED, NOW)
    content = path.read_bytes()
    broken = {
        "not a database": "这不是数据库".encode() * 1000,
        "hole in the middle": content[:4096] + b"\xff" * 16384 + content[20480:],
        "cut short": content[: len(content) // 2 // 4096 * 4096],
    }[damage]
    path.write_bytes(broken)
    with caplog.at_level(logging.ERROR), Store(tmp_path) as store:
        (aside,) = store.damaged
        assert aside.read_bytes() == broken
        assert aside.name.startswith(f"{FILE_NAME}.damaged-")
        assert str(aside) in caplog.text
        assert store.counts(NOW).exchanges == 0
        store.add_exchange("web", "u", "问", ABSTAINED, NOW)
    with Store(tmp_path) as store:
        assert store.damaged == ()
        assert store.counts(NOW).exchanges == 1


def test_damage_met_while_running_is_repaired_and_the_write_done(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        store.add_exchange("web", "u", "问", ABSTAINED, NOW)
        other = sqlite3.connect(tmp_path / FILE_NAME, isolation_level=None)
        other.execute("PRAGMA writable_schema = ON")
        other.execute("UPDATE sqlite_master SET rootpage = 9999 WHERE name = 'exchanges'")
        other.execute("PRAGMA schema_version = 999")  # makes the open connection read the schema again
        other.close()
        assert store.add_exchange("web", "u", "问", ABSTAINED, NOW) == 1
        assert len(store.damaged) == 1
        assert store.counts(NOW).exchanges == 1


def test_a_file_of_a_newer_program_is_left_alone(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / FILE_NAME)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(StoreError, match="请升级本程序"):
        Store(tmp_path)
    assert [path.name for path in tmp_path.iterdir() if "damaged" in path.name] == []


def test_an_older_file_is_brought_forward_with_its_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Store(tmp_path) as store:
        store.save_state("web", "u", "{}")
    steps = sys.modules["bot.store"].MIGRATIONS
    monkeypatch.setattr("bot.store.MIGRATIONS", (*steps, "ALTER TABLE states ADD COLUMN note TEXT"))
    with Store(tmp_path) as store:
        assert store.load_state("web", "u") == "{}"
    connection = sqlite3.connect(tmp_path / FILE_NAME)
    assert connection.execute("SELECT note FROM states").fetchall() == [(None,)]
    assert connection.execute("PRAGMA user_version").fetchone() == (len(steps) + 1,)
    connection.close()


def test_a_data_dir_that_is_a_file_is_refused_in_plain_words(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("")
    with pytest.raises(StoreError, match=r"无法写入.*--data-dir"):
        Store(tmp_path / "var")


def test_a_database_that_cannot_be_opened_is_refused_in_plain_words(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).mkdir()
    with pytest.raises(StoreError, match=r"无法读写.*--data-dir"):
        Store(tmp_path)


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="changing the user needs root")
def test_a_directory_without_write_permission_is_refused_in_plain_words() -> None:
    with tempfile.TemporaryDirectory(dir="/tmp") as name:
        data_dir = Path(name)
        data_dir.chmod(0o555)
        os.seteuid(65534)
        try:
            with pytest.raises(StoreError, match="无法写入"):
                Store(data_dir)
        finally:
            os.seteuid(0)


def test_text_that_no_encoding_holds_is_stored_all_the_same(store: Store) -> None:
    store.add_exchange("web", "\ud800", "问\ud800题\0", ABSTAINED, NOW)
    assert store.unanswered(NOW, 1)[0].question == "问?题\0"
