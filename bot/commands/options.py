"""Options of the commands that take many."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from bot.commands.choices import KINDS, ORIGINS, STATUSES
from bot.commands.context import Context
from bot.commands.parsing import ChineseParser, day, one_of, positive, subcommand

Run = Callable[[argparse.Namespace, Context], int]


def loaded(module: str, name: str) -> Run:
    """A command of ``bot.commands``; its module is imported when it is called: one answer should not wait
    for the web server."""

    def run(arguments: argparse.Namespace, context: Context) -> int:
        command: Run = getattr(import_module(f"bot.commands.{module}"), name)
        return command(arguments, context)

    return run


def add_search(commands: argparse._SubParsersAction[ChineseParser]) -> None:
    """``search``."""
    command = subcommand(commands, "search", "查文件和条款")
    command.add_argument("words", nargs="+", metavar="词", help="要查的词")
    command.add_argument("--top", type=positive, default=10, metavar="N", help="最多显示几条，默认 10")
    for name, choices, text in (
        ("--status", STATUSES, "只查这种效力的"),
        ("--origin", ORIGINS, "只查本级的或转发的"),
        ("--kind", KINDS, "只查这一类内容"),
    ):
        command.add_argument(name, type=one_of(choices), metavar="|".join(choices), help=text)
    command.add_argument("--category", metavar="栏目", help="只查这个公开目录栏目，写名称或编号")
    command.add_argument("--from", dest="first", type=day, metavar="日期", help="只查这一天起发布的")
    command.add_argument("--to", dest="last", type=day, metavar="日期", help="只查到这一天为止发布的")
    command.add_argument("--highlight", action="store_true", help="标出和所查的词相同的地方")
    command.add_argument("--explain", action="store_true", help="显示排序的每一项得分")
    command.add_argument("--json", action="store_true", help="输出 JSON")
    command.set_defaults(run=loaded("searching", "search"))


def add_messages(commands: argparse._SubParsersAction[ChineseParser]) -> None:
    """``messages``."""
    command = subcommand(commands, "messages", "导入市民诉求：脱敏、归类、找热点和公开缺口")
    command.add_argument(
        "files", nargs="*", type=Path, metavar="文件", help="XLSX、XLS、ODS 或 CSV；不写就看已有诉求"
    )
    command.add_argument(
        "--column",
        action="append",
        metavar="字段=列",
        help="指定某个字段取哪一列，如 内容=留言详情；可写多次",
    )
    command.add_argument("--dry-run", action="store_true", help="只试读：看列怎么认、会隐去什么，不保存")
    command.add_argument("--since", type=day, metavar="日期", help="只统计这一天起的诉求")
    command.add_argument("--top", type=positive, default=20, metavar="N", help="显示几个热点，默认 20")
    command.add_argument("--gaps", action="store_true", help="列出已公布文件答不了的问题和应公开的科室")
    command.add_argument("--topic", metavar="编号", help="看一个热点里的全部诉求和归类依据")
    command.add_argument("--chart", type=Path, metavar="文件", help="把走势和热点画成图（.svg 或 .png）")
    command.add_argument(
        "--list", type=Path, metavar="文件", help="把每件诉求的归类写成清单（.xlsx 或 .jsonl）"
    )
    command.add_argument("--forget", metavar="文件名", help="删除从这个文件导入的诉求（导错时用）")
    command.add_argument("--json", action="store_true", help="输出 JSON")
    command.set_defaults(run=loaded("messages", "messages"))


def add_stats(commands: argparse._SubParsersAction[ChineseParser]) -> None:
    """``stats``."""
    command = subcommand(commands, "stats", "年度数字：汇总、核对、拟写总结草稿")
    command.add_argument("--year", type=int, metavar="年", help="统计哪一年，默认今年")
    command.add_argument(
        "--page", type=Path, nargs="+", metavar="文件", help="读入总结页面（文本或网页），与台账核对"
    )
    command.add_argument(
        "--import", dest="imports", type=Path, nargs="+", metavar="文件", help="导入台账（XLSX、CSV）"
    )
    command.add_argument("--template", type=Path, metavar="文件", help="写出台账模板（XLSX）")
    command.add_argument(
        "--set", nargs="+", metavar="项目=数值", help="手工录入，如 微博发布=94；须同时写 --source"
    )
    command.add_argument("--source", metavar="出处", help="手工录入的数出自哪里")
    command.add_argument("--by", metavar="姓名", help="手工录入人，默认登录名")
    command.add_argument("--xlsx", type=Path, metavar="文件", help="写出表格（汇总、明细、校验、来源）")
    command.add_argument("--draft", type=Path, metavar="文件", help="写出年度总结草稿（Markdown）")
    command.add_argument("--check", action="store_true", help="数字有矛盾时退出码为 1")
    command.add_argument("--json", action="store_true", help="输出 JSON")
    command.set_defaults(run=loaded("stats", "stats"))
