"""What the checks find in lines that somebody edited. All lines are invented."""

from __future__ import annotations

from datetime import date

import pytest

from bot.briefing.checking.lines import check_briefing, check_line
from bot.briefing.models import (
    Briefing,
    EarlierAnswer,
    Event,
    EventKind,
    Finding,
    FindingKind,
    ForecastQuestion,
    LineToTake,
    QuestionCard,
    Severity,
)
from bot.models import Citation, OfficeCard
from knowledge.library import Library

DAY = date(2026, 12, 10)
LOAN = "03-zhuxue-daikuan-2023#quota_2024"
HOMEWORK = "05-shuangjian#homework_cap"
GRADES = "09-xuexiao-baohu#grades_privacy"
PHONES = "12-shuimian-shouji#phone_rule"
BOARDERS = "10-xuesheng-zizhu#compulsory_2024"


def line(text: str, *refs: str, office: OfficeCard | None = None) -> LineToTake:
    parts = [ref.partition("#") for ref in refs]
    basis = tuple(
        Citation(document, "", None, "", "", "", (key,), "in_force", None, None) for document, _, key in parts
    )
    return LineToTake(text, max(1, len(text) // 4), basis, office=office)


def check(
    library: Library, text: str, *refs: str, on: date = DAY, earlier: tuple[EarlierAnswer, ...] = ()
) -> list[Finding]:
    """Findings without the remark on length: these lines are short on purpose."""
    found = check_line("", line(text, *refs), library, on, earlier)
    return [one for one in found if one.kind is not FindingKind.LENGTH]


def errors(library: Library, text: str, *refs: str, on: date = DAY) -> set[FindingKind]:
    return {one.kind for one in check(library, text, *refs, on=on) if one.severity is Severity.ERROR}


def test_a_true_line_passes(library: Library) -> None:
    text = (
        "您好，助学贷款从2024年秋季学期起，本专科生一年最高两万元，研究生最高两万五千元。"
        "批不批由经办银行决定，我不能保证一定批下来。请向市学生资助管理中心咨询，也可以打12345。"
    )
    assert check(library, text, LOAN) == []


def test_an_amount_that_the_basis_does_not_have_is_found_at_its_place(library: Library) -> None:
    text = "研究生一年最高可以贷三万元。"
    (found,) = check(library, text, LOAN)
    assert (found.kind, found.severity) == (FindingKind.FIGURE, Severity.ERROR)
    assert text[found.start : found.end] == "三万元"
    assert "财教〔2024〕188号" in found.clause
    assert "25000元" in found.clause


def test_amounts_given_to_each_other_s_group_are_found(library: Library) -> None:
    text = "本专科生每人每年最高25000元，研究生每人每年最高20000元。"
    assert FindingKind.FIGURE in errors(library, text, LOAN)


def test_an_amount_that_the_other_group_has_now_and_this_one_had_before_is_found(library: Library) -> None:
    assert FindingKind.STALE in errors(library, "困难寄宿生初中每生每年1250元。", BOARDERS)


def test_another_unit_with_the_same_number_is_found(library: Library) -> None:
    text = "收到申请之日起20天答复。"
    assert FindingKind.FIGURE in errors(library, text, "13-zhengfu-xinxi-gongkai#reply_20")


def test_a_limit_turned_round_and_another_period_are_found(library: Library) -> None:
    online = "线上培训课程间隔不超过10分钟。"
    assert FindingKind.FIGURE in errors(library, online, "05-shuangjian#online_limits")
    assert FindingKind.FIGURE in errors(library, "小学困难寄宿生每月1250元。", BOARDERS)


@pytest.mark.parametrize(
    "text",
    [
        "从2025年春季学期起，助学贷款额度提高。",
        "依据是财教〔2023〕188号。",
    ],
)
def test_another_date_or_document_number_is_found(library: Library, text: str) -> None:
    assert FindingKind.DATE in errors(library, text, LOAN)


def test_an_article_that_is_not_the_one_cited_is_found(library: Library) -> None:
    ref = "13-zhengfu-xinxi-gongkai#proactive_20"
    assert FindingKind.DATE in errors(library, "这是条例第十六条写明的。", ref)
    assert FindingKind.DATE not in errors(library, "这是条例第二十六条写明的。", ref)


def test_the_number_of_the_basis_office_is_allowed(library: Library) -> None:
    ref = "13-zhengfu-xinxi-gongkai#reply_20"
    assert check(library, "请打局办公室电话0563-3033013，或者12345。", ref) == []
    assert FindingKind.FIGURE in errors(library, "请打办公室电话0563-3099999。", ref)


@pytest.mark.parametrize(
    ("text", "ref"),
    [
        ("中小学生一律不得带手机进校园，没有例外。", PHONES),
        ("教师必须当场点名批评违纪情节较轻的学生。", "09-xuexiao-baohu#discipline_light"),
        ("每所小学都已经配到了理工类硕士科学教师。", "07-kexue-jiaoyu#master_teacher"),
        ("学校体育设施必须免费向社会开放。", "L05-xuexiao-tiyu-kaifang#one_field_two_gates"),
    ],
)
def test_what_is_stronger_than_its_basis_is_found(library: Library, text: str, ref: str) -> None:
    assert FindingKind.OVERCLAIM in errors(library, text, ref)


@pytest.mark.parametrize(
    ("text", "ref"),
    [
        ("学校和教师尽量不公开学生的考试成绩和名次排名。", GRADES),
        ("课堂上不提倡带手机。", PHONES),
        ("申请公开政府信息可以采用书面形式。", "13-zhengfu-xinxi-gongkai#how_to_apply"),
    ],
)
def test_what_is_weaker_than_its_basis_is_found(library: Library, text: str, ref: str) -> None:
    assert FindingKind.UNDERCLAIM in errors(library, text, ref)


@pytest.mark.parametrize(
    ("text", "ref"),
    [
        ("小学一二年级可以布置家庭书面作业。", HOMEWORK),
        ("大班的伙食费、住宿费也一起免了。", "08-youeryuan-dudao#free_year_excludes"),
        ("义务教育的教科书要家长自己花钱买。", "10-xuesheng-zizhu#two_free"),
        ("带手机进校不需要家长同意。", PHONES),
        ("课后服务学生都要参加。", "05-shuangjian#after_school_end"),
        ("热线话务员有执法权。", "14-12345-zhidao-yijian#duty_split"),
    ],
)
def test_a_yes_where_the_basis_says_no_is_found(library: Library, text: str, ref: str) -> None:
    assert FindingKind.POLARITY in errors(library, text, ref)


@pytest.mark.parametrize(
    ("text", "ref"),
    [
        ("课后服务是自愿的，孩子可以不参加。", "05-shuangjian#after_school_end"),
        ("公办园大班不收保育教育费了。", "08-youeryuan-dudao#free_year"),
        ("伙食费、住宿费不在免的里面。", "08-youeryuan-dudao#free_year_excludes"),
        ("学校不能把学生的成绩排名发在群里公开。", GRADES),
    ],
)
def test_the_same_in_other_words_is_no_contradiction(library: Library, text: str, ref: str) -> None:
    assert check(library, text, ref) == []


@pytest.mark.parametrize(
    "text",
    ["我保证孩子这个月就能拿到贷款。", "您放心，这笔贷款肯定批下来。", "明天就给您办好。"],
)
def test_a_promise_of_a_result_is_found(library: Library, text: str) -> None:
    assert FindingKind.PROMISE in errors(library, text, LOAN)


@pytest.mark.parametrize(
    "text",
    ["我不能保证一定批下来。", "这件事我们一定认真核实。", "没有说一律都能批。", "家长一定要看清楚合同。"],
)
def test_a_denied_promise_and_one_of_procedure_are_none(library: Library, text: str) -> None:
    assert errors(library, text, LOAN) == set()


def test_what_no_clause_carries_is_found(library: Library) -> None:
    text = "被欺凌的学生转学，路费由区财政报销，另外发慰问金八百元。"
    assert FindingKind.NO_BASIS in errors(library, text, "09-xuexiao-baohu#bullying")


def test_a_line_without_a_basis_or_with_one_that_does_not_exist_is_found(library: Library) -> None:
    assert errors(library, "大班免收保育教育费。") == {FindingKind.NO_BASIS}
    assert FindingKind.NO_BASIS in errors(library, "大班免收保育教育费。", "08-youeryuan-dudao#no_such_fact")


def test_a_basis_of_low_confidence_must_not_be_used(library: Library) -> None:
    ref = "08-youeryuan-dudao#cycle_2023"
    assert FindingKind.NO_BASIS in errors(library, "评估周期见新办法。", ref)


def test_a_replaced_basis_is_found_whatever_the_citation_says(library: Library) -> None:
    text = "本专科生助学贷款每人每年最高16000元。"
    assert FindingKind.STALE in errors(library, text, "03-zhuxue-daikuan-2023#quota_2023")


def test_the_same_line_was_right_when_its_basis_held(library: Library) -> None:
    text = "本专科生助学贷款每人每年最高16000元。"
    assert errors(library, text, "03-zhuxue-daikuan-2023#quota_2023", on=date(2024, 3, 1)) == set()


def test_a_former_amount_is_found_unless_it_is_given_as_former(library: Library) -> None:
    ref = "10-xuesheng-zizhu#high_school_grant"
    assert FindingKind.STALE in errors(library, "高中国家助学金平均每生每年2000元。", ref)
    assert errors(library, "高中国家助学金平均每生每年2300元，此前是2000元。", ref) == set()


def test_a_basis_that_ends_soon_after_the_event_is_pointed_out(library: Library) -> None:
    ref = "L02-teshu-jiaoyu#mechanism"
    found = check(library, "以县为单位健全残疾儿童入学安置机制。", ref, on=date(2025, 12, 1))
    assert (FindingKind.STALE, Severity.WARNING) in {(one.kind, one.severity) for one in found}


def test_a_basis_that_is_not_in_force_yet_is_found(library: Library) -> None:
    ref = "08-youeryuan-dudao#free_year"
    text = "公办园大班免收保育教育费。"
    assert FindingKind.STALE in errors(library, text, ref, on=date(2025, 3, 1))


def test_personal_data_are_found(library: Library) -> None:
    text = "刚才来电的家长手机是13812340000。"
    (found,) = (one for one in check(library, text, LOAN) if one.kind is FindingKind.PERSONAL)
    assert text[found.start : found.end] == "13812340000"


EARLIER = EarlierAnswer(
    "本科生助学贷款一年最高多少", "本专科生每人每年最高16000元。", date(2024, 3, 5), "2024年3月5日在线访谈"
)


def test_another_figure_than_at_an_earlier_event_is_found(library: Library) -> None:
    found = check(library, "本专科生每人每年最高20000元。", LOAN, earlier=(EARLIER,))
    (differing,) = (one for one in found if one.kind is FindingKind.EARLIER_ANSWER)
    assert "2024年3月5日在线访谈" in differing.message
    assert "16000元" in differing.message


def test_an_earlier_figure_that_the_line_explains_is_no_conflict(library: Library) -> None:
    text = "本专科生每人每年最高20000元，以前是16000元，那是2023年的标准。"
    assert check(library, text, LOAN, earlier=(EARLIER,)) == []


def test_an_earlier_answer_about_another_matter_is_passed_over(library: Library) -> None:
    other = EarlierAnswer("游泳馆一次多少钱", "游泳馆每人每次16000元是误传。", None, "往期")
    assert check(library, "本专科生每人每年最高20000元。", LOAN, earlier=(other,)) == []


def test_an_earlier_yes_against_todays_no_is_found(library: Library) -> None:
    earlier = EarlierAnswer("老师能发排名吗", "老师可以公开学生的考试成绩和名次排名。", None, "往期热线")
    found = check(library, "学校和教师不得公开学生的考试成绩和名次排名。", GRADES, earlier=(earlier,))
    assert [one.kind for one in found] == [FindingKind.EARLIER_ANSWER]


def test_a_line_that_cannot_be_said_in_a_minute_is_pointed_out(library: Library) -> None:
    found = check_line("", line("学校和教师不得公开学生的考试成绩。", GRADES), library, DAY)
    assert [(one.kind, one.severity) for one in found] == [(FindingKind.LENGTH, Severity.WARNING)]


def test_markup_in_a_line_is_text(library: Library) -> None:
    assert errors(library, "<b>三万元</b> {0} %s [x](y)", LOAN) >= {FindingKind.FIGURE}


def test_findings_of_a_briefing_name_their_question(library: Library) -> None:
    cards = tuple(
        QuestionCard(ForecastQuestion(question, 0.5, ()), line(text, ref))
        for question, text, ref in (
            ("贷款多少", "研究生最高三万元。", LOAN),
            ("成绩排名", "学校可以公开学生的考试成绩和名次排名。", GRADES),
        )
    )
    briefing = Briefing(Event(EventKind.HOTLINE, DAY), DAY, cards)
    kinds = {(one.question, one.kind) for one in check_briefing(briefing, library)}
    assert {("贷款多少", FindingKind.FIGURE), ("成绩排名", FindingKind.POLARITY)} <= kinds


def test_every_statement_of_the_library_passes_as_its_own_line(library: Library) -> None:
    """A fact said in its own words on a day when it holds contradicts itself in nothing."""
    wrong = []
    for ref, fact in library.citable_facts.items():
        found = errors(library, fact.statement, ref)
        if found - {FindingKind.STALE}:
            wrong.append((ref, found))
    assert len(wrong) <= 0.05 * len(library.citable_facts), wrong
