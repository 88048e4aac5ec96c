"""What a reply is worth, on the real library."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.rehearsal.models import Grade, Mark, Verdict

GradeReply = Callable[..., Grade]

LOAN = "本科生助学贷款一年最多能贷多少"
QUOTA = "03-zhuxue-daikuan-2023#quota_2024"


@pytest.mark.parametrize(
    ("question", "reply"),
    [
        (LOAN, "本科生一年最高两万块，从2024年秋天开始的。"),
        (LOAN, "以前是一万六，那是老标准；现在本科生每人每年最高20000元。"),
        (LOAN, "我不敢保证一定能批，要看银行；上限是本科生一年两万元。"),
        ("五年级书面作业最多写多久", "平均一个钟头以内。"),
        ("学校能不能公布成绩排名", "不行，成绩和名次都不得公开，家长可以单独了解自己孩子的。"),
        ("大班伙食费免不免", "伙食费照收，免的只是大班的保教费。"),
        ("无证办培训班罚多少", "按违法所得罚一倍到五倍，还要停办、退费。"),
    ],
)
def test_a_right_reply_in_spoken_words_is_good(grade: GradeReply, question: str, reply: str) -> None:
    assert grade(question, reply).verdict is Verdict.GOOD


@pytest.mark.parametrize(
    ("question", "reply"),
    [
        (LOAN, "本科生一年最高三万元，手续很简单，欢迎您来办理，有问题再打12345。"),
        ("五年级书面作业最多写多久", "平均九十分钟以内。"),
        ("学校能不能公布成绩排名", "可以，学校公布成绩和名次是允许的。"),
        ("暑假机构能补数学吗", "寒暑假可以组织，周末不行。"),
        ("大班伙食费免不免", "伙食费和保教费一起都免了。"),
        ("网课晚上最晚到几点", "最晚可以上到晚上十点。"),
        ("处分不服几天内申诉", "三十个工作日内向学校申诉，再不服找主管教育部门复核。"),
    ],
)
def test_one_wrong_statement_makes_a_reply_wrong(grade: GradeReply, question: str, reply: str) -> None:
    found = grade(question, reply)
    assert found.verdict is Verdict.WRONG
    (wrong,) = [mark for mark in found.facts if mark.mark is Mark.WRONG]
    assert wrong.said in reply
    assert wrong.said


def test_a_value_of_another_group_is_wrong(grade: GradeReply) -> None:
    swapped = "小学每年1500元，初中每年1250元。"
    assert grade("困难寄宿生小学和初中各补多少", swapped).verdict in {Verdict.WRONG, Verdict.STALE}
    assert grade("困难寄宿生小学和初中各补多少", "小学每年1250元，初中每年1500元。").verdict is Verdict.GOOD


def test_a_former_value_said_as_current_is_stale(grade: GradeReply) -> None:
    found = grade(LOAN, "现在本科生每人每年最高一万六千元。")
    assert found.verdict is Verdict.STALE
    assert [(mark.fact, mark.mark) for mark in found.facts if mark.decisive] == [(QUOTA, Mark.STALE)]


def test_an_ended_figure_said_as_current_is_stale_and_marked_as_past_is_not(grade: GradeReply) -> None:
    question = "宣城现在有多少家学科类培训机构"
    assert grade(question, "目前全市一共是16家，比以前少多了。").verdict is Verdict.STALE
    marked = grade(question, "2021年底公布的是压减到16所，那是当时的数字，以后的没有公布。")
    assert marked.verdict is not Verdict.STALE


def test_half_of_what_is_asked_is_partial(grade: GradeReply) -> None:
    found = grade("本科生和研究生一年各能贷多少", "本科生每人每年最高两万元。")
    assert found.verdict is Verdict.PARTIAL
    assert "25000" in found.reason


@pytest.mark.parametrize(
    "promise",
    ["您放心，肯定给您批下来。", "这事包在我身上。", "我向您保证下周就到账。", "明天就能给您办好。"],
)
def test_a_promise_is_over_promising_however_right_the_rest(grade: GradeReply, promise: str) -> None:
    found = grade(LOAN, f"本科生一年最高两万元。{promise}")
    assert found.verdict is Verdict.OVER_PROMISING
    assert found.facts[0].mark is Mark.STATED
    assert any(remark.kind == "over_promise" and remark.said in promise for remark in found.remarks)


def test_wrong_comes_before_over_promising(grade: GradeReply) -> None:
    assert grade(LOAN, "本科生一年最高三万元。您放心，肯定给您批下来。").verdict is Verdict.WRONG


def test_for_all_where_the_rule_is_general_is_over_promising(grade: GradeReply) -> None:
    question = "小学生晚上几点睡有规定吗"
    said = "小学生一般不晚于21:20，每个家庭都必须做到。"
    assert grade(question, said).verdict is Verdict.OVER_PROMISING


@pytest.mark.parametrize(
    "reply",
    [
        "",
        "您好，感谢您的来电，您反映的情况我们已经记下了，会高度重视。",
        "这个问题比较复杂，我们按有关规定认真研究，请您耐心等待。",
        "嗯，啊，好的，知道了。",
    ],
)
def test_courtesy_alone_is_empty(grade: GradeReply, reply: str) -> None:
    found = grade(LOAN, reply)
    assert found.verdict is Verdict.EMPTY
    assert {mark.mark for mark in found.facts} <= {Mark.MISSED}


@pytest.mark.parametrize(
    "reply", ["小区停车收费的事归城管和物业，您打物业电话。", "手机原则上不得带入校园，要家长书面申请。"]
)
def test_another_matter_is_off_topic(grade: GradeReply, reply: str) -> None:
    assert grade(LOAN, reply).verdict is Verdict.OFF_TOPIC


def test_without_a_published_fact_nothing_is_graded(grade: GradeReply) -> None:
    found = grade("学校校服一套最高能收多少钱", "夏装一百二，冬装两百六。")
    assert (found.verdict, found.score, found.facts) == (Verdict.CANNOT_GRADE, None, ())
    assert found.reason


def test_facts_of_a_briefing_are_taken_as_they_are_given(grade: GradeReply) -> None:
    found = grade("那到底是多少", "本科生一年最高两万元，研究生两万五。", [QUOTA])
    assert found.verdict is Verdict.GOOD
    assert [mark.fact for mark in found.facts if mark.decisive] == [QUOTA]
    assert grade("那到底是多少", "两万。", ["03-zhuxue-daikuan-2023#nothing"]).verdict is Verdict.CANNOT_GRADE


def test_a_mark_names_its_source(grade: GradeReply) -> None:
    (mark,) = [mark for mark in grade(LOAN, "本科生一年最高两万块。").facts if mark.decisive]
    assert "财教〔2024〕188号" in mark.source
    assert mark.said == "本科生一年最高两万块"


def test_scores_fall_from_good_to_wrong(grade: GradeReply) -> None:
    good = grade(LOAN, "本科生一年最高两万块，2024年秋季学期开始执行。").score
    wrong = grade(LOAN, "本科生一年最高三万块，2024年秋季学期开始执行。").score
    assert good == 100
    assert wrong is not None
    assert wrong < good


def test_tone_length_office_and_personal_data_are_remarked(grade: GradeReply) -> None:
    rude = grade(LOAN, "说了多少遍了，本科生一年最高两万元，联系人手机13800001111。")
    assert {"tone", "personal"} <= {remark.kind for remark in rude.remarks}
    assert not rude.office_given
    assert grade(LOAN, "本科生一年两万，找学生资助管理中心办。").office_given
    long = grade(LOAN, "本科生一年最高两万元。" * 30)
    assert "length" in {remark.kind for remark in long.remarks}
    assert long.seconds == 75


def test_a_time_limit_counts_only_where_the_facts_have_one(grade: GradeReply) -> None:
    question = "信息公开申请多少天答复"
    assert grade(question, "收到申请之日起二十个工作日内答复。").deadline_given is True
    assert grade(question, "会尽快答复的，申请收到以后就办。").deadline_given is False
    assert grade("孩子能带手机去学校吗", "原则上不能带进校园。").deadline_given is None


def test_text_of_a_reply_is_data_and_never_fails(grade: GradeReply) -> None:
    for reply in ("<b>两万</b>{x}\\n", "🙂" * 50, "1" * 3000, "，，。。（（", "\x00\ud800"):
        assert grade(LOAN, reply).reply == reply


def test_the_same_reply_gets_the_same_grade(grade: GradeReply) -> None:
    reply = "小学生和初中生都有补助，现在小学一千，初中一千二百五。"
    assert grade("困难寄宿生补多少", reply) == grade("困难寄宿生补多少", reply)
