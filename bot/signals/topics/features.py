"""What grouping needs of each message: hashed words with counts, kept in a file so that nothing is cut twice.

The file is derived: messages that are gone from the store leave it with the next writing, and a missing,
damaged or outdated file only means that the words are cut again.
"""

from __future__ import annotations

import logging
import re
import tempfile
import zipfile
from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zlib import crc32

import numpy as np
import numpy.typing as npt

from bot.signals.models import Urgency
from bot.signals.processes import in_order
from bot.signals.words import cut

logger = logging.getLogger(__name__)

FEATURES_VERSION = 1
"""Raise it with every change of the words or the counts: older files are not read any more."""

_TITLE_COUNTS = 3
"""A word of the title counts as if the text had it so often."""
TERMS = 1 << 23
_BATCH = 4_000
_READ_OF_TEXT = 600
"""Characters; what comes later is mostly story."""
_SITE = re.compile(
    "小学|中学|高中|初中|幼儿园|学校|学院|大学|校区|小区|社区|花园|家园|苑|公寓|广场|大厦|公园"
    "|路|街|大道|镇|乡|村|公司|集团|医院|市场"
)
_KIND_OF_SITE = re.compile(
    "(?:培训|职业|技术|技工|实验|中心|外国语|艺术|有限|责任|物业|房地产|开发|教育|科技|人民){1,3}\\Z"
)
"""Words between a name and its site that say more exactly what it is: 培训学校, 有限责任公司."""
_LONGEST_KIND = 9
_BEFORE_SITE = (2, 3)
"""Characters of the name before it. Names have two to four; what stands before a name is not known."""


@dataclass(frozen=True, slots=True)
class TopicInput:
    """What topics need to know of one masked message. ``user`` is empty where the writer is unknown."""

    id: str
    title: str
    text: str
    at: datetime | None = None
    user: str = ""
    urgency: Urgency = Urgency.NORMAL


@dataclass(frozen=True, slots=True)
class Features:
    """Words of messages by hash, in the order of ``ids``.

    Message ``i`` has the distinct ``terms[starts[i]:starts[i + 1]]``, each found ``counts[…]`` times (words
    of the title counted more, 255 at most). ``prints`` tell whether a text changed under the same id.
    """

    ids: tuple[str, ...]
    prints: npt.NDArray[np.uint32]
    starts: npt.NDArray[np.int64]
    terms: npt.NDArray[np.uint32]
    counts: npt.NDArray[np.uint8]

    def frequencies(self) -> dict[int, int]:
        """In how many messages each term is."""
        terms, found = np.unique(self.terms, return_counts=True)
        return dict(zip(terms.tolist(), found.tolist(), strict=True))


def words_of(text: str) -> list[str]:
    """Words of the beginning of a text that can tell one matter from another."""
    return cut(text[:_READ_OF_TEXT], stop_words=False)


def places_of(text: str) -> list[str]:
    """Ends of names of places and institutions: 在文昌路小学 gives 文昌路, 昌路小学, 文昌路小学.

    Cutting tears such names into common words, and a matter is a place with what happens there.
    """
    text = text[:_READ_OF_TEXT]
    found = []
    for site in _SITE.finditer(text):
        start, end = site.span()
        if kind := _KIND_OF_SITE.search(text, max(0, start - _LONGEST_KIND), start):
            start = kind.start()
        found += [text[start - before : end] for before in _BEFORE_SITE if start >= before]
    return found


def term_of(word: str) -> int:
    """The hash under which a word is kept, 0 ≤ hash < :data:`TERMS`."""
    return crc32(word.encode()) % TERMS


def features_of(messages: Sequence[TopicInput], earlier: Features | None = None) -> Features:
    """Words of ``messages``, taken from ``earlier`` where it has the same text."""
    known = {one: place for place, one in enumerate(earlier.ids)} if earlier else {}
    prints = np.array([_print(message) for message in messages], dtype=np.uint32)
    places = [known.get(message.id) for message in messages]
    if earlier is not None:
        seals = earlier.prints
        places = [
            p if p is None or seals[p] == seal else None for p, seal in zip(places, prints, strict=True)
        ]
    terms, counts, starts = array("I"), array("B"), [0]
    new = _terms_of([message for message, place in zip(messages, places, strict=True) if place is None])
    for place in places:
        if earlier is None or place is None:
            found, often = next(new)
            terms.extend(found)
            counts.extend(often)
        else:
            part = slice(int(earlier.starts[place]), int(earlier.starts[place + 1]))
            terms.frombytes(earlier.terms[part].tobytes())
            counts.frombytes(earlier.counts[part].tobytes())
        starts.append(len(terms))
    return Features(
        tuple(message.id for message in messages),
        prints,
        np.array(starts, dtype=np.int64),
        np.array(terms, dtype=np.uint32),
        np.array(counts, dtype=np.uint8),
    )


