"""What can be set about the web page."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WebSettings:
    """Given to :func:`create_app` by whoever starts it."""

    retention_days: int = 30
    """Shown on the page: how long masked questions are kept."""
    hosts: tuple[str, ...] = ()
    """Host names under which the page is reached. Empty: any name, requests must still come from the page
    itself. This machine's own names (localhost, 127.0.0.1, ::1) always pass."""
    requests_per_minute: int = 30
    """Per visitor."""
    requests_per_minute_per_address: int = 240
    """Per network address, which a whole school may share."""
