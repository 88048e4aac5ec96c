"""What a question wants to hear: which kinds of quantities, for whom, from whom, in how many parts."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.dialogue.answer_types import AnswerType, asked_types
from bot.dialogue.understanding import asks
from bot.rehearsal.grading.clauses import Clause, ClauseReader, plain_words
from bot.rehearsal.grading.points import FactPoints
from bot.rehearsal.grading.quantities import Kind
from bot.rehearsal.grading.subjects import Said, forks, sizes
from bot.rehearsal.grading.wordlists import wordlists
from index.analysis import normalise

_KINDS = {
    AnswerType.MONEY: {Kind.MONEY, Kind.MULTIPLE},
    AnswerType.DURATION: {Kind.PERIOD, Kind.MINUTES, Kind.LESSONS},
    AnswerType.CLOCK: {Kind.CLOCK},
    AnswerType.DATE: {Kind.DATE},
    AnswerType.SHARE: {Kind.SHARE},
    AnswerType.COUNT: {Kind.COUNT},
    AnswerType.NUMBER: frozenset(Kind) - {Kind.DATE, Kind.LESSONS},
    AnswerType.PHONE: {Kind.NUMBER},
}
_MORE_KINDS = (
    (re.compile(r"几岁|多大|年龄|周岁"), {Kind.AGE}),
    (
        re.compile(
            r"罚(?:多少|几|款)|怎么罚|金额|收多少|贷多少|补多少|额度|上限|(?:补助|资助|收费|补贴|助学金).{0,3}标准|什么价|价格"
        ),
        {Kind.MONEY, Kind.MULTIPLE},
    ),
    (
        re.compile(r"时间.{0,5}(?:限制|规定|要求)|时间[上和有]|时限|期限|几天|多少天|最长|拖"),
        {Kind.PERIOD, Kind.MINUTES, Kind.LESSONS},
    ),
    (re.compile(r"几点|最[早晚].{0,4}(?:上课|结束|睡)|到几点"), {Kind.CLOCK}),
    (
        re.compile(r"什么时候(?:开始|起|施行|实施|执行)|哪[一1]?[年天]|几号|哪个学期|何时(?:开始|施行|实施)"),
        {Kind.DATE},
    ),
    (re.compile(r"文号|哪个文件|哪些文件|什么文件|几号文"), {Kind.NUMBER}),
    (re.compile(r"面积|多大地方"), {Kind.AREA}),
    (re.compile(r"比例|[入率]学率|几成|覆盖率"), {Kind.SHARE}),
)
_ASKS_WHO = re.compile(r"谁|[找向跟归去]哪[个里儿家]|哪个(?:部门|单位|科|局|机构)|哪一级")
_ASKS_FOR_ALL = re.compile(
    r"哪些|哪几|分别|各(?:是|要|有|为|多|补|能|自|收)|怎么分|分工|有什么(?:限制|规定|要求)|什么限制|都有|[三四五几][种档类条]"
)
_TURNS = re.compile(r"([\u4e00-\u9fff])[不没]\1|几(?:岁|天|个|多|点|年)|多[久长大远]|谁|没有?$|不$")
_PARTS = re.compile(r"[,，、。？?；;！!]")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question read for grading."""

    text: str
    clauses: tuple[Clause, ...]
    words: frozenset[str]
    labels: frozenset[str]
    kinds: frozenset[Kind]
    who: bool
    """Asks for an office or person."""
    everything: bool
    """Asks for a list, or for each of several."""
    parts: int
    """Pieces that each ask something; at least one."""
    size: tuple[int, int] | None = None
    """Size of the group it asks about."""

    @property
    def single(self) -> bool:
        """One thing is asked."""
        return self.parts == 1 and not self.everything

    def apart(self, said: Said) -> bool:
        """Whether a quantity is said of another group or stage than the one asked about."""
        return said.apart(self.labels, self.size)

    def names(self, said: Said, common: frozenset[str]) -> bool:
        """Whether the question names what a quantity is said of; ``common`` words tell no two apart. With
        several questions in one, only stages and sizes of groups count."""
        if self.apart(said):
            return False
        shared = forks(self.labels) & forks(said.labels) or (self.size and said.size)
        return bool(shared or (self.single and (said.words - common) & self.words))

    def listed(self, points: FactPoints) -> tuple[frozenset[str], ...]:
        """The words of each thing that the question lists («伙食、中班小班»), if the fact speaks of two."""
        fact = points.fact.statement
        for clause in self.clauses:
            items = [plain_words(item) for item in clause.text.split("、")]
            known = [frozenset(word for word in item if word in fact) for item in items]
            if sum(map(bool, known)) > 1:
                return tuple(item for item in known if item)
        return ()

    def contrasts(self, points: FactPoints) -> tuple[frozenset[str], ...]:
        """Slot values that the question sets side by side and that the fact tells apart; those that one word
        names (中学) together."""
        told = frozenset(label for clause in points.clauses for label in clause.labels)
        found: list[frozenset[str]] = []
        for slot in sorted({label.partition("=")[0] for label in self.labels & told}):
            side_by_side: list[frozenset[str]] = []
            group = {label for label in self.labels & told if label.startswith(f"{slot}=")}
            for name, values in wordlists().stages.items():
                together = frozenset(f"{slot}={value}" for value in values)
                if name in self.text and len(together) > 1 and together & group:
                    side_by_side.append(together)
                    group -= together
            side_by_side += [frozenset({label}) for label in sorted(group)]
            found += side_by_side if len(side_by_side) > 1 else []
        return tuple(found)


def read_question(question: str, reader: ClauseReader) -> Asked:
    """What a question in citizens' words asks for."""
    text = normalise(question)
    clauses = reader.read(question)
    kinds = {kind for sort in asked_types(text) for kind in _KINDS.get(sort, ())}
    narrower = {kind for pattern, more in _MORE_KINDS if pattern.search(text) for kind in more}
    if AnswerType.NUMBER in asked_types(text) and narrower:
        kinds = set()
    group = sizes(text)
    parts = [part for part in _PARTS.split(text) if part]
    return Asked(
        text=text,
        clauses=clauses,
        words=frozenset(word for clause in clauses for word in clause.words),
        labels=frozenset(label for clause in clauses for label in clause.labels),
        kinds=frozenset(kinds | narrower),
        who=bool(_ASKS_WHO.search(text)),
        everything=bool(_ASKS_FOR_ALL.search(text)),
        parts=max(1, sum(asks(part) or bool(_TURNS.search(part)) for part in parts)),
        size=group[0] if len(group) == 1 else None,
    )
