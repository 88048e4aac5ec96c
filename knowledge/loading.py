"""Loading a library that can be trusted: parsed, linked, free of errors."""

from __future__ import annotations

from pathlib import Path

from knowledge.errors import LibraryInvalid
from knowledge.files import BUNDLED, parse
from knowledge.library import Library
from knowledge.validation import link_problems


def load(directory: Path = BUNDLED) -> Library:
    """Read a library directory.

    Raises:
        LibraryInvalid: with every problem found (file, line, field).
        KnowledgeError: there is no library there.
    """
    library, problems = parse(directory)
    errors = tuple(p for p in (*problems, *link_problems(library)) if p.severity == "error")
    if errors:
        raise LibraryInvalid(errors)
    return library
