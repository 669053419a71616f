"""How much there is, and what SQLite it is in."""

import sqlite3
from typing import NamedTuple


class Counts(NamedTuple):
    conversations: int
    messages: int
    sqlite_version: str


def count_all(db: sqlite3.Connection) -> Counts:
    """Count conversations and messages. A million messages are 20 ms: SQLite counts the smallest index."""
    conversations = db.execute("SELECT count(*) FROM conversation").fetchone()[0]
    messages = db.execute("SELECT count(*) FROM message").fetchone()[0]
    return Counts(conversations, messages, sqlite3.sqlite_version)
