"""``messages`` as staff call it: files in; topics, gaps, lists and charts out; nothing personal anywhere."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from bot.models import Answer, Outcome
from bot.store import FILE_NAME as LOG_NAME
from bot.store import Store
from bot.store_messages import FILE_NAME, MessageStore
from run_bot import main

ROOT = Path(__file__).parents[2]
TIMEOUT = 90
NEWEST = date.today() - timedelta(days=40)
HEADER = ("序号", "工单编号", "诉求人", "标题", "诉求内容", "受理时间", "来源渠道", "区县", "答复内容")
Row = tuple[str, str, str, str, datetime | str, str, str, str]
"""A row without its 序号: number, writer, title, text, time, channel, area, reply."""

BUS_TITLE = "泾县云岭小学校车停运"
TEXTS = (
    *((BUS_TITLE, f"泾县云岭小学校车{n}号线停运，学生上学没有校车，请学校恢复校车") for n in range(4)),
    *(("河沥小学食堂", f"宁国市河沥小学食堂周{n}的午饭是冷的，学生肚子疼，请检查食堂") for n in "一三五"),
    *(("路灯不亮", f"郎溪县建平路第{n}个路口路灯不亮，晚上漆黑，请城管维修路灯") for n in range(3)),
    ("", "绩溪县华阳初中招聘代课老师需要教师资格证吗"),
    ("", "请问广德市桃州幼儿园几点放学？"),
)


@dataclass(frozen=True, slots=True)
class Ran:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Run = Callable[..., Ran]


def process(data_dir: Path, *arguments: object) -> Ran:
    """``run_bot.py messages`` in a process of its own."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("TELEGRAM_", "ZHENGCETONG_"))}
    done = subprocess.run(
        [sys.executable, ROOT / "run_bot.py", "--data-dir", data_dir, "messages", *map(str, arguments)],
        capture_output=True,
        env=kept,
        timeout=TIMEOUT,
        check=False,
    )
    return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """``messages`` in this process, with a data directory and arguments."""
    for name in list(os.environ):
        if name.startswith(("TELEGRAM_", "ZHENGCETONG_")):
            monkeypatch.delenv(name)

    def ran(data_dir: Path, *arguments: object) -> Ran:
        code = main(["--data-dir", str(data_dir), "messages", *map(str, arguments)])
        said = capsys.readouterr()
        return Ran(code, said.out, said.err)

    return ran


def rows(texts: Iterable[tuple[str, str]] = TEXTS, **changes: str) -> list[Row]:
    """One row a text, a day apart, the last on ``NEWEST``."""
    texts = list(texts)
    noon = datetime.combine(NEWEST, time(12))
    fixed = {"channel": "12345热线", "area": "宣州区", "reply": ""} | changes
    return [
        (
            *(f"GD2026{n:06}", f"昵称{n}号", title, text, noon - timedelta(days=len(texts) - 1 - n)),
            *(fixed["channel"], fixed["area"], fixed["reply"]),
        )
        for n, (title, text) in enumerate(texts)
    ]


def workbook(path: Path, content: Sequence[Row]) -> Path:
    """As 12345 exports it: a merged title row, then the header; times as Excel keeps them."""
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet("工单")
        when = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        sheet.merge_range(0, 0, 0, len(HEADER) - 1, "市民诉求明细表")
        sheet.write_row(1, 0, HEADER)
        for number, row in enumerate(content, start=1):
            sheet.write_number(number + 1, 0, number)
            for column, value in enumerate(row, start=1):
                if isinstance(value, datetime):
                    sheet.write_datetime(number + 1, column, value, when)
                else:
                    sheet.write_string(number + 1, column, value)
    return path


