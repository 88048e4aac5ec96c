"""Command-line arguments in Chinese: what there is, what was wrong, in one line."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import NoReturn

from bot.errors import UsageError
from knowledge.yaml_reader import iso_day

_COMPLAINTS = (
    (re.compile(r"unrecognized arguments: (.*)"), r"不认识的参数：\1"),
    (re.compile(r"the following arguments are required: (.*)"), r"缺少参数：\1"),
    (re.compile(r"argument (\S+): invalid choice: (\S+) .*"), r"没有这个命令或选项：\2"),
    (re.compile(r"argument (\S+): invalid choice: (\S+)"), r"没有这个命令或选项：\2"),
    (re.compile(r"argument (\S+): expected one argument"), r"参数 \1 后面要写一个值"),
    (re.compile(r"argument (\S+): expected at least one argument"), r"参数 \1 后面至少要写一个值"),
    (re.compile(r"argument (\S+): invalid (\w+) value: (.*)"), r"参数 \1 的值不对：\3"),
    (re.compile(r"ambiguous option: (\S+) could match (.*)"), r"参数 \1 不明确，可能是：\2"),
    (re.compile(r"argument (\S+): ignored explicit argument (.*)"), r"参数 \1 后面不能写值：\2"),
    (re.compile(r"argument (\S+): not allowed with argument (\S+)"), r"参数 \1 不能和 \2 同时用"),
    (re.compile(r"argument (\S+): (.*)"), r"参数 \1：\2"),
)


class ChineseParser(argparse.ArgumentParser):
    """An argument parser whose help and complaints are Chinese."""

    def error(self, message: str) -> NoReturn:
        """Raise instead of printing usage and leaving."""
        for pattern, chinese in _COMPLAINTS:
            match = pattern.match(message)
            if match:
                raise UsageError(f"{match.expand(chinese)}。用 --help 看用法")
        raise UsageError(message)

    def format_help(self) -> str:
        text = super().format_help()
        for english, chinese in (
            ("usage: ", "用法："),
            ("positional arguments:", "参数："),
            ("options:", "选项："),
            ("show this help message and exit", "显示这段说明"),
        ):
            text = text.replace(english, chinese)
        return text


def day(text: str) -> date:
    """A date ``YYYY-MM-DD``."""
    try:
        return iso_day(text)
    except ValueError:
        raise argparse.ArgumentTypeError("日期要写成 2024-09-01 这样") from None


def positive(text: str) -> int:
    """A whole number from 1."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError("要写大于 0 的整数")
    return int(text)


def one_of(choices: Mapping[str, str]) -> Callable[[str], str]:
    """One of the words in ``choices``, or the identifier that a word stands for; gives the identifier."""

    def chosen(text: str) -> str:
        if text not in choices and text not in choices.values():
            raise argparse.ArgumentTypeError(f"没有“{text}”，可以写：{'、'.join(choices)}")
        return choices.get(text, text)

    return chosen


def common_options(parser: argparse.ArgumentParser, top: bool = False) -> None:
    """Options that every command takes, before or after its name."""
    unset = None if top else argparse.SUPPRESS
    parser.add_argument("--config", type=Path, metavar="文件", default=unset, help="配置文件（YAML）")
    parser.add_argument("--data-dir", type=Path, metavar="目录", default=unset, help="数据目录，默认 ./var")
    parser.add_argument(
        "--as-of", type=day, metavar="日期", default=unset, help="按哪一天的效力回答，默认今天"
    )


def subcommand(
    commands: argparse._SubParsersAction[ChineseParser], name: str, summary: str, aliases: Iterable[str] = ()
) -> ChineseParser:
    """Add a command with the common options."""
    parser = commands.add_parser(
        name, help=summary, description=summary, aliases=list(aliases), allow_abbrev=False
    )
    common_options(parser)
    return parser
