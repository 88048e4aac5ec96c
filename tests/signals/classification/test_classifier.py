"""The bundled classifier on messages that it has not seen, all of them invented here."""

from __future__ import annotations

import numpy as np
import pytest

from bot.signals.classification.classifier import Classifier
from bot.signals.classification.grams import Grams
from bot.signals.classification.ridge import Classes
from bot.signals.models import Alarm, Answerer, Classified, Stage, Urgency
from knowledge.library import Library


@pytest.fixture(scope="module")
def classifier(library: Library) -> Classifier:
    return Classifier.bundled(library)


@pytest.mark.parametrize(
    ("title", "text", "matters"),
    [
        ("助学贷款什么时候还", "大学毕业了，生源地助学贷款利息从哪个月开始自己承担？", {"c20"}),
        ("培训班关门不退钱", "画室上周关门，孩子还有四十节课时费没退，老板失联。", {"c18"}),
        (
            "外地户口能在这里上小学吗",
            "我们在宁国务工，有居住证和社保，随迁子女报名要什么材料？",
            {"c09", "c08"},
        ),
        ("晚自习太晚", "初二孩子晚自习九点半才放，回家十一点才睡，睡眠时间不够。", {"c12", "c11"}),
        ("物业费涨价", "小区物业没有经过业主大会同意就涨物业费，电梯也坏着。", {"b-housing"}),
        ("老板拖欠工资", "工地干了半年，包工头拖欠二十多个农民工工资。", {"b-labour"}),
        ("公交车晚点", "7路公交车早高峰总是晚点四十分钟，站台也没有遮雨棚。", {"b-transport"}),
        ("化工厂夜里排废气", "厂里半夜排放刺鼻气体，附近村民咳嗽，河水也发黑。", {"b-environment"}),
    ],
)
def test_plain_messages_go_where_they_belong(
    classifier: Classifier, title: str, text: str, matters: set[str]
) -> None:
    assert classifier.classify(title, text).matter in matters


def test_ours_have_an_office_and_an_answerer_of_ours_and_others_have_none(
    classifier: Classifier, library: Library
) -> None:
    ours = classifier.classify("学区怎么划分", "请问郎溪县今年小学招生的学区范围怎么划分？")
    assert ours.office in library.offices
    assert ours.answerer is not Answerer.OTHER
    other = classifier.classify("自来水发黄", "广德某小区自来水一个星期都是黄的，供水公司不处理。")
    assert (other.office, other.answerer) == ("", Answerer.OTHER)


@pytest.mark.parametrize("text", ["", " ", "？？！", "hello", "[电话]", "\U00020000", "\n"])
def test_a_message_that_says_nothing_still_gets_a_class(classifier: Classifier, text: str) -> None:
    found = classifier.classify("", text)
    assert found.matter in classifier.matters
    assert found.urgency is Urgency.NORMAL
    assert found.confidence < 0.5


def test_danger_now_is_urgent_and_says_why(classifier: Classifier) -> None:
    found = classifier.classify(
        "教学楼起火", "现在宣州区一所小学教学楼起火了，浓烟很大，还有孩子被困在三楼没出来，快派人来！"
    )
    assert found.urgency is Urgency.URGENT
    assert Alarm.DANGER in found.alarms
    assert {"起火", "被困"} <= {
        word for reason in found.reasons if reason.what == "urgency" for word in reason.words
    }


@pytest.mark.parametrize(
    "text",
    [
        "急急急，在线等，请问助学贷款的申请表在哪里下载？",
        "老师很负责，从来没有打人，就想问问课后服务几点结束。",
        "请问学校有没有预防溺水的安全教育课安排，几年级开始上？",
    ],
)
def test_haste_and_denial_are_not_urgent(classifier: Classifier, text: str) -> None:
    assert classifier.classify("咨询", text).urgency is Urgency.NORMAL


def test_stages_may_be_several(classifier: Classifier) -> None:
    assert classifier.classify("作息", "小学和初中几点到校？").stages == (Stage.PRIMARY, Stage.JUNIOR)
    assert classifier.classify("", "大二学生怎么续贷").stages == (Stage.HIGHER,)


def test_reasons_are_words_of_the_message_and_never_masks_or_digits(classifier: Classifier) -> None:
    title, text = "食堂乱收费", "[姓名]家长，[电话]，2025年3月学校食堂每月多收120元伙食费，一直不公示。"
    reasons = {reason.what: reason.words for reason in classifier.classify(title, text).reasons}
    assert reasons["matter"]
    for word in (word for words in reasons.values() for word in words):
        assert word in title or word in text
        assert word not in {"姓名", "电话"}
        assert not any(letter.isdigit() for letter in word)


def test_width_case_and_traditional_characters_make_no_difference(classifier: Classifier) -> None:
    plain = classifier.classify("机构退费", "在KTV楼上的培训机构关门了，学费不退")
    other = classifier.classify("機構退費", "在ＫＴＶ樓上的培訓機構關門了，學費不退")
    assert other.matter == plain.matter
    assert other.confidence == pytest.approx(plain.confidence)


def test_many_at_once_are_as_each_alone(classifier: Classifier) -> None:
    """More than one chunk, an empty message among them."""
    messages = [(f"标题{n}", "幼儿园收费太贵" * (n % 5)) for n in range(2100)]
    found = classifier.classify_all(messages)
    assert len(found) == len(messages)
    for number in (0, 4, 1999, 2000, 2099):
        assert nearly(found[number]) == nearly(classifier.classify(*messages[number]))
    assert classifier.classify_all([]) == []


def nearly(found: Classified) -> tuple[object, ...]:
    """Sums in another order differ in the last digits."""
    return (
        found.matter,
        found.answerer,
        found.urgency,
        found.stages,
        found.reasons,
        round(found.confidence, 4),
    )


def test_what_is_left_out_is_what_a_fit_without_it_says() -> None:
    """The closed form against one real fit without the example."""
    texts = [
        ("", f"{word}{tail}")
        for word in ("公交站台", "校园食堂", "医院挂号")
        for tail in ("好", "慢", "远", "近")
    ]
    labels = [word for word in ("a", "b", "c") for _ in range(4)]
    grams = Grams.of(texts)
    rows = grams.rows(texts)
    whole = Classes.fit(rows, labels).linear
    targets = np.where(np.array(labels)[:, None] == np.array(["a", "b", "c"]), 1.0, -1.0)
    without = type(whole).fit(rows[1:], targets[1:], np.ones(len(texts) - 1))
    assert without.scores(rows[:1])[0] == pytest.approx(whole.left_out[0], abs=1e-5)


def test_rows_have_length_one_or_zero() -> None:
    texts = [("学校 食堂", "食堂饭菜"), ("食堂", "学校"), ("", "")]
    rows = Grams.of(texts).rows([*texts, ("无", "关")])
    lengths = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
    assert lengths == pytest.approx([1, 1, 0, 0], abs=1e-6)
