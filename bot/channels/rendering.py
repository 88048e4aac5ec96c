"""An answer as each channel shows it: Telegram HTML in parts, or plain text. Pure functions."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.models import Answer, Citation, OfficeCard, Outcome, SourceLine

TELEGRAM_LIMIT = 4096
"""Longest message that the Bot API takes, in UTF-16 code units."""

NO_TEXT = "暂时没有可以答复的内容，请换个说法再问一次。"

SOURCE, CONTACT = "依据：", "咨询："
"""What the lines of an answer begin with that name its source and its office (``responses.yaml``)."""

_MOST_CITATIONS = 3
_LONGEST_LEAD = 60
_STATUS_MARKS = {"superseded": "已被取代", "expired": "已失效", "not_yet": "尚未施行"}
_TOKEN = re.compile(r"<[^<>]*>|&(?:#\d+|#x[0-9A-Fa-f]+|\w+);|.", re.DOTALL)
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9-]*)[^<>]*>")
_SENTENCE_ENDS = frozenset("。！？；!?;")
_LONE_SURROGATE = re.compile(r"[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Sections:
    """The text of an answer in two: what it says, and the lines about source, office and reservations."""

    says: str
    closing: str


def sections(answer: Answer) -> Sections:
    """Part what an answer says from its closing lines, for channels that show these in their own way."""
    reservations = {f"（{notice}）" for notice in answer.notices}
    says: list[str] = []
    closing: list[str] = []
    for line in answer.answer.strip().split("\n"):
        closes = bool(says) and (line.startswith((SOURCE, CONTACT)) or line in reservations)
        (closing if closes else says).append(line)
    return Sections("\n".join(says) or NO_TEXT, "\n".join(closing))


def telegram_parts(
    answer: Answer, *, asked: str | None = None, limit: int = TELEGRAM_LIMIT
) -> tuple[str, ...]:
    """The answer as HTML messages, each within ``limit``.

    ``asked`` is shown above the answer: give it where the question was a button press, which leaves no
    message of the user's own in the chat.
    """
    blocks = [f"<i>问：{escape(asked)}</i>"] if asked else []
    text = sections(answer)
    blocks.append(_with_lead(answer, text.says))
    closing = [escape(text.closing)] if text.closing else []
    closing += [f"<i>{escape(line)}</i>" for line in _notices(answer)]
    if closing:
        blocks.append("\n".join(closing))
    basis = _basis(answer)
    if basis:
        blocks.append("<b>依据</b>\n" + "\n".join(escape(line) for line in basis))
    office = _office(answer)
    if office:
        blocks.append(escape(office))
    return split_html("\n\n".join(blocks), limit)


def plain_text(answer: Answer, *, suggestions: bool = True) -> str:
    """The answer as lines for a terminal, with the suggestions numbered below it."""
    blocks = [answer.answer.strip() or NO_TEXT, *_notices(answer)]
    basis = _basis(answer)
    if basis:
        blocks.append("依据：\n" + "\n".join(basis))
    office = _office(answer)
    if office:
        blocks.append(office)
    if suggestions and answer.suggestions:
        head = "请选择：" if answer.outcome is Outcome.CLARIFY else "还可以问："
        numbered = (f"  {number}. {label}" for number, label in enumerate(answer.suggestions, start=1))
        blocks.append("\n".join([head, *numbered]))
    return "\n\n".join(blocks)


def source_html(line: SourceLine) -> str:
    """One document of the library on one line."""
    number = f"（{line.doc_no}）" if line.doc_no else ""
    return f"{escape(titled(line.title))}{escape(number)} {escape(line.issuer)} · {escape(line.status_text)}"


def titled(title: str) -> str:
    """The title in 书名号, once."""
    return title if "《" in title else f"《{title}》"


def official_clause(citation: Citation) -> str:
    """第几条; empty where the document's points are numbered by us and not by its authors."""
    return citation.clause if citation.clause.startswith("第") else ""


def escape(text: str) -> str:
    """``text`` made safe inside Telegram HTML; what cannot be sent as UTF-8 is replaced."""
    return html.escape(_LONE_SURROGATE.sub("\ufffd", text), quote=False)


def units(text: str) -> int:
    """Length as the Bot API counts it: UTF-16 code units."""
    return len(text) + sum(character > "\uffff" for character in text)


