"""A conversation is opened without touching a text, and with the heights it had on screen."""

import sqlite3
from pathlib import Path

import pytest

from app.domain.conversation import ConversationId, Message, MessageId, MessageStatus, UnreadMessage
from app.domain.row_shape import RowShape
from app.storage import messages, migrations, reading, row_heights
from app.storage.database import Database
from app.storage.reading import HeadsSlice, read_heads, read_messages
from tests.long_conversation import text_of, write_conversation
from tests.unit.storage.killed_migration import open_and_be_killed
from tests.unit.storage.turns import a_turn
from tests.world import SHAPE

NARROW = RowShape(SHAPE.column_width // 2, SHAPE.style)
ZOOMED = RowShape(SHAPE.column_width, "at another zoom")
TEXTS = {"content", "reasoning", "error"}


def heads_of(database: Database, conversation_id: ConversationId, shape: RowShape = SHAPE) -> HeadsSlice:
    return database.submit(read_heads, conversation_id, shape).result()


def keep(database: Database, heights: dict[MessageId, int], shape: RowShape = SHAPE, at_ms: int = 1) -> None:
    database.submit(row_heights.keep_heights, shape, heights, at_ms).result()


def refuse_texts(db: sqlite3.Connection) -> None:
    def allows(action: int, table: str | None, column: str | None, *_: object) -> int:
        is_text = action == sqlite3.SQLITE_READ and table == "message" and column in TEXTS
        return sqlite3.SQLITE_DENY if is_text else sqlite3.SQLITE_OK

    db.set_authorizer(allows)


def test_heads_are_read_without_a_text(database: Database) -> None:
    conversation = write_conversation(database, 5)
    database.submit(refuse_texts).result()
    heads, _, _ = heads_of(database, conversation.id)
    assert [head.characters for head in heads] == [len(text_of(number)) for number in range(5)]
    with pytest.raises(Exception, match="prohibited"):
        database.submit(read_messages, [heads[0].id]).result()
    database.submit(lambda db: db.set_authorizer(None)).result()


def test_heads_come_from_an_index_alone(database: Database) -> None:
    """The rows of the table are not looked at: long texts lie in them."""
    steps = database.submit(
        lambda db: [row["detail"] for row in db.execute(f"EXPLAIN QUERY PLAN {reading._HEADS}", (*SHAPE, "c", 0, 9))]
    ).result()
    assert any("COVERING INDEX message_head" in step for step in steps)
    assert not any("SCAN" in step or "TEMP B-TREE" in step for step in steps)


def test_heads_come_in_slices_that_make_the_whole(database: Database) -> None:
    conversation = write_conversation(database, 7)
    write_conversation(database, 3, title="Another")
    found: list[UnreadMessage] = []
    after: int | None = 0
    while after is not None:
        part, _, after = database.submit(read_heads, conversation.id, SHAPE, after, 3).result()
        assert len(part) <= 3
        found += part
    assert [head.characters for head in found] == [len(text_of(number)) for number in range(7)]
    assert [head.parent_id for head in found] == [None, *(head.id for head in found[:-1])]
    assert conversation.id == found[0].conversation_id


def test_messages_are_read_with_their_texts(database: Database) -> None:
    conversation = write_conversation(database, 4)
    heads, _, _ = heads_of(database, conversation.id)
    read = database.submit(read_messages, [heads[3].id, MessageId("gone"), heads[1].id]).result()
    assert {message.id: message.content for message in read} == {heads[1].id: text_of(1), heads[3].id: text_of(3)}


def test_the_length_of_a_text_follows_it_whoever_writes_it(database: Database) -> None:
    conversation = write_conversation(database, 1)
    other = sqlite3.connect(database.path)
    other.execute("UPDATE message SET content = 'Grüße 🙂', reasoning = 'so'")
    other.commit()
    other.close()
    assert heads_of(database, conversation.id).heads[0].characters == len("Grüße 🙂") + len("so")


def test_heights_are_kept_and_found_in_their_shape(database: Database) -> None:
    conversation = write_conversation(database, 3)
    first, second, _ = heads_of(database, conversation.id).heads
    keep(database, {first.id: 120, second.id: 340})
    keep(database, {second.id: 350, MessageId("gone"): 9})
    assert heads_of(database, conversation.id).heights == {first.id: 120, second.id: 350}


def test_heights_of_another_width_are_scaled_and_those_of_another_style_are_of_no_use(database: Database) -> None:
    conversation = write_conversation(database, 2)
    first, _ = heads_of(database, conversation.id).heads
    keep(database, {first.id: 120})
    assert heads_of(database, conversation.id, NARROW).heights == {first.id: 240}
    assert heads_of(database, conversation.id, ZOOMED).heights == {}
    keep(database, {first.id: 200}, NARROW)
    assert heads_of(database, conversation.id, NARROW).heights == {first.id: 200}


def test_of_each_message_the_newest_shapes_are_kept(database: Database) -> None:
    conversation = write_conversation(database, 1)
    (head,) = heads_of(database, conversation.id).heads
    for number in range(row_heights.KEPT_SHAPES + 2):
        keep(database, {head.id: 100}, RowShape(500 + number, SHAPE.style), at_ms=number)
    rows = database.submit(lambda db: db.execute("SELECT column_width FROM row_height").fetchall()).result()
    assert sorted(row["column_width"] for row in rows) == [502, 503, 504, 505]


def test_a_text_that_changes_drops_its_heights(database: Database) -> None:
    turn = a_turn()
    database.submit(messages.insert_turn, turn).result()
    question, answer = turn.messages
    keep(database, {question.id: 100, answer.id: 200})
    assert heads_of(database, question.conversation_id).heights == {question.id: 100}, "it is still growing"
    database.submit(lambda db: db.execute("UPDATE message SET status = 'complete' WHERE id = ?", (answer.id,))).result()
    keep(database, {answer.id: 200})
    ended = Message(
        id=answer.id,
        conversation_id=answer.conversation_id,
        parent_id=question.id,
        role=answer.role,
        status=MessageStatus.COMPLETE,
        content="more",
    )
    recorded = database.submit(messages.note_committed, answer.id, 1.0)
    database.submit(messages.finish_message, ended, turn, recorded, answer.id).result()
    assert heads_of(database, question.conversation_id).heights == {question.id: 100}


def test_a_message_that_goes_takes_its_size_and_heights_along(database: Database) -> None:
    conversation = write_conversation(database, 3)
    heads, _, _ = heads_of(database, conversation.id)
    keep(database, {head.id: 100 for head in heads})
    database.submit(messages.delete_messages, [heads[1].id], conversation.id, heads[0].id).result()
    for table in ("message", "message_size", "row_height"):
        count = database.submit(lambda db, of: db.execute(f"SELECT count(*) FROM {of}").fetchone()[0], table).result()
        assert count == 1, table


@pytest.fixture
def old_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of the first schema, with three messages."""
    path = tmp_path / "belay.db"
    with monkeypatch.context() as old:
        old.setattr(migrations, "MIGRATIONS", migrations.MIGRATIONS[:1])
        old.setattr(migrations, "NEWEST", 1)
        db = migrations.open_current(path, timeout_s=1)
    db.execute("INSERT INTO conversation (id, title, created_at, updated_at) VALUES ('c', 'Old', 1, 1)")
    for number in range(3):
        parent_id = f"m{number - 1}" if number else None
        db.execute(
            "INSERT INTO message (id, conversation_id, parent_id, role, status, content, created_at)"
            " VALUES (?, 'c', ?, 'user', 'complete', ?, 1)",
            (f"m{number}", parent_id, text_of(number)),
        )
    db.close()
    return path


def assert_opens_whole(path: Path) -> None:
    database = Database(path)
    (row,) = database.submit(lambda db: db.execute("SELECT id FROM conversation").fetchall()).result()
    heads, heights, _ = heads_of(database, row["id"])
    assert [head.characters for head in heads] == [len(text_of(number)) for number in range(3)]
    assert heights == {}
    read = database.submit(read_messages, [head.id for head in heads]).result()
    assert sorted(message.content for message in read) == sorted(map(text_of, range(3)))
    database.close()


def test_a_file_of_the_first_schema_is_brought_up_to_date_and_a_copy_kept(old_path: Path) -> None:
    assert_opens_whole(old_path)
    assert len(list((old_path.parent / migrations.FOLDER_OF_COPIES).iterdir())) == 1


@pytest.mark.parametrize("statement", range(2, 26, 2))
def test_a_process_killed_within_the_migration_leaves_a_file_that_opens(old_path: Path, statement: int) -> None:
    """F8: the kill comes after the given number of statements."""
    open_and_be_killed(old_path, after_statements=statement)
    assert_opens_whole(old_path)
