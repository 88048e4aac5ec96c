"""Errors that a person at the keyboard can mend; the message says how."""

from __future__ import annotations


class UsageError(Exception):
    """Bad input or settings: one clear line, exit code 2."""
