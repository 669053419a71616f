"""What Belay needs of the SQLite that Python was built with."""

import sqlite3

from app.domain.errors import DatabaseUnusable


def check_sqlite() -> str:
    """
    Try each feature once, in memory. Returns SQLite's version.

    Raises:
        DatabaseUnusable: a feature is missing.
    """
    db = sqlite3.connect(":memory:")
    try:
        db.execute("CREATE TABLE strict_table (a INTEGER) STRICT")
        if db.execute("INSERT INTO strict_table VALUES (1) RETURNING a").fetchone() != (1,):
            raise DatabaseUnusable("RETURNING returns nothing")
        db.execute("CREATE VIRTUAL TABLE words USING fts5 (text, tokenize = 'unicode61')")
        db.execute("INSERT INTO words VALUES ('Grüße an alle')")
        if db.execute("SELECT count(*) FROM words WHERE words MATCH 'grüße'").fetchone() != (1,):
            raise DatabaseUnusable("full-text search does not find a word")
    except sqlite3.Error as error:
        raise DatabaseUnusable(f"SQLite {sqlite3.sqlite_version}: {error}") from error
    finally:
        db.close()
    return sqlite3.sqlite_version


def schema_of(db: sqlite3.Connection) -> tuple[int, int, int]:
    """Return application_id, schema version and whether foreign keys are on."""
    names = ("application_id", "user_version", "foreign_keys")
    first, second, third = (int(db.execute(f"PRAGMA {name}").fetchone()[0]) for name in names)
    return first, second, third
