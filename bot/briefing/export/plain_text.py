"""Text from outside as it may stand in a document: data, never markup, never a character that a file format
cannot hold."""

from __future__ import annotations

import re

_BREAKS = re.compile(r"\r\n?|[\v\f\x85\u2028\u2029]")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")
"""Control characters, which XML 1.0 forbids (§2.2), and marks of writing direction, which would turn round
what stands after them."""
_SURROGATE = re.compile("[\ud800-\udfff]")
_BLANKS = re.compile(r"[ \t]*\n[ \t\n]*|\t")


def clean(text: str) -> str:
    """Printable text; ``\\n`` is the only line break, a lone surrogate becomes U+FFFD."""
    plain = _UNPRINTABLE.sub("", _BREAKS.sub("\n", text))
    return _SURROGATE.sub("\ufffd", plain).strip()


def one_line(text: str) -> str:
    """The same without line breaks and tabs."""
    return _BLANKS.sub(" ", clean(text))
