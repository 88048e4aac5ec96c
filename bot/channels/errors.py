"""What can go wrong with a channel. The message is shown to whoever starts the program."""

from __future__ import annotations


class ChannelError(Exception):
    """A channel cannot start or go on; the message says in plain Chinese why and what to do."""
