"""How rare words are in messages at large, for stores that hold few messages.

Where a quarter of twenty messages are about one matter, its words look common, and the matter would not be
found. The classifier's bundled examples stand for messages at large.
"""

from __future__ import annotations

import json
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from bot.signals.classification.examples import BUNDLED
from bot.signals.topics.features import TERMS, TopicInput, features_of

WEIGHT = 0.3
"""What an example counts against a stored message; with thousands of messages it makes no difference."""


@lru_cache(maxsize=1)
def background() -> tuple[npt.NDArray[np.float32], float]:
    """Weighted number of examples by term, and of all examples."""
    lines = [line for path in BUNDLED for line in path.read_text(encoding="utf-8").splitlines() if line]
    examples = [json.loads(line) for line in lines]
    features = features_of([TopicInput(one["id"], one["title"], one["text"]) for one in examples])
    frequencies = WEIGHT * np.bincount(features.terms, minlength=TERMS)
    return frequencies.astype(np.float32), WEIGHT * len(examples)
