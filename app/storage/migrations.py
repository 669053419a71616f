"""The schema, step by step. A step and the record of it are one transaction."""

import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

from app.domain.errors import DatabaseOutOfReach, DatabaseTooNew, DatabaseUnusable

APPLICATION_ID = 0x42454C59  # "BELY"
SQLITE_MAGIC = b"SQLite format 3\x00"
_CODES_OF_DAMAGE = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
FOLDER_OF_COPIES = "before-migration"


def _create(db: sqlite3.Connection) -> None:
    db.execute(
        """
        CREATE TABLE conversation (
            seq         INTEGER PRIMARY KEY,
            id          TEXT NOT NULL UNIQUE,
            title       TEXT NOT NULL,
            created_at  INTEGER NOT NULL,
            updated_at  INTEGER NOT NULL,
            leaf_id     TEXT
        ) STRICT
        """
    )
    db.execute("CREATE INDEX conversation_updated ON conversation (updated_at)")
    db.execute(
        """
        CREATE TABLE message (
            seq               INTEGER PRIMARY KEY,
            id                TEXT NOT NULL UNIQUE,
            conversation_id   TEXT NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
            parent_id         TEXT REFERENCES message (id) ON DELETE CASCADE,
            role              TEXT NOT NULL CHECK (role IN ('system', 'user', 'assistant')),
            status            TEXT NOT NULL CHECK (status IN ('generating', 'complete', 'stopped', 'failed')),
            stop_reason       TEXT,
            content           TEXT NOT NULL DEFAULT '',
            reasoning         TEXT NOT NULL DEFAULT '',
            digest            TEXT,              -- of content and reasoning, once finished
            model             TEXT,
            provider          TEXT,
            created_at        INTEGER NOT NULL,  -- ms since 1970; the times below count from it, monotonic
            headers_ms        REAL,
            first_token_ms    REAL,
            last_token_ms     REAL,
            stop_click_ms     REAL,
            socket_closed_ms  REAL,
            committed_ms      REAL,
            prompt_tokens     INTEGER,
            completion_tokens INTEGER,
            usage_source      TEXT,
            error             TEXT               -- JSON: title, advice, detail
        ) STRICT
        """
    )
    db.execute("CREATE INDEX message_conversation ON message (conversation_id, seq)")
    db.execute("CREATE INDEX message_parent ON message (parent_id)")
    db.execute("CREATE INDEX message_generating ON message (status) WHERE status = 'generating'")
    db.execute(
        """
        CREATE TRIGGER message_status_is_final BEFORE UPDATE OF status ON message
        WHEN OLD.status <> 'generating' AND NEW.status <> OLD.status
        BEGIN SELECT RAISE(ABORT, 'a message that has ended keeps its status'); END
        """
    )
    db.execute(
        """
        CREATE TABLE journal (
            message_id  TEXT NOT NULL REFERENCES message (id) ON DELETE CASCADE,
            seq         INTEGER NOT NULL,
            kind        TEXT NOT NULL CHECK (kind IN ('content', 'reasoning')),
            text        TEXT NOT NULL,
            PRIMARY KEY (message_id, seq)
        ) STRICT, WITHOUT ROWID
        """
    )


def _add_heads(db: sqlite3.Connection) -> None:
    """
    Let a conversation be opened without reading a text: its tree from an index, lengths and heights from tables.

    Triggers keep both right, whoever writes a message: Belay, or a tool of somebody else's.
    """
    db.execute("DROP INDEX message_conversation")
    db.execute("CREATE INDEX message_head ON message (conversation_id, seq, id, parent_id, role, status)")
    db.execute(
        """
        CREATE TABLE message_size (
            message_seq  INTEGER PRIMARY KEY REFERENCES message (seq) ON DELETE CASCADE,
            characters   INTEGER NOT NULL    -- of content and reasoning
        ) STRICT
        """
    )
    db.execute(
        """
        CREATE TABLE row_height (
            message_seq   INTEGER NOT NULL REFERENCES message (seq) ON DELETE CASCADE,
            column_width  INTEGER NOT NULL,
            style         TEXT NOT NULL,     -- fonts and zoom
            height        INTEGER NOT NULL,
            noted_at      INTEGER NOT NULL,  -- ms since 1970
            PRIMARY KEY (message_seq, column_width, style)
        ) STRICT, WITHOUT ROWID
        """
    )
    db.execute("INSERT INTO message_size SELECT seq, length(content) + length(reasoning) FROM message")
    db.execute(
        """
        CREATE TRIGGER message_is_new AFTER INSERT ON message
        BEGIN INSERT INTO message_size VALUES (NEW.seq, length(NEW.content) + length(NEW.reasoning)); END
        """
    )
    db.execute(
        """
        CREATE TRIGGER message_text_has_changed AFTER UPDATE OF content, reasoning ON message
        BEGIN
            UPDATE message_size SET characters = length(NEW.content) + length(NEW.reasoning)
                WHERE message_seq = NEW.seq;
            DELETE FROM row_height WHERE message_seq = NEW.seq;
        END
        """
    )


