"""The product keeps answering, or says in one line what is wrong, when files break under it."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.product import LOAN, LOAN_LIMIT, NewDataDir, Product, serving, until

QUESTIONS = ((LOAN, LOAN_LIMIT), ("小学生作业最多写多久？", "60分钟"), ("依申请公开多久答复？", "20个工作日"))


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Product, Product]]:
    """Two products, started at the same moment on one data directory that does not exist yet."""
    data_dir = tmp_path_factory.mktemp("faults") / "var"
    with serving(data_dir) as first, serving(data_dir) as second:
        yield first, second


def test_two_processes_share_a_data_directory(pair: tuple[Product, Product]) -> None:
    for product in pair:
        for question, expected in QUESTIONS:
            assert expected in product.ask(question)
    # What one remembers of a conversation, the other knows.
    pair[0].ask(LOAN, session="both")
    assert "25000元" in pair[1].ask("那研究生呢？", session="both")


@pytest.mark.parametrize(
    ("damage", "which"),
    [
        ("delete", "*"),
        ("truncate", "*"),
        ("garble", "*"),
        ("delete", "current"),
        ("truncate", "current"),
        ("delete", "*.pst"),
        ("truncate", "*.trm"),
    ],
)
def test_answers_stay_right_when_index_files_break(
    pair: tuple[Product, Product], damage: str, which: str
) -> None:
    broken = [path for path in _index_dir(pair[0]).glob(which) if path.is_file()]
    assert broken
    for path in broken:
        if damage == "delete":
            path.unlink()
        elif damage == "truncate":
            os.truncate(path, path.stat().st_size // 2)
        else:
            path.write_bytes(b"\x00garbage\xff" * 200)
    _assert_right(pair)


def test_a_port_that_is_taken_is_told_in_one_line(pair: tuple[Product, Product], tmp_path: Path) -> None:
    port = int(pair[0].url.rpartition(":")[2])
    late = Product(tmp_path / "var", port=port)
    assert late.wait() == 2
    assert late.printed.splitlines() == [
        f"错误：网页服务无法启动：端口 {port} 已被占用。"
        f"请关掉占用它的程序，或换一个端口，例如 --port {port + 1}。"
    ]


def test_both_processes_end_cleanly(pair: tuple[Product, Product]) -> None:
    for product in pair:
        assert product.stop() == 0
        assert "Traceback" not in product.printed + product.log


def test_killed_in_the_first_index_build_it_starts_again(tmp_path: Path) -> None:
    with serving(tmp_path / "var") as product:
        until(lambda: list(_index_dir(product).glob("*")), "a first file of the index")
    assert not (_index_dir(product) / "current").exists()  # killed before anything was committed
    with serving(tmp_path / "var") as again:
        for question, expected in QUESTIONS:
            assert expected in again.ask(question)
        assert again.stop() == 0


def test_broken_files_of_the_data_directory_are_replaced_and_the_database_kept_aside(
    new_data_dir: NewDataDir,
) -> None:
    data_dir = new_data_dir()
    with serving(data_dir) as product:
        assert LOAN_LIMIT in product.ask(LOAN)
        assert product.stop() == 0
    database = data_dir / "zhengcetong.db"
    broken = b"this is no database" * 500
    for path in (path for path in data_dir.rglob("*") if path.is_file()):
        if path.suffix != ".key":
            path.write_bytes(broken)
    with serving(data_dir) as again:
        assert LOAN_LIMIT in again.ask(LOAN)
        (aside,) = data_dir.glob("zhengcetong.db.damaged-*")
        assert aside.read_bytes() == broken
        assert f"聊天记录文件损坏，已移到 {aside} 保存，并新建了一个。" in again.printed
        assert again.stop() == 0
    kept = sqlite3.connect(database)
    assert kept.execute("SELECT COUNT(*) FROM exchanges").fetchone() == (1,)
    kept.close()


def _assert_right(pair: tuple[Product, Product]) -> None:
    """Both answer every question, all at the same time."""
    wrong: list[str] = []

    def ask(product: Product, question: str, expected: str) -> None:
        answer = product.ask(question)
        if expected not in answer:
            wrong.append(answer)

    threads = [
        threading.Thread(target=ask, args=(product, question, expected))
        for product in pair
        for question, expected in QUESTIONS
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def _index_dir(product: Product) -> Path:
    return product.data_dir / "index"
