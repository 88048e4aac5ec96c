"""Which matter, whose answer, how urgent, which stage: one class with its reasons for each message."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from bot.signals.classification.cues import Cues, Said, read_cues
from bot.signals.classification.examples import BUNDLED, Example, read_examples
from bot.signals.classification.grams import Grams, Texts
from bot.signals.classification.heads import AnswererHead, MatterHead, UrgencyHead, with_cues
from bot.signals.classification.matters import Matter, read_matters
from bot.signals.classification.reasons import strongest, words_around
from bot.signals.models import Alarm, Answerer, Classified, Reason
from knowledge.library import Library

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

_AT_ONCE = 2000
"""Messages whose matrix is in memory together: about 30 MB."""
_MOST_CUES = 4


@dataclass(frozen=True)
class Classifier:
    """Fitted on the bundled examples; :meth:`bundled` makes one in about a second."""

    matters: Mapping[str, Matter]
    grams: Grams
    matter: MatterHead
    answerer: AnswererHead
    urgency: UrgencyHead
    cues: Cues

    @classmethod
    def bundled(cls, library: Library) -> Classifier:
        """Fit on the committed examples and keywords.

        Raises:
            LibraryInvalid: ``matters.yaml``, ``keywords.yaml`` or ``cues.yaml`` is wrong.
            UsageError: a file of examples is wrong.
        """
        matters = read_matters(library.categories, library.offices)
        examples = [example for path in BUNDLED for example in read_examples(path, matters)]
        return cls.fit(examples, matters, read_cues(library.slots))

    @classmethod
    def fit(cls, examples: Sequence[Example], matters: Mapping[str, Matter], cues: Cues) -> Classifier:
        """Fit on examples; each keyword of a matter is one more, tiny example of it."""
        keywords = [(matter.id, word) for matter in matters.values() for word in matter.keywords]
        texts = [(example.title, example.text) for example in examples]
        said = [cues.said(_whole(message)) for message in texts]
        labels = [example.matter for example in examples] + [matter for matter, _ in keywords]
        texts += [("", word) for _, word in keywords]
        grams = Grams.of(texts)
        rows = grams.rows(texts)
        matter = MatterHead.fit(rows, labels, matters, len(examples))
        chances = matter.of_left_out()
        ours = [number for number, example in enumerate(examples) if matters[example.matter].ours]
        answerer = AnswererHead.fit(
            rows[ours],
            [examples[number].answerer for number in ours],
            chances[ours],
            [matters[name] for name in matter.names],
        )
        return cls(
            matters, grams, matter, answerer, UrgencyHead.fit(rows[: len(examples)], said, examples), cues
        )

    def classify(self, title: str, text: str) -> Classified:
        """The class of one message, masked as it is stored."""
        return self.classify_all([(title, text)])[0]

    def classify_all(self, messages: Texts, *, reasons: bool = True) -> list[Classified]:
        """The classes of messages given as title and text, in their order.

        Without ``reasons`` it takes two thirds of the time.
        """
        parts = (messages[start : start + _AT_ONCE] for start in range(0, len(messages), _AT_ONCE))
        return [found for part in parts for found in self._classes(part, reasons)]

    def _classes(self, messages: Texts, reasons: bool) -> Iterator[Classified]:
        rows = self.grams.rows(messages)
        chances = self.matter.probabilities(rows)
        best = chances.argmax(axis=1)
        whole = [_whole(message) for message in messages]
        said = [self.cues.said(text) for text in whole]
        levels = self.urgency.decide(self.urgency.linear.scores(with_cues(rows, said)))
        matters = [self.matters[self.matter.names[number]] for number in best.tolist()]
        stages = [self.cues.stages_in(text) for text in whole]
        ours = [number for number, matter in enumerate(matters) if matter.ours]
        answering = self.answerer.best(rows[ours], chances[ours]) if ours else np.zeros(0, dtype=np.int64)
        names = [Answerer(self.answerer.classes.names[number]) for number in answering.tolist()]
        answerers = dict(zip(ours, names, strict=True))
        why: Iterator[dict[str, tuple[str, ...]]] = repeat({})
        if reasons:
            why = self._reasons(rows, whole, best, ours, answering)
        for i, (matter, (level, alarms), words) in enumerate(zip(matters, levels, why, strict=False)):
            urgent, stage = _cue_words(said[i], alarms), tuple(dict.fromkeys(stages[i].values()))
            spoken = words | {"urgency": urgent, "stage": stage} if reasons else {}
            yield Classified(
                matter=matter.id,
                answerer=answerers.get(i, Answerer.OTHER),
                office=matter.office,
                urgency=level,
                alarms=alarms,
                stages=tuple(stages[i]),
                confidence=float(chances[i, best[i]]),
                reasons=tuple(Reason(what, found) for what, found in spoken.items() if found),
            )

    def _reasons(
        self,
        rows: csr_matrix,
        whole: Sequence[str],
        best: NDArray[np.integer],
        ours: Sequence[int],
        answering: NDArray[np.integer],
    ) -> Iterator[dict[str, tuple[str, ...]]]:
        """The words that spoke for the matter of each message, and for who answers it."""
        of_answerer: dict[int, list[str]] = {}
        if ours:
            found = strongest(self.grams, rows[ours], self.answerer.words, answering)
            of_answerer = dict(zip(ours, found, strict=True))
        of_matter = strongest(self.grams, rows, self.matter.which.coefficients, best)
        for number, (text, bigrams) in enumerate(zip(whole, of_matter, strict=True)):
            who = words_around(text, of_answerer[number]) if number in of_answerer else ()
            yield {"matter": words_around(text, bigrams), "answerer": who}


def _whole(message: tuple[str, str]) -> str:
    title, text = message
    return f"{title}。{text}"


def _cue_words(said: Said, alarms: Sequence[Alarm]) -> tuple[str, ...]:
    """The cues of the alarms that were raised, and of haste; none for an ordinary message."""
    words = [word for alarm in alarms for word in said.meant.get(alarm, ())]
    return tuple(dict.fromkeys([*words, *said.now]))[:_MOST_CUES] if alarms else ()
