"""``rehearse``: a mock session in the terminal, or from a file of replies; and how a person gets on."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from bot.assistant import Assistant
from bot.briefing.event_options import split_topics
from bot.briefing.models import Briefing, Event, EventKind
from bot.channels.terminal import printable
from bot.commands.context import Context
from bot.commands.output import print_json, say
from bot.errors import UsageError
from bot.rehearsal.choosing import (
    PracticeQuestion,
    about,
    choose,
    from_briefing,
    standing_questions,
    with_line,
)
from bot.rehearsal.grading.grader import Grader
from bot.rehearsal.records import Record, Setup, begin, goes_on
from bot.rehearsal.report import latest, report, tally
from bot.rehearsal.rewording import Rewording
from bot.rehearsal.session import Rehearsal
from bot.rehearsal.showing import INTRODUCTION, after_session, as_table, asking, respond
from bot.settings import Settings
from bot.staff import Role
from bot.store_events import EventStore
from bot.store_rehearsals import RehearsalStore
from knowledge.library import Library

PROMPT = "您答："
LONGEST_REPLY = 5_000
"""Characters; twenty minutes of speech."""
_FORECAST = 40

Write = Callable[[str], None]


def rehearse(arguments: argparse.Namespace, context: Context) -> int:
    """Ask, grade, insist; or with ``--report`` show how the person gets on. Only one's own rehearsals, unless
    a keeper names somebody else with ``--by``."""
    member = context.settings.staff.on_this_machine(Role.VIEWER, arguments.by)
    replies = tuple(read_replies(arguments.replies)) if arguments.replies else None
    with RehearsalStore(context.settings.data_dir) as store:
        for path in store.damaged:
            say(f"演练记录文件损坏，已移到 {path} 保存，并新建了一个。")
        library = context.library()
        if arguments.report:
            found = report(member.name, store.of(member.name), library)
            _show(arguments, found, as_table(found))
            return 0
        setup = Setup(
            arguments.event or "",
            split_topics(arguments.topic),
            arguments.persona or "",
            arguments.questions,
            arguments.seed,
        )
        rehearsal = open_rehearsal(setup, member.name, context, library, store, resume=replies is None)
        write = say if arguments.json else _print
        _hold(rehearsal, store, replies, write)
        _close(arguments, rehearsal.record, store, library)
    return 0


def open_rehearsal(
    setup: Setup, by: str, context: Context, library: Library, store: RehearsalStore, *, resume: bool
) -> Rehearsal:
    """A rehearsal of the facts in force on the day of its event: a new one, or with ``resume`` the one that
    this person broke off.

    Raises:
        UsageError: there is no such event, or no question that can be practised.
    """
    event = _event(setup.event, context.settings) if setup.event else None
    on = event.date if event else context.today()
    engine, _ = context.refreshed(library)
    assistant = replace(context, as_of=on).assistant_on(library, engine)
    record = store.unfinished(by, setup) if resume else None
    if record is None or record.on != on or not goes_on(record, library):
        questions = questions_for(setup, event, on, context, library)
        chosen = choose(questions, setup.questions, setup.seed, latest(store.of(by)))
        chosen = tuple(with_line(question, library, on) for question in chosen)
        record = begin(chosen, setup, by, datetime.now().astimezone(), on)
    return Rehearsal(record, Grader(library, assistant, on), library, _reword(context.settings, assistant))


def questions_for(
    setup: Setup, event: Event | None, on: date, context: Context, library: Library
) -> tuple[PracticeQuestion, ...]:
    """The questions to choose from: of the event's newest briefing, else of a forecast for its topics or
    those that were asked for, else every FAQ entry.

    Raises:
        UsageError: none of them can be practised.
    """
    briefing = _kept_briefing(event, context.settings) if event else None
    if briefing is None and (event or setup.topics):
        briefing = _made_briefing(event or Event(EventKind.HOTLINE, on, setup.topics), context, library)
    found = from_briefing(briefing) if briefing else standing_questions(library, on)
    if setup.topics:
        found = about(found, setup.topics, library)
    if not found:
        matter = f"“{'、'.join(setup.topics)}”" if setup.topics else "这个活动"
        raise UsageError(
            f"没有和{matter}有关、现行文件能回答的问题可以练，请换一个主题（search 可以查有哪些文件）"
        )
    return found


def _kept_briefing(event: Event, settings: Settings) -> Briefing | None:
    """The newest version of the newest briefing of an event."""
    with EventStore(settings.data_dir) as events:
        kept = events.briefings(event.id)
        if kept:
            return events.briefing(kept[-1].briefing)
    say(f"活动 {event.id} 还没有存下的简报，先按主题出题；用 brief --event {event.id} --keep 写一份")
    return None


def _made_briefing(event: Event, context: Context, library: Library) -> Briefing:
    from bot.commands.briefing import make_briefing  # what a forecast needs takes a while to load

    return make_briefing(event, context, library, _FORECAST)


def _event(event_id: str, settings: Settings) -> Event:
    with EventStore(settings.data_dir) as events:
        return events.event(event_id)


def _reword(settings: Settings, assistant: Assistant) -> Rewording | None:
    if not settings.llm_url:
        return None
    from bot.phrasing.endpoint import ChatEndpoint  # the HTTP client takes a tenth of a second

    endpoint = ChatEndpoint(
        settings.llm_url, settings.llm_model, settings.llm_key, settings.llm_timeout_seconds
    )
    return Rewording(endpoint, lambda question: assistant.reply(question).answer)


def read_replies(path: Path) -> Iterator[str]:
    """Replies of a text file, one a line; a blank line is an empty reply.

    Raises:
        UsageError: it cannot be read, is not UTF-8, or a line is too long; names the line.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise UsageError(f"读不了答复文件 {path}：{error.strerror or error}") from error
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise UsageError(f"答复文件 {path} 第 {line} 行不是 UTF-8 文字，请另存为 UTF-8") from error
    if not text:
        raise UsageError(f"答复文件 {path} 是空的，请每行写一个答复")
    for number, reply in enumerate(text.removesuffix("\n").split("\n"), start=1):
        if len(reply) > LONGEST_REPLY:
            raise UsageError(f"答复文件 {path} 第 {number} 行太长（超过 {LONGEST_REPLY} 字）")
        yield reply


