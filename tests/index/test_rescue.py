"""Questions with slips and pinyin find what they mean; right questions stay as they are."""

from __future__ import annotations

import math
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

from index import analysis
from index.engines.whoosh import EngineSettings, WhooshEngine
from index.models import Passage, PassageKind, SearchQuery
from index.rescue.letters import read_letters
from index.rescue.rescue import Rescuer
from index.rescue.slips import SlipModel, shares, slips
from index.rescue.sounds import spellings, syllables
from index.rescue.vocabulary import Vocabulary

SENTENCES = (
    "图书馆借阅证在服务台办理",
    "办理借阅证需要身份证和照片",
    "借阅证遗失后应当及时挂失",
    "图书馆周一闭馆整理图书",
    "图书逾期归还的按天收取费用",
    "读者可以网上续借图书",
    "游泳馆夏季开放到晚上九点",
    "游泳馆入场需要健康证明",
    "体育场的羽毛球场地需要预约",
    "预约羽毛球场地的费用按小时收取",
)
TEXTS = tuple(f"{first}，{second}。" for first in SENTENCES for second in SENTENCES)


def vocabulary_of(texts: tuple[str, ...], times: int = 1) -> Vocabulary:
    """The vocabulary of passages that stand in the index so many times."""
    grams = Counter(term for text in texts for term in analysis.tokens(text) * times)
    words = Counter(term for text in texts for term in analysis.words(text) * times)
    return Vocabulary(grams.items(), words.items())


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return vocabulary_of(TEXTS)


@pytest.fixture(scope="module")
def rescuer(vocabulary: Vocabulary) -> Rescuer:
    return Rescuer(vocabulary)


def meant(rescuer: Rescuer, text: str) -> set[str]:
    """Every reading of a question in which one doubtful place is changed."""
    return {
        text[: found.start] + choice + text[found.end :]
        for found in rescuer.corrections(text)
        for choice, _ in found.choices
    }


def test_readings_have_no_tone() -> None:
    assert syllables("书") == ("shu",)
    assert set(syllables("长")) == {"chang", "zhang"}
    assert "lv" in syllables("旅") + syllables("绿")
    assert syllables("a") == ("a",)


def test_spellings_combine_the_readings() -> None:
    assert set(spellings("行长")) >= {"hang'zhang", "xing'chang"}
    assert len(spellings("长行长行长行")) == 12


def test_followers_of_a_character_share_one_probability(vocabulary: Vocabulary) -> None:
    chars = set("".join(TEXTS)) - set("，。")
    for before in "图馆":
        total = sum(math.exp(vocabulary.follow(before, char)) for char in (*chars, ""))
        assert total == pytest.approx(1, abs=0.02)


def test_frequent_followers_are_likelier(vocabulary: Vocabulary) -> None:
    assert vocabulary.follow("图", "书") > vocabulary.follow("图", "泳")
    assert vocabulary.follow("书", "") > vocabulary.follow("羽", "")


def test_a_part_of_a_word_hardly_stands_alone(vocabulary: Vocabulary) -> None:
    assert vocabulary.word("游泳馆") > vocabulary.word("泳")


@pytest.mark.parametrize(
    ("typed", "right"),
    [
        ("图书馆借月证在哪办理", "图书馆借阅证在哪办理"),
        ("羽毛秋场地怎么预约", "羽毛球场地怎么预约"),
        ("健康正明要交吗", "健康证明要交吗"),
    ],
)
def test_a_same_sound_character_is_seen_through(rescuer: Rescuer, typed: str, right: str) -> None:
    assert right in meant(rescuer, typed)


@pytest.mark.parametrize(
    ("typed", "right"),
    [
        ("身证和照片", "身份证和照片"),
        ("借证遗失", "借阅证遗失"),
        ("游馆夏季开放", "游泳馆夏季开放"),
    ],
)
def test_a_dropped_character_is_seen_through(typed: str, right: str) -> None:
    """It takes more evidence than a wrong character: the passages must be many."""
    assert right in meant(Rescuer(vocabulary_of(TEXTS, 20)), typed)


@pytest.mark.parametrize(
    ("letters", "word"), [("tushuguan", "图书馆"), ("feiyong", "费用"), ("youyongguan", "游泳馆")]
)
def test_pinyin_is_read_as_words_of_the_passages(vocabulary: Vocabulary, letters: str, word: str) -> None:
    readings = read_letters(letters, "", "", vocabulary)
    assert readings[0][0] == word


@pytest.mark.parametrize("letters", ["abc", "xkcdq", "wifi", "a" * 5000])
def test_other_letters_are_no_pinyin(vocabulary: Vocabulary, letters: str) -> None:
    assert read_letters(letters, "", "", vocabulary) == []


