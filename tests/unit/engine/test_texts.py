"""Texts that nobody looks at stay on disk, and nothing is ever without them: no request, no screen, no word."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Sequence
from sqlite3 import SQLITE_DENY

import pytest

from app.domain.abort import AbortReason
from app.domain.completion import Delta
from app.domain.conversation import ConversationId, Message, MessageId, MessageStatus, Role, UnreadMessage
from app.engine.events import ConversationLoaded, EndRead, FaultOccurred, MessagesDeleted, TextsForgotten, TextsRead
from app.engine.opening import END_MESSAGES, SHORT_MESSAGES
from app.storage import messages
from app.storage.conversations import rename_conversation
from tests.long_conversation import text_of, write_conversation
from tests.world import DONE, HANG, SHAPE, World, in_memory, load_messages

Build = Callable[..., Awaitable[World]]

MANY = 1_000


async def until(holds: Callable[[], object]) -> None:
    async with asyncio.timeout(20):
        while not holds():
            await asyncio.sleep(0.001)


async def opened(world: World, count: int = MANY, *, characters: int = 0) -> ConversationId:
    """A long conversation, as it is after a click in the list."""
    conversation = write_conversation(world.database, count, characters=characters)
    world.library.load()
    await until(lambda: conversation.id in world.store.conversations)
    world.library.open(conversation.id, SHAPE)
    await until(lambda: world.store.is_loaded(conversation.id))
    return conversation.id


def unread(world: World, conversation_id: ConversationId) -> list[MessageId]:
    return [message.id for message in world.store.members(conversation_id) if isinstance(message, UnreadMessage)]


def statements(world: World) -> list[str]:
    """What the database thread executes from now on, with its values."""
    heard: list[str] = []
    world.database.submit(lambda db: db.set_trace_callback(heard.append)).result()
    return heard


def texts_read(heard: Sequence[str]) -> int:
    return sum("SELECT * FROM message" in statement for statement in heard)


async def test_a_long_conversation_opens_with_the_texts_at_its_end(build: Build) -> None:
    world = await build(DONE)
    heard = statements(world)
    conversation_id = await opened(world)
    branch = world.store.branch(conversation_id)
    assert len(branch) == len(world.store.members(conversation_id)) == MANY
    end = in_memory(branch[-END_MESSAGES:])
    assert [message.content for message in end] == [text_of(number) for number in range(MANY)][-END_MESSAGES:]
    assert len(unread(world, conversation_id)) == MANY - END_MESSAGES
    asked_for = "".join(statement for statement in heard if "SELECT * FROM message" in statement)
    assert not any(message.id in asked_for for message in branch[:-END_MESSAGES]), "a text that nobody sees was read"


async def test_a_short_conversation_opens_with_all_its_texts(build: Build) -> None:
    world = await build(DONE)
    conversation_id = await opened(world, SHORT_MESSAGES)
    found = in_memory(world.store.branch(conversation_id))
    assert [message.content for message in found] == [text_of(number) for number in range(SHORT_MESSAGES)]


async def test_what_is_sent_at_once_after_opening_carries_the_whole_history_in_order(build: Build) -> None:
    world = await build(Delta("a"), DONE)
    conversation_id = await opened(world)
    left = len(unread(world, conversation_id))
    world.engine.send("And now?", conversation_id)
    await world.settled()
    (request,) = world.provider.asked
    assert [turn.content for turn in request.turns] == [*(text_of(number) for number in range(MANY)), "And now?"]
    assert [turn.role for turn in request.turns] == [Role.USER, Role.ASSISTANT] * (MANY // 2) + [Role.USER]
    assert len(unread(world, conversation_id)) == left, "memory keeps what was read for the request"


async def test_what_is_sent_before_the_conversation_is_read_carries_the_whole_history(build: Build) -> None:
    world = await build(Delta("a"), DONE)
    conversation = write_conversation(world.database, MANY)
    world.library.load()
    await until(lambda: conversation.id in world.store.conversations)
    world.library.open(conversation.id, SHAPE)
    sent = world.engine.send("And now?", conversation.id)
    assert not world.store.is_loaded(conversation.id)
    await world.settled()
    (request,) = world.provider.asked
    assert [turn.content for turn in request.turns] == [*(text_of(number) for number in range(MANY)), "And now?"]
    await until(lambda: world.store.is_loaded(conversation.id))
    branch = world.store.branch(conversation.id)
    assert len(branch) == len(world.store.members(conversation.id)) == MANY + 2
    assert branch[-1].id == sent.message_id
    world.assert_agrees(sent.message_id)


async def test_a_question_whose_text_is_on_disk_only_is_answered_again(build: Build) -> None:
    world = await build(Delta("a"), DONE)
    conversation_id = await opened(world)
    answer = world.store.branch(conversation_id)[5]
    assert isinstance(answer, UnreadMessage)
    world.engine.regenerate(answer.id)
    await world.settled()
    assert [turn.content for turn in world.provider.asked[-1].turns] == [text_of(number) for number in range(5)]


async def test_a_message_whose_text_is_on_disk_only_is_deleted_with_what_follows(build: Build) -> None:
    world = await build(DONE)
    conversation_id = await opened(world)
    doomed = world.store.branch(conversation_id)[10]
    world.engine.delete_message(doomed.id)
    await world.engine.close()
    assert len(world.store.branch(conversation_id)) == world.rows_of("message") == 10


async def test_a_history_that_cannot_be_read_is_not_sent_in_part(build: Build) -> None:
    world = await build(Delta("a"), DONE)
    conversation_id = await opened(world)
    gone = world.store.branch(conversation_id)[2].id
    world.database._main.execute("PRAGMA foreign_keys = OFF")  # outside of a transaction
    world.database.submit(lambda db: db.execute("DELETE FROM message WHERE id = ?", (gone,)).rowcount).result()
    sent = world.engine.send("And now?", conversation_id)
    await world.settled()
    assert world.provider.asked == []
    answer = world.memory(sent.message_id)
    assert answer.status is MessageStatus.FAILED
    assert answer.fault is not None
    assert answer.fault.title == "This conversation could not be read"
    world.assert_agrees(sent.message_id)


async def test_stop_while_the_history_is_read_is_at_once(build: Build) -> None:
    world = await build(HANG)
    conversation_id = await opened(world)
    disk = threading.Event()
    world.database._submit(disk.wait)
    sent = world.engine.send("And now?", conversation_id)
    await asyncio.sleep(0.01)
    assert world.engine.stop(sent.message_id).success
    assert world.memory(sent.message_id).status is MessageStatus.STOPPED
    disk.set()
    await world.settled()
    assert world.provider.asked == []
    world.assert_agrees(sent.message_id)


async def test_what_is_wanted_comes_the_first_first(build: Build) -> None:
    world = await build(DONE)
    conversation_id = await opened(world)
    wanted = unread(world, conversation_id)[300:100:-1]
    world.texts.want(wanted)
    await until(lambda: world.store.message(wanted[-1]))
    read = [event for event in world.events if isinstance(event, TextsRead)]
    assert [message.id for event in read for message in event.messages] == wanted
    numbers = {message.id: number for number, message in enumerate(world.store.members(conversation_id))}
    assert all(world.memory(message_id).content == text_of(numbers[message_id]) for message_id in wanted)


async def test_what_is_not_wanted_any_more_is_not_read(build: Build) -> None:
    world = await build(DONE)
    conversation_id = await opened(world)
    disk = threading.Event()
    world.database._submit(disk.wait)
    passed_by, seen = unread(world, conversation_id)[:200], unread(world, conversation_id)[500:510]
    world.texts.want(passed_by)
    await asyncio.sleep(0.01)
    world.texts.want(seen)
    disk.set()
    await until(lambda: all(map(world.store.message, seen)))
    assert sum(world.store.message(message_id) is not None for message_id in passed_by) <= 100, (
        "more than was under way"
    )


async def test_memory_is_flat_however_much_is_read(build: Build) -> None:
    world = await build(DONE, kept_characters=50_000)
    conversation_id = await opened(world)
    everything = [message.id for message in world.store.branch(conversation_id)]
    for begin in range(0, MANY, 50):
        seen = everything[begin : begin + 50]
        world.texts.want(seen)
        await until(lambda: all(map(world.store.message, seen)))  # noqa: B023 - awaited within the round
        known = [message for message in world.store.members(conversation_id) if isinstance(message, Message)]
        assert sum(len(message.content) for message in known) <= 50_000
        assert [world.memory(message_id).content for message_id in seen] == [
            text_of(number) for number in range(begin, begin + 50)
        ]
    assert any(isinstance(event, TextsForgotten) for event in world.events)


async def test_a_text_that_is_not_on_disk_yet_is_not_forgotten(build: Build) -> None:
    world = await build(Delta("the only copy"), HANG, kept_characters=0)
    conversation_id = await opened(world)
    sent = world.engine.send("And now?", conversation_id)
    await until(lambda: world.store.text_of(sent.message_id))
    disk = threading.Event()
    world.database._submit(disk.wait)
    world.engine.stop(sent.message_id)
    question = world.store.branch(conversation_id)[-2].id
    world.texts._forget_oldest()
    assert world.memory(question).content == "And now?"
    assert world.memory(sent.message_id).content == "the only copy"
    disk.set()
    await world.settled()
    world.assert_agrees(sent.message_id)


async def test_a_saved_answer_may_be_forgotten_and_is_read_again(build: Build) -> None:
    world = await build(Delta("of this session"), DONE, kept_characters=0)
    conversation_id = await opened(world)
    sent = world.engine.send("And now?", conversation_id)
    await world.settled()
    world.texts.want(unread(world, conversation_id)[:1])
    await until(lambda: world.store.message(sent.message_id) is None)
    world.texts.want([sent.message_id])
    await until(lambda: world.store.message(sent.message_id))
    world.assert_agrees(sent.message_id)


async def test_a_disk_that_fails_is_told_and_asked_again(build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.engine.texts.RETRY_AFTER_S", 0)
    world = await build(DONE)
    conversation_id = await opened(world)
    wanted = unread(world, conversation_id)[:5]
    world.database._submit(lambda: world.database._main.set_authorizer(lambda *_: SQLITE_DENY)).result()
    world.texts.want(wanted)
    await until(lambda: [event for event in world.events if isinstance(event, FaultOccurred)])
    world.database._submit(lambda: world.database._main.set_authorizer(None)).result()
    world.texts.want(wanted)
    await until(lambda: all(map(world.store.message, wanted)))


async def test_a_write_waits_for_one_slice_of_reading_at_most(build: Build) -> None:
    """However much is read: what a Stop writes is not held up by it."""
    world = await build(HANG)
    conversation_id = await opened(world, 400, characters=10_000)
    heard = statements(world)
    sent = world.engine.send("And now?", conversation_id)
    await until(lambda: texts_read(heard) >= 2)
    before = texts_read(heard)
    await world.database.run(rename_conversation, conversation_id, "A milestone")
    written = next(at for at, statement in enumerate(heard) if "A milestone" in statement)
    assert texts_read(heard[:written]) <= before + 1
    await until(lambda: world.provider.asked)
    assert texts_read(heard) > before + 5, "there was nothing to wait for"
    world.engine.stop(sent.message_id)
    await world.settled()


async def test_reading_never_keeps_the_journal_from_writing(build: Build) -> None:
    world = await build(DONE)
    conversation_id = await opened(world)
    reads, may_end = threading.Event(), threading.Event()

    def long_reading(db: object) -> None:
        reads.set()
        may_end.wait(10)

    reading = asyncio.create_task(world.database.read(long_reading))
    await until(reads.is_set)
    world.database.run_here(messages.append_journal, [])
    world.database.run_here(rename_conversation, conversation_id, "Written meanwhile")
    may_end.set()
    await reading


async def test_an_answer_that_is_stopped_by_a_newer_question_is_not_in_its_history_twice(build: Build) -> None:
    world = await build(Delta("cut"), HANG)
    conversation_id = await opened(world)
    first = world.engine.send("One", conversation_id)
    await until(lambda: world.store.text_of(first.message_id))
    second = world.engine.send("Two", conversation_id)
    await until(lambda: len(world.provider.asked) == 2)
    assert [turn.content for turn in world.provider.asked[1].turns][MANY:] == ["One", "cut", "Two"]
    assert world.memory(first.message_id).stop_reason == AbortReason.SUPERSEDED
    world.engine.stop(second.message_id)
    await world.settled()


async def test_what_happened_while_the_conversation_was_read_is_not_undone_by_what_was_read(build: Build) -> None:
    world = await build(HANG)
    conversation = write_conversation(world.database, 3)
    world.library.load()
    await until(lambda: conversation.id in world.store.conversations)
    sent = world.engine.send("And now?", conversation.id)
    at_that_time = tuple(world.database.submit(load_messages, conversation.id).result())
    world.engine.stop(sent.message_id)
    world.store.apply(ConversationLoaded(conversation.id, at_that_time, SHAPE, {}))
    assert world.memory(sent.message_id).status is MessageStatus.STOPPED
    world.store.apply(TextsRead(at_that_time))
    assert world.memory(sent.message_id).status is MessageStatus.STOPPED
    assert len(world.store.branch(conversation.id)) == 5
    await world.settled()
    world.assert_agrees(sent.message_id)


async def test_a_history_with_a_gap_is_not_sent_from_the_gap_on(build: Build) -> None:
    world = await build(Delta("a"), DONE)
    conversation_id = await opened(world)
    branch = world.store.branch(conversation_id)
    gap = [head.id for head in branch[400:401]]
    world.store.apply(MessagesDeleted(conversation_id, tuple(gap), branch[-1].id))  # but not what follows it
    sent = world.engine.send("And now?", conversation_id)
    await world.settled()
    assert world.provider.asked == []
    assert world.memory(sent.message_id).status is MessageStatus.FAILED


async def test_what_was_deleted_while_the_conversation_was_read_does_not_come_back(build: Build) -> None:
    world = await build(DONE)
    conversation = write_conversation(world.database, MANY)
    at_that_time = tuple(world.database.submit(load_messages, conversation.id).result())
    world.library.load()
    await until(lambda: conversation.id in world.store.conversations)
    leaf_id = world.store.conversations[conversation.id].leaf_id
    assert leaf_id is not None
    world.store.apply(EndRead(conversation.id, at_that_time[-4:-2]))  # what follows them is not known yet
    world.engine.delete_message(at_that_time[-3].id)
    world.store.apply(ConversationLoaded(conversation.id, at_that_time, SHAPE, {}))
    assert [head.id for head in world.store.members(conversation.id)] == [m.id for m in at_that_time[:-3]]
