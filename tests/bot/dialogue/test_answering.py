"""From matches to a decision, over libraries of a few facts with a real engine."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from bot.dialogue.answering import Answerer, Decision, ranking
from bot.dialogue.evidence import EvidenceReader
from bot.dialogue.lexicon import Lexicon
from bot.dialogue.matching import Matcher
from bot.dialogue.prepared import PreparedCache
from bot.dialogue.spelling import Speller
from bot.dialogue.understanding import Understander
from index.build import passages
from index.engines.whoosh import WhooshEngine
from knowledge.library import Library
from knowledge.models import Fact
from tests.bot.dialogue.small_library import document, fact, library_of

DAY = date(2026, 11, 23)
BOARDERS = fact("boarders", "寄宿学生每年补助生活费1000元。", asks=("寄宿学生生活费补助多少钱",))
OTHERS = fact("others", "走读学生每年补助生活费5000元。", asks=("走读学生生活费补助多少钱",))
PHONES = fact("phones", "手机原则上不得带入校园。", asks=("手机能带进校园吗",))


def decide(library: Library, folder: Path, asked: str) -> Decision:
    lexicon = Lexicon(library)
    understander = Understander(lexicon, Speller((), ()))
    matcher = Matcher(library, lexicon, ranking().match, PreparedCache(None, library))
    engine = WhooshEngine(folder)
    try:
        engine.refresh(passages(library))
        answerer = Answerer(engine, matcher, EvidenceReader(library), understander)
        return answerer.decide(understander.understand(asked, DAY), None, DAY)
    finally:
        engine.close()


def said(decision: Decision) -> list[Fact]:
    return [fact for piece in decision.evidence for fact in piece.facts]


def test_two_facts_that_are_equally_near_are_both_said(tmp_path: Path) -> None:
    decision = decide(library_of(document(BOARDERS, OTHERS, PHONES)), tmp_path, "学生生活费补助多少钱")
    assert {fact.key for fact in said(decision)} == {"boarders", "others"}


def test_the_nearer_one_is_said_alone(tmp_path: Path) -> None:
    decision = decide(library_of(document(BOARDERS, OTHERS, PHONES)), tmp_path, "走读学生生活费补助多少钱")
    assert [fact.key for fact in said(decision)] == ["others"]


def test_what_no_text_speaks_of_is_not_answered(tmp_path: Path) -> None:
    decision = decide(library_of(document(BOARDERS, OTHERS, PHONES)), tmp_path, "明天食堂吃什么菜")
    assert said(decision) == []
    assert decision.options == ()
