"""The works (laws, notices, guides) that passages belong to, and how they speak of each other."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from index.engines.scoring import Floats

_ARTICLE = re.compile(r"\s*第[一二三四五六七八九十百千零〇\d]+条(?:之[一二三四五六七八九十\d]+)?\s*$")
_TITLE = re.compile(r"《([^《》]{2,60})》")
_STATE = "中华人民共和国"
_SEPARATOR = "\n"


def work_of(title: str) -> str:
    """The work that a passage's title names: 义务教育法第十二条 → 义务教育法."""
    return _ARTICLE.sub("", title)


def mentions(text: str) -> str:
    """Titles in 《》, each once, as one string for a column of the index."""
    return _SEPARATOR.join(dict.fromkeys(map(_short, _TITLE.findall(text))))


def _short(title: str) -> str:
    return title.removeprefix(_STATE)


class Works:
    """Which work each passage belongs to, what works are called, how often passages mention them.

    Args:
        titles: for each passage the title of its work.
        mentioned: for each passage what :func:`mentions` gave.
        split: title → terms, as passages are split.
    """

    def __init__(
        self, titles: Sequence[str], mentioned: Sequence[str], split: Callable[[str], Sequence[str]]
    ) -> None:
        numbers: dict[str, int] = {}
        self.of: npt.NDArray[np.int32] = np.array(
            [numbers.setdefault(title, len(numbers)) for title in titles], dtype=np.int32
        )
        self.titles = tuple(numbers)
        counts: Counter[str] = Counter()
        for found in mentioned:
            if found:
                counts.update(found.split(_SEPARATOR))
        self.cited: Floats = np.log1p([counts[_short(title)] for title in self.titles]).astype(np.float32)
        """log(1 + passages that mention the work): how much other texts build on it."""
        self._split = split
        self.terms_of = lru_cache(maxsize=4096)(self._terms_of)

    def _terms_of(self, work: int) -> frozenset[str]:
        """The terms of a work's title."""
        return frozenset(self._split(self.titles[work]))
