"""Slips are mended towards the library's words, and what was right stays as it was typed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.dialogue.spelling import Speller
from index.analysis import normalise
from knowledge.library import Library

LAW_SENTENCES = Path(__file__).parents[4] / "shared" / "data" / "csc_law" / "pairs.jsonl"

TERMS = [
    *(
        "助学贷款",
        "校外培训",
        "校外培训机构",
        "课后服务",
        "睡眠时间",
        "校园欺凌",
        "教育惩戒",
        "就近入学",
        "研究生",
    ),
    *("学前教育法", "全民健身", "依申请公开", "幼小衔接", "义务教育", "书面作业", "特殊教育", "家庭经济困难"),
    *("未成年人学校保护", "小学生", "作业"),
]
TEXTS = ["助学贷款一年能贷多少", "小学生作业写多久", "孩子睡眠时间要多少", "课后服务几点结束"]

SAME_SOUND = {
    "助学代款一年能贷几万": "助学贷款",
    "住学贷款找谁": "助学贷款",
    "校外陪训怎么退钱": "校外培训",
    "课后服物几点结束": "课后服务",
    "孩子睡免时间": "睡眠时间",
    "校园期凌": "校园欺凌",
    "教育惩界有哪些": "教育惩戒",
    "就近入雪": "就近入学",
    "研九生能贷多少": "研究生",
}
DROPPED = {
    "校外训机构退费": "校外培训机构",
    "学前育法": "学前教育法",
    "课后服费用": "课后服务",
    "全民健计划": "全民健身",
    "依申公开": "依申请公开",
    "幼小衔怎么做": "幼小衔接",
}
REPLACED = {
    "义务教肓": "义务教育",
    "书面作亚": "书面作业",
    "特殊教盲": "特殊教育",
    "未成年人学校保沪": "未成年人学校保护",
    "家庭经济困唯": "家庭经济困难",
}
PINYIN = {
    "zhuxue daikuan": "助学贷款",
    "zhuxuedaikuan多少": "助学贷款多少",
    "zuoye写多久": "作业写多久",
    "xiaoxuesheng zuoye xie duojiu": "小学生作业写多久",
    "孩子shuimian shijian要多少": "孩子睡眠时间要多少",
}
CORRECT = [
    "励志奖学金现在发多少",
    "这件事是教育局管吗",
    "小学生每天晚上几点之前要睡觉",
    "我家孩子在外地上学能不能回宣城中考",
    "幼儿园的伙食费由谁来定",
    "初三学生周末可以补课吗",
    "老师让孩子罚站一节课算不算体罚",
    "校门口的小卖部能不能卖零食",
    "周末学校的操场让不让老百姓进去打球",
    "孩子转学要准备哪些材料",
    "民办学校收费要不要公示",
    "信息公开申请交上去多少天有答复",
    "爷爷奶奶能不能替孩子报名",
    "体育中考什么时候考",
    "学校不让带手机怎么跟孩子联系",
    "残疾孩子送教上门一周几次",
    "校车坏了换了辆面包车合适吗",
    "培训班的老师有没有教师资格证怎么看",
    "高中的助学金一年分几次打卡",
    "乡下学校并到镇上去怎么上学",
    "食堂饭菜不好找谁说",
    "户口在绩溪人在宁国打工孩子上哪里",
    "足球场晚上几点关灯",
    "这个学期期末考试还排名吗",
]
TURNED_WRONG = {
    "老师在群里发作业": "发 becomes 罚",
    "违纪情节较重或者经教育拒不改正的": "教育拒 becomes 教育局",
    "被扶养人住在国外": "a term of law becomes 被抚养人",
}


@pytest.fixture(scope="module")
def small() -> Speller:
    """Knows a few words, so that new wordings in the library change nothing here."""
    return Speller(TERMS, TEXTS)


@pytest.mark.parametrize(("typed", "meant"), SAME_SOUND.items())
def test_a_character_of_the_same_sound_is_mended(small: Speller, typed: str, meant: str) -> None:
    assert meant in small.correct(normalise(typed))


@pytest.mark.parametrize(("typed", "meant"), DROPPED.items())
def test_a_dropped_character_comes_back(small: Speller, typed: str, meant: str) -> None:
    assert meant in small.correct(normalise(typed))


@pytest.mark.parametrize(("typed", "meant"), REPLACED.items())
def test_a_character_of_another_sound_is_mended_in_long_words(small: Speller, typed: str, meant: str) -> None:
    assert meant in small.correct(normalise(typed))


@pytest.mark.parametrize(("typed", "meant"), PINYIN.items())
def test_pinyin_is_read_alone_and_between_characters(small: Speller, typed: str, meant: str) -> None:
    assert small.correct(normalise(typed)) == meant


@pytest.mark.parametrize("word", ["lpr", "app退费", "wifi", "ipad能带吗", "ok", "zzzz", "qwertyuiop"])
def test_letters_that_are_no_pinyin_stay(speller: Speller, word: str) -> None:
    """All of a run must be readable, else none of it is touched."""
    assert speller.correct(word) == word


@pytest.mark.parametrize("sentence", CORRECT)
def test_a_correct_sentence_stays(speller: Speller, sentence: str) -> None:
    assert speller.correct(normalise(sentence)) == normalise(sentence)


@pytest.mark.xfail(reason="known fault of the speller", strict=True)
@pytest.mark.parametrize(("sentence", "fault"), TURNED_WRONG.items())
def test_a_correct_sentence_is_not_made_wrong(speller: Speller, sentence: str, fault: str) -> None:
    assert speller.correct(normalise(sentence)) == normalise(sentence), fault


def test_the_library_reads_its_own_sentences_as_they_are(library: Library, speller: Speller) -> None:
    """Of the questions that editors wrote, at most one in a hundred is touched."""
    asked = [ask for fact in library.citable_facts.values() for ask in fact.asks]
    asked += [q for entry in library.citable_faq for q in (entry.question, *entry.variants)]
    plain = [normalise(question) for question in asked]
    touched = [question for question in plain if speller.correct(question) != question]
    assert len(touched) <= 0.01 * len(plain), touched


def test_correcting_twice_changes_nothing_more(speller: Speller) -> None:
    for typed in (*SAME_SOUND, *DROPPED, *REPLACED, *PINYIN):
        once = speller.correct(normalise(typed))
        assert speller.correct(once) == once


def test_a_speller_without_words_changes_nothing() -> None:
    assert Speller((), ()).correct("助学代款 zhuxue") == "助学代款 zhuxue"


def test_only_words_of_the_library_are_put_in() -> None:
    """The same slip stays where the word is not known."""
    assert Speller(["校园欺凌"], ["校园欺凌"]).correct("校园期凌和课后服物") == "校园欺凌和课后服物"


@pytest.mark.skipif(not LAW_SENTENCES.is_file(), reason=f"no {LAW_SENTENCES}")
def test_correct_law_sentences_stay(speller: Speller) -> None:
    """Sentences of another field: at least 99 of 100 are left alone."""
    rows = [json.loads(line) for line in LAW_SENTENCES.read_text(encoding="utf-8").splitlines()]
    clean = [normalise(row["clean"]) for row in rows if not row["has_error"]]
    touched = [sentence for sentence in clean if speller.correct(sentence) != sentence]
    assert len(clean) >= 100
    assert len(touched) <= 0.01 * len(clean), touched
