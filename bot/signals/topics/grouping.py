"""Messages of the same matter get the same topic, and keep it when more messages come.

Average linkage over the pairs of near messages: two groups become one if the mean similarity of all
their messages reaches :data:`SAME_MATTER`, the most similar first. One message between two matters cannot
chain them.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
from scipy import sparse

from bot.signals.topics.features import Features
from bot.signals.topics.vectors import Matrix, Pairs, near_pairs, weighted_words

SAME_MATTER = 0.09
"""Mean cosine of tf-idf within a topic; ``benchmarks/messages_topics.py`` prints what others would give."""

SETTLED = 3
"""Messages from which on a known topic stays what it is; smaller ones may still become part of others."""

_ASKED_AGAIN = 10_000
"""Newest messages; asking all that were ever alone would cost as much as grouping anew."""

_ROUNDS = 4
"""Groups look for neighbours again after they have grown; hardly anything changes after the second time."""


def group(
    features: Features, known: Mapping[str, str] | None = None, *, same_matter: float = SAME_MATTER
) -> dict[str, str]:
    """The topic of every message: the id of the message that founded it.

    A known topic of :data:`SETTLED` messages keeps them, and two such topics never become one. Smaller ones
    may still join others. Messages whose words are like no other's are topics of one.

    Args:
        features: all messages, in a fixed order (the earlier ones first).
        known: topics that messages have already.
        same_matter: least mean cosine within a topic.
    """
    known = known or {}
    if not features.ids:
        return {}
    messages = weighted_words(features)
    groups, settled = _known_groups(features.ids, known)
    asked = _to_ask(features.ids, groups, known)
    for _ in range(_ROUNDS):
        if not len(asked):
            break
        rows, sizes = _means(messages, groups)
        forest = _Forest(rows, sizes, settled)
        merged = _merged(forest, near_pairs(rows, asked, same_matter), same_matter)
        grown = np.bincount(merged) > 1
        groups = merged[groups]
        settled = np.bincount(merged, weights=settled) > 0
        asked = np.flatnonzero(grown)
    return _named(features.ids, groups, known)


def _known_groups(
    ids: tuple[str, ...], known: Mapping[str, str]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    """A group number for each message, and which groups are topics that must stay as they are."""
    numbers: dict[str, int] = {}
    groups = np.array([numbers.setdefault(known.get(one, one), len(numbers)) for one in ids], dtype=np.int64)
    settled = np.bincount(groups) >= SETTLED
    return groups, settled


def _to_ask(
    ids: tuple[str, ...], groups: npt.NDArray[np.int64], known: Mapping[str, str]
) -> npt.NDArray[np.int64]:
    """Groups with a new message, and the newest lone messages: what is rare changes as messages come."""
    if not (new := np.array([one not in known for one in ids])).any():
        return np.zeros(0, dtype=np.int64)
    newest = np.arange(len(ids)) >= len(ids) - _ASKED_AGAIN
    alone = np.bincount(groups)[groups] == 1
    return np.unique(groups[new | (newest & alone)])


def _named(ids: tuple[str, ...], groups: npt.NDArray[np.int64], known: Mapping[str, str]) -> dict[str, str]:
    """Name each group: by its largest known topic, else by its first message."""
    sizes = Counter(known[one] for one in ids if one in known)
    names: dict[int, str] = {}
    for one, number in zip(ids, groups.tolist(), strict=True):
        topic = known.get(one, one)
        if number not in names or sizes[topic] > sizes[names[number]]:
            names[number] = topic
    return {one: names[number] for one, number in zip(ids, groups.tolist(), strict=True)}


def _means(messages: Matrix, groups: npt.NDArray[np.int64]) -> tuple[Matrix, npt.NDArray[np.int64]]:
    """The mean row of each group, and how many messages it has."""
    sizes = np.bincount(groups)
    many = len(groups)
    members = sparse.csr_array(
        ((1 / sizes[groups]).astype(np.float32), (groups, np.arange(many))), shape=(len(sizes), many)
    )
    return (members @ messages).tocsr(), sizes


def _merged(forest: _Forest, pairs: Pairs, same_matter: float) -> npt.NDArray[np.int64]:
    """A new group number for each group: average linkage along ``pairs``, the most similar first.

    The similarity of a pair that has grown since it was queued is at most the queued one (average linkage is
    reducible), so it is enough to compute it again when its turn comes.
    """
    queue = [
        (-similarity, first, second)
        for first, second, similarity in zip(*(part.tolist() for part in pairs), strict=True)
    ]
    heapq.heapify(queue)
    seen: set[tuple[int, int]] = set()
    while queue:
        _, first, second = heapq.heappop(queue)
        now = (forest.root(first), forest.root(second))
        if now[0] == now[1] or (forest.settled[now[0]] and forest.settled[now[1]]):
            continue
        if now == (first, second):
            forest.merge(first, second)
            continue
        pair = (min(now), max(now))
        if pair not in seen:
            seen.add(pair)
            similarity = forest.similarity(*pair)
            if similarity >= same_matter:
                heapq.heappush(queue, (-similarity, *pair))
    return forest.groups()


Words = tuple[npt.NDArray[np.int32], npt.NDArray[np.float32]]
"""Columns in ascending order with the sum of their weights over a group's messages."""


class _Forest:
    """Groups that grow together. Every merge makes a new node, so a node's words never change."""

    def __init__(self, rows: Matrix, sizes: npt.NDArray[np.int64], settled: npt.NDArray[np.bool_]) -> None:
        rows.sort_indices()
        self._rows = rows
        self._starts: list[int] = rows.indptr.tolist()
        self._merged: dict[int, Words] = {}
        self._parents = list(range(rows.shape[0]))
        self._sizes: list[int] = sizes.tolist()
        self.settled: list[bool] = settled.tolist()

    def root(self, node: int) -> int:
        parents = self._parents
        while parents[node] != node:
            parents[node] = node = parents[parents[node]]
        return node

    def groups(self) -> npt.NDArray[np.int64]:
        """The number of the group in which each first node is now."""
        roots = [self.root(node) for node in range(len(self._starts) - 1)]
        return np.unique(roots, return_inverse=True)[1].astype(np.int64)

    def similarity(self, first: int, second: int) -> float:
        """Mean similarity between the messages of the one and of the other."""
        (words, weights), (others, their) = sorted(
            (self._words(first), self._words(second)), key=lambda one: len(one[0])
        )
        places = others.searchsorted(words)
        places[places == len(others)] = 0
        product = weights @ (their[places] * (others[places] == words))
        return float(product) / (self._sizes[first] * self._sizes[second])

    def merge(self, first: int, second: int) -> None:
        new = len(self._parents)
        self._merged[new] = _added(self._words(first), self._words(second))
        self._merged.pop(first, None)
        self._merged.pop(second, None)
        self._parents.append(new)
        self._parents[first] = self._parents[second] = new
        self._sizes.append(self._sizes[first] + self._sizes[second])
        self.settled.append(self.settled[first] or self.settled[second])

    def _words(self, node: int) -> Words:
        if node in self._merged:
            return self._merged[node]
        part = slice(self._starts[node], self._starts[node + 1])
        return self._rows.indices[part], self._rows.data[part] * np.float32(self._sizes[node])


def _added(one: Words, other: Words) -> Words:
    words = np.concatenate((one[0], other[0]))
    order = words.argsort(kind="stable")
    words = words[order]
    first = np.flatnonzero(np.concatenate(([True], words[1:] != words[:-1])))
    return words[first], np.add.reduceat(np.concatenate((one[1], other[1]))[order], first)
