"""Lines to take from the real library."""

from __future__ import annotations

import re
from datetime import date

import pytest

from bot.briefing.lines import LineWriter, characters
from bot.briefing.models import ForecastQuestion, LineToTake, QuestionCard, Risk
from knowledge.figures import figures, unsupported
from knowledge.library import Library
from knowledge.models import Status
from knowledge.validity import fact_status

DAY = date(2026, 12, 10)
SERVICE = {"12345", "110", "119", "120", "122", "24"}


@pytest.fixture(scope="module")
def writer(library: Library) -> LineWriter:
    return LineWriter(library, DAY)


@pytest.fixture(scope="module")
def lines(library: Library, writer: LineWriter) -> dict[str, LineToTake]:
    """Every line that can be written: of all FAQ entries and of all facts."""
    asked = {entry.id: of_entry(library, entry.id) for entry in library.citable_faq}
    asked |= {ref: of_fact(library, ref) for ref in library.citable_facts}
    written = {key: writer.write(question) for key, question in asked.items()}
    return {key: line for key, line in written.items() if line}


def of_entry(library: Library, entry_id: str, risks: tuple[Risk, ...] = ()) -> ForecastQuestion:
    entry = next(entry for entry in library.citable_faq if entry.id == entry_id)
    return ForecastQuestion(
        entry.question, 0.5, (), facts=entry.facts, faq=entry.id, document=entry.document, risks=risks
    )


def of_fact(library: Library, ref: str, risks: tuple[Risk, ...] = ()) -> ForecastQuestion:
    fact = library.facts[ref]
    asked = fact.asks[0] if fact.asks else fact.statement
    return ForecastQuestion(asked, 0.5, (), facts=(ref,), document=fact.document, risks=risks)


def line_of(writer: LineWriter, question: ForecastQuestion) -> LineToTake:
    line = writer.write(question)
    assert line is not None
    return line


def test_most_of_the_library_has_a_line(lines: dict[str, LineToTake]) -> None:
    assert len(lines) > 400


def test_every_figure_stands_in_the_basis(library: Library, lines: dict[str, LineToTake]) -> None:
    wrong = {}
    for key, line in lines.items():
        parts = [" 12345 24小时 "]
        for cited in line.basis:
            brief = library.facts[f"{cited.document}#{cited.facts[0]}"].brief
            parts.append(f"{cited.quote} {brief} {cited.title} {cited.doc_no} {cited.clause}")
        if missing := unsupported(line.text, " ".join(parts)):
            wrong[key] = missing
    assert wrong == {}


def test_the_basis_is_in_force_on_the_day(library: Library, lines: dict[str, LineToTake]) -> None:
    for key, line in lines.items():
        assert line.basis, key
        for cited in line.basis:
            assert cited.status == Status.IN_FORCE.value, key
            fact = library.facts[f"{cited.document}#{cited.facts[0]}"]
            assert fact_status(fact, library.document_of(fact), DAY) is Status.IN_FORCE, key


def test_every_spoken_figure_is_listed_with_its_fact(lines: dict[str, LineToTake]) -> None:
    for key, line in lines.items():
        listed = figures(" ".join(figure.text for figure in line.figures))
        measured = re.sub("依据是[^。]*。", "", line.text)  # a year in a title measures nothing
        assert figures(measured) - listed <= SERVICE, key
        assert all(figure.meaning and figure.fact for figure in line.figures), key


def test_a_figure_belongs_to_the_fact_that_is_spoken_of(library: Library, writer: LineWriter) -> None:
    line = line_of(writer, of_entry(library, "13-zhengfu-xinxi-gongkai!faq-1"))
    held_by = {figure.meaning: figure.fact.partition("#")[2] for figure in line.figures}
    assert held_by["收到申请之日起…内答复"] == "reply_20"
    assert held_by["应当自形成或者变更之日起…内公开"] == "proactive_20"


def test_lines_can_be_said_in_a_minute(lines: dict[str, LineToTake]) -> None:
    assert all(characters(line.text) <= 250 for line in lines.values())
    assert all(line.speak_seconds <= 63 for line in lines.values())
    long_enough = sum(characters(line.text) >= 120 for line in lines.values())
    assert long_enough / len(lines) > 0.65


def test_lines_are_speech(lines: dict[str, LineToTake]) -> None:
    for key, line in lines.items():
        assert not set("（）()[]\n") & set(line.text), key
        assert line.text.endswith("。"), key
        assert not any(doubled in line.text for doubled in ("。。", "，。", "，，", "。，")), key


def test_the_direct_answer_comes_first(library: Library, writer: LineWriter) -> None:
    line = line_of(writer, of_entry(library, "05-shuangjian!faq-8"))
    assert line.text.startswith("不行。")
    ruled = line_of(writer, of_fact(library, "03-zhuxue-daikuan-2023#quota_2024"))
    assert ruled.text.startswith("现行助学贷款上限：本专科生每人每年2万元，研究生每人每年2.5万元。")


