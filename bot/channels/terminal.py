"""The assistant in a terminal: one conversation, read line by line."""

from __future__ import annotations

import contextlib
import logging
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from bot.channels.rendering import plain_text
from bot.channels.secrets import frames_only
from bot.models import Conversationalist, Exchange

with contextlib.suppress(ImportError):  # arrow keys in input(); the history is never written to a file
    import readline  # noqa: F401 imported for its effect

logger = logging.getLogger(__name__)

CHANNEL = "terminal"
USER = "local"
PROMPT = "您问："
COMMANDS = """\
/help     使用说明        /topics   可以问什么      /sources  答复依据哪些文件
/good     上一条有帮助    /bad      上一条没帮助    /new      换个话题
/quit     退出"""
GOODBYE = "再见。"

_LEAVING = frozenset({"/quit", "/exit", "退出"})
_SUGGESTION_DIGITS = 2
_SAFE_CONTROLS = frozenset("\n\t")
_UNSAFE_CATEGORIES = frozenset({"Cc", "Cs"})
_BIDI_CONTROLS = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def run(
    assistant: Conversationalist, read: Callable[[str], str] = input, write: Callable[[str], None] = print
) -> int:
    """Talk until 退出, end of input or Ctrl-C; returns the exit code."""
    return _Conversation(assistant, read, write).run()


@dataclass(slots=True)
class _Conversation:
    assistant: Conversationalist
    read: Callable[[str], str]
    write: Callable[[str], None]
    latest: Exchange | None = None

    def run(self) -> int:
        try:
            self.assistant.forget(CHANNEL, USER)
            self.say(f"{self.assistant.greeting()}\n\n{COMMANDS}\n")
            while self.take(self.next_line()):
                pass
        except (EOFError, KeyboardInterrupt):
            self.write("")  # leave the line of the prompt
        self.say(GOODBYE)
        return 0

    def next_line(self) -> str:
        while True:
            try:
                return self.read(PROMPT).strip()
            except UnicodeDecodeError:
                self.say("这一行的文字编码无法识别，请把终端设为 UTF-8 再输入。")

    def take(self, line: str) -> bool:
        """Answer one line. False: leave."""
        if line.lower() in _LEAVING:
            return False
        if line:
            try:
                self.say(f"{self.reply(line)}\n")
            except Exception as error:
                # The message may quote what was typed, so only the place is logged.
                logger.error("terminal: %s", frames_only(error))
                self.say("抱歉，程序出了问题，这句话没有得到答复。请再试一次。\n")
        return True

    def reply(self, line: str) -> str:
        if line.startswith("/"):
            return self.command(line.lower().split()[0])
        self.latest = self.assistant.ask(CHANNEL, USER, self.chosen(line))
        return plain_text(self.latest.answer)

    def chosen(self, line: str) -> str:
        """The suggestion of the latest answer that the line numbers, else the line itself."""
        if self.latest is not None and line.isdecimal() and len(line) <= _SUGGESTION_DIGITS:
            suggestions = self.latest.answer.suggestions
            if 1 <= int(line) <= len(suggestions):
                return suggestions[int(line) - 1]
        return line

    def command(self, name: str) -> str:
        match name:
            case "/help" | "/start":
                return f"{self.assistant.help_text()}\n\n{COMMANDS}"
            case "/topics":
                return _topics(self.assistant)
            case "/sources":
                return _sources(self.assistant)
            case "/good" | "/bad":
                return self.rated(helpful=name == "/good")
            case "/new":
                self.assistant.forget(CHANNEL, USER)
                self.latest = None
                return "好的，我们换个话题。请问您想了解什么？"
            case _:
                return f"没有 {name} 这个命令。可以用：\n{COMMANDS}"

    def rated(self, *, helpful: bool) -> str:
        if self.latest is None:
            return "还没有答复可以评价，请先提一个问题。"
        if not self.assistant.rate(CHANNEL, USER, self.latest.id, helpful):
            return "这条答复的记录已经不在，没有记下评价。"
        return "谢谢您的评价。" if helpful else "谢谢，我们会改进这条答复。"

    def say(self, text: str) -> None:
        self.write(printable(text))


def printable(text: str) -> str:
    """Without control characters, which could move the cursor, recolour or reverse what is shown."""
    return "".join(
        letter
        for letter in text
        if letter in _SAFE_CONTROLS
        or (unicodedata.category(letter) not in _UNSAFE_CATEGORIES and letter not in _BIDI_CONTROLS)
    )


def _topics(assistant: Conversationalist) -> str:
    lines = []
    for group in assistant.topics():
        lines.append(f"【{group.name}】")
        for topic in group.topics:
            lines.append(f"  {topic.name}")
            lines.extend(f"    · {question}" for question in topic.questions)
    return "\n".join(lines) or "目前还没有可以浏览的主题。"


def _sources(assistant: Conversationalist) -> str:
    lines = [
        f"· {line.title}{f'（{line.doc_no}）' if line.doc_no else ''}　{line.issuer}　{line.status_text}"
        for line in assistant.sources()
    ]
    return "\n".join(lines) or "目前还没有收录文件。"
