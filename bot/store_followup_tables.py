"""Tables of ``followups.db``."""

from __future__ import annotations

MIGRATIONS: tuple[str, ...] = (
    """
    CREATE TABLE asked (
        event TEXT NOT NULL,
        number INTEGER NOT NULL,
        key TEXT NOT NULL,
        question TEXT NOT NULL,
        answer TEXT NOT NULL,
        answered INTEGER NOT NULL,
        caller TEXT NOT NULL,
        at TEXT NOT NULL,
        matter TEXT NOT NULL,
        office TEXT NOT NULL,
        asker TEXT NOT NULL,
        PRIMARY KEY (event, number)
    );
    CREATE INDEX asked_key ON asked (event, key);
    CREATE TABLE followups (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        event TEXT NOT NULL,
        number INTEGER NOT NULL,
        question TEXT NOT NULL,
        owner TEXT NOT NULL,
        due TEXT NOT NULL,
        status TEXT NOT NULL,
        opened TEXT NOT NULL,
        closed TEXT,
        note TEXT NOT NULL,
        remind_on TEXT,
        UNIQUE (event, number)
    );
    CREATE TABLE changes (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        followup INTEGER NOT NULL REFERENCES followups (id),
        what TEXT NOT NULL,
        by TEXT NOT NULL,
        at TEXT NOT NULL,
        note TEXT NOT NULL,
        owner TEXT NOT NULL,
        due TEXT NOT NULL
    );
    CREATE INDEX changes_followup ON changes (followup);
    CREATE TABLE drafts (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        drafted_by TEXT NOT NULL,
        event TEXT NOT NULL
    );
    CREATE TABLE draft_versions (
        draft INTEGER NOT NULL REFERENCES drafts (id),
        version INTEGER NOT NULL,
        text TEXT NOT NULL,
        by TEXT NOT NULL,
        PRIMARY KEY (draft, version)
    );
    CREATE TABLE draft_trail (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        draft INTEGER NOT NULL REFERENCES drafts (id),
        version INTEGER NOT NULL,
        what TEXT NOT NULL,
        step TEXT NOT NULL,
        by TEXT NOT NULL,
        comment TEXT NOT NULL,
        at TEXT NOT NULL
    );
    CREATE TABLE draft_seals (
        draft INTEGER PRIMARY KEY REFERENCES drafts (id),
        version INTEGER NOT NULL,
        sha256 TEXT NOT NULL
    );
    """,
)
"""Step n brings a file from schema version n to n + 1. Steps are only ever added."""
