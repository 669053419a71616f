"""One file, opened only if it is ours, changed only in whole transactions."""

import os
import sqlite3
import stat
from pathlib import Path

import pytest

from app.domain.conversation import MessageId, MessageStatus, new_id
from app.domain.errors import DatabaseBusy, DatabaseOutOfReach, DatabaseTooNew, DatabaseUnusable, StorageError
from app.main import CannotStart, open_database
from app.storage import messages, migrations
from app.storage.conversations import delete_conversation, list_conversations
from app.storage.database import Database
from app.storage.messages import JournalRow
from app.storage.paths import DataFolder
from tests.long_conversation import write_conversation
from tests.unit.storage.killed_migration import open_and_be_killed
from tests.unit.storage.turns import a_turn
from tests.world import load_messages


def test_a_new_file_is_ours_and_the_users_alone(database: Database) -> None:
    db = sqlite3.connect(database.path)
    assert db.execute("PRAGMA application_id").fetchone() == (migrations.APPLICATION_ID,)
    assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert db.execute("SELECT max(number) FROM migration").fetchone() == (migrations.NEWEST,)
    db.close()
    for path in database.path.parent.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path.name


def test_a_file_opens_again_and_keeps_what_is_in_it(tmp_path: Path) -> None:
    first = Database(tmp_path / "belay.db")
    first.submit(messages.insert_turn, a_turn()).result()
    first.close()
    second = Database(tmp_path / "belay.db")
    assert len(second.submit(list_conversations).result()) == 1
    second.close()


@pytest.mark.parametrize("content", [b"", b"not a database at all", b"\0" * 4096, b"SQLite format 3\0garbage"])
def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "belay.db"
    path.write_bytes(content)
    with pytest.raises(DatabaseUnusable):
        Database(path)
    assert path.read_bytes() == content


def test_the_database_of_another_program_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "belay.db"
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE theirs (a)")
    other.commit()
    other.close()
    before = path.read_bytes()
    with pytest.raises(DatabaseUnusable, match="another program"):
        Database(path)
    assert path.read_bytes() == before


def test_a_newer_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "belay.db"
    Database(path).close()
    db = sqlite3.connect(path)
    db.execute(f"PRAGMA user_version = {migrations.NEWEST + 1}")
    db.close()
    with pytest.raises(DatabaseTooNew):
        Database(path)
    db = sqlite3.connect(path)
    assert db.execute("PRAGMA user_version").fetchone() == (migrations.NEWEST + 1,)
    db.close()


def test_a_migration_that_fails_leaves_the_old_version_and_a_copy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "belay.db"
    old = Database(path)
    old.submit(messages.insert_turn, a_turn()).result()
    old.close()

    def half(db: sqlite3.Connection) -> None:
        db.execute("ALTER TABLE conversation ADD COLUMN color TEXT")
        raise sqlite3.OperationalError("power cut")

    monkeypatch.setattr(migrations, "MIGRATIONS", (*migrations.MIGRATIONS, ("half", half)))
    monkeypatch.setattr(migrations, "NEWEST", migrations.NEWEST + 1)
    with pytest.raises(DatabaseUnusable, match="power cut"):
        Database(path)
    monkeypatch.undo()
    again = Database(path)
    columns = again.submit(lambda db: [row["name"] for row in db.execute("PRAGMA table_info(conversation)")]).result()
    assert "color" not in columns
    assert len(again.submit(list_conversations).result()) == 1
    again.close()
    (copy,) = (tmp_path / migrations.FOLDER_OF_COPIES).iterdir()
    kept = sqlite3.connect(copy)
    assert kept.execute("SELECT count(*) FROM message").fetchone() == (2,)
    kept.close()


def test_a_query_that_fails_midway_leaves_nothing(database: Database) -> None:
    turn = a_turn()

    def half(db: sqlite3.Connection) -> None:
        messages.insert_turn(db, turn)
        db.execute("no such statement")

    with pytest.raises(StorageError):
        database.submit(half).result()
    assert database.submit(list_conversations).result() == ()


@pytest.mark.parametrize("ended", ["complete", "stopped", "failed"])
@pytest.mark.parametrize("then", ["generating", "complete", "stopped", "failed"])
def test_the_database_itself_refuses_to_leave_a_last_status(database: Database, ended: str, then: str) -> None:
    turn = a_turn()
    database.submit(messages.insert_turn, turn).result()
    answer = turn.messages[1].id
    database.submit(lambda db: db.execute("UPDATE message SET status = ? WHERE id = ?", (ended, answer))).result()

    def leave(db: sqlite3.Connection) -> None:
        db.execute("UPDATE message SET status = ? WHERE id = ?", (then, answer))

    if then == ended:
        database.submit(leave).result()
    else:
        with pytest.raises(StorageError, match="keeps its status"):
            database.submit(leave).result()


