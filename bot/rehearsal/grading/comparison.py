"""A reply held against one fact: which of its points are stated, contradicted, or said as they used to be."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.rehearsal.grading.asked import Asked
from bot.rehearsal.grading.clauses import Clause, content_words
from bot.rehearsal.grading.points import FactPoints, Points
from bot.rehearsal.grading.polarity import contradiction
from bot.rehearsal.grading.subjects import Said
from bot.rehearsal.grading.values import ValueReader, Values
from bot.rehearsal.grading.wordlists import wordlists

COVERED = 0.45
"""Share of the weight of a clause's words from which the reply says the clause."""
_KIN = 0.4
"""Credit for a word of which the reply uses a character (公布 for 公开, 排名 for 名次 …)."""
_LIST_SHARE = 0.6
"""Share of a fact's clauses that a question for all of them wants to hear."""
_WHO_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply read for grading. ``clauses`` without those that only quote others or promise."""

    raw: str
    all_clauses: tuple[Clause, ...]
    clauses: tuple[Clause, ...]
    said: tuple[Said, ...]
    words: frozenset[str]
    text: str


@dataclass(frozen=True, slots=True)
class Findings:
    """What the reply does with one fact.

    ``told``, ``wrong`` and ``stale`` are clauses of the reply, ``covered`` clauses of the fact's direct
    answer, ``recall`` the share of the fact's words beside the question's that the reply says, ``lacking``
    what the question asks for and the reply does not say (empty: nothing).
    """

    stated: tuple[Said, ...]
    told: tuple[Clause, ...]
    wrong: tuple[Clause, ...]
    stale: tuple[Clause, ...]
    covered: tuple[Clause, ...]
    recall: float
    lacking: str


def compare(
    reply: Reply, points: FactPoints, asked: Asked, reading: Points, others: Sequence[Said] = ()
) -> Findings:
    """Hold a reply against a fact, for what the question asks.

    Args:
        others: values of other facts of the document.
    """
    values = ValueReader(reply.clauses, points, others, asked, reading).read(reply.said)
    if not values.stated and not values.wrong and _says_former(reply, points, reading):
        values.stale += [clause for clause in reply.clauses if clause.words & points.former_words][:1]
    elif against := contradiction(reply.clauses, points, asked, reading):
        values.wrong.append(against)
    if asked.who and (stranger := _names_stranger(reply, points, reading)):
        values.wrong.append(stranger)
    covered = tuple(c for c in points.clauses if _covers(reply, c, asked, points, values, reading))
    share = recall(points.words - asked.words, reply, reading)
    return Findings(
        stated=tuple(values.stated),
        told=tuple(values.told),
        wrong=tuple(values.wrong),
        stale=tuple(values.stale),
        covered=covered,
        recall=share,
        lacking=Coverage(reply, points, asked, reading, tuple(values.stated), covered, share).lacking(),
    )


def _names_stranger(reply: Reply, points: FactPoints, reading: Points) -> Clause | None:
    """The clause that names an authority of which the fact's document knows nothing."""
    acting = wordlists().acting
    known = "".join(clause.text for clause in (*points.whole, *reading.context(points.fact)))
    if not any(acting.search(clause.text) for clause in points.whole):
        return None
    for clause in reply.clauses:
        names = wordlists().authorities.findall(clause.text)
        if not clause.denied and any(name not in known for name in names):
            return clause
    return None


def recall(words: Iterable[str], reply: Reply, reading: Points) -> float:
    """Share of the weight of words that the reply says; 0 without words."""
    total = credit = 0.0
    for word in words:
        weight = reading.weight(word)
        total += weight
        if word in reply.words or (not word.startswith("t:") and word in reply.text):
            credit += weight
        elif not word.startswith("t:") and any(char in reply.text for char in word):
            credit += weight * _KIN
    return credit / total if total else 0.0


