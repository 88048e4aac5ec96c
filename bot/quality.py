"""Judging answers against a question set (schema: ``tests/data/README.md``)."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.errors import UsageError
from bot.models import Answer, Outcome

_SPACE = re.compile(r"\s+")
_THOUSANDS = re.compile(r"(?<=\d)[,，](?=\d{3}(?!\d))")
_SENTENCE_ENDS = re.compile(r"[。！？!?；;\n]")
_PAST_MARKS = re.compile(
    r"此前|以前|之前|先前|原来?|旧|当年|当时|曾|历史|已被|已不|不再|已届满|到期|已失效|更早|再早|过去|为止|早先|往年"
)
Wanted = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Expectation:
    """What a right answer to a question looks like."""

    id: str
    kind: str
    turns: tuple[str, ...]
    outcomes: frozenset[str]
    facts_any: tuple[frozenset[str], ...]
    must: tuple[Wanted, ...]
    not_current: Wanted
    as_of: date | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """How an answer did. ``stale``: a former figure stood as if it were current."""

    expectation: Expectation
    answer: Answer
    outcome_right: bool
    facts_right: bool
    words_right: bool
    stale: bool

    @property
    def right(self) -> bool:
        return self.outcome_right and self.facts_right and self.words_right and not self.stale


@dataclass(frozen=True, slots=True)
class Figures:
    """Shares over a question set, each with the number of questions it is taken over."""

    questions: int
    right: float
    answerable: int
    facts_right: float
    """Of the questions that must be answered: answered, with every decisive fact and figure."""
    stale: int
    unanswerable: int
    unanswerable_answered: float
    false_refusals: float
    citation_precision: float
    """Of the citations of judged answers: share from a document that the expectation names."""
    by_kind: dict[str, tuple[int, int]]


def read_expectations(path: Path) -> Iterator[Expectation]:
    """Rows of a question set.

    Raises:
        UsageError: a row is malformed; names file and line.
    """
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if line.strip():
            try:
                yield _expectation(json.loads(line))
            except (ValueError, KeyError, TypeError) as exc:
                raise UsageError(f"{path}:{number} 题目格式不对：{exc}") from exc


def _expectation(row: dict[str, object]) -> Expectation:
    outcomes = row["expect"]
    wanted = tuple((item,) if isinstance(item, str) else tuple(item) for item in _list(row, "must"))
    return Expectation(
        id=str(row["id"]),
        kind=str(row["kind"]),
        turns=tuple(map(str, _list(row, "turns"))) or (str(row["question"]),),
        outcomes=frozenset([outcomes] if isinstance(outcomes, str) else map(str, _list(row, "expect"))),
        facts_any=tuple(frozenset(map(str, group)) for group in _list(row, "facts_any")),
        must=wanted,
        not_current=tuple(map(str, _list(row, "not_current"))),
        as_of=date.fromisoformat(str(row["as_of"])) if row.get("as_of") else None,
    )


def _list(row: dict[str, object], key: str) -> list[list[str]]:
    value = row.get(key) or []
    if not isinstance(value, list):
        raise ValueError(f"{key} 应为列表")
    return value


def judge(expectation: Expectation, answer: Answer) -> Verdict:
    """Compare an answer with what is expected of it."""
    judged = answer.outcome in {Outcome.ANSWERED, Outcome.REDIRECT}
    cited = {f"{citation.document}#{key}" for citation in answer.citations for key in citation.facts}
    text = plain(answer.answer)
    return Verdict(
        expectation=expectation,
        answer=answer,
        outcome_right=answer.outcome.value in expectation.outcomes,
        facts_right=answer.outcome is not Outcome.ANSWERED
        or all(group & cited for group in expectation.facts_any),
        words_right=not judged or all(any(holds(text, word) for word in group) for group in expectation.must),
        stale=judged
        and any(_given_as_current(answer.answer, figure, expectation) for figure in expectation.not_current),
    )


def plain(text: str) -> str:
    """Without white space, half-width, without thousands separators."""
    return _THOUSANDS.sub("", _SPACE.sub("", unicodedata.normalize("NFKC", text)))


def holds(text: str, word: str) -> bool:
    """Whether plain text holds a word; a figure must stand alone (16000 is not in 116000)."""
    return _place(text, plain(word)) >= 0


def _place(text: str, word: str) -> int:
    before = r"(?<![\d.])" if word[:1].isdigit() else ""
    after = r"(?!\d|\.\d)" if word[-1:].isdigit() else ""
    match = re.search(before + re.escape(word) + after, text)
    return match.start() if match else -1


def _given_as_current(answer: str, figure: str, expectation: Expectation) -> bool:
    sentences = [plain(sentence) for sentence in _SENTENCE_ENDS.split(answer)]
    unmarked = any(holds(s, figure) and not _PAST_MARKS.search(s) for s in sentences)
    text = plain(answer)
    stale_at = _place(text, plain(figure))
    current = [
        place for group in expectation.must for word in group if (place := _place(text, plain(word))) >= 0
    ]
    return stale_at >= 0 and (unmarked or (bool(current) and stale_at < min(current)))


def summarise(verdicts: Iterable[Verdict]) -> Figures:
    """Shares over a set."""
    rows = list(verdicts)
    must_answer = [v for v in rows if v.expectation.outcomes == {"answered"}]
    must_not = [v for v in rows if "answered" not in v.expectation.outcomes]
    answered = [v for v in must_answer if v.answer.outcome is Outcome.ANSWERED]
    kinds: dict[str, tuple[int, int]] = {}
    for verdict in rows:
        right, total = kinds.get(verdict.expectation.kind, (0, 0))
        kinds[verdict.expectation.kind] = (right + verdict.right, total + 1)
    return Figures(
        questions=len(rows),
        right=_share(sum(v.right for v in rows), len(rows)),
        answerable=len(must_answer),
        facts_right=_share(sum(v.right for v in must_answer), len(must_answer)),
        stale=sum(v.stale for v in rows),
        unanswerable=len(must_not),
        unanswerable_answered=_share(
            sum(v.answer.outcome is Outcome.ANSWERED for v in must_not), len(must_not)
        ),
        false_refusals=_share(len(must_answer) - len(answered), len(must_answer)),
        citation_precision=_citation_precision(answered),
        by_kind=dict(sorted(kinds.items())),
    )


def _citation_precision(verdicts: list[Verdict]) -> float:
    cited = fitting = 0
    for verdict in verdicts:
        wanted = frozenset().union(*verdict.expectation.facts_any)
        if not wanted:
            continue
        documents = {ref.partition("#")[0] for ref in wanted}
        cited += len(verdict.answer.citations)
        fitting += sum(citation.document in documents for citation in verdict.answer.citations)
    return _share(fitting, cited)


def _share(part: int, whole: int) -> float:
    return round(part / whole, 4) if whole else 0.0
