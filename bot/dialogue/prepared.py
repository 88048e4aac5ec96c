"""What is worked out from the library once and kept on disk: start to first answer should be short.

The key is a hash of the library and of the code that prepares it, so nothing stale is ever used; a file
that is missing, unreadable or of another key is simply made anew.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
from pathlib import Path
from typing import Any

from knowledge.library import Library

_LOG = logging.getLogger(__name__)
_ROOT = Path(__file__).parent.parent.parent
_CODE = (
    "bot/dialogue/units.py",
    "bot/dialogue/unsaid.py",
    "bot/dialogue/asking.py",
    "bot/dialogue/answer_types.py",
    "bot/dialogue/lexicon.py",
    "bot/dialogue/phrases.py",
    "bot/dialogue/spelling.py",
    "bot/dialogue/pinyin.py",
    "bot/dialogue/function_words.yaml",
    "index/analysis.py",
    "index/numerals.py",
    "index/build.py",
    "knowledge/figures.py",
)


class PreparedCache:
    """JSON values by name in one directory, all under one key.

    Args:
        directory: where to keep them; ``None`` keeps nothing.
        library: what they are made from.
    """

    def __init__(self, directory: Path | None, library: Library) -> None:
        self._directory = directory
        digest = hashlib.blake2b(library.fingerprint.encode(), digest_size=16)
        if directory is not None:
            for name in _CODE:
                digest.update((_ROOT / name).read_bytes())
        self._key = digest.hexdigest()

    def get(self, name: str) -> Any | None:  # Any: JSON; the caller knows its shape
        """A kept value, or ``None``."""
        if self._directory is None:
            return None
        try:
            kept = json.loads((self._directory / f"{name}.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        if not isinstance(kept, dict) or kept.get("key") != self._key:
            return None
        return kept.get("value")

    def put(self, name: str, value: object) -> None:
        """Keep a value. A directory that cannot be written costs time at the next start, nothing else."""
        if self._directory is None:
            return
        target = self._directory / f"{name}.json"
        draft = target.with_suffix(f".{os.getpid()}.tmp")
        try:
            self._directory.mkdir(parents=True, exist_ok=True)
            draft.write_text(
                json.dumps({"key": self._key, "value": value}, ensure_ascii=False), encoding="utf-8"
            )
            draft.replace(target)
        except OSError as exc:
            _LOG.warning("cannot keep %s: %s", target.name, type(exc).__name__)