def _hold(rehearsal: Rehearsal, store: RehearsalStore, replies: tuple[str, ...] | None, write: Write) -> None:
    """Ask until there are no more questions or replies. Every reply is kept before the next question."""
    record = rehearsal.record
    if len(record.rounds) < record.setup.questions:
        say(f"事实互不重复的问题只有 {len(record.rounds)} 个")
    write(f"接着上次的演练 {record.id}。{INTRODUCTION}" if record.id else INTRODUCTION)
    given = iter(replies) if replies is not None else None
    while (said := asking(rehearsal)) is not None:
        write(f"\n{said}")
        text = next(given, None) if given else _typed()
        if text is None:
            break
        write(respond(rehearsal, text))
        rehearsal.record = store.keep(rehearsal.record)
    if given and not rehearsal.record.ended:  # the file is the whole rehearsal
        rehearsal.end()
        if rehearsal.record.id:
            rehearsal.record = store.keep(rehearsal.record)


def _typed() -> str | None:
    """A line of the keyboard that says something; ``None``: no more (Ctrl-D, Ctrl-C)."""
    while True:
        sys.stderr.write(PROMPT)
        sys.stderr.flush()
        try:
            line = input().strip()
        except (EOFError, KeyboardInterrupt):
            say("")
            return None
        except UnicodeDecodeError:
            say("这一行的文字编码无法识别，请把终端设为 UTF-8 再输入。")
            continue
        if len(line) > LONGEST_REPLY:
            say(f"太长了（超过 {LONGEST_REPLY} 字），请分开说。")
        elif line:
            return line
        else:
            say("没有听到答复。想不起来可以输入“提示”或“跳过”。")


def _close(arguments: argparse.Namespace, record: Record, store: RehearsalStore, library: Library) -> None:
    """What the rehearsal comes to."""
    if not record.ended and record.id:
        say(f"已保存到第 {record.place + 1} 题，下次用同样的参数接着练。")
    figures = tally([record])
    practise = report(record.by, store.of(record.by), library).practise
    shown = {
        "session": record.session,
        "ended": record.ended,
        "tally": figures,
        "skipped": [one.question.question for one in record.rounds if one.skipped],
        "hinted": [one.question.question for one in record.rounds if one.hinted_at is not None],
        "practise": practise,
    }
    _show(arguments, shown, "\n" + after_session(record, figures, practise))


def _show(arguments: argparse.Namespace, value: object, text: str) -> None:
    if arguments.json:
        print_json(value)
    else:
        _print(text)


def _print(text: str) -> None:
    sys.stdout.write(printable(text).encode("utf-8", "replace").decode("utf-8") + "\n")
    sys.stdout.flush()