def table(path: Path, content: Sequence[Row], encoding: str = "gb18030") -> Path:
    """The same as CSV, the columns the other way round."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(HEADER[:0:-1])
    writer.writerows([str(value) for value in reversed(row)] for row in content)
    path.write_bytes(written.getvalue().encode(encoding))
    return path


def kept(data_dir: Path) -> list[Any]:
    with MessageStore(data_dir) as store:
        return list(store.everything())


@dataclass(frozen=True, slots=True)
class Imported:
    data_dir: Path
    file: Path
    first: Ran


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Imported:
    """A data directory with one file in it, and what the process said. Tests only read it."""
    tmp = tmp_path_factory.mktemp("messages")
    file = workbook(tmp / "九月工单.xlsx", rows())
    return Imported(tmp / "data", file, process(tmp / "data", file, "--json"))


def test_a_process_prints_one_json_document(imported: Imported) -> None:
    first = imported.first
    assert (first.code, first.err) == (0, "")
    found = first.json
    assert found["import"] == {"new": 12, "known": 0, "renewed": 0, "from_bot": 0, "masked": {}}
    assert (found["messages"], found["as_of"], found["gaps"]) == (12, NEWEST.isoformat(), None)
    (sheet,) = found["files"]
    assert (sheet["rows"], sheet["taken"], sheet["header_row"]) == (12, 12, 2)
    columns = {field: choice["column"]["header"] for field, choice in sheet["columns"].items()}
    assert columns == {
        "number": "工单编号",
        "user": "诉求人",
        "title": "标题",
        "text": "诉求内容",
        "at": "受理时间",
        "channel": "来源渠道",
        "area": "区县",
        "reply": "答复内容",
    }
    assert sorted(topic["messages"] for topic in found["topics"]) == [3, 3, 4]
    assert {topic["office_name"] for topic in found["topics"]} == {"学校安全管理科", "12345 转办"}
    assert all(topic["matter_name"] for topic in found["topics"])


def test_the_same_rows_again_as_csv_change_nothing(imported: Imported, tmp_path: Path) -> None:
    topics = imported.first.json["topics"]
    for again in (
        imported.file,
        table(tmp_path / "a.csv", rows()),
        table(tmp_path / "b.csv", rows(), "utf-8-sig"),
    ):
        ran = process(imported.data_dir, again, "--json")
        assert (ran.code, ran.err) == (0, "")
        assert ran.json["import"] == {"new": 0, "known": 12, "renewed": 0, "from_bot": 0, "masked": {}}
        assert ran.json["topics"] == topics


def test_the_text_names_columns_counts_and_topics(run: Run, imported: Imported) -> None:
    ran = run(imported.data_dir, imported.file)
    assert (ran.code, ran.err) == (0, "")
    for said in (
        "  内容 ← E 列「诉求内容」（按表头）",
        "共 12 行：导入 12，重复 0，拒绝 0，空行 0",
        "新存 0 件，以前存过 12 件（更新答复 0 件）",
        "已隐去个人信息：没有发现",
        "共 12 件诉求",
        "热点（前 3 个，热度满分 100）",
        "学校安全管理科",
    ):
        assert said in ran.out
    for topic in imported.first.json["topics"]:
        assert f"编号 {topic['id']}" in ran.out


def test_a_later_export_renews_replies_and_nothing_else(run: Run, tmp_path: Path) -> None:
    run(tmp_path / "data", workbook(tmp_path / "a.xlsx", rows()))
    before = kept(tmp_path / "data")
    ran = run(tmp_path / "data", table(tmp_path / "b.csv", rows(reply="已转学校办理")), "--json")
    assert ran.json["import"] | {"masked": {}} == {
        "new": 0, "known": 12, "renewed": 12, "from_bot": 0, "masked": {},
    }  # fmt: skip
    after = kept(tmp_path / "data")
    assert {one.message.reply for one in after} == {"已转学校办理"}
    changing = ("id", "title", "text", "at", "user", "number", "channel", "area", "file", "row")
    for old, new in zip(before, after, strict=True):
        assert [getattr(old.message, name) for name in changing] == [
            getattr(new.message, name) for name in changing
        ]
        assert (old.classified, old.topic) == (new.classified, new.topic)


# Personal data


def identity_number(random: Random) -> str:
    """An ID number with its right check character, of a district that does not exist."""
    digits = f"999999{random.randint(1950, 2015)}0{random.randint(1, 9)}{random.randint(10, 28)}"
    digits += f"{random.randrange(1000):03}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return digits + "10X98765432"[sum(w * int(d) for w, d in zip(weights, digits, strict=True)) % 11]


@dataclass(frozen=True, slots=True)
class Secrets:
    content: list[Row]
    hidden: tuple[str, ...]


def secrets() -> Secrets:
    """Rows with generated personal data in every column that is kept."""
    random = Random(20260930)
    hidden: list[str] = []

    def made(text: str) -> str:
        values = {
            "phone": f"13{random.randrange(10**9):09}",
            "id": identity_number(random),
            "mail": f"u{random.randrange(10**8):08}@example.cn",
            "name": random.choice("赵钱孙李周吴") + "".join(random.sample("翀喆昶昀珺翯", 2)),
        }
        hidden.extend(value for key, value in values.items() if f"{{{key}}}" in text)
        return text.format(**values)

    content: list[Row] = []
    for number, (title, text) in enumerate(TEXTS):
        writer = made("{name}")
        content.append(
            (
                f"GD{number}/{made('{phone}')}",
                writer,
                f"{title}，电话" + made("{phone}"),
                text + made("。我叫{name}，身份证{id}，电话{phone}，邮箱{mail}。"),
                datetime.combine(NEWEST, time(9, number)),
                made("热线来电{phone}"),
                made("泾县，联系人：{name}，{phone}"),
                made("已与{phone}联系，邮箱{mail}，身份证{id}"),
            )
        )
    return Secrets(content, tuple(hidden))


def unpacked(path: Path) -> bytes:
    """What a file holds, a workbook's or array's parts inflated."""
    if not zipfile.is_zipfile(path):
        return path.read_bytes()
    with zipfile.ZipFile(path) as parts:
        return b"".join(parts.read(name) for name in parts.namelist())


def test_personal_data_is_nowhere(run: Run, tmp_path: Path) -> None:
    secret = secrets()
    data = tmp_path / "data"
    file = workbook(tmp_path / "工单.xlsx", secret.content)
    shown = [
        process(data, file, "--json"),
        run(data, table(tmp_path / "b.csv", secret.content)),
        run(data, "--gaps", "--list", tmp_path / "out.xlsx", "--chart", tmp_path / "out.svg"),
        run(data, "--json", "--list", tmp_path / "out.jsonl"),
    ]
    topic = shown[0].json["topics"][0]["id"]
    shown += [run(data, "--topic", topic), run(data, "--topic", topic, "--json")]
    shown += [
        run(data, file, "--dry-run"),
        run(data, file, "--dry-run", "--json"),
        run(data, "--topic", "没有"),
    ]
    assert [ran.code for ran in shown] == [0] * 8 + [2]
    assert set(shown[0].json["import"]["masked"]) == {"姓名", "身份证号", "电话", "邮箱"}
    written = [path for path in data.rglob("*") if path.is_file()]
    assert {FILE_NAME, "topics.npz"} <= {path.name for path in written}
    outputs = [tmp_path / f"out.{ending}" for ending in ("xlsx", "svg", "jsonl")]
    everything = b"".join(map(unpacked, [*written, *outputs]))
    everything += "".join(ran.out + ran.err for ran in shown).encode()
    assert "[电话]".encode() in everything
    assert [value for value in secret.hidden if value.encode() in everything] == []


def test_a_trial_run_shows_half_hidden_places_and_keeps_nothing(run: Run, tmp_path: Path) -> None:
    phone = "138" + "00112233"
    file = workbook(tmp_path / "a.xlsx", rows([("延时班", f"延时班几点结束，请打{phone}")]))
    ran = run(tmp_path / "data", file, "--dry-run")
    assert (ran.code, ran.err) == (0, "")
    assert "什么都没有保存。将隐去 1 处个人信息" in ran.out
    assert re.search(r"a\.xlsx 第 3 行：….*〔138\*\*\*\*2233 → \[电话\]〕", ran.out)
    found = run(tmp_path / "data", file, "--dry-run", "--json").json
    assert found["dry_run"] is True
    assert [(place["kind"], place["row"]) for place in found["masked"]] == [("电话", 3)]
    assert found["files"][0]["taken"] == 1
    assert phone not in ran.out + str(found)
    assert not (tmp_path / "data" / FILE_NAME).exists()


# What is refused


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("{tmp}/none.xlsx", "找不到文件"),
        ("{tmp}/bad.xlsx", "bad.xlsx"),
        ("{tmp}", "文件夹"),
        ("{tmp}/empty.csv", "空文件"),
        ("{tmp}/good.xlsx --column 天气=A", "没有字段「天气」"),
        ("{tmp}/good.xlsx --column 内容=没有这列", "没有这列"),
        ("{tmp}/good.xlsx --column 内容", "字段=列名"),
        ("{tmp}/good.xlsx --list {tmp}/a.docx", ".xlsx 或 .jsonl"),
        ("{tmp}/good.xlsx --list {tmp}/no/a.xlsx", "没有这个目录"),
        ("{tmp}/good.xlsx --chart {tmp}/a.pdf", ".svg 或 .png"),
        ("{tmp}/good.xlsx --since 昨天", "2024-09-01"),
        ("--topic nope", "没有编号为“nope”的热点"),
        ("--dry-run", "要写上要试读的文件"),
    ],
)
def test_what_cannot_be_done_is_one_plain_line(run: Run, tmp_path: Path, arguments: str, said: str) -> None:
    workbook(tmp_path / "good.xlsx", rows(TEXTS[:1]))
    (tmp_path / "bad.xlsx").write_bytes(b"PK\x03\x04" + bytes(200))
    (tmp_path / "empty.csv").touch()
    ran = run(tmp_path / "data", *arguments.format(tmp=tmp_path).split())
    assert (ran.code, ran.out) == (2, "")
    (line,) = ran.err.splitlines()
    assert line.startswith("错误：")
    assert said in line
    assert not re.search(r"Traceback|Errno|Error|argument", line)


def test_a_process_refuses_likewise(tmp_path: Path) -> None:
    ran = process(tmp_path / "data", tmp_path / "none.xlsx", "--json")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == f"错误：找不到文件 {tmp_path / 'none.xlsx'}，请检查路径\n"


def test_a_damaged_second_file_loses_nothing_of_the_first(run: Run, tmp_path: Path) -> None:
    good = workbook(tmp_path / "good.xlsx", rows())
    bad = tmp_path / "bad.xlsx"
    bad.write_bytes(good.read_bytes()[: good.stat().st_size // 2])
    ran = run(tmp_path / "data", good, bad, "--json")
    assert (ran.code, ran.out) == (2, "")
    assert "bad.xlsx" in ran.err
    assert len(kept(tmp_path / "data")) == len(TEXTS)
    assert run(tmp_path / "data", good, "--json").json["import"]["known"] == len(TEXTS)


# What citizens write is data

HOSTILE = (
    ('=HYPERLINK("http://example.com/?a="&A1,"点我")', "=1+1 食堂饭菜凉"),
    ("<script>alert(1)</script>", "<img src=x onerror=alert(1)> 食堂饭菜凉"),
    ("\x1b[31m红色\x1b[0m", "食堂饭菜凉\x07\x9b2J\u202e倒写\u200b"),
    ("标题\n第二行\r第三行", "食堂饭菜凉\n# 一级标题\n* [链接](javascript:alert(1)) `x` $\\frac{1}{2}$"),
    ("# 标题 **粗** | 表 | $x^2$", "@SUM(A1) 食堂饭菜凉 -2+3 +4"),
)
_CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]")


def test_what_citizens_write_is_never_run_or_obeyed(run: Run, tmp_path: Path) -> None:
    data = tmp_path / "data"
    same = [
        (title, f"旌德县梅林小学食堂饭菜凉，学生吃冷饭，请学校整改食堂。{text}") for title, text in HOSTILE
    ]
    run(data, table(tmp_path / "a.csv", rows([*same, *TEXTS]), "utf-8"))
    question = "\x1b[2J\x1b[31m旌德县梅林小学的操场什么时候翻新\u202e完工？"
    with Store(data) as log:
        log.add_exchange("web", "甲", question, Answer(Outcome.ABSTAINED, ""), datetime.now().astimezone())
    ran = run(data, "--gaps", "--list", tmp_path / "l.xlsx", "--chart", tmp_path / "c.svg")
    stored = {one.message.title: one for one in kept(data)}
    topic = stored[HOSTILE[0][0]].topic
    assert stored[HOSTILE[1][0]].topic == topic
    assert stored["标题 第二行 第三行"].topic == topic
    shown = run(data, "--topic", topic)
    assert HOSTILE[1][0] in shown.out, "a terminal shows it as it is"
    assert "红色" in shown.out
    assert "操场什么时候翻新完工" in ran.out
    assert _CONTROL.findall(ran.out + ran.err + shown.out) == []
    with zipfile.ZipFile(tmp_path / "l.xlsx") as parts:
        sheets = b"".join(parts.read(name) for name in parts.namelist() if "worksheets/" in name)
    assert b"<f>" not in sheets
    assert b"<hyperlink" not in sheets
    assert "<script" not in (tmp_path / "c.svg").read_text("utf-8")
    titles = [row[5] for row in _sheet(tmp_path / "l.xlsx", "诉求")]
    assert HOSTILE[0][0] in titles


def test_json_of_hostile_texts_is_one_document(run: Run, tmp_path: Path) -> None:
    file = table(tmp_path / "a.csv", rows(HOSTILE), "utf-8")
    assert run(tmp_path / "data", file, "--json").json["import"]["new"] == len(HOSTILE)


# Days


def test_days_bound_counts_and_topics(run: Run, imported: Imported) -> None:
    data = imported.data_dir
    late = run(data, "--json", "--since", NEWEST - timedelta(days=4)).json
    assert (late["messages"], [topic["messages"] for topic in late["topics"]]) == (5, [3])
    assert late["first"] == (NEWEST - timedelta(days=4)).isoformat()
    early = run(data, "--json", "--as-of", NEWEST - timedelta(days=8)).json
    assert (early["messages"], [topic["messages"] for topic in early["topics"]]) == (4, [4])
    assert early["as_of"] == (NEWEST - timedelta(days=8)).isoformat()
    nothing = run(data, "--since", NEWEST + timedelta(days=1))
    assert (nothing.code, nothing.out) == (0, "共 0 件诉求；教体系统 0 件\n")
    assert run(data, "--json", "--top", 1).json["topics"] == imported.first.json["topics"][:1]


def test_nothing_stored_yet(run: Run, tmp_path: Path) -> None:
    ran = run(tmp_path / "data", "--chart", tmp_path / "c.svg", "--list", tmp_path / "l.xlsx", "--gaps")
    assert ran.code == 0
    assert "共 0 件诉求" in ran.out
    assert _sheet(tmp_path / "l.xlsx", "诉求") == []


def test_messages_without_a_time(run: Run, tmp_path: Path) -> None:
    file = workbook(tmp_path / "a.xlsx", [(*row[:4], "不详", *row[5:]) for row in rows()])
    ran = run(tmp_path / "data", file)
    assert "12 行" in ran.out
    assert "没有时间" in ran.out
    assert run(tmp_path / "data", "--json").json["first"] is None
    assert run(tmp_path / "data", "--json", "--since", "2020-01-01").json["messages"] == 0


# Gaps and the chat log


def test_gaps_come_from_files_and_from_the_chat_log(run: Run, tmp_path: Path) -> None:
    data = tmp_path / "data"
    texts = [
        ("", "请问本专科生助学贷款一年最多能贷多少？"),
        ("", "请问旌德县梅林小学的操场什么时候翻新完工？"),
        ("社保", "请问社保断缴两年怎么补缴养老保险？"),
    ]
    asked = datetime.combine(NEWEST, time(8)).astimezone()
    with Store(data) as log:
        for user, text, outcome in (
            ("甲", "旌德县梅林小学操场什么时候翻新完工", Outcome.ABSTAINED),
            ("乙", "本专科生助学贷款一年最多能贷多少", Outcome.ANSWERED),
            ("丙", "身份证在哪里办", Outcome.REDIRECT),
        ):
            log.add_exchange("web", user, text, Answer(outcome, ""), asked)
        for years in (1, 2):
            log.add_exchange(
                "web", "甲", "很久以前的延时班", Answer(Outcome.ABSTAINED, ""), asked - timedelta(365 * years)
            )
    file = workbook(tmp_path / "a.xlsx", rows(texts))
    first = run(data, file, "--gaps", "--json").json
    assert first["import"]["from_bot"] == 2
    assert first["messages"] == 5
    (gap,) = first["gaps"]["gaps"]
    assert "操场什么时候翻新完工" in gap["question"]
    assert (gap["times"], gap["people"], gap["from_bot"]) == (2, 2, 1)
    assert (gap["office"], gap["office_name"]) == ("qunti", "群众体育科")
    again = run(data, file, "--gaps", "--json").json
    assert again["import"]["from_bot"] == 0
    assert again["gaps"] == first["gaps"]
    shown = run(data, "--gaps").out
    assert "应由群众体育科公开" in shown
    assert "社保" not in shown.partition("公开缺口")[2]


def test_copies_of_the_chat_log_go_when_their_time_is_over(run: Run, tmp_path: Path) -> None:
    data = tmp_path / "data"
    with Store(data) as log:
        for days in (5, 20):
            asked = datetime.now().astimezone() - timedelta(days=days)
            log.add_exchange("web", "甲", f"{days}天前问延时班", Answer(Outcome.ABSTAINED, ""), asked)
    config = tmp_path / "config.yaml"
    config.write_text("retention_days: 10\n", "utf-8")
    assert run(data, "--json").json["import"]["from_bot"] == 2
    later = run(data, "--json", "--config", config).json
    assert (later["import"]["from_bot"], later["messages"]) == (0, 1)
    assert "20天前".encode() not in b"".join(path.read_bytes() for path in data.glob(f"{FILE_NAME}*"))
    again = run(data, "--json", "--config", config).json
    assert (again["import"]["from_bot"], again["messages"]) == (0, 1)
    assert (data / LOG_NAME).is_file()


# Lists, topics, forgetting


def _sheet(path: Path, name: str) -> list[list[Any]]:
    """The rows beneath the header."""
    return CalamineWorkbook.from_path(path).get_sheet_by_name(name).to_python()[1:]


def test_lists_hold_every_message(run: Run, imported: Imported, tmp_path: Path) -> None:
    data = imported.data_dir
    ran = run(data, "--list", tmp_path / "清单.xlsx", "--gaps", "--json")
    assert ran.code == 0
    assert ran.err == f"清单已写到 {tmp_path / '清单.xlsx'}\n"
    assert CalamineWorkbook.from_path(tmp_path / "清单.xlsx").sheet_names == ["热点", "公开缺口", "诉求"]
    listed = _sheet(tmp_path / "清单.xlsx", "诉求")
    assert [row[6] for row in listed] == [text for _, text in TEXTS]
    assert [row[2] for row in listed] == list(range(3, 15))
    topics = _sheet(tmp_path / "清单.xlsx", "热点")
    assert [row[-1] for row in topics] == [topic["id"] for topic in ran.json["topics"]]
    assert len(_sheet(tmp_path / "清单.xlsx", "公开缺口")) == len(ran.json["gaps"]["gaps"]) > 0
    run(data, "--list", tmp_path / "清单.jsonl")
    lines = [json.loads(line) for line in (tmp_path / "清单.jsonl").read_text("utf-8").splitlines()]
    assert [line["text"] for line in lines] == [text for _, text in TEXTS]
    assert all("user" not in line for line in lines)


def test_a_topic_is_shown_with_reasons(run: Run, imported: Imported) -> None:
    buses = next(topic for topic in imported.first.json["topics"] if topic["messages"] == 4)
    ran = run(imported.data_dir, "--topic", buses["id"])
    assert (ran.code, ran.err) == (0, "")
    for title, text in TEXTS[:4]:
        assert f"  {title}\n  {text}\n" in ran.out
    assert ran.out.count("归类依据：") == 4
    assert "九月工单.xlsx 第 3 行" in ran.out
    found = run(imported.data_dir, "--topic", buses["id"], "--json").json
    assert [one["id"] for one in found["messages"]] == buses["members"]
    assert {one["topic"] for one in found["messages"]} == {buses["id"]}


def test_a_file_is_forgotten(run: Run, tmp_path: Path) -> None:
    data = tmp_path / "data"
    run(data, workbook(tmp_path / "a.xlsx", rows(TEXTS[:4])))
    run(data, workbook(tmp_path / "b.xlsx", rows(TEXTS[4:])))
    wrong = run(data, "--forget", "c.xlsx", "--json")
    assert wrong.json["messages"] == 12
    ran = run(data, "--forget", "a.xlsx", "--json")
    assert ran.err == "已删除从“a.xlsx”导入的 4 件诉求。\n"
    assert ran.json["messages"] == 8
    assert BUS_TITLE.encode() not in b"".join(path.read_bytes() for path in data.glob(f"{FILE_NAME}*"))
    assert run(data, tmp_path / "a.xlsx", "--json").json["import"]["new"] == 4


def test_a_damaged_database_is_set_aside_and_named(run: Run, tmp_path: Path) -> None:
    data = tmp_path / "data"
    file = workbook(tmp_path / "a.xlsx", rows())
    run(data, file)
    (data / FILE_NAME).write_bytes(b"no database" * 1_000)
    ran = run(data, file, "--json")
    assert ran.code == 0
    assert ran.json["import"]["new"] == 12
    (line,) = ran.err.splitlines()
    assert "损坏" in line
    assert list(data.glob(f"{FILE_NAME}.damaged-*"))