def _covers(
    reply: Reply, clause: Clause, asked: Asked, points: FactPoints, values: Values, reading: Points
) -> bool:
    """Whether the reply says a clause of the fact: its values for those asked about, or its words."""
    held = [one for one in points.brief if one.clause is clause and not asked.apart(one)]
    if held:
        return (any if asked.single else all)(one in values.stated for one in held)
    words = clause.words - asked.words or clause.words
    return recall(words, reply, reading) >= COVERED


def _says_former(reply: Reply, points: FactPoints, reading: Points) -> bool:
    """Whether the reply words it as the replaced fact did, and not as past."""
    if not points.former_words or any(clause.past for clause in reply.clauses):
        return False
    old = recall(points.former_words, reply, reading)
    return old >= COVERED and old > recall(points.words, reply, reading)


@dataclass(frozen=True, slots=True)
class Coverage:
    """What of a fact's direct answer a reply says, against what the question asks for."""

    reply: Reply
    points: FactPoints
    asked: Asked
    reading: Points
    stated: tuple[Said, ...]
    covered: tuple[Clause, ...]
    recall: float

    def lacking(self) -> str:
        """What the question asks for that the fact holds and the reply does not say; empty: nothing."""
        wanted = self._wanted()
        missing = [one for one in wanted if one not in self.stated]
        alike = len({one.labels for one in wanted}) == 1 and not wanted[0].size
        if missing and (len(missing) == len(wanted) or not (self.asked.single and alike)):
            return missing[0].quantity.text
        if unnamed := self._unnamed():
            return unnamed
        if self.asked.single and (wanted or self.recall >= COVERED):
            return ""
        if self.asked.everything and not wanted:
            return self._unlisted()
        clauses = [clause for clause in self.points.clauses if clause.quantities or not clause.aside]
        missed = [clause for clause in clauses if clause not in self.covered]
        told = len(clauses) - len(missed)
        return missed[0].raw if told < min(self.asked.parts, len(clauses)) else ""

    def _unnamed(self) -> str:
        """Who decides, a stage, or a thing listed, where the question asks for it and the reply is silent."""
        if self.asked.who and (who := self._who_is_missing()):
            return who
        for labels in self.asked.contrasts(self.points):
            if not any(labels & clause.labels for clause in self.reply.clauses):
                return "、".join(sorted(label.partition("=")[2] for label in labels))
        for item in self.asked.listed(self.points):
            if not any(word in self.reply.text for word in item):
                return "、".join(sorted(item))
        return ""

    def _wanted(self) -> list[Said]:
        """The values of the direct answer of the kinds asked for; of several of a kind, said of different
        stages or groups, those said of what the question names."""
        wanted: list[Said] = []
        for kind in self.asked.kinds:
            group = [one for one in self.points.brief if one.quantity.kind is kind]
            words = [one.words for one in group]
            common = frozenset.intersection(*words) if words else frozenset[str]()
            named = [one for one in group if self.asked.names(one, common)]
            wanted += named or [one for one in group if not self.asked.apart(one)]
        return sorted(wanted, key=self.points.brief.index)

    def _unlisted(self) -> str:
        """An item of the fact's list that is not said, where too few of them are."""
        items = [item for clause in self.points.clauses for item in clause.text.split("、")]
        told = {item: content_words(item, self.reading.lexicon) - self.asked.words for item in items}
        told = {item: words for item, words in told.items() if words}
        missed = [item for item, words in told.items() if recall(words, self.reply, self.reading) < COVERED]
        return missed[0] if len(missed) > (1 - _LIST_SHARE) * len(told) else ""

    def _who_is_missing(self) -> str:
        """An authority of the fact that is not named, where fewer than half of them are."""
        acting = wordlists().acting
        held: set[str] = set()
        for clauses in (self.points.clauses, self.points.whole):
            held = held or {
                name for c in clauses for m in acting.finditer(c.text) for name in m.groups() if name
            }
        missing = sorted(name for name in held if name not in self.reply.text)
        return missing[0] if held and len(missing) > (1 - _WHO_SHARE) * len(held) else ""