def test_letters_that_the_passages_hold_are_words() -> None:
    texts = (*TEXTS, "请使用feiyong系统")
    assert read_letters("feiyong", "", "", vocabulary_of(texts)) == []


@pytest.mark.parametrize("text", [*SENTENCES, "", "？！", "2024", "😀", "𠮷野家"])
def test_what_the_passages_say_is_right(rescuer: Rescuer, text: str) -> None:
    assert rescuer.corrections(text) == []


def test_corrections_do_not_overlap_and_share_at_most_one(rescuer: Rescuer) -> None:
    text = "tushuguan借月正，羽球场低肺用，健康正明"
    found = sorted(rescuer.corrections(text), key=lambda place: place.start)
    assert len(found) >= 3
    assert all(a.end <= b.start for a, b in pairwise(found))
    assert all(0 < sum(chance for _, chance in place.choices) <= 1 for place in found)


def test_an_empty_index_corrects_nothing() -> None:
    assert Rescuer(Vocabulary([], [])).corrections("图书馆借月证tushuguan") == []


def test_pruning_loses_nothing(vocabulary: Vocabulary) -> None:
    """The bounds skip only what is below the limit."""
    tokens, model = ["借", "月", "正", "怎么", "办"], SlipModel()
    everything = slips(tokens, vocabulary, model, least=-100)
    likely = slips(tokens, vocabulary, model, least=-4)
    assert likely
    assert sorted(likely, key=repr) == sorted((s for s in everything if s.log_odds > -4), key=repr)


def test_the_row_is_the_difference_of_both_texts(vocabulary: Vocabulary) -> None:
    def row(text: str) -> float:
        return vocabulary.follow("", text[0]) + vocabulary.inner(text) + vocabulary.follow(text[-1], "")

    tokens = ["借", "月", "正", "办理"]
    text = "".join(tokens)
    for slip in slips(tokens, vocabulary, SlipModel(), least=-20):
        changed = text[: slip.start] + slip.word + text[slip.end :]
        assert slip.evidence.row == pytest.approx(row(changed) - row(text))


def test_shares_of_large_log_odds() -> None:
    assert shares([2000.0, 0.0]) == pytest.approx([1, 0])
    assert shares([0.0]) == pytest.approx([0.5])


def passages(texts: tuple[str, ...]) -> list[Passage]:
    return [Passage(f"p{n:03}", "d", PassageKind.TEXT, "", text) for n, text in enumerate(texts)]


@pytest.mark.parametrize("typed", ["youyongguan", "游咏馆", "游馆"])
def test_the_engine_searches_what_was_meant(tmp_path: Path, typed: str) -> None:
    """Titles of one passage each: only the reading leads there."""
    texts = (*SENTENCES[:6] * 3, "游泳馆开放", "游泳馆入场", "游泳馆收费")
    engine = WhooshEngine(tmp_path)
    engine.refresh(passages(texts))
    found = {hit.passage.text for hit in engine.search(SearchQuery(typed, top_k=3)).hits}
    engine.close()
    assert found == set(texts[-3:])


def test_the_setting_turns_it_off(tmp_path: Path) -> None:
    engine = WhooshEngine(tmp_path, EngineSettings(rescue=False))
    engine.refresh(passages(TEXTS))
    assert engine.search(SearchQuery("youyongguan")).hits == ()
    engine.close()


def test_new_words_are_known_after_an_update(tmp_path: Path) -> None:
    engine = WhooshEngine(tmp_path)
    engine.refresh(passages(SENTENCES * 3))
    before = engine.search(SearchQuery("nongtangdahui")).hits
    engine.refresh(passages((*SENTENCES * 3, *("弄堂大会", "弄堂的大会", "弄堂里大会"))))
    after = engine.search(SearchQuery("nongtangdahui", top_k=3)).hits
    engine.close()
    assert before == ()
    assert {hit.passage.text for hit in after} == {"弄堂大会", "弄堂的大会", "弄堂里大会"}


def test_what_was_typed_still_counts(tmp_path: Path) -> None:
    """A rare name that sounds like a frequent word is found first where it stands."""
    engine = WhooshEngine(tmp_path)
    engine.refresh(passages((*TEXTS, "飞庸先生的讲座")))
    best = engine.search(SearchQuery("飞庸")).hits[0].passage.text
    engine.close()
    assert best == "飞庸先生的讲座"


def test_the_likeliest_reading_mends_every_probable_slip(rescuer: Rescuer) -> None:
    assert rescuer.likeliest("游泳管夏季开放吗") == "游泳馆夏季开放吗"
    assert rescuer.likeliest("游泳管入场需要健康正明") == "游泳馆入场需要健康证明"
    assert rescuer.likeliest("youyongguan几点开放") == "游泳馆几点开放"
    for right in SENTENCES:
        assert rescuer.likeliest(right) == right
