"""Briefings made by hand, for tests of what is done with them. All texts are invented."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from bot.briefing.models import (
    Briefing,
    ChangeKind,
    Conflict,
    ConflictKind,
    Difficulty,
    Event,
    EventKind,
    Finding,
    FindingKind,
    ForecastQuestion,
    LineFigure,
    LineToTake,
    OpenQuestion,
    QuestionCard,
    RecentChange,
    Review,
    ReviewAct,
    ReviewStep,
    Risk,
    Severity,
    Why,
    WhySource,
)
from bot.models import Citation, OfficeCard

RARE = "镕堃喆䶮𬭎"
"""Characters of names that many fonts lack."""
SHA256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
HOSTILE = (
    '<w:t>&amp; "引号" ]]> #set page()[*粗*]$x$ @ref \\n {{ 名 }} | `码`\x00\x1b\ud800\u202e反\n第二行 '
    + "https://example.invalid/"
    + "a" * 90
)
"""Everything that some format would read as markup, or cannot hold."""

TOPICS = ("义务教育入学", "学生资助", "校外培训")
_MATTERS = (
    ("小学", "报名", "入学资格"),
    ("初中", "转学", "学籍办理"),
    ("幼儿园", "收费", "收费标准"),
    ("助学贷款", "申请", "贷款额度"),
    ("校外培训", "退费", "退费期限"),
)
_PLACES = ("宣州区", "郎溪县", "泾县", "绩溪县", "旌德县", "宁国市", "广德市")


def briefing(questions: int = 3, sealed: bool = False) -> Briefing:
    """A whole briefing with so many questions, two gaps, a conflict, changes, findings."""
    cards = tuple(card(number) for number in range(questions))
    return Briefing(
        event=Event(
            EventKind.HOTLINE,
            date(2026, 12, 10),
            TOPICS,
            leader=f"丁{RARE[0]}",
            channel="12345热线平台",
            offices=("jichu", "zizhu"),
            id="20261210-hotline",
        ),
        as_of=date(2026, 12, 1),
        questions=cards,
        gaps=(gap("校车司机的工资由谁发？"), gap("课后服务能不能延长到晚上八点？")),
        conflicts=(
            Conflict(
                ConflictKind.OLD_NEW,
                cards[0].forecast.question if cards else "",
                "现行《示例入学办法》第三条：材料齐全的当场受理。",
                "旧的《示例入学通知》：五个工作日内受理，已失效。",
                "只说现在的做法，不提旧的期限。",
            ),
        ),
        recent_changes=(
            RecentChange(
                ChangeKind.NEW, "d1", "示例入学办法", date(2026, 9, 1), "报名改为网上办理，材料当场核对。"
            ),
            RecentChange(ChangeKind.EXPIRING, "d2", "示例资助通知", None, "有效期将满，届时按新文件执行。"),
        ),
        findings=_findings(cards),
        documents=tuple(replace(citation(number), quote="") for number in range(6)),
        notices=("2027年的放假安排还没有公布，办理期限按周一至周五估算。",),
        review=review(sealed),
    )


def card(number: int) -> QuestionCard:
    """A card with everything on it; some are open or have several bases."""
    school, act, matter = _MATTERS[number % len(_MATTERS)]
    place = _PLACES[number % len(_PLACES)]
    question = f"{place}的{school}{act}要准备哪些材料，第{number + 1}批什么时候办？"
    text = (
        f"{school}{act}的材料有三样：户口簿、居住证明和登记表，材料齐全的当场受理。"
        f"{place}第{number + 1}批在每年7月1日到7月10日办理，可以在网上提交，也可以到学校窗口提交。"
        f"不能到场的，可以委托亲属代办，请他带上委托书。{matter}以当年公布的为准。"
    )
    line = LineToTake(
        text=text,
        speak_seconds=-(-len(text) // 4),
        basis=tuple(citation(number + n) for n in range(1 + number % 2)),
        figures=(LineFigure("20000元", "每人每年上限", "d1#quota", date(2024, 9, 1), None),),
        office=OfficeCard("jichu", "基础教育科", "0563-1234567" if number % 3 else None, "工作日接听"),
        co_offices=("政策法规科", "学校安全管理科") if number % 2 else (),
        do_not_promise=(f"不能答应{place}优先安排{school}学位。", "不能答应提前受理。")[: 1 + number % 2],
        if_pressed="材料不全的，先登记，补齐以后接着办，不用重新排队。",
        transfer=f"{place}教育体育局（拨打12345转接）",
        open=number % 7 == 6,
    )
    forecast = ForecastQuestion(
        question,
        round(0.95 - number * 0.02, 2),
        (
            Why(WhySource.CALENDAR, "每年12月是集中咨询期", 0.5),
            Why(WhySource.HOT, f"近四周有{40 - number % 40}件诉求", 0.3),
        ),
        variants=(f"{school}{act}怎么弄", f"{place}{act}去哪里"),
        facts=("d1#quota",),
        office="jichu",
        topic=TOPICS[number % len(TOPICS)],
        difficulty=list(Difficulty)[number % 3],
        risks=(Risk.ENROLMENT, Risk.DEADLINE) if number % 2 else (),
    )
    return QuestionCard(forecast, line)


def citation(number: int) -> Citation:
    """Different documents, some without a number or an end."""
    return Citation(
        document=f"d{number}",
        title=f"关于做好{_PLACES[number % 7]}中小学示例工作的通知（第{number + 1}号示例）",
        doc_no=f"示教〔2026〕{number + 1}号" if number % 4 != 3 else None,
        issuer="示例市教育体育局",
        clause=f"第{'一二三四五六七'[number % 7]}条",
        quote="材料齐全的当场受理。",
        facts=("quota",),
        status="in_force",
        valid_from=date(2026, 1, 1),
        valid_to=date(2027, 12, 31) if number % 2 else None,
    )


def gap(question: str) -> OpenQuestion:
    """A question without an answer, with what can be said until there is one."""
    return OpenQuestion(
        question,
        0.4,
        (Why(WhySource.GAP, "近两个月问过6次，没有公开答案", 0.4),),
        office="学校安全管理科",
        ask="这件事有没有规定，由谁答复，什么时候能公布。",
        hold="您的问题我们记下了，由学校安全管理科在五个工作日内答复您。",
        variants=("换一种问法",),
        history=replace(citation(2), status="expired"),
    )


def review(sealed: bool) -> Review:
    """三审: sealed after three passes, or with the second still to come."""
    names = (
        ("周一航", ReviewStep.FIRST),
        (f"陈{RARE[1:3]}", ReviewStep.SECOND),
        ("李明理", ReviewStep.FINAL),
    )
    acts = tuple(
        ReviewAct(step, by, True, "口径准确，依据齐全。", datetime(2026, 12, 2 + n, 9, 30), 2)
        for n, (by, step) in enumerate(names[: 3 if sealed else 1])
    )
    waiting = None if sealed else ReviewStep.SECOND
    return Review("B20261210-hotline-1", 2, f"王{RARE[3]}", acts, waiting, SHA256 if sealed else "")


def _findings(cards: tuple[QuestionCard, ...]) -> tuple[Finding, ...]:
    general = Finding(FindingKind.CONFLICT, Severity.WARNING, "市里和县里的材料要求不同。")
    if not cards:
        return (general,)
    first = cards[0]
    start = first.line.text.index("当场受理")
    promise = Finding(
        FindingKind.OVERCLAIM,
        Severity.ERROR,
        "“当场受理”比依据说得重，依据只说“及时受理”。",
        start,
        start + 4,
        "《示例入学办法》第三条",
        first.forecast.question,
    )
    return promise, general
