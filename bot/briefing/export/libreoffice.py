"""DOCX to PDF with LibreOffice: the same layout as in the DOCX."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from time import monotonic

from bot.briefing.export.fonts import ChosenFont, choose, fontconfig

TIMEOUT = 60
"""Seconds, start of LibreOffice included."""
_ONE_AT_A_TIME = Lock()
_NOT_IMPORTED = {
    'style:punctuation-wrap="hanging"': 'style:punctuation-wrap="simple"',
    'style:text-autospace="ideograph-alpha"': 'style:text-autospace="none"',
}
"""What LibreOffice (7.4) does not take from a DOCX: ``overflowPunct`` and ``autoSpaceDE``. Set on the way, in
flat ODF, or punctuation would stand outside the 版心 and digits would break the grid."""


class ConversionFailed(Exception):
    """LibreOffice ended without a PDF; the message says why, in Chinese."""


def program() -> str | None:
    """The program, where it is installed."""
    return shutil.which("soffice") or shutil.which("libreoffice")


def fonts_here() -> tuple[ChosenFont, ...]:
    """The fonts that LibreOffice uses here; none where fontconfig cannot be asked (it then chooses itself).

    Raises:
        UsageError: no Chinese font is installed.
    """
    lister = shutil.which("fc-list")
    if lister is None:
        return ()
    listed = subprocess.run(  # noqa: S603 - fixed arguments
        [lister, "--format", "%{family}\n"], capture_output=True, check=False
    )
    lines = listed.stdout.decode("utf-8", "replace").splitlines()
    return choose(family for line in lines for family in line.split(","))


def to_pdf(document: bytes, fonts: tuple[ChosenFont, ...]) -> bytes:
    """The PDF of a DOCX. Each call has its own profile, so that it meets no running LibreOffice.

    Raises:
        ConversionFailed: it took too long or made no PDF.
    """
    with _ONE_AT_A_TIME, tempfile.TemporaryDirectory(prefix="zhengcetong-pdf-") as directory:
        place = Path(directory)
        (place / "page.docx").write_bytes(document)
        environment = dict(os.environ)
        if fonts:
            (place / "fonts.conf").write_text(fontconfig(fonts), encoding="utf-8")
            environment["FONTCONFIG_FILE"] = str(place / "fonts.conf")
        deadline = monotonic() + TIMEOUT
        flat = _convert(place / "page.docx", "fodt", environment, deadline)
        xml = flat.read_text(encoding="utf-8")
        for here, wanted in _NOT_IMPORTED.items():
            xml = xml.replace(here, wanted)
        flat.write_text(xml, encoding="utf-8")
        return _convert(flat, "pdf", environment, deadline).read_bytes()


def _convert(source: Path, form: str, environment: dict[str, str], deadline: float) -> Path:
    command = [
        program() or "soffice",
        f"-env:UserInstallation={(source.parent / 'profile').as_uri()}",
        *("--headless", "--norestore", "--nologo", "--convert-to", form, "--outdir", str(source.parent)),
        str(source),
    ]
    _run(command, environment, deadline - monotonic())
    made = source.with_suffix(f".{form}")
    if not made.is_file():
        raise ConversionFailed("没有输出文件")
    return made


def _run(command: Sequence[str], environment: dict[str, str], seconds: float) -> None:
    """Run to the end; whatever it started ends with it."""
    try:
        # A session of its own: the program is a script that starts others, and all must end with it.
        process = subprocess.Popen(  # noqa: S603 - fixed arguments, no shell
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError as error:
        raise ConversionFailed(error.strerror or str(error)) from error
    try:
        process.wait(max(0.0, seconds))
    except subprocess.TimeoutExpired:
        raise ConversionFailed(f"超过{TIMEOUT}秒") from None
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
