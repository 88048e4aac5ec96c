"""``staff``: the staff functions at a prompt, and the desk that other channels share."""

from __future__ import annotations

import argparse
import logging
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from bot.channels.secrets import frames_only
from bot.channels.terminal import printable
from bot.commands.context import Context
from bot.commands.log_file import log_to_file
from bot.commands.output import say
from bot.errors import UsageError
from bot.models import Answer, StaffDesk, StaffReply
from bot.staff import Role, StaffMember

if TYPE_CHECKING:  # imported when first needed: a start must not wait for them
    from bot.briefing.lookup import Lookup
    from bot.briefing.models import Briefing, Event
    from bot.rehearsal.records import Setup
    from bot.rehearsal.session import Rehearsal
    from bot.store_rehearsals import RehearsalStore
    from knowledge.library import Library

log = logging.getLogger(__name__)

CHANNEL = "terminal"
PROMPT = "> "
EXPORTS = "exports"
"""Directory for documents, in the data directory."""
_LEAVING = frozenset({"/quit", "/exit", "退出"})


def staff(arguments: argparse.Namespace, context: Context) -> int:
    """Take commands until 退出 or the end of the input; 0."""
    member = context.settings.staff.on_this_machine(Role.VIEWER, arguments.by)
    log_to_file(context.settings.data_dir)
    _Prompt(
        open_desk(context, {(CHANNEL, member.name): member}), member.name, context.settings.data_dir
    ).run()
    return 0


def telegram_desk(context: Context) -> StaffDesk | None:
    """The desk for the members with a Telegram account; ``None`` where nobody has one or ever had."""
    from bot.store_staff import FILE_NAME

    members = {
        ("telegram", str(member.telegram)): member
        for member in context.settings.staff.members
        if member.telegram is not None
    }
    known = members or (context.settings.data_dir / FILE_NAME).exists()
    return open_desk(context, members) if known else None


def open_desk(context: Context, members: Mapping[tuple[str, str], StaffMember]) -> StaffDesk:
    """The desk on the stores of the data directory. Library and index are opened when first needed."""
    from bot.staff_desk.bench import Bench
    from bot.staff_desk.desk import BackOffice
    from bot.store_staff import StaffStore

    tools = _Tools(context)
    bench = Bench(
        settings=context.settings,
        today=context.today,
        library=tools.library,
        lookup=tools.lookup,
        answer=tools.answer,
        brief=tools.brief,
        rehearse=tools.rehearse,
    )
    return BackOffice(bench, members, StaffStore(context.settings.data_dir))


class _Tools:
    """What the bench holds. The library is read once, as the citizens' assistant does."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._opening = threading.RLock()
        self._lookup: tuple[date, Lookup] | None = None
        self._read = cache(context.library)

    def library(self) -> Library:
        with self._opening:
            return self._read()

    def lookup(self) -> Lookup:
        """The look-up for today: another one after midnight."""
        from bot.briefing.lookup import Lookup

        today = self._context.today()
        with self._opening:
            if self._lookup is None or self._lookup[0] != today:
                library = self.library()
                self._lookup = today, Lookup(library, self._context.ranked_library(library), today)
            return self._lookup[1]

    def answer(self) -> Callable[[str], Answer]:
        engine, _ = self._context.refreshed(self.library())
        assistant = self._context.assistant_on(self.library(), engine)
        return lambda question: assistant.reply(question).answer

    def brief(self, event: Event, most: int) -> Briefing:
        from bot.commands.briefing import make_briefing

        return make_briefing(event, self._context, self.library(), most)

    def rehearse(self, setup: Setup, by: str, store: RehearsalStore) -> Rehearsal:
        from bot.commands.rehearsing import open_rehearsal

        return open_rehearsal(setup, by, self._context, self.library(), store, resume=True)


@dataclass(frozen=True, slots=True)
class _Prompt:
    """One person at the terminal."""

    desk: StaffDesk
    name: str
    data_dir: Path

    def run(self) -> None:
        _print(f"{self.name}，可以用这些命令：\n{self.commands}")
        if self.is_listening:
            _print("上次没有结束的速查或演练还开着，接着输入即可；结束用 /end。")
        for line in _lines():
            if line.lower() in _LEAVING:
                break
            self.take(line)
        if self.is_listening:
            self.take("/end")

    def take(self, line: str) -> None:
        """Do what one line says; whatever goes wrong, the next line can be typed."""
        try:
            reply = self.reply(line)
            _print(reply.text)
            for path in _kept(reply, self.data_dir / EXPORTS):
                _print(f"已写到 {path}")
        except UsageError as error:
            _print(f"错误：{error}")
        except Exception as error:
            # The message may quote what was typed, so only the place is logged.
            log.error("staff: %s", frames_only(error))
            _print("错误：程序出了意外，这一步没有办成，详情在日志里。请再试一次。")

    def reply(self, line: str) -> StaffReply:
        command, *words = line.split()
        name = command.removeprefix("/").lower()
        if command.startswith("/") and name in dict(self.desk.commands(CHANNEL, self.name)):
            return self.desk.run(CHANNEL, self.name, name, words)
        if self.is_listening:
            return self.desk.continue_(CHANNEL, self.name, line)
        return StaffReply(f"没有这个命令。可以用：\n{self.commands}")

    @property
    def is_listening(self) -> bool:
        return self.desk.is_listening(CHANNEL, self.name)

    @property
    def commands(self) -> str:
        """All of them, one a line."""
        found = [*self.desk.commands(CHANNEL, self.name), ("quit", "退出")]
        return "\n".join(f"/{name:<9} {description}" for name, description in found)


def _kept(reply: StaffReply, exports: Path) -> Iterator[Path]:
    for file in reply.files:
        path = exports / file.name
        try:
            exports.mkdir(parents=True, exist_ok=True)
            path.write_bytes(file.content)
        except OSError as error:
            raise UsageError(f"无法写入 {path}：{error.strerror or error}") from error
        yield path


def _lines() -> Iterator[str]:
    """Lines that say something, from the keyboard or a pipe."""
    while True:
        sys.stderr.write(PROMPT if sys.stdin.isatty() else "")
        sys.stderr.flush()
        try:
            line = input().strip()
        except (EOFError, KeyboardInterrupt):
            return
        except UnicodeDecodeError:
            say("这一行的文字编码无法识别，请把终端设为 UTF-8 再输入。")
            continue
        if line:
            yield line


def _print(text: str) -> None:
    sys.stdout.write(printable(text).encode("utf-8", "replace").decode("utf-8") + "\n")
    sys.stdout.flush()
