"""Writing a briefing, its card and other pages as files, by the ending of the name."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from uuid import uuid4

from bot.briefing.export.composing import briefing_page
from bot.briefing.export.docx_writing import as_docx
from bot.briefing.export.essentials import card_page
from bot.briefing.export.markdown_writing import as_markdown
from bot.briefing.export.page import GovernmentPage
from bot.briefing.export.pdf import as_pdf
from bot.briefing.models import Briefing
from bot.briefing.serial import to_json
from bot.errors import UsageError

PAGE_FORMATS = (".docx", ".pdf", ".md")
FORMATS = (*PAGE_FORMATS, ".json")

Notices = tuple[str, ...]
"""What a reader should be told about how the file was made: engine and stand-in fonts of a PDF."""


def write(briefing: Briefing, path: Path) -> Notices:
    """Write a briefing as ``.docx``, ``.pdf``, ``.md`` or ``.json``.

    Raises:
        UsageError: another ending, a place that cannot be written, no engine or no Chinese font for a PDF.
    """
    if _checked(path, FORMATS) == ".json":
        written = json.dumps(to_json(briefing), ensure_ascii=False, indent=2) + "\n"
        _put(path, written.encode("utf-8", "replace"))
        return ()
    return write_page(briefing_page(briefing), path)


def markdown(briefing: Briefing) -> str:
    """The whole briefing as Markdown, for a screen."""
    return as_markdown(briefing_page(briefing))


def write_card(briefing: Briefing, path: Path) -> Notices:
    """Write what matters on one page, as ``.docx``, ``.pdf`` or ``.md``.

    Raises:
        UsageError: see :func:`write`.
    """
    return write_page(card_page(briefing), path)


def write_page(page: GovernmentPage, path: Path) -> Notices:
    """Write any page, as ``.docx``, ``.pdf`` or ``.md``.

    Raises:
        UsageError: see :func:`write`.
    """
    form = _checked(path, PAGE_FORMATS)
    if form == ".pdf":
        content, notices = as_pdf(page)
        _put(path, content)
        return notices
    _put(path, as_docx(page) if form == ".docx" else as_markdown(page).encode("utf-8", "replace"))
    return ()


def _checked(path: Path, formats: Sequence[str]) -> str:
    """The format, before anything is made that could then not be written."""
    if path.suffix.lower() not in formats:
        raise UsageError(f"文件名要以 {'、'.join(formats)} 结尾：{path}")
    try:
        if path.is_dir():
            raise UsageError(f"{path} 是一个目录，请写文件名")
        if not path.parent.is_dir():
            raise UsageError(f"没有这个目录：{path.parent}")
        if not os.access(path if path.exists() else path.parent, os.W_OK):
            raise UsageError(f"没有权限写 {path}")
    except OSError as error:
        raise _unwritable(path, error) from error
    return path.suffix.lower()


def _put(path: Path, content: bytes) -> None:
    """Whole or not at all: what stood there stays until the new file is complete."""
    target = path.resolve()
    part = target.with_name(f".{uuid4().hex}.tmp")
    try:
        part.write_bytes(content)
        part.replace(target)
    except OSError as error:
        raise _unwritable(path, error) from error
    finally:
        part.unlink(missing_ok=True)


def _unwritable(path: Path, error: OSError) -> UsageError:
    return UsageError(f"无法写入 {path}：{error.strerror or error}。请检查文件名、磁盘空间，文件是否正被打开")
