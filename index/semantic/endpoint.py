"""Vectors from any endpoint that speaks OpenAI's ``POST {base_url}/embeddings``."""

from __future__ import annotations

import email.utils
import json
import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass

import httpx
import numpy as np

from index.semantic.base import EmbedderError, Vectors, encodable, unit_rows

logger = logging.getLogger(__name__)

_BATCH = 10
"""Texts a request: the lowest limit among common services."""
_LARGEST_REPLY = 32 * 1024 * 1024
_FIRST_PAUSE_SECONDS = 0.1
"""Doubled with every attempt."""
_WHAT_TO_DO = {
    400: "可能是模型名不对，或文字超过了模型的长度",
    401: "请检查环境变量 ZHENGCETONG_EMBEDDINGS_KEY",
    403: "请检查环境变量 ZHENGCETONG_EMBEDDINGS_KEY 的权限",
    404: "请检查 embeddings_url 和 embeddings_model",
    413: "文字超过了模型的长度",
}


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a batch may take in all, pauses included, and how often it is sent."""

    seconds: float
    attempts: int


class _Unavailable(Exception):
    """Sending again may help, after the seconds that the server asks for."""

    def __init__(self, reason: str, retry_after: float = 0.0) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


class EndpointEmbedder:
    """An embedding model behind a URL.

    A prefix is put before the text with a space between. ``for_queries`` is short, since a citizen waits.
    No redirect is followed: the key belongs to one host. The key stands in no log, error or repr.

    Raises:
        EmbedderError: the URL, the model or the key cannot be used.
    """

    def __init__(
        self,
        base_url: str,
        model: str,
        key: str = "",
        *,
        query_prefix: str = "",
        passage_prefix: str = "",
        for_queries: Patience = Patience(4.0, 2),
        for_passages: Patience = Patience(120.0, 6),
    ) -> None:
        self._url = _checked(base_url) + "/embeddings"
        if not model:
            raise EmbedderError("没有设置 embeddings_model（向量模型的名字）")
        if not (key.isascii() and key.isprintable() and " " not in key):
            raise EmbedderError("环境变量 ZHENGCETONG_EMBEDDINGS_KEY 里有不能用于密钥的字符，请重新复制")
        self._model = model
        self._query_prefix, self._passage_prefix = query_prefix, passage_prefix
        self._for_queries, self._for_passages = for_queries, for_passages
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        try:
            self._client = httpx.Client(headers=headers, follow_redirects=False)
        except (ValueError, ImportError, OSError, httpx.InvalidURL) as error:
            kind = type(error).__name__  # the text may show a proxy's password
            raise EmbedderError(f"系统的代理或证书设置不能用于连接向量服务（{kind}）") from error

    @property
    def name(self) -> str:
        """The query prefix is not part of it: it changes no passage vector."""
        return f"{self._url} {self._model} {self._passage_prefix}".rstrip()

    def queries(self, texts: Sequence[str]) -> Vectors:
        return self._embed(texts, self._query_prefix, self._for_queries)

    def passages(self, texts: Sequence[str]) -> Vectors:
        return self._embed(texts, self._passage_prefix, self._for_passages)

    def close(self) -> None:
        self._client.close()

    def _embed(self, texts: Sequence[str], prefix: str, patience: Patience) -> Vectors:
        if not texts:
            return np.zeros((0, 0), dtype=np.float32)
        ready = [encodable(f"{prefix} {text}" if prefix else text).strip() or "-" for text in texts]
        parts = [
            self._batch(ready[start : start + _BATCH], patience) for start in range(0, len(ready), _BATCH)
        ]
        if len({part.shape[1] for part in parts}) > 1:
            raise EmbedderError(f"向量服务 {self._url} 给出的向量维数前后不一致，请检查模型")
        return unit_rows(np.concatenate(parts))

    def _batch(self, texts: list[str], patience: Patience) -> Vectors:
        """Send one batch until it is answered, refused for good, or patience ends."""
        deadline = time.monotonic() + patience.seconds
        attempts, pause = 0, _FIRST_PAUSE_SECONDS
        while True:
            try:
                return _vectors(self._post(texts, deadline), len(texts), self._url)
            except _Unavailable as failure:
                attempts, pause = attempts + 1, max(2 * pause, failure.retry_after)
                if attempts == patience.attempts or time.monotonic() + pause >= deadline:
                    raise EmbedderError(
                        f"向量服务 {self._url} 暂时不可用：{failure}。请稍后再试，或检查该服务。"
                    ) from failure
                logger.warning("embeddings endpoint: %s; trying again in %.1f s", failure, pause)
                time.sleep(pause)

    def _post(self, texts: list[str], deadline: float) -> bytes:
        """The body of a good reply.

        Raises:
            _Unavailable: sending again may help.
            EmbedderError: sending again does not help.
        """
        body = {"model": self._model, "input": texts, "encoding_format": "float"}
        wait = max(deadline - time.monotonic(), 0.001)
        try:
            with self._client.stream("POST", self._url, json=body, timeout=wait) as reply:
                if reply.status_code == 429 or reply.status_code >= 500:
                    raise _Unavailable(f"状态码 {reply.status_code}", _retry_after(reply))
                if reply.status_code != 200:
                    raise EmbedderError(_refusal(self._url, reply))
                return _bounded_body(reply, deadline, self._url)
        except httpx.TimeoutException as error:
            raise _Unavailable("超时") from error
        except httpx.ConnectError as error:
            raise _Unavailable(f"连接失败（{error}）") from error
        except httpx.TransportError as error:
            raise _Unavailable(f"连接失败（{type(error).__name__}）") from error
        except httpx.HTTPError as error:  # such as a body that cannot be decompressed
            raise EmbedderError(f"向量服务 {self._url} 的回复无法读取（{type(error).__name__}）") from error


def _checked(base_url: str) -> str:
    """The URL without a closing slash. Secrets are refused in it, since it is shown in messages."""
    try:
        url = httpx.URL(base_url.strip().rstrip("/"))
    except httpx.InvalidURL:
        url = httpx.URL("")
    if url.scheme not in ("http", "https") or not url.host or (url.port or 0) > 65535:
        raise EmbedderError(
            "embeddings_url 应是 http:// 或 https:// 开头的地址，例如 http://127.0.0.1:8000/v1"
        )
    if url.userinfo or url.query or url.fragment:
        raise EmbedderError(
            "embeddings_url 里不要写用户名、密码或参数；密钥放环境变量 ZHENGCETONG_EMBEDDINGS_KEY"
        )
    return str(url)


def _retry_after(reply: httpx.Response) -> float:
    """Seconds from now that ``Retry-After`` names as a number or a date; 0 where it says nothing usable."""
    value = reply.headers.get("Retry-After", "").strip()
    if value.isascii() and value.isdecimal():
        return float(value)
    try:
        return max(email.utils.parsedate_to_datetime(value).timestamp() - time.time(), 0.0)
    except (ValueError, OverflowError):
        return 0.0


def _refusal(url: str, reply: httpx.Response) -> str:
    """What the status says. The body is not shown: some services repeat the key in it."""
    if reply.is_redirect:
        return f"向量服务 {url} 要求转到别的地址，没有照办。请把 embeddings_url 改成最终的地址。"
    what = _WHAT_TO_DO.get(reply.status_code, "请检查该服务")
    return f"向量服务 {url} 拒绝了请求（状态码 {reply.status_code}）：{what}。"


def _bounded_body(reply: httpx.Response, deadline: float, url: str) -> bytes:
    """The body, read within time and size: the client's own time-out starts anew with every piece."""
    body = bytearray()
    for piece in reply.iter_bytes():
        body += piece
        if len(body) > _LARGEST_REPLY:
            raise EmbedderError(f"向量服务 {url} 的回复过大，请检查该服务")
        if time.monotonic() > deadline:
            raise httpx.ReadTimeout("the whole reply took too long")
    return bytes(body)


def _vectors(body: bytes, count: int, url: str) -> Vectors:
    """The reply's vectors in the order of the texts.

    Raises:
        EmbedderError: the reply is anything but ``count`` numbered vectors of finite numbers of one length.
    """
    try:
        entries = json.loads(body)["data"]
        by_number = {entry["index"]: entry["embedding"] for entry in entries}
        rows = [by_number[number] for number in range(count)]
        good = len(entries) == count and all(_is_vector(row) and len(row) == len(rows[0]) for row in rows)
        with np.errstate(over="ignore"):  # a number beyond float32 becomes infinite and is refused below
            vectors = np.asarray(rows, dtype=np.float32) if good else None
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError):
        vectors = None
    if vectors is None or not np.isfinite(vectors).all():
        raise EmbedderError(f"向量服务 {url} 的回复不是 {count} 个等长的向量，请检查地址和模型")
    return vectors


def _is_vector(row: object) -> bool:
    return isinstance(row, list) and bool(row) and all(type(number) in (int, float) for number in row)
