"""The list of what to publish next, made with the real assistant and its library."""

from __future__ import annotations

from collections.abc import Callable

from bot.models import Answer, Outcome
from bot.signals.gaps import Asked, find_gaps


def asked(question: str, matter: str = "c11", **changes: object) -> Asked:
    values: dict[str, object] = {"office": "jichu", "source": "message", "ref": question, "user": question}
    return Asked(question, matter, **(values | changes))  # type: ignore[arg-type]


def knowing(*known: str) -> Callable[[str], Answer]:
    """Answers only these questions; what contains 身份证 is somebody else's."""

    def answer(question: str) -> Answer:
        if "身份证" in question:
            return Answer(Outcome.REDIRECT, "找公安")
        return Answer(Outcome.ANSWERED if question in known else Outcome.ABSTAINED, "")

    return answer


def test_only_what_is_not_answered_is_a_gap() -> None:
    questions = [asked("作业最多多久"), asked("延时班几点结束"), asked("身份证在哪里办")]
    report = find_gaps(questions, knowing("作业最多多久"), limit=10)
    assert [gap.question for gap in report.gaps] == ["延时班几点结束"]
    assert (report.looked_at, report.answered, report.redirected, report.left_out) == (3, 1, 1, 0)


def test_wordings_of_one_question_are_one_gap_and_counted() -> None:
    questions = [
        asked("课后服务一个学期收多少钱", user="a"),
        asked("课后服务一学期要收多少钱？", user="b", source="bot", ref="", times=9),
        asked("课后服务一个学期收多少钱", user="a", times=2),
        asked("课后服务一个学期收多少钱", "c06", user="c"),
        asked("操场什么时候翻新", user="d"),
    ]
    gaps = find_gaps(questions, knowing(), limit=10).gaps
    first = gaps[0]
    assert first.question == "课后服务一学期要收多少钱？", "the wording asked most often leads"
    assert (first.times, first.people, first.from_bot) == (13, 3, 9)
    assert first.wordings == ("课后服务一个学期收多少钱",)
    assert {gap.matter for gap in gaps} == {"c11"}, (
        "a word-for-word repeat is asked once, under its first matter"
    )
    assert gaps[1].question == "操场什么时候翻新"


def test_a_topic_speaks_through_a_few_and_is_one_gap() -> None:
    topic = [
        asked(text, topic="t1")
        for text in ("校服能不买吗", "不订可以吗", "统一着装合规吗", "价格谁定的", "可否退货")
    ]
    calls: list[str] = []

    def answer(question: str) -> Answer:
        calls.append(question)
        return Answer(Outcome.ABSTAINED, "")

    report = find_gaps(topic, answer, limit=10)
    assert len(calls) == 3
    (gap,) = report.gaps
    assert gap.times == 5


def test_the_same_wording_from_a_file_and_from_the_bot() -> None:
    same = [asked("操场什么时候翻新"), asked("操场什么时候翻新", source="bot", times=2)]
    (gap,) = find_gaps(same, knowing(), limit=5).gaps
    assert (gap.times, gap.from_bot) == (3, 2)


def test_what_is_beyond_the_limit_is_told() -> None:
    questions = [asked(f"第{number}所学校的电话是多少号码{number * 7919}") for number in range(8)]
    report = find_gaps(questions, knowing(), limit=5)
    assert (report.looked_at, report.left_out) == (5, 3)
    assert find_gaps([], knowing(), limit=5).gaps == ()
