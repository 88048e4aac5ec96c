"""A conversation in the terminal, typed and read."""

from __future__ import annotations

import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.channels.terminal import GOODBYE, PROMPT, printable, run
from tests.channels.scripted_assistant import LOAN, NOTHING, ScriptedAssistant

ROOT = Path(__file__).parents[2]


def talk(*lines: str | type[BaseException] | BaseException) -> tuple[ScriptedAssistant, str]:
    """Type these lines (an exception is raised by the reading), then end the input."""
    assistant = ScriptedAssistant()
    written: list[str] = []
    typed: Iterator[str | type[BaseException] | BaseException] = iter([*lines, EOFError])

    def read(prompt: str) -> str:
        assert prompt == PROMPT
        line = next(typed)
        if isinstance(line, str):
            return line
        raise line

    assert run(assistant, read, written.append) == 0
    return assistant, "\n".join(written)


def questions(assistant: ScriptedAssistant) -> list[str]:
    return [text for _, _, text in assistant.asked]


def test_greets_answers_and_says_goodbye() -> None:
    assistant, shown = talk("助学贷款最多贷多少")
    assert shown.startswith("您好，我是政策通。")
    assert LOAN.answer in shown
    assert LOAN.notices[0] in shown
    assert "1. 研究生能贷多少？" in shown
    assert shown.endswith(GOODBYE)
    assert questions(assistant) == ["助学贷款最多贷多少"]


def test_a_number_chooses_a_suggestion_of_the_latest_answer_only() -> None:
    assistant, _ = talk("报名", "２", "1", "贷款", "1")
    assert questions(assistant) == ["报名", "初中", "1", "贷款", "研究生能贷多少？"]


@pytest.mark.parametrize("number", ["0", "3", "12345", "-1", "²"])
def test_a_number_that_is_no_suggestion_is_a_question(number: str) -> None:
    assistant, _ = talk("报名", number)
    assert questions(assistant) == ["报名", number]


def test_ratings_go_to_the_latest_answer() -> None:
    assistant, shown = talk("/good", "贷款", "校车", "/bad")
    assert "还没有答复可以评价" in shown
    assert [(exchange, helpful) for _, _, exchange, helpful in assistant.rated] == [(2, False)]


def test_commands_show_help_topics_and_sources() -> None:
    _, shown = talk("/help", "/TOPICS", "/sources", "/what")
    assert "直接输入问题即可。" in shown
    assert "【学生资助】\n  助学贷款\n    · 助学贷款最多能贷多少？" in shown
    assert "财教〔2024〕188号" in shown
    assert "已被取代" in shown
    assert "没有 /what 这个命令" in shown


def test_new_topic_forgets_the_conversation_and_its_suggestions() -> None:
    assistant, shown = talk("报名", "/new", "1", "/good")
    assert assistant.forgotten == [("terminal", "local")] * 2  # once on start, once by /new
    assert questions(assistant) == ["报名", "1"]
    assert "换个话题" in shown


@pytest.mark.parametrize("leaving", ["/quit", "退出", " 退出 ", "/QUIT", KeyboardInterrupt, EOFError])
def test_leaving_is_polite(leaving: str | type[BaseException]) -> None:
    assistant, shown = talk(leaving, "贷款")
    assert assistant.asked == []
    assert shown.endswith(GOODBYE)


def test_empty_lines_are_not_asked() -> None:
    assistant, _ = talk("", "   ", "校车")
    assert questions(assistant) == ["校车"]


def test_a_failing_answer_does_not_end_the_conversation_nor_leak(caplog: pytest.LogCaptureFixture) -> None:
    _, shown = talk("炸，电话13812345678", "校车")
    assert "程序出了问题" in shown
    assert NOTHING.answer in shown
    assert "RuntimeError" in caplog.text
    assert "13812345678" not in caplog.text + shown


def test_bytes_that_are_no_text_are_explained() -> None:
    assistant, shown = talk(UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid"), "校车")
    assert "UTF-8" in shown
    assert questions(assistant) == ["校车"]


def test_control_characters_do_not_reach_the_screen() -> None:
    _, shown = talk("控制符")
    assert "红[31m色字" in shown
    assert printable("a\x00\x9b\u202eb\n\tc") == "ab\n\tc"


PROGRAM = """
from bot.channels.terminal import run
from tests.channels.scripted_assistant import ScriptedAssistant
raise SystemExit(run(ScriptedAssistant()))
"""


def test_a_real_terminal_session_with_arrow_up_and_ctrl_c() -> None:
    """Through a pseudo-terminal, as a person types: question, arrow up and enter, Ctrl-C."""
    screen, terminal = pty.openpty()
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "TERM": "xterm"}
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM],
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
        cwd=ROOT,
        env=environment,
    ) as process:
        read_until(screen, PROMPT)
        os.write(screen, "校车\n".encode())
        read_until(screen, PROMPT, after=NOTHING.answer)
        os.write(screen, b"\x1b[A\n")
        read_until(screen, PROMPT, after=NOTHING.answer)
        process.send_signal(signal.SIGINT)
        read_until(screen, GOODBYE)
        assert process.wait(10) == 0
    os.close(terminal)
    os.close(screen)


def read_until(screen: int, wanted: str, *, after: str = "") -> None:
    """Wait, at most ten seconds, until the screen shows ``wanted`` (behind ``after``)."""
    shown = b""
    until = time.monotonic() + 10
    while not re.search(f"{re.escape(after)}.*{re.escape(wanted)}", shown.decode(errors="ignore"), re.DOTALL):
        if not select.select([screen], [], [], max(0.0, until - time.monotonic()))[0]:
            pytest.fail(f"not shown in time: {wanted!r}; the screen has {shown.decode(errors='replace')!r}")
        shown += os.read(screen, 4096)
