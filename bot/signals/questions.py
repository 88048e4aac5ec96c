"""The question in a message: citizens tell a story, and somewhere in it they ask."""

from __future__ import annotations

import re

_SENTENCE = re.compile(r"[^。！？!?；;\n]+[？?]?")
_ASKS = re.compile(
    "请问|咨询|想问|(?<!询)问一下|了解一下|想知道|能否|可否|能不能|可不可以|可以吗|是否|有没有|有无"
    "|什么时候|何时|几时|多少钱|几岁|几点|吗$|呢$"
)
_ASKED_OUTRIGHT = re.compile("请问|咨询|想问|(?<!询)问一下|了解一下|想知道")
_RHETORICAL = re.compile("凭什么|难道|何在|天理|良心|谁来管|还有没有|算什么")
_LEAD = re.compile(
    r"^(?:尊敬的[^，,：:。]{0,12}[，,：:]?|(?:各位)?(?:领导|局长|书记|市长|县长|区长)[们]?|您好|你好|好"
    r"|来电人|来电|市民|诉求人|反映人|网友|(?:现)?(?:来电)?咨询|反映|想(?:请)?问(?:一下)?|请问(?:一下)?|关于|我想"
    r"|我?(?:叫|是)?\[姓名\]"
    r"|[（(]?[一二三四五六七八九十\d]{1,2}[)）、.．，]|[，,：:、！!。\s])+"
)
_TAIL = re.compile(
    r"(?:(?:希望|请|望)(?:能)?(?:相关部门|有关部门|领导)?(?:尽快)?(?:回复|答复|解答|核实)(?:一下)?|谢谢|盼复)+$"
)
_SHORTEST, _LONGEST = 6, 60


def question_of(title: str, text: str) -> str | None:
    """What a message asks, in its own words; ``None`` for one that tells or demands but asks nothing.

    The title where it is a question; else the first sentence that is one (请问 and 咨询 before others),
    with the title before it where the sentence alone does not say what it is about.
    """
    candidates = [_asked(title), *(_asked(sentence) for sentence in _SENTENCE.findall(text))]
    if not any(candidates):
        return None
    question = candidates[0] or max(
        filter(None, candidates[1:]), key=lambda part: bool(_ASKED_OUTRIGHT.search(part))
    )
    outright = _LEAD.sub("", question)
    if candidates[0] or _shares_a_word(outright, title) or not title:
        return outright
    return f"{_LEAD.sub('', title).rstrip('。？?！!')}：{outright}"


def _asked(sentence: str) -> str | None:
    """The sentence without greeting and thanks, if it asks something and does not merely complain."""
    sentence = sentence.strip()
    if not (sentence.endswith(("？", "?")) or _ASKS.search(sentence)) or _RHETORICAL.search(sentence):
        return None
    for part in (sentence, *_last_clauses(sentence)):
        bare = _TAIL.sub("", part).strip("，,：:、。 ")
        if _SHORTEST <= len(_LEAD.sub("", bare)) <= _LONGEST:
            return bare
    return None


def _last_clauses(sentence: str) -> list[str]:
    """Ever shorter ends of a sentence that is too long, each beginning after a comma and still asking."""
    clauses = re.split(r"[，,]", sentence)
    ends = ["，".join(clauses[start:]) for start in range(1, len(clauses))]
    return [end for end in ends if _ASKS.search(end) or end.endswith(("？", "?"))]


def _shares_a_word(question: str, title: str) -> bool:
    """Two characters in a row that stand in both."""
    return any(question[place : place + 2] in title for place in range(len(question) - 1))
