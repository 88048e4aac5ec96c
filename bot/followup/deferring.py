"""Whether an answer was given at the event, or only promised."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.followup.words import words

_CLAUSE = re.compile(r"[^，,。！？!?；;\n]+")
_LETTERS = re.compile(r"[\u3400-\u9fff0-9A-Za-z]")
_FEWEST = 6
"""Characters besides promise and courtesy from which something was answered: 不收费的，都免费."""


@dataclass(frozen=True, slots=True)
class Given:
    """What an answer gives. Both may be true: the rule was told, the case will be looked into."""

    answered: bool
    promised: bool
    """An answer of the bureau is still to come."""


def given(answer: str) -> Given:
    """What was answered and what was put off. No answer at all is neither."""
    known = words()
    if answer.strip().strip("（()）[]【】。.-—/ ") in known.blank_answers | {""}:
        return Given(False, False)
    promised = False
    said = 0
    for clause in _CLAUSE.findall(answer):
        if _is_promise(clause.strip()):
            promised = True
        else:
            said += len(_LETTERS.findall(known.courtesies.sub("", clause)))
    return Given(said >= _FEWEST if promised else said > 0, promised)


def _is_promise(clause: str) -> bool:
    known = words()
    return bool(known.promises.search(clause)) and not known.others.match(clause)
