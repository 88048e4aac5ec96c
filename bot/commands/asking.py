"""``ask``: questions from the command line."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NoReturn

from bot.assistant import Assistant, Turn
from bot.commands.context import Context
from bot.commands.output import print_json, to_json
from bot.commands.progress import progress_bar
from bot.dialogue.memory import Memory
from bot.errors import UsageError
from bot.models import Answer

_LONGEST_LINE = 1_000_000


@dataclass(frozen=True, slots=True)
class BatchQuestion:
    """One line of ``ask --jsonl``: a single question, or the turns of a conversation."""

    id: object
    turns: tuple[str, ...]
    conversation: bool


def ask(arguments: argparse.Namespace, context: Context) -> int:
    """Answer one question, or one a line with ``--jsonl``."""
    if arguments.jsonl:
        questions = tuple(read_batch(sys.stdin.buffer))
        for line in answer_batch(context.assistant(), questions):
            sys.stdout.write(line + "\n")
        return 0
    if arguments.question is None:
        raise UsageError("请写出要问的问题，例如：run_bot.py ask 助学贷款一年最多能贷多少")
    answer = context.assistant().reply(arguments.question).answer
    if arguments.json:
        print_json(answer)
    else:
        sys.stdout.write(plain(answer) + "\n")
    return 0


def plain(answer: Answer) -> str:
    """An answer as a terminal shows it."""
    lines = [answer.answer]
    lines += [f"  · {text}" for text in answer.suggestions]
    return "\n".join(lines).encode("utf-8", "replace").decode("utf-8")


def read_batch(stream: Iterable[bytes]) -> Iterator[BatchQuestion]:
    """Lines of JSON.

    Raises:
        UsageError: a line is not JSON, or has neither ``question`` nor ``turns``; names the line.
    """
    for number, raw in enumerate(stream, start=1):
        if not raw.strip():
            continue
        if len(raw) > _LONGEST_LINE:
            raise UsageError(f"标准输入第 {number} 行太长（超过 {_LONGEST_LINE} 字节）")
        try:
            row = json.loads(raw.decode("utf-8-sig"), parse_constant=_not_json)
            to_json(row)  # what goes out again as the id must not be nested too deep
        except RecursionError:
            raise UsageError(f"标准输入第 {number} 行嵌套太深") from None
        except UnicodeDecodeError as exc:
            raise UsageError(f"标准输入第 {number} 行不是 UTF-8 文字") from exc
        except json.JSONDecodeError as exc:
            raise UsageError(f"标准输入第 {number} 行不是 JSON（第 {exc.colno} 列起看不懂）") from exc
        except ValueError as exc:
            raise UsageError(f"标准输入第 {number} 行不是 JSON：{exc}") from exc
        yield _batch_question(row, number)


def _not_json(name: str) -> NoReturn:
    raise ValueError(f"JSON 里没有 {name}")


def _batch_question(row: object, number: int) -> BatchQuestion:
    if not isinstance(row, dict) or "id" not in row:
        raise UsageError(f"标准输入第 {number} 行应有 id 和 question（或 turns）")
    if isinstance(row.get("question"), str):
        return BatchQuestion(row["id"], (row["question"],), conversation=False)
    turns = row.get("turns")
    if isinstance(turns, list) and turns and all(isinstance(turn, str) for turn in turns):
        return BatchQuestion(row["id"], tuple(turns), conversation=True)
    raise UsageError(f"标准输入第 {number} 行的 question 应是文字，turns 应是文字列表")


def answer_batch(assistant: Assistant, questions: tuple[BatchQuestion, ...]) -> Iterator[str]:
    """One JSON line a question, in order."""
    with progress_bar("回答", len(questions)) as progress:
        for done, question in enumerate(questions, start=1):
            answers = converse(assistant, question.turns)
            if question.conversation:
                yield to_json({"id": question.id, "turns": answers})
            else:
                yield to_json({"id": question.id, **_fields(answers[0])})
            if progress:
                progress(done, len(questions))


def conversation(assistant: Assistant, messages: tuple[str, ...]) -> tuple[Turn, ...]:
    """The turns of one conversation, each with the memory of those before it."""
    memory = Memory()
    turns = []
    for text in messages:
        turn = assistant.reply(text, memory)
        memory = turn.memory
        turns.append(turn)
    return tuple(turns)


def converse(assistant: Assistant, messages: tuple[str, ...]) -> tuple[Answer, ...]:
    """The answers of one conversation."""
    return tuple(turn.answer for turn in conversation(assistant, messages))


def _fields(answer: Answer) -> dict[str, object]:
    fields: dict[str, object] = json.loads(to_json(answer))
    return fields
