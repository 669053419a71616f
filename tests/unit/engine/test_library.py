"""Conversations come into memory when they are opened, and go when many others were opened since."""

import asyncio
import threading
from collections.abc import Awaitable, Callable

from app.domain.completion import Delta
from app.domain.conversation import ConversationId
from app.domain.row_shape import RowShape
from app.engine.events import ConversationUnloaded
from app.engine.recent import KEPT_CONVERSATIONS
from tests.long_conversation import text_of, write_conversation
from tests.world import DONE, HANG, SHAPE, World, execute, in_memory

Build = Callable[..., Awaitable[World]]

WIDE = RowShape(SHAPE.column_width * 2, SHAPE.style)


async def until(holds: Callable[[], object]) -> None:
    async with asyncio.timeout(10):
        while not holds():
            await asyncio.sleep(0)


async def open_one(world: World, conversation_id: ConversationId, shape: RowShape = SHAPE) -> None:
    world.library.open(conversation_id, shape)
    await until(lambda: world.store.is_loaded(conversation_id))


async def library_of(world: World, count: int) -> list[ConversationId]:
    found = [write_conversation(world.database, 2, title=f"Number {number}").id for number in range(count)]
    world.library.load()
    await until(lambda: found[-1] in world.store.conversations)
    return found


async def test_those_opened_longest_ago_leave_memory_and_come_back_whole(build: Build) -> None:
    world = await build(DONE)
    conversations = await library_of(world, KEPT_CONVERSATIONS + 3)
    for conversation_id in conversations:
        await open_one(world, conversation_id)
    world.library.open(conversations[-1], SHAPE)  # as on screen
    loaded = [world.store.is_loaded(conversation_id) for conversation_id in conversations]
    assert loaded == [False] * 3 + [True] * KEPT_CONVERSATIONS
    assert world.store.members(conversations[0]) == ()
    await open_one(world, conversations[0])
    found = in_memory(world.store.branch(conversations[0]))
    assert [message.content for message in found] == [text_of(0), text_of(1)]


async def test_one_that_is_written_in_stays_in_memory_until_it_is_on_disk(build: Build) -> None:
    world = await build(Delta("a"), HANG)
    conversations = await library_of(world, KEPT_CONVERSATIONS + 2)
    await open_one(world, conversations[0])
    sent = world.engine.send("And now?", conversations[0])
    await until(lambda: world.store.text_of(sent.message_id))
    for conversation_id in conversations[1:]:
        await open_one(world, conversation_id)
    world.library.open(conversations[-1], SHAPE)
    assert world.store.is_loaded(conversations[0]), "it is being written"
    disk = threading.Event()
    world.database._submit(disk.wait)
    world.engine.stop(sent.message_id)
    world.library.open(conversations[-1], SHAPE)
    assert world.store.is_loaded(conversations[0]), "its end is not on disk yet"
    disk.set()
    await world.settled()
    world.library.open(conversations[-1], SHAPE)
    assert not world.store.is_loaded(conversations[0])
    await open_one(world, conversations[0])
    world.assert_agrees(sent.message_id)


async def test_one_whose_deletion_is_not_on_disk_yet_stays_in_memory(build: Build) -> None:
    """Read again, the message would be back."""
    world = await build(DONE)
    conversations = await library_of(world, KEPT_CONVERSATIONS + 1)
    for conversation_id in conversations:
        await open_one(world, conversation_id)
    disk = threading.Event()
    world.database._submit(disk.wait)
    oldest, another = conversations[:2]
    world.engine.delete_message(world.store.branch(oldest)[1].id)
    world.library.open(another, SHAPE)
    assert world.store.is_loaded(oldest)
    disk.set()

    def has_gone() -> bool:
        world.library.open(another, SHAPE)
        return not world.store.is_loaded(oldest)

    await until(has_gone)
    await open_one(world, oldest)
    assert len(world.store.branch(oldest)) == 1


async def test_heights_are_known_at_the_next_opening_also_after_a_restart(build: Build) -> None:
    world = await build(DONE)
    (conversation_id,) = await library_of(world, 1)
    await open_one(world, conversation_id)
    first, second = (message.id for message in world.store.branch(conversation_id))
    assert world.store.row_heights(conversation_id, SHAPE) == {}
    world.library.keep_heights(SHAPE, {first: 100})
    world.library.keep_heights(SHAPE, {second: 200})
    assert world.store.row_heights(conversation_id, SHAPE) == {first: 100, second: 200}
    assert world.store.row_heights(conversation_id, WIDE) == {}
    await until(lambda: world.rows_of("row_height") == 2)
    world.store.apply(ConversationUnloaded(conversation_id))
    assert world.store.row_heights(conversation_id, SHAPE) == {}
    await open_one(world, conversation_id)
    assert world.store.row_heights(conversation_id, SHAPE) == {first: 100, second: 200}
    world.store.apply(ConversationUnloaded(conversation_id))
    await open_one(world, conversation_id, WIDE)
    assert world.store.row_heights(conversation_id, WIDE) == {first: 50, second: 100}


async def test_heights_that_cannot_be_written_are_no_fault(build: Build) -> None:
    world = await build(DONE)
    (conversation_id,) = await library_of(world, 1)
    await open_one(world, conversation_id)
    first = world.store.branch(conversation_id)[0].id
    world.database.submit(execute, "DROP TABLE row_height").result()
    world.events.clear()
    world.library.keep_heights(SHAPE, {first: 100})
    await world.engine.close()
    assert len(world.events) == 1
    assert world.store.row_heights(conversation_id, SHAPE) == {first: 100}