def test_a_journal_append_never_waits_for_a_lock(database: Database) -> None:
    turn = a_turn()
    database.submit(messages.insert_turn, turn).result()
    row = JournalRow(turn.messages[1].id, 0, "content", "text")
    other = sqlite3.connect(database.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(DatabaseBusy):
        database.run_here(messages.append_journal, [row])
    other.execute("ROLLBACK")
    other.close()
    assert database.run_here(messages.append_journal, [row]) == set()


def test_a_journal_append_to_an_ended_or_missing_message_is_refused(database: Database) -> None:
    turn = a_turn()
    database.submit(messages.insert_turn, turn).result()
    question, answer = (message.id for message in turn.messages)
    missing = MessageId(new_id())
    rows = [JournalRow(message_id, 0, "content", "x") for message_id in (question, answer, missing)]
    assert database.run_here(messages.append_journal, rows) == {question, missing}


def test_orphans_are_settled_with_the_journals_text(database: Database) -> None:
    """Edge case 16: what the journal holds becomes the message, stopped by a crash."""
    turn = a_turn()
    database.submit(messages.insert_turn, turn).result()
    answer = turn.messages[1].id
    rows = [
        JournalRow(answer, 0, "reasoning", "so "),
        JournalRow(answer, 1, "content", "Grüße "),
        JournalRow(answer, 2, "content", "🙂"),
    ]
    database.run_here(messages.append_journal, rows)
    assert database.submit(messages.settle_orphans).result() == 1
    assert database.submit(messages.settle_orphans).result() == 0
    loaded = database.submit(load_messages, turn.messages[0].conversation_id).result()[1]
    assert (loaded.status, loaded.stop_reason) == (MessageStatus.STOPPED, "crash")
    assert (loaded.content, loaded.reasoning) == ("Grüße 🙂", "so ")
    assert loaded.usage is not None
    assert loaded.usage.source == "estimated"
    assert loaded.usage.completion_tokens > 0
    assert database.submit(lambda db: db.execute("SELECT count(*) FROM journal").fetchone()[0]).result() == 0


def test_a_long_conversation_is_deleted_in_part_and_whole(database: Database) -> None:
    """SQLite gives up where deleting one message deletes a child of a child 1,000 times."""
    conversation = write_conversation(database, 3_000)
    order = [message.id for message in database.submit(load_messages, conversation.id).result()]
    database.submit(messages.delete_messages, order[1_500:], conversation.id, order[1_499]).result()
    assert [message.id for message in database.submit(load_messages, conversation.id).result()] == order[:1_500]
    database.submit(delete_conversation, conversation.id).result()
    assert database.submit(list_conversations).result() == ()
    assert database.submit(lambda db: db.execute("SELECT count(*) FROM message").fetchone()[0]).result() == 0


def test_a_folder_that_cannot_be_made_says_so(tmp_path: Path) -> None:
    blocker = tmp_path / "file"
    blocker.touch()
    with pytest.raises(DatabaseUnusable) as caught:
        DataFolder(blocker / "data").prepare()
    assert "file" in caught.value.detail


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX")
def test_the_folder_is_closed_to_others(tmp_path: Path) -> None:
    """S19."""
    folder = DataFolder(tmp_path / "data")
    folder.prepare()
    assert stat.S_IMODE(folder.root.stat().st_mode) == 0o700
    assert list(folder.root.iterdir()) == []


@pytest.mark.parametrize("statement", range(8))
def test_a_process_killed_within_the_first_migration_leaves_a_file_that_opens_or_is_set_aside(
    tmp_path: Path, statement: int
) -> None:
    """F8: the kill comes after the given number of statements."""
    path = tmp_path / "belay.db"
    open_and_be_killed(path, after_statements=statement)
    try:
        opened = Database(path)
    except DatabaseUnusable:
        path.unlink()  # what main sets aside
        opened = Database(path)
    assert opened.submit(list_conversations).result() == ()
    opened.close()


def write_old(path: Path, version: int) -> None:
    """A database as an older Belay left it, with one conversation."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(migrations, "MIGRATIONS", migrations.MIGRATIONS[:version])
        patch.setattr(migrations, "NEWEST", version)
        db = migrations.open_current(path, timeout_s=1)
    db.execute("INSERT INTO conversation (id, title, created_at, updated_at) VALUES ('c', 'Old', 1, 1)")
    db.close()


def titles(path: Path) -> list[str]:
    opened = Database(path)
    found = opened.submit(list_conversations).result()
    opened.close()
    return [each.title for each in found]


@pytest.mark.parametrize("version", range(1, migrations.NEWEST))
@pytest.mark.parametrize("statement", [4, 7, 11, 14])
def test_an_old_database_whose_migration_was_killed_opens_with_all_that_was_in_it(
    tmp_path: Path, version: int, statement: int
) -> None:
    path = tmp_path / "belay.db"
    write_old(path, version)
    open_and_be_killed(path, after_statements=statement)
    assert titles(path) == ["Old"]


def test_conversations_that_can_not_be_opened_now_are_not_set_aside(tmp_path: Path) -> None:
    """A full disk, for example: the copy before a migration has no room. The next start is another try."""
    folder = DataFolder(tmp_path)
    write_old(folder.database, migrations.NEWEST - 1)
    obstacle = tmp_path / migrations.FOLDER_OF_COPIES
    obstacle.touch()
    with pytest.raises(CannotStart, match="can't be opened"):
        open_database(folder)
    assert list(tmp_path.glob("*set-aside*")) == []
    obstacle.unlink()
    assert titles(folder.database) == ["Old"]


def test_conversations_that_another_program_holds_are_out_of_reach_and_no_worse(tmp_path: Path) -> None:
    path = tmp_path / "belay.db"
    write_old(path, migrations.NEWEST - 1)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(DatabaseOutOfReach, match="locked"):
        migrations.open_current(path, timeout_s=0)
    other.close()
    assert titles(path) == ["Old"]