def _add_models_and_costs(db: sqlite3.Connection) -> None:
    """Remember which model answers in a conversation, what answers cost, and which models providers listed."""
    db.execute("ALTER TABLE conversation ADD COLUMN provider TEXT")
    db.execute("ALTER TABLE conversation ADD COLUMN model TEXT")
    db.execute("ALTER TABLE message ADD COLUMN cached_tokens INTEGER")  # of prompt_tokens
    db.execute("ALTER TABLE message ADD COLUMN reasoning_tokens INTEGER")  # of completion_tokens
    db.execute("ALTER TABLE message ADD COLUMN cost REAL")  # US dollars, by the prices of that day
    db.execute("ALTER TABLE message ADD COLUMN answer_ms REAL")  # the first of the answer, after the thoughts
    # Sums are read from these two alone: a row's last columns lie behind its text.
    columns = "provider, model, status, usage_source, prompt_tokens, completion_tokens, cached_tokens, cost"
    where = "WHERE completion_tokens IS NOT NULL"
    db.execute(f"CREATE INDEX message_usage_by_day ON message (created_at, {columns}) {where}")
    db.execute(f"CREATE INDEX message_usage ON message (conversation_id, {columns}) {where}")
    db.execute(
        """
        CREATE TABLE model_list (
            provider    TEXT PRIMARY KEY,
            address     TEXT NOT NULL,     -- the list of another address is not this one's
            fetched_at  INTEGER NOT NULL,  -- ms since 1970
            models      TEXT NOT NULL      -- JSON: an array of what is known of each
        ) STRICT, WITHOUT ROWID
        """
    )


MIGRATIONS: tuple[tuple[str, Callable[[sqlite3.Connection], None]], ...] = (
    ("conversations, messages, journal", _create),
    ("heads and row heights", _add_heads),
    ("models and costs", _add_models_and_costs),
)
NEWEST = len(MIGRATIONS)


def connect(path: Path, *, timeout_s: float) -> sqlite3.Connection:
    """Open a connection as all of ours are: autocommit, WAL, foreign keys."""
    # The database thread uses a connection that the main thread opened: never both at once.
    db = sqlite3.connect(path, timeout=timeout_s, isolation_level=None, check_same_thread=False)
    try:
        db.row_factory = sqlite3.Row
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA foreign_keys = ON")
    except sqlite3.Error:
        db.close()
        raise
    return db


def open_current(path: Path, *, timeout_s: float) -> sqlite3.Connection:
    """
    Open the database at `path`, created if there is none, with its schema brought up to date.

    Before an existing file is migrated a checked copy of it is kept in `before-migration/`.

    Raises:
        DatabaseUnusable, DatabaseTooNew: nothing in the file was changed.
        DatabaseOutOfReach: it could not be opened or brought up to date now; the same.
    """
    try:
        if path.exists():
            check_is_ours(path)
        else:
            path.touch(mode=0o600)  # SQLite gives its -wal and -shm the mode of the file
        db = connect(path, timeout_s=timeout_s)
    except (sqlite3.Error, OSError) as error:
        raise _failure(error) from error
    try:
        version = _version(db)
        if version > NEWEST:
            raise DatabaseTooNew(f"schema {version}, this Belay knows {NEWEST}")
        if 0 < version < NEWEST:
            _keep_copy(db, path, version)
        for number in range(version + 1, NEWEST + 1):
            _migrate(db, number)
    except (sqlite3.Error, OSError) as error:
        db.close()
        raise _failure(error) from error
    except BaseException:
        db.close()
        raise
    return db


def check_is_ours(path: Path) -> None:
    """
    Look at an existing file without changing it.

    Raises:
        DatabaseUnusable: it is empty, no SQLite database, damaged, or another program's.
        DatabaseOutOfReach: it can't be read.
    """
    try:
        with path.open("rb") as file:
            head = file.read(72)
    except OSError as error:
        raise DatabaseOutOfReach(f"{path.name}: {error.strerror}") from error
    if not head.startswith(SQLITE_MAGIC):
        raise DatabaseUnusable(f"{path.name} is not a database" if head else f"{path.name} is empty")
    # A brand-new file whose first transaction is still in the WAL has page 1 without our id.
    if int.from_bytes(head[68:72]) != APPLICATION_ID and not path.with_name(path.name + "-wal").exists():
        raise DatabaseUnusable(f"{path.name} is another program's database")


def _failure(error: sqlite3.Error | OSError) -> DatabaseUnusable:
    """Only a file that is damaged may be set aside: a full disk must not cost anybody the conversations."""
    is_damaged = getattr(error, "sqlite_errorcode", 0) & 0xFF in _CODES_OF_DAMAGE
    return (DatabaseUnusable if is_damaged else DatabaseOutOfReach)(str(error))


def _version(db: sqlite3.Connection) -> int:
    return int(db.execute("PRAGMA user_version").fetchone()[0])


def _migrate(db: sqlite3.Connection, number: int) -> None:
    name, step = MIGRATIONS[number - 1]
    db.execute("BEGIN IMMEDIATE")
    try:
        if _version(db) >= number:  # another process was faster
            db.execute("ROLLBACK")
            return
        if number == 1:
            db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            db.execute("CREATE TABLE migration (number INTEGER PRIMARY KEY, name TEXT, applied_at INTEGER) STRICT")
        step(db)
        db.execute("INSERT INTO migration VALUES (?, ?, ?)", (number, name, time.time_ns() // 1_000_000))
        db.execute(f"PRAGMA user_version = {number}")
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise


def _keep_copy(db: sqlite3.Connection, path: Path, version: int) -> None:
    folder = path.parent / FOLDER_OF_COPIES
    folder.mkdir(mode=0o700, exist_ok=True)
    target = folder / f"{path.stem}-schema{version}-{time.strftime('%Y%m%dT%H%M%S')}.db"
    copy = sqlite3.connect(target)
    try:
        db.backup(copy)
        verdict = copy.execute("PRAGMA quick_check").fetchone()[0]
    finally:
        copy.close()
    target.chmod(0o600)
    if verdict != "ok":
        raise DatabaseUnusable(f"the copy before the migration is damaged: {verdict}")