def _terms_of(messages: Sequence[TopicInput]) -> Iterator[tuple[array[int], array[int]]]:
    """The distinct terms of each message with their counts."""
    texts = [(message.title, message.text) for message in messages]
    batches = (texts[start : start + _BATCH] for start in range(0, len(texts), _BATCH))
    for batch in in_order(_counted, None, batches):
        yield from batch


def _counted(_: None, texts: Sequence[tuple[str, str]]) -> list[tuple[array[int], array[int]]]:
    counting = _Counting()
    found = (counting.counted(title, text) for title, text in texts)
    return [(array("I", one), array("B", (min(often, 255) for often in one.values()))) for one in found]


def remembered_features(messages: Sequence[TopicInput], file: Path) -> Features:
    """:func:`features_of` with what ``file`` remembers; the file is written again where something changed.

    A file that cannot be written is logged, not raised: the next run is slower, nothing is lost.
    """
    earlier = read_features(file)
    features = features_of(messages, earlier)
    if earlier is None or earlier.ids != features.ids or not np.array_equal(earlier.prints, features.prints):
        try:
            write_features(features, file)
        except OSError as error:
            logger.warning("%s not written: %s", file, error)
    return features


def read_features(file: Path) -> Features | None:
    """``None`` where the file is missing, damaged or of another version."""
    try:
        with file.open("rb") as stream, np.load(stream, allow_pickle=False) as stored:
            if int(stored["version"]) != FEATURES_VERSION:
                return None
            ids = stored["ids"].tobytes().decode().split("\n") if stored["ids"].size else []
            features = Features(
                tuple(ids), stored["prints"], stored["starts"], stored["terms"], stored["counts"]
            )
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        logger.warning("%s is damaged and will be made again: %s", file, error)
        return None
    return features if _consistent(features) else None


def write_features(features: Features, file: Path) -> None:
    """Write so that a reader sees the old file or the new one, never half of it.

    Raises:
        OSError: the disk refuses.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=file.parent, suffix=".part", delete=False) as part:
        try:
            np.savez(
                part,
                version=np.array(FEATURES_VERSION),
                ids=np.frombuffer("\n".join(features.ids).encode(), dtype=np.uint8),
                prints=features.prints,
                starts=features.starts,
                terms=features.terms,
                counts=features.counts,
            )
            part.close()
            Path(part.name).replace(file)
        except BaseException:
            Path(part.name).unlink(missing_ok=True)
            raise


def _consistent(features: Features) -> bool:
    many, words = len(features.ids), len(features.terms)
    shapes = (
        len(features.prints) == many and len(features.starts) == many + 1 and len(features.counts) == words
    )
    return bool(shapes and features.starts[0] == 0 and features.starts[-1] == words)


def _print(message: TopicInput) -> int:
    return crc32(message.text.encode(errors="replace"), crc32(message.title.encode(errors="replace")))


class _Counting:
    """Counts the terms of messages; a word is hashed once."""

    def __init__(self) -> None:
        self._words = _Hashes("")
        self._places = _Hashes("@")  # another term than the word of the same spelling

    def counted(self, title: str, text: str) -> dict[int, int]:
        found = Counter(self._terms(text))
        for term in self._terms(title):
            found[term] += _TITLE_COUNTS
        return found

    def _terms(self, text: str) -> list[int]:
        words, places = words_of(text), places_of(text)
        return [*map(self._words.__getitem__, words), *map(self._places.__getitem__, places)]


class _Hashes(dict[str, int]):
    def __init__(self, mark: str) -> None:
        super().__init__()
        self._mark = mark

    def __missing__(self, word: str) -> int:
        term = self[word] = term_of(self._mark + word)
        return term
