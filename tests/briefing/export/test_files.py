"""Where and as what a briefing is written, and what is said where it cannot be."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from bot.briefing.export import GovernmentPage, libreoffice, pdf, typst_pdf, write, write_card, write_page
from bot.briefing.serial import from_json
from bot.errors import UsageError
from tests.briefing.briefings import briefing
from tests.briefing.export.rendered import typst_with_chinese


def test_json_is_the_whole_briefing(tmp_path: Path) -> None:
    write(briefing(3, sealed=True), tmp_path / "b.JSON")
    assert from_json(json.loads((tmp_path / "b.JSON").read_text("utf-8"))) == briefing(3, sealed=True)


@pytest.mark.parametrize("name", ["b.txt", "b", "b.doc"])
def test_other_endings_are_named_with_those_that_work(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match=r"\.docx、\.pdf、\.md、\.json"):
        write(briefing(), tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_a_card_is_no_json(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"\.docx、\.pdf、\.md 结尾"):
        write_card(briefing(), tmp_path / "c.json")


def test_a_place_that_cannot_be_written_is_said_before_anything_is_made(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="没有这个目录"):
        write(briefing(), tmp_path / "无" / "b.docx")
    (tmp_path / "d.docx").mkdir()
    with pytest.raises(UsageError, match="是一个目录"):
        write(briefing(), tmp_path / "d.docx")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_directory_without_permission_is_said(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(UsageError, match="没有权限"):
        write(briefing(), tmp_path / "b.docx")
    tmp_path.chmod(0o700)


def test_a_name_that_the_disk_refuses_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="无法写入"):
        write(briefing(), tmp_path / ("长" * 200 + ".md"))
    assert list(tmp_path.iterdir()) == []


def test_an_earlier_file_is_replaced_whole(tmp_path: Path) -> None:
    target = tmp_path / "b.md"
    target.write_text("旧" * 100_000, encoding="utf-8")
    write(briefing(1), target)
    assert "旧旧" not in target.read_text("utf-8")
    assert [path.name for path in tmp_path.iterdir()] == ["b.md"]


def test_without_any_engine_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))  # no LibreOffice in there
    monkeypatch.setattr(typst_pdf, "is_installed", lambda: False)
    with pytest.raises(UsageError, match=r"libreoffice-writer-nogui.*typst"):
        write(briefing(), tmp_path / "b.pdf")
    assert list(tmp_path.iterdir()) == []


def test_a_libreoffice_that_fails_is_replaced_by_typst_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    typst_with_chinese()
    broken = tmp_path / "soffice"
    broken.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    broken.chmod(0o700)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    notices = write_page(GovernmentPage("试"), tmp_path / "p.pdf")
    assert notices[0] == "LibreOffice 没有转成 PDF（没有输出文件），改用 typst。"
    assert notices[1] == "PDF 由 typst 排版。"
    assert (tmp_path / "p.pdf").read_bytes().startswith(b"%PDF")


def test_a_libreoffice_that_hangs_is_ended_with_what_it_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hanging = tmp_path / "soffice"
    hanging.write_text(f"#!/bin/sh\nsleep 600 &\necho $! > {tmp_path}/child\nwait\n", encoding="utf-8")
    hanging.chmod(0o700)
    fonts = tmp_path / "fc-list"
    fonts.write_text("#!/bin/sh\necho Noto Serif CJK SC\n", encoding="utf-8")
    fonts.chmod(0o700)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    monkeypatch.setattr(libreoffice, "TIMEOUT", 1)
    monkeypatch.setattr(typst_pdf, "is_installed", lambda: False)
    with pytest.raises(UsageError, match="超过1秒"):
        pdf.as_pdf(GovernmentPage("试"))
    child = int((tmp_path / "child").read_text("utf-8"))
    status = Path(f"/proc/{child}/status")
    assert not status.exists() or "State:\tZ" in status.read_text("utf-8")
