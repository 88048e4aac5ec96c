"""A posting list as one block: two pickles that Whoosh reads, laid out so that NumPy reads them raw.

The pickles are written by hand. What stands before the first array has one length, arrays are plain
little-endian numbers, and one byte after the first array says what follows. So reading takes no
unpickling, and the index stays one that Whoosh can open.
"""

from __future__ import annotations

import struct
from typing import Any

import numpy as np
import numpy.typing as npt

from index.engines.inversion import TermPostings
from index.engines.scoring import Numbers, Weights

_HEAD = struct.Struct("<4sicic8s3sBcB2s")
"""Opcodes and values of (count, last passage, largest weight, 0: not compressed, bounds of the lengths)."""
_DOUBLE, _SIZE = struct.Struct(">d"), struct.Struct("<I")
_BODY, _END = b"\x80\x03", b"N\x87."
_ARRAY, _BYTES, _CALL = b"carray\narray\nX\x01\0\0\0", b"B", b"\x86R"
"""``array(code, bytes)``: what stands before the code, before the size, and after the bytes."""
_NONE, _FLOAT = b"N", b"G"
_CODE = _HEAD.size + len(_BODY) + len(_ARRAY)
_TYPES: dict[str, np.dtype[Any]] = {
    "B": np.dtype("<u1"),
    "H": np.dtype("<u2"),
    "I": np.dtype("<u4"),
    "f": np.dtype("<f4"),
}
_TYPE_OF = {ord(code): kind for code, kind in _TYPES.items()}


def encode(term: TermPostings, shortest: int, longest: int) -> bytes:
    """The block of a term. ``shortest`` and ``longest`` bound its passages' lengths, as Whoosh codes them."""
    most = _DOUBLE.pack(term.max_weight)
    head = _HEAD.pack(
        b"\x80\x02(J",
        len(term.gaps),
        b"J",
        term.last,
        _FLOAT,
        most,
        b"K\0K",
        shortest,
        b"K",
        longest,
        b"t.",
    )
    return b"".join((head, _BODY, _gaps(term), _weights(term), _END))


def decode(block: bytes, offset: int = 0) -> tuple[Numbers, Weights]:
    """Passage numbers and weights of the block that starts at ``offset``.

    Raises:
        ValueError, KeyError, IndexError, struct.error: this is no such block, or not all of it.
    """
    gaps, after = _read_array(block, offset + _CODE)
    what = block[after : after + 1]
    if what == _NONE:
        weights: Weights = np.ones(len(gaps), dtype=np.uint8)
    elif what == _FLOAT:
        (weight,) = _DOUBLE.unpack_from(block, after + 1)
        weights = np.full(len(gaps), weight, dtype=np.uint8 if weight in range(256) else np.float32)
    else:
        weights, _ = _read_array(block, after + len(_ARRAY))
        if len(weights) != len(gaps):
            raise ValueError("not as many weights as passages")
    return gaps.cumsum(dtype=np.intp), weights


def _gaps(term: TermPostings) -> bytes:
    """The gaps in as few bytes each as hold the widest."""
    widest = int(term.gaps.max())
    return _array("B" if widest < 2**8 else "H" if widest < 2**16 else "I", term.gaps)


def _weights(term: TermPostings) -> bytes:
    """The weights: none where all are 1, one number where all are equal, bytes where they fit."""
    if term.min_weight == term.max_weight:
        return _NONE if term.max_weight == 1 else _FLOAT + _DOUBLE.pack(term.max_weight)
    whole = term.max_weight < 2**8 and not (term.weights % 1).any()
    return _array("B" if whole else "f", term.weights)


def _array(code: str, values: npt.NDArray[np.uint32] | npt.NDArray[np.float32]) -> bytes:
    raw = values.astype(_TYPES[code]).tobytes()
    return b"".join((_ARRAY, code.encode(), _BYTES, _SIZE.pack(len(raw)), raw, _CALL))


def _read_array(block: bytes, at: int) -> tuple[npt.NDArray[Any], int]:
    """The array whose code stands at ``at``, and where the opcode after it stands."""
    kind = _TYPE_OF[block[at]]
    (size,) = _SIZE.unpack_from(block, at + 2)
    start = at + 2 + _SIZE.size
    return np.frombuffer(block, kind, size // kind.itemsize, start), start + size + len(_CALL)
