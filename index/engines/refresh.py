"""What a refresh has to do: compare what is asked for with what is there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sized
from dataclasses import dataclass

from index.engines.base import Progress
from index.engines.snapshot import Snapshot
from index.engines.terms import digest
from index.errors import SearchError
from index.models import Passage

_REPORT_EVERY = 256


@dataclass(frozen=True, slots=True)
class Plan:
    """The passages to write and what becomes of the segments there are."""

    write: Iterable[Passage]
    total: int
    """How many are written; 0 where nobody knows yet."""
    added: int = 0
    removed: int = 0
    unchanged: int = 0
    drop: frozenset[int] = frozenset()
    """Segments whose live passages are all written anew or gone."""
    delete: tuple[tuple[int, int], ...] = ()
    """(segment, number) of passages to mark deleted."""

    @property
    def changes_nothing(self) -> bool:
        return not (self.total or self.drop or self.delete)

    def passages(self, progress: Progress | None) -> Iterator[Passage]:
        """The passages to write, telling ``progress`` how far they are."""
        done = 0
        for done, passage in enumerate(self.write, start=1):
            yield passage
            if progress and done % _REPORT_EVERY == 0:
                progress(done, max(self.total, done))
        if progress:
            progress(done, done)


def full_plan(passages: Iterable[Passage]) -> Plan:
    """Write everything; passages are taken one by one, never all in memory."""
    return Plan(_distinct(passages), len(passages) if isinstance(passages, Sized) else 0)


def plan_changes(snapshot: Snapshot, passages: Iterable[Passage], small_segment: int) -> Plan:
    """Write what is new or differs, delete what is gone, and fold small or half-empty segments in."""
    wanted = {passage.id: passage for passage in _distinct(passages)}
    write: dict[str, Passage] = {}
    kept: dict[int, list[str]] = {position: [] for position in range(len(snapshot.segments))}
    delete: list[tuple[int, int]] = []
    removed = 0
    present = set()
    for passage_id, position, number, found in snapshot.contents():
        present.add(passage_id)
        passage = wanted.get(passage_id)
        if passage is not None and digest(passage) == found:
            kept[position].append(passage_id)
            continue
        delete.append((position, number))
        removed += passage is None
        if passage is not None:
            write[passage_id] = passage
    write.update((passage_id, p) for passage_id, p in wanted.items() if passage_id not in present)
    added, unchanged = len(write), sum(map(len, kept.values()))
    drop = _segments_to_fold(snapshot, kept, added, small_segment) if write or delete else frozenset()
    write.update((passage_id, wanted[passage_id]) for position in drop for passage_id in kept[position])
    remaining = tuple(pair for pair in delete if pair[0] not in drop)
    return Plan(tuple(write.values()), len(write), added, removed, unchanged, drop, remaining)


def _segments_to_fold(snapshot: Snapshot, kept: dict[int, list[str]], new: int, small: int) -> frozenset[int]:
    """Segments to write anew: half-empty ones, and small ones up to what is written anyway."""
    fold = {p for p, ids in kept.items() if len(ids) * 2 < snapshot.segments[p].size}
    total = new + sum(len(kept[p]) for p in fold)
    for position, ids in sorted(kept.items(), key=lambda pair: len(pair[1])):
        if position not in fold and len(ids) <= max(total, small):
            fold.add(position)
            total += len(ids)
    return frozenset(fold)


def _distinct(passages: Iterable[Passage]) -> Iterator[Passage]:
    seen: set[str] = set()
    for passage in passages:
        if passage.id in seen:
            raise SearchError(f"两个段落用了同一个编号：{passage.id}")
        seen.add(passage.id)
        yield passage
