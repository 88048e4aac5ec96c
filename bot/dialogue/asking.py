"""Where a question asks: the words around its question words, apart from the story and from what it quotes.

«融合教育资源覆盖率95%，幼儿园在不在这个分母里»: most words are the topic's own, what is asked stands in the
last clause. Compared alone, that part tells a detail that no text gives from the matter itself.
"""

from __future__ import annotations

import re

_TURN = "能可是有要会该算准让行对够在给用收管归"
"""Verbs that ask by being said and denied: 能不能, 有没有."""
_WORD = re.compile(
    rf"多少|几多|好多|几(?!乎)|多[久长大远高]|哪|谁|什么|啥|怎么?|咋|如何|为何|干嘛|凭什么|[{_TURN}][不没][{_TURN}]"
    r"|吗|还是|(?:么|没有?|不|呢)(?=$|[,。?!])"
)
_CLAUSE = re.compile(r"[^,，。！？!?；;、\n~…\s]+")
_BEFORE, _AFTER = 8, 6
"""Characters that are read before the first and after the last question word of a clause."""
_SHORT = 6
"""A clause of at most this many characters («这样允许吗») asks about the clause before it."""


def asking_part(text: str) -> str:
    """The stretches around the question words of a normalised text; the whole text where it has none."""
    stretches = []
    before = ""
    for clause in _CLAUSE.findall(text):
        words = list(_WORD.finditer(clause))
        if words and len(clause) <= _SHORT:
            stretches.append(f"{before} {clause}".strip())
        elif words:
            stretches.append(clause[max(0, words[0].start() - _BEFORE) : words[-1].end() + _AFTER])
        before = clause
    return " ".join(stretches) or text
