"""Updates as Telegram sends them."""

from __future__ import annotations

from itertools import count
from typing import Any

from tests.channels.offline_request import BOT, Call

_ids = count(1)
GROUP = {"id": -100, "type": "supergroup", "title": "家长群"}


def message(
    text: str | None = None, *, user: int = 1, update_id: int | None = None, **more: Any
) -> dict[str, Any]:
    """A message; commands get their entity. Group messages: pass ``chat=GROUP``."""
    number = next(_ids)
    body: dict[str, Any] = {
        "message_id": number,
        "date": 1_760_000_000,
        "chat": {"id": user, "type": "private"},
        "from": {"id": user, "is_bot": False, "first_name": "市民"},
    }
    if text is not None:
        body["text"] = text
        if text.startswith("/"):
            body["entities"] = [{"type": "bot_command", "offset": 0, "length": len(text.split()[0])}]
    body.update(more)
    return {"update_id": number if update_id is None else update_id, "message": body}


def mention(text: str, name: str) -> dict[str, Any]:
    """The entity for ``name`` in ``text``, in UTF-16 units."""
    offset = len(text[: text.find(name)].encode("utf-16-le")) // 2
    return {"type": "mention", "offset": offset, "length": len(name)}


def press(
    data: str, below: Call | None = None, *, user: int = 1, chat: dict[str, Any] | None = None
) -> dict[str, Any]:
    """A button press below a message that we sent (``None``: the message is too old to be had)."""
    number = next(_ids)
    place: dict[str, Any] = {"message_id": 77, "chat": chat or {"id": user, "type": "private"}, "date": 0}
    if below is not None:
        place |= {
            "date": 1_760_000_000,
            "from": BOT,
            "text": below.text,
            "reply_markup": {"inline_keyboard": below.keyboard},
        }
    query = {
        "id": str(number),
        "from": {"id": user, "is_bot": False, "first_name": "市民"},
        "chat_instance": "1",
        "data": data,
        "message": place,
    }
    return {"update_id": number, "callback_query": query}
