"""Vectors over HTTP, against a real server: whatever it replies gives right vectors or one clear line."""

from __future__ import annotations

import email.utils
import gzip
import json
import logging
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import numpy as np
import pytest

from index.semantic.base import EmbedderError
from index.semantic.endpoint import EndpointEmbedder, Patience

KEY = "sk-very-secret-0123"
QUICK = Patience(seconds=5.0, attempts=3)


@dataclass(frozen=True)
class Reply:
    """What the server says once."""

    status: int = 200
    body: bytes | None = None
    """``None``: good vectors for the texts of the request."""
    headers: Mapping[str, str] = field(default_factory=dict)
    hang: bool = False
    """Says nothing."""
    drip: bool = False
    """Sends the body byte by byte."""
    cut: bool = False
    """Closes the connection in the middle of the body."""


class Endpoint:
    """A server that gives ``replies`` in turn, the last one for ever, and records what it was asked."""

    def __init__(self) -> None:
        self.replies = [Reply()]
        self.requests: list[dict[str, Any]] = []
        self.authorizations: list[str | None] = []
        self.paths: list[str] = []
        self.released = threading.Event()
        endpoint = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                endpoint.answer(self)

            def log_message(self, *arguments: object) -> None:
                """Silent."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/v1"

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        request = json.loads(handler.rfile.read(int(handler.headers["Content-Length"])))
        self.requests.append(request)
        self.authorizations.append(handler.headers["Authorization"])
        self.paths.append(handler.path)
        reply = self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
        if reply.hang:
            self.released.wait(30)
        body = good_body(request["input"]) if reply.body is None else reply.body
        handler.send_response(reply.status)
        handler.send_header("Content-Length", str(len(body) + (10 if reply.cut else 0)))
        for name, value in reply.headers.items():
            handler.send_header(name, value)
        handler.end_headers()
        for piece in (body[n : n + 1] for n in range(len(body))) if reply.drip else (body,):
            try:
                handler.wfile.write(piece)
                handler.wfile.flush()
            except OSError:  # the client left
                return
            if reply.drip and self.released.wait(0.02):
                return


def vector_of(text: str) -> list[float]:
    """Not of unit length."""
    return [float(len(text)), float(ord(text[0]) % 7), 1.0]


def good_body(texts: list[str]) -> bytes:
    """The entries in another order than the texts, as the format allows."""
    entries = [
        {"index": n, "embedding": vector_of(text), "object": "embedding"} for n, text in enumerate(texts)
    ]
    return json.dumps({"object": "list", "data": entries[::-1], "model": "m"}).encode()


def body(*embeddings: object) -> bytes:
    return json.dumps({"data": [{"index": n, "embedding": e} for n, e in enumerate(embeddings)]}).encode()


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    endpoint = Endpoint()
    thread = threading.Thread(target=endpoint.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield endpoint
    endpoint.released.set()
    endpoint.server.shutdown()
    endpoint.server.server_close()
    thread.join()


@pytest.fixture
def embedder(endpoint: Endpoint) -> Iterator[EndpointEmbedder]:
    embedder = EndpointEmbedder(endpoint.url, "m", KEY, for_queries=QUICK, for_passages=QUICK)
    yield embedder
    embedder.close()


def test_texts_come_back_as_unit_vectors_in_their_order(
    endpoint: Endpoint, embedder: EndpointEmbedder
) -> None:
    texts = ["助学贷款", "体育", "a"]
    vectors = embedder.passages(texts)
    expected = np.array([vector_of(text) for text in texts])
    np.testing.assert_allclose(vectors, expected / np.linalg.norm(expected, axis=1, keepdims=True), rtol=1e-6)
    assert vectors.dtype == np.float32
    assert endpoint.requests == [{"model": "m", "input": texts, "encoding_format": "float"}]
    assert (endpoint.authorizations, endpoint.paths) == ([f"Bearer {KEY}"], ["/v1/embeddings"])


def test_many_texts_go_in_batches(endpoint: Endpoint, embedder: EndpointEmbedder) -> None:
    texts = [str(n) * (n % 9 + 1) for n in range(25)]
    expected = np.array([vector_of(text) for text in texts])
    expected /= np.linalg.norm(expected, axis=1, keepdims=True)
    np.testing.assert_allclose(embedder.queries(texts), expected, rtol=1e-6)
    assert [len(request["input"]) for request in endpoint.requests] == [10, 10, 5]
    assert [text for request in endpoint.requests for text in request["input"]] == texts


def test_no_texts_ask_nothing(endpoint: Endpoint, embedder: EndpointEmbedder) -> None:
    assert len(embedder.passages([])) == 0
    assert endpoint.requests == []


def test_prefixes_and_a_missing_key(endpoint: Endpoint) -> None:
    embedder = EndpointEmbedder(endpoint.url + "/", "m", query_prefix="query:", passage_prefix="passage:")
    embedder.queries(["问"])
    embedder.passages(["答"])
    assert [request["input"] for request in endpoint.requests] == [["query: 问"], ["passage: 答"]]
    assert endpoint.authorizations == [None, None]
    embedder.close()


@pytest.mark.parametrize("text", ["", " \n", "\0", "\ud800", "\U0010ffff\u202e"])
def test_any_text_can_be_sent(endpoint: Endpoint, embedder: EndpointEmbedder, text: str) -> None:
    """Services refuse empty text, JSON in UTF-8 cannot hold half a surrogate pair."""
    assert embedder.queries([text]).shape == (1, 3)
    assert endpoint.requests[0]["input"][0].strip()


def test_the_name_tells_models_services_and_passage_prefixes_apart() -> None:
    made = [
        EndpointEmbedder("http://a/v1", "m"),
        EndpointEmbedder("http://b/v1", "m"),
        EndpointEmbedder("http://a/v1", "n"),
        EndpointEmbedder("http://a/v1", "m", passage_prefix="passage:"),
    ]
    same = EndpointEmbedder("http://a/v1/", "m", KEY, query_prefix="query:")
    assert len({embedder.name for embedder in made}) == 4
    assert same.name == made[0].name
    for embedder in (*made, same):
        embedder.close()


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_busy_service_is_asked_again(endpoint: Endpoint, embedder: EndpointEmbedder, status: int) -> None:
    endpoint.replies = [Reply(status, b"busy"), Reply()]
    assert embedder.queries(["问"]).shape == (1, 3)
    assert len(endpoint.requests) == 2


def test_a_cut_connection_is_asked_again(endpoint: Endpoint, embedder: EndpointEmbedder) -> None:
    endpoint.replies = [Reply(body=b"{", cut=True), Reply()]
    assert embedder.queries(["问"]).shape == (1, 3)


def test_patience_ends(endpoint: Endpoint, embedder: EndpointEmbedder) -> None:
    endpoint.replies = [Reply(500, b"broken")]
    with pytest.raises(EmbedderError, match="状态码 500"):
        embedder.queries(["问"])
    assert len(endpoint.requests) == QUICK.attempts


@pytest.mark.parametrize(
    "wait", ["0", email.utils.formatdate(time.time() - 60, usegmt=True), "soon", "-5", "²", ""]
)
def test_retry_after_that_asks_no_wait(endpoint: Endpoint, embedder: EndpointEmbedder, wait: str) -> None:
    endpoint.replies = [Reply(429, b"", {"Retry-After": wait.encode().decode("latin-1")}), Reply()]
    assert embedder.queries(["问"]).shape == (1, 3)


@pytest.mark.parametrize("wait", ["3600", "9" * 400, email.utils.formatdate(time.time() + 3600, usegmt=True)])
def test_retry_after_beyond_patience_is_not_waited_for(
    endpoint: Endpoint, embedder: EndpointEmbedder, wait: str
) -> None:
    endpoint.replies = [Reply(429, b"", {"Retry-After": wait}), Reply()]
    with pytest.raises(EmbedderError, match="429"):
        embedder.queries(["问"])
    assert len(endpoint.requests) == 1


def test_retry_after_within_patience_is_waited_for(
    endpoint: Endpoint, embedder: EndpointEmbedder, caplog: pytest.LogCaptureFixture
) -> None:
    endpoint.replies = [Reply(429, b"", {"Retry-After": "1"}), Reply()]
    assert embedder.queries(["问"]).shape == (1, 3)
    assert "trying again in 1.0 s" in caplog.text


@pytest.mark.parametrize("reply", [Reply(hang=True), Reply(drip=True)], ids=["silent", "drip by drip"])
def test_a_slow_service_is_given_up(endpoint: Endpoint, reply: Reply) -> None:
    """Also one that keeps sending a byte now and then."""
    endpoint.replies = [reply]
    embedder = EndpointEmbedder(endpoint.url, "m", for_queries=Patience(0.3, 5))
    with pytest.raises(EmbedderError, match="超时"):
        embedder.queries(["问"])
    embedder.close()


def test_nobody_listens(endpoint: Endpoint) -> None:
    endpoint.server.socket.close()
    embedder = EndpointEmbedder(endpoint.url, "m", for_queries=Patience(5.0, 2))
    with pytest.raises(EmbedderError, match=r"连接失败.*请稍后再试"):
        embedder.queries(["问"])
    embedder.close()


GOOD = [1.0, 2.0, 3.0]
GARBAGE = {
    "empty": b"",
    "html": b"<html>502</html>",
    "not utf-8": b"\xff\xfe\x00",
    "a list": b"[]",
    "null": b"null",
    "no data": b"{}",
    "data null": b'{"data": null}',
    "deep": b"[" * 100_000,
    "too few": body(GOOD),
    "too many": body(GOOD, GOOD, GOOD),
    "one twice": b'{"data": [{"index": 0, "embedding": [1]}, {"index": 0, "embedding": [1]}, '
    b'{"index": 1, "embedding": [1]}]}',
    "index missing": b'{"data": [{"embedding": [1]}, {"embedding": [1]}]}',
    "index wrong": b'{"data": [{"index": 1, "embedding": [1]}, {"index": 2, "embedding": [1]}]}',
    "index a list": b'{"data": [{"index": [0], "embedding": [1]}, {"index": 1, "embedding": [1]}]}',
    "lengths differ": body(GOOD, GOOD[:2]),
    "nan": body(GOOD, [1.0, float("nan"), 1.0]),
    "infinity": body(GOOD, [1.0, float("inf"), 1.0]),
    "beyond float32": body(GOOD, [1.0, 1e39, 1.0]),
    "beyond float": body(GOOD, [1.0, 10**400, 1.0]),
    "texts": body(GOOD, ["1", "2", "3"]),
    "booleans": body(GOOD, [True, False, True]),
    "nulls": body(GOOD, [None] * 3),
    "nested": body([GOOD], [GOOD]),
    "base64": body("AACAPw==", "AACAPw=="),
    "no numbers": body([], []),
}


@pytest.mark.parametrize("reply", GARBAGE.values(), ids=GARBAGE)
def test_garbage_is_told_from_vectors(endpoint: Endpoint, embedder: EndpointEmbedder, reply: bytes) -> None:
    endpoint.replies = [Reply(body=reply)]
    with pytest.raises(EmbedderError, match="不是 2 个等长的向量") as caught:
        embedder.passages(["一", "二"])
    assert "\n" not in str(caught.value)
    assert len(endpoint.requests) == 1


def test_a_zero_vector_has_no_direction(endpoint: Endpoint, embedder: EndpointEmbedder) -> None:
    endpoint.replies = [Reply(body=body([0.0, 0.0]))]
    with pytest.raises(EmbedderError, match="零向量"):
        embedder.queries(["问"])


def test_batches_of_different_length_are_refused(endpoint: Endpoint, embedder: EndpointEmbedder) -> None:
    endpoint.replies = [Reply(), Reply(body=body([1.0, 2.0]))]
    with pytest.raises(EmbedderError, match="前后不一致"):
        embedder.passages(["文"] * 11)


def test_a_huge_reply_is_not_read_to_its_end(endpoint: Endpoint, embedder: EndpointEmbedder) -> None:
    """Nor a small one that unpacks into a huge one."""
    endpoint.replies = [Reply(body=gzip.compress(b" " * 40_000_000), headers={"Content-Encoding": "gzip"})]
    with pytest.raises(EmbedderError, match="过大"):
        embedder.queries(["问"])


def test_a_reply_that_cannot_be_unpacked(endpoint: Endpoint, embedder: EndpointEmbedder) -> None:
    endpoint.replies = [Reply(body=b"not gzip", headers={"Content-Encoding": "gzip"})]
    with pytest.raises(EmbedderError, match="无法读取"):
        embedder.queries(["问"])


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_no_redirect_is_followed(endpoint: Endpoint, embedder: EndpointEmbedder, status: int) -> None:
    """The key and the questions go to the host that was set, and to no other."""
    other = Endpoint()
    thread = threading.Thread(target=other.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    endpoint.replies = [Reply(status, b"", {"Location": f"{other.url}/embeddings"})]
    with pytest.raises(EmbedderError, match="没有照办"):
        embedder.queries(["问"])
    other.server.shutdown()
    other.server.server_close()
    thread.join()
    assert (len(endpoint.requests), other.requests) == (1, [])


@pytest.mark.parametrize(
    ("status", "said"),
    [(400, "模型名"), (401, "ZHENGCETONG_EMBEDDINGS_KEY"), (404, "embeddings_url"), (418, "418")],
)
def test_a_refusal_says_what_to_do_and_is_final(
    endpoint: Endpoint, embedder: EndpointEmbedder, status: int, said: str
) -> None:
    endpoint.replies = [Reply(status, f"Incorrect API key provided: {KEY}".encode())]
    with pytest.raises(EmbedderError, match=said):
        embedder.queries(["问"])
    assert len(endpoint.requests) == 1


@pytest.mark.parametrize(
    "reply",
    [
        Reply(),
        Reply(401, KEY.encode()),
        Reply(500, KEY.encode()),
        Reply(302, b"", {"Location": f"http://{KEY}/"}),
    ],
    ids=["good", "refused", "broken", "redirect"],
)
def test_the_key_is_shown_nowhere(
    endpoint: Endpoint, embedder: EndpointEmbedder, reply: Reply, caplog: pytest.LogCaptureFixture
) -> None:
    """Even where everything is logged and the service repeats the key."""
    caplog.set_level(logging.DEBUG)
    endpoint.replies = [reply]
    shown = [repr(embedder), embedder.name, str(vars(embedder))]
    try:
        embedder.queries(["问"])
    except EmbedderError as error:
        chain: BaseException | None = error
        while chain is not None:
            shown += [str(chain), repr(chain)]
            chain = chain.__cause__ or chain.__context__
    assert endpoint.authorizations[0] == f"Bearer {KEY}"
    ours = [record.getMessage() for record in caplog.records if not record.name.startswith("httpcore")]
    assert KEY not in "".join(shown + ours)
    assert f"Bearer {KEY}" not in caplog.text


@pytest.mark.parametrize("key", ["a b", "a\nb", "钥匙", "a\x7f"])
def test_a_key_that_no_header_can_hold_is_not_repeated(key: str) -> None:
    with pytest.raises(EmbedderError, match="ZHENGCETONG_EMBEDDINGS_KEY") as caught:
        EndpointEmbedder("http://127.0.0.1/v1", "m", key)
    assert key not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("", "http://"),
        ("127.0.0.1:8000/v1", "http://"),
        ("file:///etc/passwd", "http://"),
        ("http://", "http://"),
        ("http://[::1", "http://"),
        ("http://a:99999999/", "http://"),
        (f"http://user:{KEY}@host/v1", "密码"),
        (f"http://host/v1?key={KEY}", "参数"),
        (f"http://host/v1#{KEY}", "参数"),
    ],
)
def test_a_url_that_cannot_be_used(url: str, said: str) -> None:
    with pytest.raises(EmbedderError, match=said) as caught:
        EndpointEmbedder(url, "m")
    assert KEY not in str(caught.value)


def test_a_model_is_required() -> None:
    with pytest.raises(EmbedderError, match="embeddings_model"):
        EndpointEmbedder("http://127.0.0.1/v1", "")


def test_proxy_settings_that_cannot_be_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", f"nonsense://user:{KEY}@proxy")
    with pytest.raises(EmbedderError, match="代理") as caught:
        EndpointEmbedder("http://127.0.0.1/v1", "m")
    assert KEY not in str(caught.value)
