"""Cue words of urgency and of stages of schooling (``cues.yaml``), and whether they are meant.

«打人» in «没有打人», «如果打人» or «去年打人» is no emergency. A cue is *meant* unless a word of denial or
supposition stands shortly before it in its clause, or its sentence speaks of the past.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.signals.models import Alarm, Stage
from knowledge.models import Slot
from knowledge.yaml_reader import Entry, strict_entry

_FILE = Path(__file__).parent / "cues.yaml"
_REACH = 6
"""Characters before a cue in which a denial still concerns it: 没有人看见他打人."""
_SENTENCE_REACH = 60
"""Characters on both sides of a cue in which its sentence is looked for."""
_CLAUSE = re.compile(r"[，,；;。！!？?\n…]")
_SENTENCE = re.compile(r"[。！!？?\n]")
_SLOT = "学段"
_STAGE_OF_VALUE = {"本专科": Stage.HIGHER, "研究生": Stage.HIGHER}
"""Values of the library's 学段 that are no stage of their own."""


@dataclass(frozen=True, slots=True)
class Said:
    """The cues of one message, in their order."""

    meant: Mapping[Alarm, tuple[str, ...]]
    mentioned: frozenset[Alarm]
    """Alarms whose cues are denied, supposed or past."""
    now: tuple[str, ...]
    past: bool

    def features(self) -> list[float]:
        """Ones and zeros: each alarm meant, each only mentioned, now, past."""
        meant = [float(alarm in self.meant) for alarm in Alarm]
        only = [float(alarm in self.mentioned and alarm not in self.meant) for alarm in Alarm]
        return [*meant, *only, float(bool(self.now)), float(self.past)]


@dataclass(frozen=True)
class Cues:
    """Compiled cue lists."""

    alarms: re.Pattern[str]
    alarm_of: Mapping[str, Alarm]
    now: re.Pattern[str]
    past: re.Pattern[str]
    denied: re.Pattern[str]
    stages: re.Pattern[str]
    stages_of: Mapping[str, tuple[Stage, ...]]

    def said(self, text: str) -> Said:
        """What a message says of danger, minors, groups and time."""
        meant: dict[Alarm, tuple[str, ...]] = {}
        mentioned: set[Alarm] = set()
        for found in self.alarms.finditer(text):
            alarm = self.alarm_of[found.group()]
            if self._is_meant(text, found.start()):
                meant[alarm] = (*meant.get(alarm, ()), found.group())
            else:
                mentioned.add(alarm)
        now = tuple(found.group() for found in self.now.finditer(text))
        return Said(meant, frozenset(mentioned), now, self.past.search(text) is not None)

    def _is_meant(self, text: str, start: int) -> bool:
        before = _CLAUSE.split(text[max(0, start - _REACH) : start])[-1]
        if self.denied.search(before):
            return False
        sentence = _SENTENCE.split(text[max(0, start - _SENTENCE_REACH) : start])[-1]
        sentence += _SENTENCE.split(text[start : start + _SENTENCE_REACH], maxsplit=1)[0]
        return self.past.search(sentence) is None

    def stages_in(self, text: str) -> dict[Stage, str]:
        """The stages that a message names, each with the first word that shows it, lowest stage first."""
        found: dict[Stage, str] = {}
        for cue in self.stages.findall(text):
            for stage in self.stages_of[cue]:
                found.setdefault(stage, cue)
        return {stage: found[stage] for stage in Stage if stage in found} if found else found


def read_cues(slots: Sequence[Slot], path: Path = _FILE) -> Cues:
    """The lists of ``cues.yaml``, with those of the library's slot 学段.

    Raises:
        LibraryInvalid: with every complaint (file, line, field).
    """
    with strict_entry(path) as entry:
        alarm_of = {word: alarm for alarm in Alarm for word in _words(entry, alarm.value)}
        now, past, denied = (_words(entry, key) for key in ("now", "past", "denied"))
        stages_of = _stages(entry, slots)
    patterns = (_any(now), _any(past), _any(denied), _any(stages_of))
    return Cues(_any(alarm_of), alarm_of, *patterns, stages_of)


def _words(entry: Entry, key: str) -> tuple[str, ...]:
    found = entry.texts(key)
    if not found:
        entry.problem(key, "至少要有一个词")
    return found


def _stages(top: Entry, slots: Sequence[Slot]) -> dict[str, tuple[Stage, ...]]:
    found: dict[str, tuple[Stage, ...]] = {}
    for value in (value for slot in slots if slot.id == _SLOT for value in slot.values):
        stage = _STAGE_OF_VALUE.get(value.value) or next((s for s in Stage if s == value.value), None)
        if stage is None:
            top.problem("stages", f"slots.yaml 的{_SLOT}“{value.value}”不知道算哪个学段，请在程序里补上")
            continue
        found |= {cue: (*found.get(cue, ()), stage) for cue in value.cues}
    entry = top.entry("stages")
    if entry is None:
        top.problem("stages", "缺少必填字段")
        return found
    for stage in Stage:
        found |= {cue: (*found.get(cue, ()), stage) for cue in _words(entry, stage.value)}
    entry.finish()
    return found


def _any(words: Sequence[str] | Mapping[str, object]) -> re.Pattern[str]:
    """One pattern for all words, longest first; the test of the first character spares most positions."""
    if not words:
        return re.compile(r"(?!)")
    firsts = "".join(sorted({re.escape(word[0]) for word in words}))
    longest = sorted(words, key=len, reverse=True)
    return re.compile(rf"(?=[{firsts}])(?:" + "|".join(map(re.escape, longest)) + ")")
