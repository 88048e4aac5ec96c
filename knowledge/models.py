"""The words of the library: documents, clauses, facts, FAQ entries, offices, catalogue.

Every value is frozen. Dates are :class:`datetime.date`; a date that is not known is ``None``
and is never filled by guess.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Status(StrEnum):
    """Validity of a document or fact. Always computed as of a date, never stored."""

    IN_FORCE = "in_force"
    SUPERSEDED = "superseded"
    EXPIRED = "expired"
    NOT_YET = "not_yet"


class Origin(StrEnum):
    """本级 (issued by the bureau or the city) or 转发 (passed on from above)."""

    LOCAL = "local"
    FORWARDED = "forwarded"


class DocumentKind(StrEnum):
    """政策文件 or 政策解读."""

    POLICY = "policy"
    INTERPRETATION = "interpretation"


class Level(StrEnum):
    """Authority level of the issuer, highest first."""

    NATIONAL = "national"
    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"


class Confidence(StrEnum):
    """How sure the editors are of the statement. ``low`` is never used to answer."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Evidence(StrEnum):
    """Where the statement was read.

    ``mirror``, ``weak``, ``model`` and ``derived`` are answered with a notice; ``fictional``
    and ``none`` are never answered.
    """

    OFFICIAL = "official"
    REPRINT = "reprint"
    WEAK = "weak"
    MIRROR = "mirror"
    MODEL = "model"
    FICTIONAL = "fictional"
    NONE = "none"


class Nature(StrEnum):
    """What sort of statement a fact is; it decides how the passing of time changes it."""

    RULE = "rule"
    """Binding or guiding text. Ends with its own ``valid_to`` or with its document."""
    TARGET = "target"
    """目标: something planned for a date. Ends with its document or its ``valid_to``."""
    RECORD = "record"
    """数据、沿革: a measured figure or an event of a given time. True for ever about that time, so it
    still answers when its document has ended (its status is then the document's); ``valid_to`` says until
    when it was the newest known."""


@dataclass(frozen=True, slots=True)
class Source:
    """The place of a line in a YAML file, for messages to editors."""

    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Supersession:
    """被什么取代: the newer text, which may stand outside this library."""

    title: str
    doc_no: str | None = None
    document: str | None = None
    """Id of the newer document where the library holds it."""
    since: date | None = None
    whole: bool = True
    """False: only some facts are replaced, the document itself stays in force."""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Basis:
    """The law or document that carries a fact, where it is not the document that holds the fact."""

    title: str
    issuer: str = ""
    doc_no: str | None = None
    clause: str = ""

    @property
    def text(self) -> str:
        return " ".join(part for part in (self.title, self.doc_no, self.clause) if part)


@dataclass(frozen=True, slots=True)
class Fact:
    """The smallest answerable statement. Validity lives here as well as on its document."""

    key: str
    statement: str
    document: str
    clause: str
    confidence: Confidence
    evidence: Evidence
    source: str
    brief: str = ""
    """Direct answer, at most 60 characters where it can be."""
    nature: Nature = Nature.RULE
    valid_from: date | None = None
    valid_to: date | None = None
    superseded_by: str | None = None
    """``key`` in the same document, or ``document#key``."""
    aspects: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    own_basis: Basis | None = None
    """Law or document that carries the fact where it is not the document itself (《义务教育法》第十一条).
    Such a fact is cited by it and does not end with the document that mentions it."""
    region: str = ""
    """Place the fact is limited to (宣城市, 宣州区, 广德市, 安徽省 …); empty: no limit but the document's."""
    written_at: Source = field(default=Source("", 0), compare=False)

    @property
    def ref(self) -> str:
        """``document#key``: unique in the library."""
        return f"{self.document}#{self.key}"


@dataclass(frozen=True, slots=True)
class Clause:
    """条、款、项: what authors number and cite. ``text`` is our own summary, not the official wording."""

    path: str
    heading: str
    text: str
    facts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reviews:
    """三审制: three different persons. A document is published when all three are there."""

    first_review: str | None = None
    second_review: str | None = None
    final_review: str | None = None
    on: date | None = None

    @property
    def complete(self) -> bool:
        names = (self.first_review, self.second_review, self.final_review)
        return all(names) and len(set(names)) == len(names)


