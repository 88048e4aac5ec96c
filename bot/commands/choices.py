"""What a search can be narrowed to: the words of the glossary and the identifiers they stand for."""

from __future__ import annotations

STATUSES = {"现行": "in_force", "已被取代": "superseded", "已失效": "expired", "未施行": "not_yet"}
ORIGINS = {"本级": "local", "转发": "forwarded"}
KINDS = {"条款": "clause", "事实": "fact", "问答": "faq", "文件": "document"}