def test_a_former_figure_is_only_said_to_who_insists(library: Library, writer: LineWriter) -> None:
    question = of_entry(library, "03-zhuxue-daikuan-2023!faq-2", (Risk.STALE,))
    line = line_of(writer, question)
    assert "1.6万元" not in line.text
    assert "16000" not in line.text
    assert "以前" in line.if_pressed
    assert "1.6万元" in line.if_pressed
    noted = line_of(writer, of_fact(library, "10-xuesheng-zizhu#high_school_grant"))
    assert "2000元" not in noted.text
    assert "此前为2000元" in noted.if_pressed


def test_a_replaced_fact_is_answered_with_what_replaced_it(library: Library, writer: LineWriter) -> None:
    line = line_of(writer, of_fact(library, "03-zhuxue-daikuan-2023#quota_2021"))
    assert line.basis[0].facts[0] == "quota_2024"


def test_what_has_ended_has_no_line(library: Library, writer: LineWriter) -> None:
    assert writer.write(of_fact(library, "11-anhui-quanmin-jianshen#ah_targets")) is None
    assert writer.write(ForecastQuestion("明年春假放几天", 0.5, ())) is None


def test_lines_of_another_day_rest_on_that_day(library: Library) -> None:
    line = LineWriter(library, date(2024, 3, 1)).write(of_fact(library, "03-zhuxue-daikuan-2023#quota_2023"))
    assert line is not None
    assert "1.6万元" in line.text
    assert "2.5万元" not in line.text


def test_what_the_text_leaves_open_is_said_plainly(library: Library, writer: LineWriter) -> None:
    line = line_of(writer, of_entry(library, "03-zhuxue-daikuan-2023!faq-18"))
    assert line.open
    assert "没有写" in line.text
    assert "文件没有写的" in line.if_pressed
    assert any("公开文件没有写" in warning for warning in line.do_not_promise)


def test_an_exception_comes_before_background(library: Library, writer: LineWriter) -> None:
    line = line_of(writer, of_fact(library, "12-shuimian-shouji#phone_rule"))
    assert "不得" in line.text
    assert "确有需要" in line.text
    assert "家长同意" in line.text


def test_warnings_of_the_document_and_of_the_risk(library: Library, writer: LineWriter) -> None:
    question = of_entry(library, "01-xiaowai-peixun-chufa!faq-5", (Risk.MONEY, Risk.PENALTY))
    line = line_of(writer, question)
    assert line.do_not_promise[0].startswith("不答应一定退费")
    assert any("不认定违规违法" in warning for warning in line.do_not_promise)
    assert "不能凭一个电话下结论" in line.if_pressed


def test_the_next_remedy_is_named_where_a_fact_carries_it(library: Library, writer: LineWriter) -> None:
    line = line_of(writer, of_fact(library, "09-xuexiao-baohu#discipline_serious"))
    assert "15个工作日内向学校提出申诉" in line.if_pressed
    assert "第十条作出的" in line.if_pressed
    assert "appeal" in [cited.facts[0] for cited in line.basis]


def test_a_telephone_is_only_given_where_it_is_confirmed(
    library: Library, lines: dict[str, LineToTake]
) -> None:
    for key, line in lines.items():
        assert line.office is not None
        assert line.transfer, key
        if not library.offices[line.office.id].confirmed:
            assert line.transfer.startswith("12345 转 "), key


def test_the_responsible_office_and_those_beside_it(library: Library, writer: LineWriter) -> None:
    line = line_of(writer, of_fact(library, "10-xuesheng-zizhu#two_free"))
    assert line.office is not None
    assert line.office.name == "市学生资助管理中心"
    assert "职业教育与成人教育科" in line.co_offices


def test_documents_stand_once_without_a_quote(library: Library, writer: LineWriter) -> None:
    asked = ["05-shuangjian!faq-1", "05-shuangjian!faq-3", "04-zhaosheng-ruxue-2023!faq-3"]
    cards = [QuestionCard(of_entry(library, one), line_of(writer, of_entry(library, one))) for one in asked]
    documents = writer.documents(cards)
    titles = [cited.title for cited in documents]
    assert len(titles) == len(set(titles))
    assert titles[0] == library.documents["05-shuangjian"].title
    assert all(cited.quote == "" and cited.facts == () for cited in documents)
    assert all(cited.status == "in_force" for cited in documents), "a law stands for itself"


def test_the_same_question_gives_the_same_line(library: Library, writer: LineWriter) -> None:
    question = of_entry(library, "10-xuesheng-zizhu!faq-2")
    assert writer.write(question) == LineWriter(library, DAY).write(question)