@dataclass(frozen=True, slots=True)
class Document:
    """政策文件 or 政策解读."""

    id: str
    title: str
    kind: DocumentKind
    origin: Origin
    level: Level
    issuer: str
    office: str
    clauses: tuple[Clause, ...]
    facts: tuple[Fact, ...]
    aliases: tuple[str, ...] = ()
    """Names people call it by: 双减意见, 助学贷款通知."""
    role: str = "policy"
    """``policy`` or ``procedural``."""
    nature: str = ""
    """部门规章, 规范性文件, 规划 … as the issuer classes it."""
    doc_no: str | None = None
    doc_no_note: str = ""
    index_no: str | None = None
    written: date | None = None
    published: date | None = None
    effective: date | None = None
    expires: date | None = None
    dates_note: str = ""
    superseded_by: Supersession | None = None
    interprets: str | None = None
    form: str | None = None
    """``text``, ``graphic``, ``expert``, ``media`` or ``leader`` for an interpretation."""
    categories: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    co_offices: tuple[str, ...] = ()
    do_not_promise: tuple[str, ...] = ()
    url: str | None = None
    status_note: str = ""
    fictional: bool = False
    reviews: Reviews = Reviews()
    written_at: Source = field(default=Source("", 0), compare=False)


@dataclass(frozen=True, slots=True)
class FaqEntry:
    """A question in citizens' words with an answer bound to facts."""

    id: str
    """``document!faq-n``, given by the file order."""
    document: str
    question: str
    answer: str
    facts: tuple[str, ...]
    """Fact refs (``document#key``) that carry the answer. Empty: guidance only, no figure may stand in it."""
    variants: tuple[str, ...] = ()
    background: tuple[str, ...] = ()
    """Fact refs that the answer names as past or as context; their validity does not matter."""
    aspects: tuple[str, ...] = ()
    office: str | None = None
    """Office id, where it is not the document's."""
    undetermined: bool = False
    """The answer says that the published text leaves this open: given as an abstention, with its sources."""
    written_at: Source = field(default=Source("", 0), compare=False)


@dataclass(frozen=True, slots=True)
class Office:
    """科室 or body that answers for a matter."""

    id: str
    name: str
    duties: str
    phone: str | None = None
    phone_note: str = ""
    address: str | None = None
    hours: str | None = None
    confirmed: bool = False
    """False: the name or duty is our best knowledge and waits for the bureau's word."""
    parent: str = ""


@dataclass(frozen=True, slots=True)
class Category:
    """One column of the bureau's public catalogue (公开目录, 重点领域)."""

    id: str
    name: str
    group: str
    description: str = ""
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class Boundary:
    """A matter that the library does not answer, and who does.

    ``kind`` is ``other_bureau`` (another authority's business), ``unpublished`` (ours, but no published
    text here says it) or ``personal_record`` (needs a look into a record).
    """

    id: str
    kind: str
    matter: str
    owner: str
    cues: tuple[str, ...]
    office: str | None = None
    advice: str = ""
    unless: tuple[str, ...] = ()
    """Words that make the question ours after all."""


@dataclass(frozen=True, slots=True)
class Term:
    """An official term with the words that people use for it (``synonyms/*.yaml``)."""

    term: str
    aliases: tuple[str, ...]
    broader: tuple[str, ...] = ()
    """Official terms that this one is a kind of: 研究生 is a kind of 高校学生."""


@dataclass(frozen=True, slots=True)
class Aspect:
    """What is asked about a matter: 金额, 时间, 材料 … (``aspects.yaml``), with the words that show it."""

    id: str
    cues: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SlotValue:
    """One value of a slot (小学 of 学段) with the words that show it."""

    value: str
    cues: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Slot:
    """A condition on which answers fork (``slots.yaml``): 学段, 区县. ``ask`` is how to ask for it."""

    id: str
    ask: str
    values: tuple[SlotValue, ...]


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """A recurring date of the school year and the questions that it brings."""

    id: str
    name: str
    month: int
    topics: tuple[str, ...]
    note: str = ""
