"""What one conversation remembers, and how a follow-up is completed from it."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass

from bot.dialogue.lexicon import Lexicon
from bot.dialogue.units import content
from index.analysis import normalise

_ELLIPTICAL = re.compile(
    r"^(那|那么|那要是|那如果|还有|另外|如果|要是|换成|换做|再问|然后|具体|比如|对了)|呢[?？。!！]*$"
)
_DANGLING = re.compile(r"^(?:那|那么|换成)[^?？]{1,8}呢[?？。!！]*$")
_CORRECTION = re.compile(
    r"^(?:(?:不对|不是的?|错了|说错了|打错了|更正一?下?|搞错了)[,，。:：、 ]*)?"
    r"(?:(?:我的意思是|我是说|我说的是|我问的是|应该是)[,，。:：、 ]*)?"
)
_LEADING = re.compile(r"^(那么|那要是|那如果|那|还有|另外|对了|然后|再问一下|再问)[,，、 ]*")
_TRAILING = re.compile(r"[呢吗]?[?？。!！]*$")
_NUMBERED = re.compile(r"^(?:第|选|选择)?\s*([1-4])(?:个|项|号)?[。.]?$")
_BARE_NUMBER = re.compile(r"\d{1,3}[。.]?")
_NEW_TOPIC = re.compile(r"换个?(话题|问题)|问(个)?别的|另一个问题|另外一件事")
_YEAR = re.compile(r"(?:19|20)\d\d年?")
_SHORT = 12
"""A message of at most this many characters without a topic of its own continues the former one."""


@dataclass(frozen=True, slots=True)
class Memory:
    """State of one conversation; small, and safe to lose."""

    question: str = ""
    """The last policy question in full (normalised, follow-ups completed)."""
    document: str = ""
    facts: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    """Labels offered by the last clarifying question."""
    slot_options: bool = False
    """The options are slot values that complete ``question`` rather than questions of their own."""

    def to_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str | None) -> Memory:
        """Read a stored state; anything unreadable is an empty memory."""
        try:
            raw = json.loads(text) if text else {}
            return cls(
                question=str(raw.get("question", "")),
                document=str(raw.get("document", "")),
                facts=tuple(map(str, raw.get("facts", ()))),
                options=tuple(map(str, raw.get("options", ()))),
                slot_options=bool(raw.get("slot_options", False)),
            )
        except (ValueError, TypeError, AttributeError):
            return cls()


@dataclass(frozen=True, slots=True)
class Completed:
    """A message made whole. ``follow_up``: the memory was used. ``alone``: the message as it came."""

    text: str
    alone: str
    follow_up: bool = False
    dangling: bool = False
    """It refers to nothing: no question before it and no topic in it, or a number that was not offered."""
    chosen: bool = False
    """The message picked one of the offered options."""


def complete(raw: str, memory: Memory, lexicon: Lexicon) -> Completed:
    """Join a follow-up («那研究生呢？», «多久？», «不对，我问初中») with the question before it."""
    text = normalise(raw).strip()
    picked = _picked_option(text, memory)
    if picked:
        joined = f"{memory.question} {picked}" if memory.slot_options else picked
        return Completed(joined, raw, follow_up=memory.slot_options, chosen=True)
    if memory.options and _BARE_NUMBER.fullmatch(text):
        return Completed(raw, raw, dangling=True)
    if not memory.question and _DANGLING.search(text) and not topics(text, lexicon):
        return Completed(raw, raw, dangling=True)
    if not memory.question or _NEW_TOPIC.search(text):
        return Completed(raw, raw)
    corrected = _CORRECTION.sub("", text)
    short = len(text) <= _SHORT
    elliptical = bool(_ELLIPTICAL.search(text)) or corrected != text
    own_topic = bool(topics(corrected, lexicon))
    if not (elliptical and short) and (own_topic or not (short or elliptical)):
        return Completed(raw, raw)
    rest = _TRAILING.sub("", _LEADING.sub("", corrected))
    if not content(rest).strip() and not lexicon.aspects(rest):
        return Completed(raw, raw)
    return Completed(_merge(memory.question, rest, lexicon), raw, follow_up=True)


def _picked_option(text: str, memory: Memory) -> str | None:
    numbered = _NUMBERED.match(text)
    if numbered and int(numbered.group(1)) <= len(memory.options):
        return memory.options[int(numbered.group(1)) - 1]
    return next((option for option in memory.options if normalise(option) == text), None)


def topics(text: str, lexicon: Lexicon) -> frozenset[str]:
    """Official terms of a text that are more than a slot value (研究生) or what is asked (多久)."""
    for phrase, _ in lexicon.slot_phrases(text):
        text = text.replace(phrase, " ")
    return frozenset(term for term in lexicon.terms(text) if not lexicon.aspects(normalise(term)))


def _merge(former: str, rest: str, lexicon: Lexicon) -> str:
    """The former question with the new message's slot values, year and aspect in place of its own."""
    new_slots = {meaning.partition("=")[0] for _, meaning in lexicon.slot_phrases(rest)}
    for phrase, meaning in lexicon.slot_phrases(former):
        if meaning.partition("=")[0] in new_slots:
            former = former.replace(phrase, " ")
    if _YEAR.search(rest):
        former = _YEAR.sub(" ", former)
    if lexicon.aspects(rest):
        former = lexicon.without_aspects(former)
    return f"{former.strip()} {rest}".strip()