def split_html(text: str, limit: int = TELEGRAM_LIMIT) -> tuple[str, ...]:
    """Cut HTML into parts of at most ``limit`` units, each with its tags closed and opened again.

    Cuts at a paragraph, else a line, else a sentence, else between two characters; never inside a tag, an
    entity or a character. Parts that would show nothing are left out.
    """
    tokens = _TOKEN.findall(text.strip())
    parts: list[str] = []
    opened: list[str] = []
    start = 0
    while start < len(tokens):
        end = _furthest(tokens, start, opened, limit)
        if end < len(tokens):
            end = _best_break(tokens, start, end)
        still_open = _open_after(opened, tokens[start:end])
        body = "".join(tokens[start:end]).strip("\n ")
        if _TAG.sub("", body).strip():
            parts.append("".join(opened) + body + _closing(still_open))
        opened, start = still_open, end
    return tuple(parts)


def _furthest(tokens: Sequence[str], start: int, opened: Sequence[str], limit: int) -> int:
    """The end of the longest run from ``start`` that fits with the tags around it: at least one token."""
    still_open = list(opened)
    used = units("".join(opened))
    end = start
    while end < len(tokens):
        used += units(tokens[end])
        still_open = _open_after(still_open, tokens[end : end + 1])
        if used + units(_closing(still_open)) > limit and end > start:
            break
        end += 1
    return end


def _best_break(tokens: Sequence[str], start: int, end: int) -> int:
    """The last good place to cut in the second half of the run."""
    floor = start + max(1, (end - start) // 2)
    line = sentence = 0
    for place in range(end, floor - 1, -1):
        before = tokens[place - 1]
        if before == "\n" and place - 2 >= start and tokens[place - 2] == "\n":
            return place
        if before == "\n":
            line = line or place
        elif before in _SENTENCE_ENDS:
            sentence = sentence or place
    place = line or sentence or end
    while place > start + 1 and _opens(tokens[place - 1]):
        place -= 1
    return place


def _opens(token: str) -> bool:
    tag = _TAG.fullmatch(token) if token[0] == "<" else None
    return tag is not None and not tag.group(1)


def _open_after(opened: Sequence[str], tokens: Sequence[str]) -> list[str]:
    """The opening tags still open after ``tokens``, given those open before."""
    still_open = list(opened)
    for token in tokens:
        tag = _TAG.fullmatch(token) if token[0] == "<" else None
        if tag is None:
            continue
        if not tag.group(1):
            still_open.append(token)
        elif still_open:
            still_open.pop()
    return still_open


def _closing(opened: Sequence[str]) -> str:
    names = [match.group(2) for match in map(_TAG.fullmatch, reversed(opened)) if match]
    return "".join(f"</{name}>" for name in names)


def _with_lead(answer: Answer, says: str) -> str:
    """HTML with the direct answer in bold, where it is short and more follows it."""
    lead, _, rest = says.partition("\n")
    if answer.outcome is not Outcome.ANSWERED or not rest or len(lead) > _LONGEST_LEAD:
        return escape(says)
    return f"<b>{escape(lead)}</b>\n{escape(rest)}"


def _notices(answer: Answer) -> list[str]:
    return [
        f"※ {notice}" for notice in dict.fromkeys(answer.notices) if notice and notice not in answer.answer
    ]


def _basis(answer: Answer) -> list[str]:
    """The citations that the answer's own text does not name."""
    lines = dict.fromkeys(
        _citation_line(citation) for citation in answer.citations if citation.title not in answer.answer
    )
    return list(lines)[:_MOST_CITATIONS]


def _citation_line(citation: Citation) -> str:
    number = f"（{citation.doc_no}）" if citation.doc_no else ""
    mark = _STATUS_MARKS.get(citation.status)
    return f"{titled(citation.title)}{number}{official_clause(citation)}" + (f"（{mark}）" if mark else "")


def _office(answer: Answer) -> str:
    office = answer.office
    if office is None or _names(office, answer.answer):
        return ""
    phone = "" if office.phone and office.phone in office.name else office.phone
    details = " ".join(part for part in (office.name, phone) if part)
    return f"咨询：{details}" + (f"（{office.note}）" if office.note and not office.phone else "")


def _names(office: OfficeCard, text: str) -> bool:
    return office.name in text and (office.phone is None or office.phone in text)
