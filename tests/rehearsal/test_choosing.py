"""Which questions are asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bot.briefing.models import Difficulty, Risk
from bot.rehearsal.choosing import Earlier, about, choose, standing_questions, with_line
from knowledge.figures import figures
from knowledge.library import Library
from knowledge.models import Status
from knowledge.validity import fact_status
from tests.rehearsal.grades import ON, question

LOANS = "03-zhuxue-daikuan-2023#quota_2024"


def test_no_two_questions_share_a_fact(library: Library) -> None:
    chosen = choose(standing_questions(library, ON), 40, 3, {})
    facts = [ref for one in chosen for ref in one.facts]
    assert len(chosen) == 40
    assert len(facts) == len(set(facts))


def test_only_facts_in_force_on_the_day_are_practised(library: Library) -> None:
    for day in (date(2023, 10, 1), ON):
        for one in standing_questions(library, day):
            for ref in one.facts:
                fact = library.facts[ref]
                assert fact_status(fact, library.document_of(fact), day) is Status.IN_FORCE
    assert any(LOANS in one.facts for one in standing_questions(library, ON))
    assert not any(LOANS in one.facts for one in standing_questions(library, date(2023, 10, 1)))


def test_a_line_is_written_as_in_a_briefing(library: Library) -> None:
    quota = next(one for one in standing_questions(library, ON) if LOANS in one.facts)
    line = with_line(quota, library, ON).line
    assert "20000" in figures(line)
    assert "学生资助" in line
    own = replace(quota, line="另有口径。")
    assert with_line(own, library, ON) == own


def test_the_same_seed_gives_the_same_questions(library: Library) -> None:
    questions = standing_questions(library, ON)
    assert choose(questions, 8, 5, {}) == choose(questions, 8, 5, {})
    assert choose(questions, 8, 5, {}) != choose(questions, 8, 6, {})


def test_the_likeliest_hardest_and_riskiest_come_first() -> None:
    plain = [question(f"平常{n}") for n in range(9)]
    likely = replace(question("多半会问"), likelihood=0.9)
    hard = replace(question("难"), difficulty=Difficulty.HARD)
    risky = replace(question("有风险"), risks=(Risk.MONEY, Risk.STALE))
    chosen = choose([*plain, risky, hard, likely], 3, 0, {})
    assert [one.question for one in chosen] == ["多半会问", "难", "有风险"]


def test_what_went_badly_comes_first_and_what_went_well_last() -> None:
    bad, worse, good, fresh = (question(name) for name in ("差", "更差", "好", "新"))
    earlier = {
        bad.matter: Earlier(40, False),
        worse.matter: Earlier(0, False),
        good.matter: Earlier(90, True),
    }
    chosen = choose([good, fresh, bad, worse], 4, 0, earlier)
    assert [one.question for one in chosen] == ["更差", "差", "新", "好"]


def test_the_same_facts_are_the_same_matter_whatever_the_words() -> None:
    asked = question("问法一", "文件#甲", "文件#乙")
    again = question("问法二", "文件#乙", "文件#甲")
    assert len(choose([asked, again], 2, 0, {})) == 1
    chosen = choose([question("别的"), again], 1, 0, {asked.matter: Earlier(10, False)})
    assert chosen == (again,)


def test_topics_take_in_what_is_a_kind_of_them(library: Library) -> None:
    questions = standing_questions(library, ON)
    aid = {one.document for one in about(questions, ["学生资助"], library)}
    assert {"03-zhuxue-daikuan-2023", "10-xuesheng-zizhu"} <= aid
    assert "12-shuimian-shouji" not in aid
    assert {one.document for one in about(questions, ["双减", "学生资助"], library)} > aid
    assert about(questions, ["养老保险"], library) == ()
