"""Which office a question is for: as the assistant's answer says, else as questions of its kind go."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib.util import find_spec
from typing import TYPE_CHECKING

from bot.models import Answer
from knowledge.library import Library
from knowledge.models import Office

if TYPE_CHECKING:
    from bot.signals.classification.classifier import Classifier

GENERAL = "rexian"
"""Takes what no other office is named for."""

_FITTED: dict[str, Classifier] = {}
"""The classifier of the library in use, by its fingerprint: fitting takes a second, and in a conversation
questions are entered one by one."""


class OfficeFinder:
    """Finds offices. ``answer``: the assistant as of the day of the event."""

    def __init__(self, library: Library, answer: Callable[[str], Answer]) -> None:
        self._library = library
        self._answer = answer

    def find(self, question: str) -> tuple[str, str]:
        """Id of the office, and of the matter where it was classified (``c08``, ``b-police``)."""
        answering = self._answer(question).office
        matter, office = self._classified(question)
        if answering and answering.id != GENERAL:
            return answering.id, matter
        return office or GENERAL, matter

    def _classified(self, question: str) -> tuple[str, str]:
        if self._classifier is None:
            return "", ""
        found = self._classifier.classify("", question)
        return found.matter, found.office

    @property
    def _classifier(self) -> Classifier | None:
        """``None`` without the ``signals`` extra: then only the assistant names offices."""
        if find_spec("scipy") is None:
            return None
        from bot.signals.classification.classifier import Classifier

        fingerprint = self._library.fingerprint
        if fingerprint not in _FITTED:
            _FITTED.clear()
            _FITTED[fingerprint] = Classifier.bundled(self._library)
        return _FITTED[fingerprint]


def office_id(name: str, offices: Mapping[str, Office]) -> str:
    """The id of an office given by id or name; a name that the library does not know stays as it is."""
    given = name.strip()
    return next((office.id for office in offices.values() if given in (office.id, office.name)), given)


def office_name(id_or_name: str, offices: Mapping[str, Office]) -> str:
    """The name of an office as people read it."""
    found = offices.get(id_or_name)
    return found.name if found else id_or_name
