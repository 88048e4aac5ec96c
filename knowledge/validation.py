"""The library check: links, dates, duplicate ids, figures without a basis, dead synonyms, reviews.

Errors keep the library from loading; warnings are for editors (``run_bot.py check``).
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from knowledge.errors import KnowledgeError, Problem
from knowledge.figures import unsupported
from knowledge.files import BUNDLED, parse
from knowledge.library import Library
from knowledge.models import Confidence, Document, Fact, FaqEntry, Source, Status
from knowledge.validity import document_status, is_unverified, successor_ref

FEWEST_FAQ = 6
"""Every document has at least this many FAQ entries."""
LONGEST_BRIEF = 120


def check(directory: Path = BUNDLED, on: date | None = None) -> tuple[Problem, ...]:
    """Every problem of a library directory, errors first.

    Raises:
        KnowledgeError: there is no library there.
    """
    library, problems = parse(directory)
    found = [*problems, *link_problems(library), *editor_warnings(library, on or date.today())]
    return tuple(sorted(found, key=lambda p: (p.severity != "error", p.file, p.line)))


def link_problems(library: Library) -> list[Problem]:
    """Broken links, duplicate keys, impossible dates, figures without a basis: all errors."""
    found: list[Problem] = []
    for document in library.documents.values():
        found += _document_links(library, document)
        found += _duplicate_keys(document)
        for fact in document.facts:
            found += _fact_links(library, document, fact)
    for entry in library.faq:
        found += _faq_links(library, entry)
    found += list(_term_problems(library))
    for boundary in library.boundaries:
        if boundary.office and boundary.office not in library.offices:
            found.append(Problem("boundaries.yaml", 0, boundary.id, f"没有这个科室：{boundary.office}"))
    return found


def editor_warnings(library: Library, on: date) -> list[Problem]:
    """What an editor should look at: unreviewed, ended, unverified, too few FAQ, dead synonyms."""
    return [
        *_document_warnings(library, on),
        *_fact_warnings(library),
        *_dead_terms(library),
    ]


def _at(source: Source, field: str, message: str, severity: str = "error") -> Problem:
    return Problem(source.file, source.line, field, message, severity)


def _document_links(library: Library, document: Document) -> Iterator[Problem]:
    where = document.written_at
    for office in (document.office, *document.co_offices):
        if office not in library.offices:
            yield _at(where, "office", f"没有这个科室：{office}（见 offices.yaml）")
    for category in document.categories:
        if category not in library.categories:
            yield _at(where, "categories", f"没有这个栏目：{category}（见 catalogue.yaml）")
    linked = [("related", ref) for ref in document.related]
    linked += [("interprets", document.interprets)] if document.interprets else []
    newer = document.superseded_by
    linked += [("superseded_by.document", newer.document)] if newer and newer.document else []
    for field, ref in linked:
        if ref not in library.documents:
            yield _at(where, field, f"没有这份文件：{ref}")
    if document.kind.value == "interpretation" and not document.interprets:
        yield _at(where, "interprets", "政策解读要写明解读哪份文件")
    if _replaces_itself(library, document):
        yield _at(where, "superseded_by.document", "取代关系绕成了圈")
    if document.effective and document.expires and document.expires < document.effective:
        yield _at(where, "expires", "失效日期早于施行日期")
    paths = {clause.path for clause in document.clauses}
    keys = {fact.key for fact in document.facts}
    for clause in document.clauses:
        for key in clause.facts:
            if key not in keys:
                yield _at(where, f"clauses.{clause.path}", f"没有这条事实：{key}")
    for fact in document.facts:
        if fact.clause not in paths:
            yield _at(fact.written_at, "clause", f"没有这一条：{fact.clause}")


def _replaces_itself(library: Library, document: Document) -> bool:
    """Whether following ``superseded_by.document`` comes back to the document."""
    seen: set[str] = set()
    step: Document | None = document
    while step is not None and step.superseded_by and step.id not in seen:
        seen.add(step.id)
        step = library.documents.get(step.superseded_by.document or "")
    return step is not None and bool(seen) and step.id == document.id


def _duplicate_keys(document: Document) -> Iterator[Problem]:
    for key, count in Counter(fact.key for fact in document.facts).items():
        if count > 1:
            yield _at(document.written_at, "facts", f"事实编号重复：{key}")
    for path, count in Counter(clause.path for clause in document.clauses).items():
        if count > 1:
            yield _at(document.written_at, "clauses", f"条目重复：{path}")


def _fact_links(library: Library, document: Document, fact: Fact) -> Iterator[Problem]:
    where = fact.written_at
    for aspect in fact.aspects:
        if aspect not in library.aspects:
            yield _at(where, "aspects", f"没有这一方面：{aspect}（见 aspects.yaml）")
    if fact.valid_from and fact.valid_to and fact.valid_to < fact.valid_from:
        yield _at(where, "valid_to", "失效日期早于生效日期")
    missing = unsupported(fact.brief, fact.statement + document.title)
    if missing:
        yield _at(where, "brief", "数字不在事实陈述里：" + "、".join(sorted(missing)))
    if not fact.superseded_by:
        return
    newer = library.facts.get(successor_ref(fact))
    if newer is None:
        yield _at(where, "superseded_by", f"没有这条事实：{fact.superseded_by}")
        return
    if fact.valid_to is None:
        yield _at(where, "valid_to", "已被取代的事实要写明到哪天为止")
    if _in_cycle(library, fact):
        yield _at(where, "superseded_by", "取代关系绕成了圈")


def _in_cycle(library: Library, fact: Fact) -> bool:
    seen = {fact.ref}
    step: Fact | None = fact
    while step is not None and step.superseded_by:
        step = library.facts.get(successor_ref(step))
        if step is not None and step.ref in seen:
            return True
        if step is not None:
            seen.add(step.ref)
    return False


def _faq_links(library: Library, entry: FaqEntry) -> Iterator[Problem]:
    where = entry.written_at
    if entry.document not in library.documents:
        yield _at(where, "document", f"没有这份文件：{entry.document}")
        return
    if entry.office and entry.office not in library.offices:
        yield _at(where, "office", f"没有这个科室：{entry.office}")
    for aspect in entry.aspects:
        if aspect not in library.aspects:
            yield _at(where, "aspects", f"没有这一方面：{aspect}")
    refs = (*entry.facts, *entry.background)
    for ref in refs:
        if ref not in library.facts:
            yield _at(where, "facts", f"没有这条事实：{ref}")
    bound = [library.facts[ref] for ref in refs if ref in library.facts]
    evidence = " ".join(f"{fact.statement} {fact.own_basis.text if fact.own_basis else ''}" for fact in bound)
    titles = " ".join(library.documents[fact.document].title for fact in bound)
    missing = unsupported(entry.answer.replace("12345", ""), f"{evidence} {titles}")
    if missing:
        yield _at(where, "answer", "这些数字在绑定的事实里找不到：" + "、".join(sorted(missing)))


def _term_problems(library: Library) -> Iterator[Problem]:
    names = Counter(term.term for term in library.terms)
    owners: dict[str, str] = {}
    for term in library.terms:
        if names[term.term] > 1:
            yield Problem("synonyms", 0, term.term, "规范词重复")
        for alias in term.aliases:
            if owners.setdefault(alias, term.term) != term.term:
                yield Problem("synonyms", 0, term.term, f"说法“{alias}”已归“{owners[alias]}”")
            if alias in names and alias != term.term:
                yield Problem("synonyms", 0, term.term, f"说法“{alias}”本身是规范词")
        for wider in term.broader:
            if wider not in names:
                yield Problem("synonyms", 0, term.term, f"没有这个上位词：{wider}")


def _document_warnings(library: Library, on: date) -> Iterator[Problem]:
    entries = Counter(entry.document for entry in library.faq)
    for document in library.documents.values():
        where = document.written_at
        if not document.reviews.complete:
            yield _at(where, "reviews", "三审未完成，不对外答复", "warning")
        if document.fictional:
            yield _at(where, "fictional", "示例文件，不对外答复", "warning")
        if entries[document.id] < FEWEST_FAQ:
            message = f"常见问题只有 {entries[document.id]} 条，至少要 {FEWEST_FAQ} 条"
            yield _at(where, "faq", message, "warning")
        status = document_status(document, on)
        if status in {Status.EXPIRED, Status.SUPERSEDED}:
            word = "已失效" if status is Status.EXPIRED else "已被取代"
            yield _at(where, "expires", f"文件{word}，请查是否有新文件", "warning")
        if document.doc_no is None and not document.doc_no_note:
            yield _at(where, "doc_no_note", "没有文号，请写明原因", "warning")


def _fact_warnings(library: Library) -> Iterator[Problem]:
    for fact in library.facts.values():
        if is_unverified(fact):
            yield _at(fact.written_at, fact.key, "依据待核对官方原文", "warning")
        if fact.confidence is Confidence.LOW:
            yield _at(fact.written_at, fact.key, "可信度低，不对外答复", "warning")
        elif not fact.asks:
            yield _at(fact.written_at, fact.key, "没有市民问法（asks），可能找不到", "warning")
        if len(fact.brief) > LONGEST_BRIEF:
            yield _at(fact.written_at, fact.key, f"直接回答超过 {LONGEST_BRIEF} 字", "warning")


def _dead_terms(library: Library) -> Iterator[Problem]:
    """Terms that no published text and no other term needs: they can never help a search."""
    text = " ".join(
        [
            *(f.statement + f.brief + "".join((*f.asks, *f.keywords)) for f in library.facts.values()),
            *(e.question + e.answer + "".join(e.variants) for e in library.faq),
            *(d.title + "".join((*d.aliases, *d.topics)) for d in library.documents.values()),
            *(c.heading + c.text for d in library.documents.values() for c in d.clauses),
        ]
    )
    wider = {name for term in library.terms for name in term.broader}
    for term in library.terms:
        words = (term.term, *term.aliases)
        if term.term not in wider and not any(word in text for word in words):
            yield Problem("synonyms", 0, term.term, "政策库里用不到这个词", "warning")


def main() -> int:
    """Print every error, then a count of warnings. For editors without the bot."""
    try:
        problems = check()
    except KnowledgeError as exc:
        print(exc, file=sys.stderr)
        return 2
    errors = [p for p in problems if p.severity == "error"]
    for problem in errors:
        print(problem)
    print(f"{len(errors)} 个错误，{len(problems) - len(errors)} 个提醒")
    return 1 if errors else 0


if __name__ == "__main__":
    raise SystemExit(main())
