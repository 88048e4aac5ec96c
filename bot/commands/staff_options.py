"""Options of the commands for staff: before an event, at it, after it."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TypeAlias

from bot.briefing.models import EventKind
from bot.commands.options import loaded
from bot.commands.parsing import ChineseParser, day, one_of, positive, subcommand

Commands: TypeAlias = "argparse._SubParsersAction[ChineseParser]"

EVENT_KINDS = {
    "热线": EventKind.HOTLINE.value,
    "访谈": EventKind.INTERVIEW.value,
    "发布会": EventKind.PRESS.value,
}
PERSONAS = {
    "家长": "parent",
    "反复投诉人": "complainant",
    "记者": "reporter",
    "教师": "teacher",
    "祖辈": "grandparent",
}


def add_staff_commands(commands: Commands) -> None:
    """All of them, in the order in which an event needs them."""
    _add_event(commands)
    _add_brief(commands)
    _add_review(commands)
    _add_forecast(commands)
    _add_lookup(commands)
    _add_rehearse(commands)
    _add_grade(commands)
    _add_followup(commands)
    command = subcommand(
        commands, "staff", "工作人员对话：/event /brief /hot /gaps /lookup /rehearse /followup"
    )
    _by(command)
    command.set_defaults(run=loaded("staff", "staff"))


def _by(command: ChineseParser) -> None:
    command.add_argument("--by", metavar="姓名", help="办理人，默认本机账号对应的工作人员")


def _json(command: ChineseParser) -> None:
    command.add_argument("--json", action="store_true", help="输出 JSON")


def _event_options(command: ChineseParser, required: bool) -> None:
    command.add_argument(
        "--kind",
        type=one_of(EVENT_KINDS),
        required=required,
        metavar="hotline|interview|press",
        help="热线接听、在线访谈还是新闻发布会",
    )
    command.add_argument("--date", type=day, required=required, metavar="日期", help="活动在哪一天")
    command.add_argument("--leader", default="", metavar="姓名", help="哪位领导")
    command.add_argument(
        "--topic", action="extend", nargs="+", default=[], metavar="主题", help="主题，可写多个"
    )


def _add_event(commands: Commands) -> None:
    command = subcommand(commands, "event", "登记和查看活动（领导接听、访谈、发布会）及其时间节点")
    command.add_argument("event", nargs="?", metavar="编号", help="看哪一个；不写就列出全部")
    _event_options(command, required=False)
    command.add_argument("--title", default="", metavar="名称", help="活动名称")
    command.add_argument("--minutes", type=positive, metavar="分钟", help="多长，默认 60 分钟")
    command.add_argument("--place", default="", metavar="渠道", help="在哪里进行，如 12345 热线平台")
    command.add_argument(
        "--office", action="extend", nargs="+", metavar="科室", help="哪些科室陪同，写名称或编号"
    )
    command.add_argument("--cancel", action="store_true", help="取消这个活动")
    _by(command)
    _json(command)
    command.set_defaults(run=loaded("events", "event"))


def _add_brief(commands: Commands) -> None:
    command = subcommand(commands, "brief", "写简报：会问什么、怎么答、依据哪一条、不能答应什么")
    _event_options(command, required=False)
    command.add_argument("--event", metavar="编号", help="给已登记的活动写，代替 --kind 和 --date")
    command.add_argument(
        "--messages", type=Path, nargs="+", metavar="文件", help="先导入这些诉求（表格、JSONL，或整个目录）"
    )
    command.add_argument("--most", type=positive, default=40, metavar="N", help="最多几个问题，默认 40")
    command.add_argument("--out", type=Path, metavar="文件", help="写到 .docx、.pdf、.md 或 .json")
    command.add_argument("--card", type=Path, metavar="文件", help="另写一页纸要点（.docx、.pdf 或 .md）")
    command.add_argument("--keep", action="store_true", help="存为待审稿，进入三审")
    command.add_argument("--check", action="store_true", help="口径有错误时退出码为 1")
    _by(command)
    _json(command)
    command.set_defaults(run=loaded("briefing", "brief"))


def _add_review(commands: Commands) -> None:
    command = subcommand(commands, "review", "三审：初审、复审、终审简报，看改动，定稿封存")
    command.add_argument("briefing", nargs="?", metavar="编号", help="哪一份；不写就列出全部")
    act = command.add_mutually_exclusive_group()
    act.add_argument("--pass", dest="passed", action="store_true", help="通过当前这一审")
    act.add_argument("--return", dest="returned", action="store_true", help="退回修改，须写 --comment")
    act.add_argument("--line", type=positive, metavar="序号", help="改第几个问题的口径，配合 --text")
    act.add_argument("--diff", action="store_true", help="看这一版和上一版的差别")
    act.add_argument("--verify", action="store_true", help="核对封存稿有没有被改动，被改动时退出码为 1")
    act.add_argument("--out", type=Path, metavar="文件", help="导出 .docx、.pdf、.md 或 .json")
    command.add_argument("--text", metavar="口径", help="新的口径")
    command.add_argument("--comment", default="", metavar="意见", help="审核意见")
    command.add_argument("--version", type=positive, metavar="N", help="看第几版，默认最新")
    _by(command)
    _json(command)
    command.set_defaults(run=loaded("review", "review"))


def _add_forecast(commands: Commands) -> None:
    command = subcommand(commands, "forecast", "预测准不准：forecast score 用实际问题打分")
    command.add_argument("action", choices=["score"], metavar="score", help="打分")
    command.add_argument(
        "--briefing", required=True, metavar="编号或文件", help="已存的简报编号，或 brief --json 的结果文件"
    )
    command.add_argument(
        "--asked", type=Path, metavar="文件", help="实际问题：每行一问的文本、表格，或 JSON；不写就用已录入的"
    )
    _json(command)
    command.set_defaults(run=loaded("forecasting", "forecast"))


def _add_lookup(commands: Commands) -> None:
    command = subcommand(commands, "lookup", "接听时速查：输入关键词，给出条款和口径")
    command.add_argument("words", nargs="*", metavar="词", help="关键词；不写就逐行读入，一行一查")
    command.add_argument("--top", type=positive, default=3, metavar="N", help="最多几条，默认 3")
    _json(command)
    command.set_defaults(run=loaded("looking_up", "lookup"))


def _add_rehearse(commands: Commands) -> None:
    command = subcommand(commands, "rehearse", "演练：模拟来电人提问和追问，逐题打分")
    command.add_argument("--event", metavar="编号", help="用这个活动的简报出题；不写就按主题出题")
    command.add_argument(
        "--topic", action="extend", nargs="+", default=[], metavar="主题", help="只练这些主题"
    )
    command.add_argument(
        "--persona", type=one_of(PERSONAS), metavar="|".join(PERSONAS), help="只由这种人提问"
    )
    command.add_argument("--questions", type=positive, default=8, metavar="N", help="几个问题，默认 8")
    command.add_argument("--seed", type=int, default=0, metavar="数", help="同一个数出同样的题，默认 0")
    command.add_argument("--replies", type=Path, metavar="文件", help="从文件逐行读答复，代替键盘")
    command.add_argument("--report", action="store_true", help="看历次演练的成绩和进步")
    _by(command)
    _json(command)
    command.set_defaults(run=loaded("rehearsing", "rehearse"))


def _add_grade(commands: Commands) -> None:
    command = subcommand(commands, "grade", "给一个答复打分：说对、漏说、说错、过时、过度承诺")
    command.add_argument("--question", metavar="问题", help="市民的问题")
    command.add_argument("--reply", metavar="答复", help="要打分的答复")
    command.add_argument(
        "--jsonl", action="store_true", help="标准输入每行一题 {id,question,reply}，逐行输出"
    )
    _json(command)
    command.set_defaults(run=loaded("grading", "grade"))


def _add_followup(commands: Commands) -> None:
    command = subcommand(commands, "followup", "会后：录入实际问答，办理和督办，常见问题和实录草稿")
    command.add_argument("--event", metavar="编号", help="哪个活动")
    command.add_argument(
        "--asked", type=Path, nargs="+", metavar="文件", help="导入问答（表格、JSON 或文本）"
    )
    command.add_argument("--ask", metavar="问题", help="录入一个问题")
    command.add_argument("--answer", default="", metavar="答复", help="当场的答复；不写就转为待办")
    command.add_argument("--owner", default="", metavar="科室", help="承办科室，默认按内容判断")
    command.add_argument("--due", type=day, metavar="日期", help="办结期限，默认按工作日计算")
    command.add_argument("--done", type=positive, metavar="编号", help="办结一件，须写 --note")
    command.add_argument("--drop", type=positive, metavar="编号", help="不再办理，须写 --note")
    command.add_argument(
        "--change", type=positive, metavar="编号", help="改一件的科室或期限，配合 --owner、--due"
    )
    command.add_argument("--history", type=positive, metavar="编号", help="看一件的办理经过")
    command.add_argument("--note", default="", metavar="说明", help="办理结果或原因")
    command.add_argument("--overdue", action="store_true", help="只看超期的；有超期时退出码为 1")
    command.add_argument("--remind", action="store_true", help="只看今天要提醒的")
    command.add_argument("--drafts", type=Path, metavar="文件", help="写出常见问题草稿（YAML），待三审")
    command.add_argument("--record", type=Path, metavar="文件", help="写出访谈实录草稿（.docx 或 .md）")
    _by(command)
    _json(command)
    command.set_defaults(run=loaded("followup", "followup"))
