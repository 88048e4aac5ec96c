"""No secret reaches the log, whatever way it takes."""

from __future__ import annotations

import io
import logging
from collections.abc import Callable, Iterator

import httpx
import pytest

from bot.channels.secrets import REDACTED, SecretFilter, frames_only, protect_logs

TOKEN = "123456789:AAHfiqksKZ8WmR2zSjiQ7_v4TMAKdiHm9T0"
PASSWORD = "p@ss/word"


@pytest.fixture
def log() -> Iterator[Callable[[], str]]:
    """A protected log; calling it gives what was written so far."""
    factory, levels = (
        logging.getLogRecordFactory(),
        {n: logging.getLogger(n).level for n in ("httpx", "httpcore")},
    )
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    logger = logging.getLogger("secrets-test")
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    logger.propagate = False
    protect_logs(PASSWORD)
    yield stream.getvalue
    logger.removeHandler(handler)
    logging.setLogRecordFactory(factory)
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


def logger() -> logging.Logger:
    return logging.getLogger("secrets-test")


@pytest.mark.parametrize(
    ("message", "arguments"),
    [
        (f"GET https://host/bot{TOKEN}/getMe", ()),
        ("GET %s", (f"https://host/bot{TOKEN}/getMe",)),
        ("GET %s %d", (httpx.URL(f"https://host/bot{TOKEN}/getMe"), 200)),
        ("%(url)s", ({"url": f"https://host/bot{TOKEN}/getMe"},)),
        ("%s", (f"https://host/bot{TOKEN.replace(':', '%3A')}/getMe",)),
        ("%s:%s", tuple(TOKEN.split(":"))),
        ("%r", ([TOKEN],)),
        (f"%d {TOKEN}", ("not a number",)),
        ("password %s", (PASSWORD,)),
        ("password p%%40ss%%2Fword%s", ("",)),
    ],
)
def test_messages_and_arguments(log: Callable[[], str], message: str, arguments: tuple[object, ...]) -> None:
    logger().info(message, *arguments)
    assert REDACTED in log()
    assert "AAHfiqksKZ8" not in log()
    assert "ss/word" not in log()


def test_tracebacks_with_their_causes(log: Callable[[], str]) -> None:
    try:
        try:
            raise ValueError(f"bad token {TOKEN}")
        except ValueError as error:
            raise RuntimeError(PASSWORD) from error
    except RuntimeError:
        logger().exception("failed")
    assert "RuntimeError: [secret]" in log()
    assert "ValueError: bad token [secret]" in log()
    assert (TOKEN in log(), PASSWORD in log()) == (False, False)


def test_a_record_without_secrets_stays_as_it_was(log: Callable[[], str]) -> None:
    """uvicorn reads the arguments of its access log one by one."""
    seen: list[logging.LogRecord] = []
    logger().addFilter(lambda record: not seen.append(record))
    logger().info("%s - %d", "GET /", 200)
    assert seen[0].args == ("GET /", 200)
    assert log() == "GET / - 200\n"


def test_arguments_keep_their_number_when_one_is_cleaned(log: Callable[[], str]) -> None:
    seen: list[logging.LogRecord] = []
    logger().addFilter(lambda record: not seen.append(record))
    logger().info("%s - %d", TOKEN, 200)
    assert seen[0].args == (REDACTED, 200)


def test_values_given_as_extra_are_cleaned_by_the_filter() -> None:
    record = logging.makeLogRecord({"msg": "x", "url": f"bot{TOKEN}"})
    assert SecretFilter().filter(record)
    assert record.__dict__["url"] == f"bot{REDACTED}"


def test_protecting_twice_does_not_clean_twice(log: Callable[[], str]) -> None:
    before = logging.getLogRecordFactory()
    protect_logs("another-secret")
    assert logging.getLogRecordFactory() is before
    logger().info("another-secret")
    assert log() == f"{REDACTED}\n"


def test_libraries_that_would_log_addresses_are_turned_down(log: Callable[[], str]) -> None:
    assert not logging.getLogger("httpx").isEnabledFor(logging.INFO)
    assert not logging.getLogger("telegram.ext.Application").isEnabledFor(logging.DEBUG)


def test_frames_show_the_place_but_not_the_words() -> None:
    try:
        try:
            {}["我家孩子"]
        except KeyError as error:
            raise ValueError("张小明") from error
    except ValueError as error:
        shown = frames_only(error)
    assert shown.startswith("ValueError at ")
    assert "<- KeyError at" in shown
    assert "test_frames_show_the_place" in shown
    assert ("张小明" in shown, "我家孩子" in shown) == (False, False)
