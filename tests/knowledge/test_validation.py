"""The library check: every mistake that an editor can make is named with file, line and field."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from knowledge.errors import KnowledgeError, LibraryInvalid, Problem
from knowledge.files import BUNDLED, fingerprint, parse
from knowledge.loading import load
from knowledge.validation import check

DAY = date(2024, 6, 1)
FIXTURE = Path(__file__).parents[1] / "fixtures" / "library"

DOCUMENT = """\
id: {id}
title: 关于助学贷款的通知
kind: policy
origin: local
level: city
issuer: 市教育体育局
doc_no: 宣教〔2024〕5号
office: zizhu
categories: [c20]
reviews: {{first_review: 甲, second_review: 乙, final_review: 丙}}
clauses:
- path: 第一条
  text: 贷款额度。
  facts: [quota]
facts:
- key: quota
  statement: 助学贷款每人每年最高20000元。
  brief: 最高20000元。
  clause: 第一条
  confidence: high
  evidence: official
  aspects: [金额]
  asks: [能贷多少]
"""
FAQ = """\
document: {id}
entries:
- question: 最多贷多少？
  answer: 每年最高2万元。
  facts: [quota]
"""
LIBRARY = {
    "documents/a.yaml": DOCUMENT.format(id="a"),
    "documents/b.yaml": DOCUMENT.format(id="b"),
    "faq/a.yaml": FAQ.format(id="a"),
    "offices.yaml": "offices:\n- {id: zizhu, name: 资助中心, duties: 资助}\n",
    "catalogue.yaml": "categories:\n- {id: c20, name: 学生资助, group: 教育}\n",
    "aspects.yaml": "aspects:\n- {id: 金额, cues: [多少钱]}\n",
    "slots.yaml": "slots:\n- {id: 学段, ask: 哪个学段？, values: [{value: 小学, cues: [小学]}]}\n",
    "boundaries.yaml": "boundaries:\n- {id: x, kind: unpublished, matter: 甲, owner: 乙, cues: [甲]}\n",
    "calendar.yaml": "entries:\n- {id: x, name: 开学, month: 9}\n",
    "synonyms/words.yaml": "terms:\n- {term: 助学贷款, aliases: [助贷]}\n",
}
Broken = Callable[..., tuple[Problem, ...]]


def write(directory: Path, files: dict[str, str | bytes]) -> Path:
    for name, content in files.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return directory


@pytest.fixture
def broken(tmp_path: Path) -> Broken:
    """The errors of the small library after replacing a text in one of its files (or a whole file)."""

    def checked(file: str, old: str, new: str | bytes) -> tuple[Problem, ...]:
        content = LIBRARY.get(file, "")
        assert old == "" or old in content
        changed = content.replace(old, new, 1) if old and isinstance(new, str) else new
        directory = write(tmp_path, {**LIBRARY, file: changed})
        return tuple(p for p in check(directory, DAY) if p.severity == "error")

    return checked


def line_of(file: str, text: str) -> int:
    return next(n for n, line in enumerate(LIBRARY[file].splitlines(), start=1) if text in line)


def test_the_small_library_is_right(tmp_path: Path) -> None:
    """So that each mistake below is the only one."""
    write(tmp_path, LIBRARY)
    assert [str(p) for p in check(tmp_path, DAY) if p.severity == "error"] == []
    assert set(load(tmp_path).documents) == {"a", "b"}


A, B, F = "documents/a.yaml", "documents/b.yaml", "faq/a.yaml"


@pytest.mark.parametrize(
    ("file", "old", "new", "where", "field", "said"),
    [
        (A, "level: city", "levle: city", "levle", "levle", "拼写"),
        (A, "kind: policy", "kind: policy\nkind: policy", "kind", "kind", "两次"),
        (A, "origin: local", "origin: lokal", "origin", "origin", "local、forwarded"),
        (A, "title: 关于助学贷款的通知", "title: 2024", "title", "title", "应为文字"),
        (A, "office: zizhu", "expires: 2024-02-30\noffice: zizhu", "expires", "expires", "应为日期"),
        (A, "office: zizhu", "role: other\noffice: zizhu", "role", "role", "procedural"),
        (A, "  confidence: high", "  confidence: sure", "confidence", "facts[1].confidence", "high"),
        (A, "  clause: 第一条\n", "", "key: quota", "facts[1].clause", "缺少必填字段"),
        (A, "- path: 第一条", "- pfad: 第一条", "pfad", "clauses[1].pfad", "拼写"),
        (A, "aspects: [金额]", "aspects: 金额", "aspects", "facts[1].aspects", "应为列表"),
        (A, "final_review: 丙}", "final: 丙}", "final", "reviews.final", "拼写"),
        (F, "  answer:", "  anser:", "anser", "entries[1].anser", "拼写"),
        ("offices.yaml", "duties: 资助", "duties: null", "zizhu", "offices[1].duties", "缺少必填字段"),
        ("calendar.yaml", "month: 9", "month: 13", "month", "entries[1].month", "1 到 12"),
        ("calendar.yaml", "month: 9", "month: 0x9", "month", "entries[1].month", "整数"),
        ("boundaries.yaml", "unpublished", "unknown", "unknown", "boundaries[1].kind", "personal_record"),
        ("synonyms/words.yaml", "aliases: [助贷]", "aliases: ['']", "term", "terms[1].aliases", "不能为空"),
    ],
)
def test_a_wrong_entry_names_file_line_and_field(
    broken: Broken, file: str, old: str, new: str, where: str, field: str, said: str
) -> None:
    problems = broken(file, old, new)
    found = [p for p in problems if p.field == field]
    assert found, problems
    assert (found[0].file, found[0].severity) == (file, "error")
    changed = LIBRARY[file].replace(old, new, 1).splitlines()
    assert where in changed[found[0].line - 1]
    assert said in found[0].message


@pytest.mark.parametrize(
    ("file", "old", "new", "field", "said"),
    [
        (A, "office: zizhu", "office: nobody", "office", "nobody"),
        (A, "office: zizhu", "office: zizhu\nco_offices: [nobody]", "office", "nobody"),
        (A, "[c20]", "[c99]", "categories", "c99"),
        (A, "office: zizhu", "related: [nothing]\noffice: zizhu", "related", "nothing"),
        (A, "kind: policy", "kind: interpretation\ninterprets: nothing", "interprets", "nothing"),
        (A, "kind: policy", "kind: interpretation", "interprets", "解读哪份文件"),
        (
            A,
            "office: zizhu",
            "superseded_by: {title: 新, document: nothing}\noffice: zizhu",
            "superseded_by.document",
            "nothing",
        ),
        (
            A,
            "office: zizhu",
            "superseded_by: {title: 新, document: a}\noffice: zizhu",
            "superseded_by.document",
            "圈",
        ),
        (A, "  facts: [quota]", "  facts: [nothing]", "clauses.第一条", "nothing"),
        (A, "  clause: 第一条", "  clause: 第九条", "clause", "第九条"),
        (A, "[金额]", "[颜色]", "aspects", "颜色"),
        (A, "  clause: 第一条", "  clause: 第一条\n  superseded_by: nothing", "superseded_by", "nothing"),
        (A, "  clause: 第一条", "  clause: 第一条\n  superseded_by: b#nothing", "superseded_by", "b#nothing"),
        (A, "  clause: 第一条", "  clause: 第一条\n  superseded_by: b#quota", "valid_to", "到哪天为止"),
        (
            A,
            "  clause: 第一条",
            "  clause: 第一条\n  valid_to: 2024-01-01\n  superseded_by: quota",
            "superseded_by",
            "圈",
        ),
        (
            A,
            "  clause: 第一条",
            "  clause: 第一条\n  valid_from: 2024-02-01\n  valid_to: 2024-01-01",
            "valid_to",
            "早于",
        ),
        (A, "office: zizhu", "effective: 2024-02-01\nexpires: 2024-01-01\noffice: zizhu", "expires", "早于"),
        (A, "brief: 最高20000元", "brief: 最高16000元", "brief", "16000"),
        (F, "[quota]", "[quota, nothing]", "facts", "a#nothing"),
        (F, "[quota]", "[quota]\n  background: [b#nothing]", "facts", "b#nothing"),
        (F, "[quota]", "[quota]\n  office: nobody", "office", "nobody"),
        (F, "[quota]", "[quota]\n  aspects: [颜色]", "aspects", "颜色"),
        (F, "每年最高2万元", "每年最高1.6万元", "answer", "16000"),
        (F, "每年最高2万元", "见财教〔2024〕188号", "answer", "2024/188"),
        (F, "facts: [quota]", "facts: []", "answer", "20000"),
        (
            "boundaries.yaml",
            "owner: 乙",
            "owner: 乙, office: nobody",
            "x",
            "nobody",
        ),
    ],
)
def test_a_broken_link_is_an_error(
    broken: Broken, file: str, old: str, new: str, field: str, said: str
) -> None:
    """Links of every kind, impossible dates, circles, and figures that no bound fact holds."""
    problems = broken(file, old, new)
    assert [(p.file, p.field) for p in problems] == [(file, field)]
    assert said in problems[0].message


def test_the_hotline_number_needs_no_basis(broken: Broken) -> None:
    assert broken(F, "每年最高2万元", "请拨打12345") == ()


def test_guidance_without_facts_and_without_figures_is_right(broken: Broken) -> None:
    assert broken(F, "每年最高2万元。\n  facts: [quota]", "请问学校。") == ()


@pytest.mark.parametrize(
    ("terms", "field", "said"),
    [
        (
            "- {term: 助学贷款, aliases: [助贷]}\n- {term: 助学金, aliases: [助贷]}",
            "助学金",
            "已归“助学贷款”",
        ),
        ("- {term: 助学贷款, aliases: [助学金]}\n- {term: 助学金}", "助学贷款", "规范词"),
        ("- {term: 助学贷款}\n- {term: 助学贷款}", "助学贷款", "重复"),
        ("- {term: 助学贷款, broader: [资助]}", "助学贷款", "上位词：资助"),
    ],
)
def test_a_word_belongs_to_one_term(broken: Broken, terms: str, field: str, said: str) -> None:
    """Also across files of ``synonyms/``."""
    problems = broken("synonyms/words.yaml", "- {term: 助学贷款, aliases: [助贷]}", terms)
    assert {p.field for p in problems} == {field}
    assert said in problems[0].message


def test_a_word_belongs_to_one_term_across_files(broken: Broken) -> None:
    problems = broken("synonyms/yet_more.yaml", "", "terms:\n- {term: 助学金, aliases: [助贷]}\n")
    assert ["已归“助学贷款”" in p.message for p in problems] == [True]


def test_an_id_is_its_file_name_and_stands_once(broken: Broken) -> None:
    """b.yaml that says «a» is wrong twice: not its name, and not the only one."""
    problems = broken(B, "id: b", "id: a")
    assert [(p.file, p.field, p.message) for p in problems] == [
        (B, "id", "应与文件名相同：b"),
        (B, "id", "编号重复：a"),
    ]


def test_an_faq_file_belongs_to_the_document_of_its_name(broken: Broken) -> None:
    assert [p.field for p in broken("faq/b.yaml", "", FAQ.format(id="a"))] == ["document"]
    assert [p.field for p in broken("faq/c.yaml", "", FAQ.format(id="c"))] == ["document", "document"]


@pytest.mark.parametrize("stem", ["offices", "catalogue", "aspects", "slots", "boundaries", "calendar"])
def test_ids_of_a_list_are_unique(broken: Broken, stem: str) -> None:
    first, entry = LIBRARY[f"{stem}.yaml"].split("\n", 1)
    problems = broken(f"{stem}.yaml", "", f"{first}\n{entry}{entry}")
    assert [(p.file, p.line, p.field) for p in problems] == [(f"{stem}.yaml", 3, "id")]


def test_keys_and_clauses_are_unique_in_a_document(broken: Broken) -> None:
    clause, fact = DOCUMENT[DOCUMENT.index("- path") : DOCUMENT.index("facts:\n")], "- key: quota"
    assert clause.startswith("- path: 第一条")
    twice = LIBRARY[A].replace(clause, clause * 2)
    twice += LIBRARY[A][LIBRARY[A].index(fact) :]
    assert {(p.field, p.message) for p in broken(A, "", twice)} == {
        ("facts", "事实编号重复：quota"),
        ("clauses", "条目重复：第一条"),
    }


def test_facts_that_replace_each_other_in_a_circle_are_all_named(tmp_path: Path) -> None:
    """Across two documents."""
    files = {
        path: LIBRARY[path].replace(
            "  clause: 第一条", f"  clause: 第一条\n  valid_to: 2024-01-01\n  superseded_by: {other}#quota"
        )
        for path, other in ((A, "b"), (B, "a"))
    }
    problems = check(write(tmp_path, {**LIBRARY, **files}), DAY)
    assert {(p.file, p.field) for p in problems if "圈" in p.message} == {
        (A, "superseded_by"),
        (B, "superseded_by"),
    }


def test_documents_that_replace_each_other_in_a_circle_are_all_named(tmp_path: Path) -> None:
    """Else both would be said to be replaced, and neither could be answered from."""
    files = {
        path: LIBRARY[path] + f"superseded_by: {{title: 新, document: {other}}}\n"
        for path, other in ((A, "b"), (B, "a"))
    }
    problems = check(write(tmp_path, {**LIBRARY, **files}), DAY)
    assert {p.file for p in problems if "圈" in p.message} == {A, B}


@pytest.mark.parametrize(
    "content",
    ["id: a\n  title: [", "\tid: a", "标题".encode("gb18030"), "", "- id: a", "id: a\x00"],
)
def test_an_unreadable_file_does_not_hide_the_others(tmp_path: Path, content: str | bytes) -> None:
    """The mistakes of every file are told at once, the unreadable one among them."""
    other = LIBRARY[B].replace("level: city", "level: town")
    directory = write(tmp_path, {**LIBRARY, A: content, B: other})
    with pytest.raises(LibraryInvalid) as caught:
        load(directory)
    assert {A, B} <= {p.file for p in caught.value.problems}
    assert "\n" not in str(caught.value)
    assert str(caught.value.problems[0]) in str(caught.value)
    assert f"共 {len(caught.value.problems)} 处" in str(caught.value)


def test_what_editors_and_systems_hide_is_no_document(tmp_path: Path) -> None:
    """Emacs leaves links to nowhere beside an open file, macOS its own files on a shared disk."""
    directory = write(tmp_path, {**LIBRARY, "documents/._a.yaml": b"\x00\x05"})
    before = fingerprint(directory)
    (directory / "documents" / ".#a.yaml").symlink_to("editor@host.123")
    assert set(load(directory).documents) == {"a", "b"}
    assert fingerprint(directory) == before


def test_a_directory_named_like_a_document_is_told(tmp_path: Path) -> None:
    directory = write(tmp_path, LIBRARY)
    (directory / "documents" / "c.yaml").mkdir()
    with pytest.raises(LibraryInvalid, match=re.escape("documents/c.yaml")):
        load(directory)


@pytest.mark.parametrize("make", [lambda path: None, Path.mkdir, Path.touch])
def test_no_library_is_no_list_of_problems(tmp_path: Path, make: Callable[[Path], None]) -> None:
    make(tmp_path / "x")
    for read in (load, check):
        with pytest.raises(KnowledgeError, match="没有政策库") as caught:
            read(tmp_path / "x")
        assert not isinstance(caught.value, LibraryInvalid)


def test_the_fingerprint_follows_content_and_names(tmp_path: Path) -> None:
    directory = write(tmp_path, LIBRARY)
    first = fingerprint(directory)
    assert fingerprint(directory) == first == parse(directory)[0].fingerprint
    (directory / A).write_text(LIBRARY[A].replace("助学", "奖学"), encoding="utf-8")
    second = fingerprint(directory)
    (directory / A).write_text(LIBRARY[A], encoding="utf-8")
    (directory / "synonyms/words.yaml").rename(directory / "synonyms/other.yaml")
    assert len({first, second, fingerprint(directory)}) == 3


@pytest.mark.parametrize(
    ("old", "new", "field", "said"),
    [
        ("final_review: 丙", "final_review: 甲", "reviews", "三审"),
        ("office: zizhu", "fictional: true\noffice: zizhu", "fictional", "示例"),
        ("office: zizhu", "expires: 2024-05-31\noffice: zizhu", "expires", "已失效"),
        ("office: zizhu", "superseded_by: {title: 新}\noffice: zizhu", "expires", "已被取代"),
        ("doc_no: 宣教〔2024〕5号", "doc_no: null", "doc_no_note", "文号"),
        ("evidence: official", "evidence: mirror", "quota", "待核对"),
        ("confidence: high", "confidence: low", "quota", "可信度低"),
        ("  asks: [能贷多少]\n", "", "quota", "asks"),
        ("brief: 最高", "brief: 最高" + "很" * 120, "quota", "120"),
    ],
)
def test_what_an_editor_should_look_at_is_a_warning(
    tmp_path: Path, old: str, new: str, field: str, said: str
) -> None:
    """Warnings do not keep the library from loading."""
    assert old in LIBRARY[A]
    directory = write(tmp_path, {**LIBRARY, A: LIBRARY[A].replace(old, new)})
    found = [p for p in check(directory, DAY) if p.file == A and p.field == field]
    assert [p.severity for p in found] == ["warning"]
    assert said in found[0].message
    assert load(directory).documents["a"].id == "a"


def test_dead_words_and_too_few_questions_are_warnings(tmp_path: Path) -> None:
    directory = write(
        tmp_path, {**LIBRARY, "synonyms/more.yaml": "terms:\n- {term: 天气, aliases: [气象]}\n"}
    )
    warnings = {(p.field, p.message) for p in check(directory, DAY) if p.severity == "warning"}
    assert ("天气", "政策库里用不到这个词") in warnings
    assert ("faq", "常见问题只有 1 条，至少要 6 条") in warnings
    assert not any(field == "助学贷款" for field, _ in warnings)


def test_errors_come_before_warnings(tmp_path: Path) -> None:
    directory = write(tmp_path, {**LIBRARY, B: LIBRARY[B].replace("[c20]", "[c99]")})
    severities = [p.severity for p in check(directory, DAY)]
    assert severities == sorted(severities)
    assert set(severities) == {"error", "warning"}


def test_the_fixture_document_is_loaded_and_never_citable(tmp_path: Path) -> None:
    """Beside the real documents, reviewed and well formed, but fictional."""
    shutil.copytree(BUNDLED, tmp_path / "library", ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    shutil.copytree(FIXTURE, tmp_path / "library", dirs_exist_ok=True)
    library = load(tmp_path / "library")
    (added,) = set(library.documents) - set(load().documents)
    assert added.startswith("L06-")
    assert library.documents[added].reviews.complete
    assert added not in library.published
    assert [ref for ref in library.citable_facts if ref.startswith(added)] == []
    assert [entry.id for entry in library.citable_faq if entry.document == added] == []
    assert [entry.id for entry in library.faq if entry.document == added] != []
