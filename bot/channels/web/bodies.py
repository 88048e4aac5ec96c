"""Reading what a browser or program sent, within limits."""

from __future__ import annotations

import asyncio
import json
from urllib.parse import parse_qs

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request

BODY_LIMIT = 64 * 1024
_MOST_FIELDS = 20
_SECONDS_TO_SEND = 15.0


async def read_json(request: Request) -> dict[str, object]:
    """The JSON object in the body.

    Raises:
        HTTPException: too long, too slow, not declared as JSON, or no JSON object.
    """
    _require_type(request, "application/json")
    body = await _read(request)
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        raise HTTPException(400, "请求内容不是有效的 JSON。") from None
    if not isinstance(content, dict):
        raise HTTPException(400, "请求内容应是一个 JSON 对象。")
    return content


async def read_form(request: Request) -> dict[str, str]:
    """The fields of a plain form; of a repeated field the last one.

    Raises:
        HTTPException: too long, too slow, or no form.
    """
    _require_type(request, "application/x-www-form-urlencoded")
    body = await _read(request)
    try:
        fields = parse_qs(
            body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=_MOST_FIELDS
        )
    except ValueError:
        raise HTTPException(400, "表单内容无法识别。") from None
    return {name: values[-1] for name, values in fields.items()}


def question_in(content: dict[str, object] | dict[str, str]) -> str:
    """The question in field ``text``, without characters that no encoding holds."""
    text = content.get("text")
    if not isinstance(text, str):
        raise HTTPException(400, "请在 text 中给出问题。")
    text = text.encode("utf-8", "replace").decode("utf-8").strip()
    if not text:
        raise HTTPException(400, "请输入问题。")
    return text


def _require_type(request: Request, wanted: str) -> None:
    sent = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if sent != wanted:
        raise HTTPException(415, f"请求内容的类型应是 {wanted}。")


async def _read(request: Request) -> bytes:
    body = bytearray()
    try:
        async with asyncio.timeout(_SECONDS_TO_SEND):
            async for chunk in request.stream():
                body += chunk
                if len(body) > BODY_LIMIT:
                    raise HTTPException(413, "内容太长，请缩短后再发。")
    except TimeoutError:
        raise HTTPException(408, "网络太慢，内容没有收全，请再试一次。") from None
    except ClientDisconnect:
        raise HTTPException(400, "连接中断，内容没有收全。") from None
    return bytes(body)
