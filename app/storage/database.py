"""One SQLite file, two connections: a thread for everything, and a quick one for the journal."""

import asyncio
import queue
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from app.domain.errors import DatabaseBusy, StorageError
from app.storage import migrations

P = ParamSpec("P")
T = TypeVar("T")
Query = Callable[Concatenate[sqlite3.Connection, P], T]

BUSY_TIMEOUT_S = 5.0
_CODES_OF_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}


class Database:
    """
    Runs functions that take a connection, each in one transaction: it commits whole or not at all.

    `run` goes through one thread, in order, with synchronous=FULL: what it acknowledged survives a
    power loss. `run_here` runs on the calling thread with synchronous=NORMAL and never waits: it is
    for the journal, whose append takes 0.011 ms at any length.
    """

    def __init__(self, path: Path) -> None:
        """
        Open or create the file and bring its schema up to date, on the calling thread.

        Raises:
            DatabaseUnusable: not a database, not ours, or damaged.
            DatabaseOutOfReach: not now, and nothing is wrong with it.
            DatabaseTooNew: written by a later version.
        """
        self.path = path
        self._main = migrations.open_current(path, timeout_s=BUSY_TIMEOUT_S)
        self._main.execute("PRAGMA synchronous = FULL")
        self._here = migrations.connect(path, timeout_s=0)
        self._here.execute("PRAGMA synchronous = NORMAL")
        self._here.execute("PRAGMA wal_autocheckpoint = 0")  # a checkpoint costs fsyncs: never on this thread
        self._jobs: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="database", daemon=True)
        self._thread.start()

    def submit(self, query: Query[P, T], *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """
        Queue `query(connection, ...)` for the database thread and return at once.

        The future's exception is a StorageError if SQLite could not do it.
        """
        return self._submit(lambda: transact(self._main, query, *args, **kwargs))

    async def run(self, query: Query[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """
        Run `query(connection, ...)` on the database thread. A cancel of the caller does not cancel the query.

        Raises:
            StorageError: SQLite could not do it (disk full, locked, corrupt).
        """
        return await asyncio.shield(asyncio.wrap_future(self.submit(query, *args, **kwargs)))

    async def read(self, query: Query[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """
        As `run`, for a query that only reads: the journal can go on writing meanwhile.

        Nothing overtakes on the database thread: what reads much does it in slices of a few milliseconds.
        """
        return await asyncio.shield(asyncio.wrap_future(self._submit(lambda: look(self._main, query, *args, **kwargs))))

    async def run_plain(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run work that needs the disk but no connection, in order with the rest. Raises what it raises."""
        return await asyncio.shield(asyncio.wrap_future(self._submit(lambda: work(*args, **kwargs))))

    def run_here(self, query: Query[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """
        Run `query(connection, ...)` now, on the calling thread, without waiting for any lock.

        Raises:
            DatabaseBusy: somebody else is writing.
            StorageError: SQLite could not do it for another reason.
        """
        return transact(self._here, query, *args, **kwargs)

    def close(self) -> None:
        """Finish what is queued, then close. Blocks until then: call it after the event loop has ended."""
        self._jobs.put(None)
        self._thread.join()
        self._here.close()
        self._main.close()

    def _submit(self, work: Callable[[], T]) -> Future[T]:
        future: Future[T] = Future()

        def job() -> None:
            try:
                result = work()
            except BaseException as error:  # noqa: BLE001 - handed to whoever waits for the future
                future.set_exception(error)
            else:
                future.set_result(result)

        self._jobs.put(job)
        return future

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            job()


def transact(db: sqlite3.Connection, query: Query[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """
    Run `query(db, ...)` in one immediate transaction.

    Raises:
        StorageError: SQLite could not do it; nothing of it was written.
    """
    return _within(db, "BEGIN IMMEDIATE", lambda: query(db, *args, **kwargs))


def look(db: sqlite3.Connection, query: Query[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """
    Run `query(db, ...)`, which only reads, on one state of the database.

    Raises:
        StorageError: SQLite could not do it.
    """
    return _within(db, "BEGIN", lambda: query(db, *args, **kwargs))


def _within(db: sqlite3.Connection, begin: str, work: Callable[[], T]) -> T:
    try:
        db.execute(begin)
        try:
            result = work()
            db.execute("COMMIT")
        except BaseException:
            if db.in_transaction:
                db.execute("ROLLBACK")
            raise
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        raise (DatabaseBusy if code in _CODES_OF_BUSY else StorageError)(str(error)) from error
    return result
