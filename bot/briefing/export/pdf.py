"""A page as PDF: with LibreOffice where it is installed, else with typst."""

from __future__ import annotations

from collections.abc import Iterable

from bot.briefing.export import libreoffice, typst_pdf
from bot.briefing.export.docx_writing import as_docx
from bot.briefing.export.fonts import ChosenFont, stand_in_notice
from bot.briefing.export.page import GovernmentPage
from bot.briefing.export.wording import say
from bot.errors import UsageError


def as_pdf(page: GovernmentPage) -> tuple[bytes, tuple[str, ...]]:
    """The file's bytes, with notices on the engine and on fonts that stand in.

    Raises:
        UsageError: there is no engine or no Chinese font; says what to install.
    """
    if libreoffice.program() is None:
        if not typst_pdf.is_installed():
            raise UsageError(say("pdf_no_engine"))
        return _with_typst(page)
    fonts = libreoffice.fonts_here()
    try:
        made = libreoffice.to_pdf(as_docx(page), fonts)
    except libreoffice.ConversionFailed as failed:
        if not typst_pdf.is_installed():
            raise UsageError(say("pdf_failed", reason=failed)) from failed
        made, notices = _with_typst(page)
        return made, (say("pdf_broken", reason=failed), *notices)
    return made, _notices("LibreOffice", fonts)


def _with_typst(page: GovernmentPage) -> tuple[bytes, tuple[str, ...]]:
    made, fonts = typst_pdf.to_pdf(page)
    return made, _notices("typst", fonts)


def _notices(engine: str, fonts: Iterable[ChosenFont]) -> tuple[str, ...]:
    return tuple(filter(None, (say("pdf_engine", engine=engine), stand_in_notice(fonts))))
