"""Tables of ``events.db``, and what keeps reviewed texts from being rewritten."""

from __future__ import annotations

MIGRATIONS: tuple[str, ...] = (
    """
    CREATE TABLE events (
        id TEXT PRIMARY KEY,
        fields TEXT NOT NULL,
        cancelled INTEGER NOT NULL DEFAULT 0
    );
    CREATE TABLE briefings (
        id TEXT PRIMARY KEY,
        event TEXT NOT NULL REFERENCES events (id),
        drafted_by TEXT NOT NULL
    );
    CREATE INDEX briefings_event ON briefings (event);
    CREATE TABLE versions (
        briefing TEXT NOT NULL REFERENCES briefings (id),
        version INTEGER NOT NULL,
        text TEXT NOT NULL,
        by TEXT NOT NULL,
        PRIMARY KEY (briefing, version)
    );
    CREATE TABLE seals (
        briefing TEXT PRIMARY KEY REFERENCES briefings (id),
        version INTEGER NOT NULL,
        sha256 TEXT NOT NULL,
        parts TEXT NOT NULL
    );
    CREATE TABLE trail (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        at TEXT NOT NULL,
        by TEXT NOT NULL,
        account TEXT NOT NULL,
        event TEXT NOT NULL,
        briefing TEXT NOT NULL,
        version INTEGER NOT NULL,
        what TEXT NOT NULL,
        step TEXT NOT NULL,
        comment TEXT NOT NULL
    );
    CREATE INDEX trail_briefing ON trail (briefing);
    CREATE INDEX trail_event ON trail (event);
    """,
)
"""Step n brings a file from schema version n to n + 1. Steps are only ever added."""


def _never(table: str, what: str, when: str = "1") -> str:
    return (
        f"CREATE TRIGGER IF NOT EXISTS {table}_no_{what.lower()} BEFORE {what} ON {table} WHEN {when}"
        f" BEGIN SELECT RAISE(ABORT, '{table}: read-only'); END"
    )


_SEALED = "EXISTS (SELECT 1 FROM seals WHERE briefing = NEW.briefing)"
_KEPT = "EXISTS (SELECT 1 FROM versions WHERE briefing = NEW.briefing AND version = NEW.version)"
_NOTED = "EXISTS (SELECT 1 FROM trail WHERE id = NEW.id)"

READ_ONLY = (
    *(
        _never(table, what)
        for table in ("briefings", "versions", "seals", "trail")
        for what in ("UPDATE", "DELETE")
    ),
    # What is there already counts too: INSERT OR REPLACE goes past the triggers on DELETE.
    _never("briefings", "INSERT", "EXISTS (SELECT 1 FROM briefings WHERE id = NEW.id)"),
    _never("versions", "INSERT", f"{_SEALED} OR {_KEPT}"),
    _never("seals", "INSERT", _SEALED),
    _never("trail", "INSERT", f"{_SEALED} OR {_NOTED}"),
)
"""Made anew with every write, not in a migration: there a statement ends at its first semicolon."""
