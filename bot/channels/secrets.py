"""Keeps secrets out of the log, whoever logs them.

httpx writes every request URL at INFO, and a Bot API URL holds the token. Filters on single handlers miss
the handlers that are added later, so the cleaning sits where log records are made.
"""

from __future__ import annotations

import logging
import re
import traceback
from collections.abc import Mapping
from types import TracebackType
from typing import Any
from urllib.parse import quote

REDACTED = "[secret]"
"""What stands in the log in place of a secret."""

_BOT_TOKEN = re.compile(r"\d+(?::|%3[Aa])[A-Za-z0-9_-]{30,}")
_SHORTEST_SECRET = 6
_NOISY_LOGGERS: Mapping[str, int] = {
    # These write request addresses, whole updates and call parameters: not only the token, the citizen's
    # words too.
    "httpx": logging.WARNING,
    "httpcore": logging.WARNING,
    "telegram": logging.INFO,
}


class SecretFilter(logging.Filter):
    """Removes bot tokens and the given secrets from a record: message, arguments, traceback and extras.

    Never drops a record. Secrets shorter than six characters are not looked for: they would blank out
    ordinary words.
    """

    def __init__(self, *secrets: str) -> None:
        super().__init__()
        self._literals: set[str] = set()
        self.add(*secrets)

    def add(self, *secrets: str) -> None:
        """Look for these secrets too, as they are and percent-encoded."""
        for secret in secrets:
            if len(secret) >= _SHORTEST_SECRET:
                self._literals |= {secret, quote(secret, safe="")}

    def clean(self, text: str) -> str:
        """``text`` without secrets."""
        for literal in sorted(self._literals, key=len, reverse=True):
            text = text.replace(literal, REDACTED)
        return _BOT_TOKEN.sub(REDACTED, text)

    def filter(self, record: logging.LogRecord) -> bool:
        self._clean_message(record)
        self._clean_exception(record)
        for name, value in record.__dict__.items():
            if isinstance(value, str):
                record.__dict__[name] = self.clean(value)
        return True

    def _clean_message(self, record: logging.LogRecord) -> None:
        try:
            message = record.getMessage()
        except Exception:  # an unfit format: logging would print the arguments to stderr
            record.msg, record.args = f"[a log message that does not fit its arguments] {record.msg}", ()
            return
        if self.clean(message) == message:
            return
        if isinstance(record.args, Mapping):
            record.args = {name: self._clean_argument(value) for name, value in record.args.items()}
        elif record.args:
            record.args = tuple(self._clean_argument(value) for value in record.args)
        record.msg = self.clean(str(record.msg))
        try:
            message = record.getMessage()
        except Exception:
            message = self.clean(message)
            record.msg, record.args = message, ()
        if self.clean(message) != message:  # the secret was spread over several arguments
            record.msg, record.args = self.clean(message), ()

    def _clean_argument(self, value: object) -> object:
        text = str(value)
        cleaned = self.clean(text)
        return value if cleaned == text else cleaned

    def _clean_exception(self, record: logging.LogRecord) -> None:
        if not isinstance(record.exc_info, tuple) or record.exc_info[0] is None:
            return
        text = "".join(traceback.format_exception(*record.exc_info)).rstrip("\n")
        cleaned = self.clean(text)
        if cleaned != text:
            record.exc_text, record.exc_info = cleaned, None


class _CleaningRecordFactory:
    """Makes log records as before, then cleans them."""

    def __init__(self, make: Any) -> None:
        self.make = make
        self.secret_filter = SecretFilter()

    def __call__(self, *args: Any, **kwargs: Any) -> logging.LogRecord:
        record: logging.LogRecord = self.make(*args, **kwargs)
        self.secret_filter.filter(record)
        return record


def protect_logs(*secrets: str) -> SecretFilter:
    """From now on no log record holds a bot token or one of ``secrets``. May be called again to add more.

    Also turns down the loggers that would write the citizen's words. Values given through ``extra`` are
    set after the record is made: add the returned filter to a handler that writes them.
    """
    factory = logging.getLogRecordFactory()
    if not isinstance(factory, _CleaningRecordFactory):
        factory = _CleaningRecordFactory(factory)
        logging.setLogRecordFactory(factory)
    factory.secret_filter.add(*secrets)
    for name, level in _NOISY_LOGGERS.items():
        logger = logging.getLogger(name)
        logger.setLevel(max(level, logger.level))
    return factory.secret_filter


def frames_only(error: BaseException) -> str:
    """Where ``error`` came from, without its message: a message may quote what a citizen wrote."""
    lines: list[str] = []
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        lines.append(f"{type(current).__qualname__} at {_frames(current.__traceback__) or 'unknown place'}")
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
    return " <- ".join(lines)


def _frames(trace: TracebackType | None) -> str:
    return " > ".join(f"{f.filename}:{f.lineno} {f.name}" for f in traceback.extract_tb(trace)[-6:])
