"""What a user can do, and what it does to what is being written."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from app.domain.completion import Delta
from app.domain.conversation import ConversationId, MessageId, MessageStatus, Role
from app.domain.errors import NoModelReady
from app.domain.model import ModelRef, ProviderId
from app.engine.events import ConversationDeleted, ModelSelected
from tests.world import DONE, HANG, SHAPE, World, in_memory

Build = Callable[..., Awaitable[World]]


async def text_comes(world: World, message_id: MessageId) -> None:
    async with asyncio.timeout(5):
        while not world.store.text_of(message_id):
            await asyncio.sleep(0)


async def test_a_stop_of_something_else_says_why_not(build: Build) -> None:
    world = await build(Delta("a"), DONE)
    sent = world.engine.send("hi")
    await world.settled()
    question = world.store.branch(sent.conversation_id)[0]
    assert world.engine.stop(MessageId("nobody")).reason == "Invalid message"
    assert world.engine.stop(question.id).reason == "Invalid message"
    assert world.engine.stop(sent.message_id).reason == "Not generating"
    assert not world.engine.stop(sent.message_id).success
    world.assert_agrees(sent.message_id)


async def test_a_send_while_an_answer_is_written_ends_that_one_first(build: Build) -> None:
    """Edge case 12: superseded on disk before the new one is there, and the parents are right."""
    world = await build(Delta("a"), HANG)
    first = world.engine.send("one")
    await text_comes(world, first.message_id)
    second = world.engine.send("two", first.conversation_id)
    order = await world.database.run(
        lambda db: [tuple(row) for row in db.execute("SELECT id, status, stop_reason FROM message ORDER BY seq")]
    )
    assert order[1] == (first.message_id, "stopped", "superseded")
    branch = world.store.branch(first.conversation_id)
    assert [message.role for message in branch] == [Role.USER, Role.ASSISTANT, Role.USER, Role.ASSISTANT]
    assert branch[2].parent_id == first.message_id
    assert [turn.content for turn in world.provider.asked[-1].turns] == ["one", "a", "two"] or not world.provider.asked
    world.engine.stop(second.message_id)
    await world.settled()
    world.assert_agrees(first.message_id)
    world.assert_agrees(second.message_id)


async def test_regenerating_answers_the_same_question_beside_the_first_answer(build: Build) -> None:
    world = await build(Delta("a"), HANG)
    sent = world.engine.send("one")
    await text_comes(world, sent.message_id)
    again = world.engine.regenerate(sent.message_id)
    assert again is not None
    await text_comes(world, again)
    world.engine.stop(again)
    await world.settled()
    assert world.on_disk(sent.message_id) == ("stopped", "a", "superseded")
    first, second = world.memory(sent.message_id), world.memory(again)
    assert first.parent_id == second.parent_id
    assert [message.id for message in world.store.branch(sent.conversation_id)][-1] == again
    assert [turn.content for turn in world.provider.asked[-1].turns] == ["one"]
    assert world.engine.regenerate(MessageId("nobody")) is None


async def test_a_conversation_deleted_while_it_is_answered_is_gone(build: Build) -> None:
    """Edge case 13: stopped first, late chunks dropped, no row comes back."""
    world = await build(Delta("a"), HANG)
    sent = world.engine.send("one")
    await text_comes(world, sent.message_id)
    world.engine.delete_conversation(sent.conversation_id)
    await world.settled()
    await world.engine.close()
    assert world.store.conversations == {}
    assert world.store.message(sent.message_id) is None
    for table in ("conversation", "message", "journal"):
        assert world.rows_of(table) == 0
    assert world.ends(sent.message_id)[0].stop_reason == "deleted"


async def test_a_message_deleted_takes_what_follows_with_it(build: Build) -> None:
    world = await build(Delta("a"), DONE)
    sent = world.engine.send("one")
    await world.settled()
    later = world.engine.send("two", sent.conversation_id)
    await world.settled()
    question = world.store.branch(sent.conversation_id)[2]
    world.engine.delete_message(question.id)
    await world.engine.close()
    assert [message.id for message in world.store.branch(sent.conversation_id)][-1] == sent.message_id
    left = world.database.submit(
        lambda db: [row["id"] for row in db.execute("SELECT id FROM message ORDER BY seq")]
    ).result()
    assert sent.message_id in left
    assert question.id not in left
    assert later.message_id not in left
    leaf = world.database.submit(lambda db: db.execute("SELECT leaf_id FROM conversation").fetchone()[0]).result()
    assert leaf == sent.message_id


async def test_deleting_an_answer_that_is_written_shows_the_one_beside_it(build: Build) -> None:
    world = await build(Delta("a"), HANG)
    sent = world.engine.send("one")
    await text_comes(world, sent.message_id)
    again = world.engine.regenerate(sent.message_id)
    assert again is not None
    world.engine.delete_message(again)
    await world.settled()
    assert [message.id for message in world.store.branch(sent.conversation_id)][-1] == sent.message_id


async def test_quitting_stops_everything_and_has_it_on_disk(build: Build) -> None:
    """Edge case 15, as far as the engine goes."""
    world = await build(Delta("a"), HANG)
    answers = [world.engine.send(f"question {number}").message_id for number in range(5)]
    for answer in answers:
        await text_comes(world, answer)
    await world.engine.close()
    for answer in answers:
        world.assert_agrees(answer)
        assert world.on_disk(answer) == ("stopped", "a", "quit")


async def test_stop_all_stops_every_conversation(build: Build) -> None:
    """Edge case 20."""
    world = await build(Delta("a"), HANG)
    answers = [world.engine.send(f"question {number}").message_id for number in range(4)]
    for answer in answers:
        await text_comes(world, answer)
    assert world.engine.stop_all() == 4
    assert world.engine.stop_all() == 0
    await world.settled()
    for answer in answers:
        world.assert_agrees(answer)


async def test_stopping_one_conversation_leaves_the_others(build: Build) -> None:
    """Edge case 20: independent of each other."""
    world = await build(Delta("a"), HANG)
    one, two = (world.engine.send(text) for text in ("one", "two"))
    await text_comes(world, one.message_id)
    await text_comes(world, two.message_id)
    world.engine.stop(one.message_id)
    assert world.memory(two.message_id).status is MessageStatus.GENERATING
    world.engine.stop(two.message_id)
    await world.settled()


async def test_without_a_model_nothing_is_changed(build: Build) -> None:
    world = await build()
    world.store.apply(ModelSelected(ModelRef(ProviderId("nobody"), "m")))
    with pytest.raises(NoModelReady):
        world.engine.send("hi")
    assert world.store.conversations == {}


async def test_an_answer_without_text_is_not_sent_back(build: Build) -> None:
    world = await build(HANG)
    sent = world.engine.send("one")
    world.engine.stop(sent.message_id)
    world.engine.send("two", sent.conversation_id)
    async with asyncio.timeout(5):
        while not world.provider.asked:
            await asyncio.sleep(0)
    assert [turn.content for turn in world.provider.asked[-1].turns] == ["one", "two"]


async def test_a_conversation_opened_again_has_everything(build: Build) -> None:
    world = await build(Delta("a"), DONE)
    sent = world.engine.send("Write a haiku")
    await world.settled()
    saved = in_memory(world.store.branch(sent.conversation_id))
    conversation = world.store.conversations[sent.conversation_id]
    world.store.apply(ConversationDeleted(sent.conversation_id))  # in memory
    world.library.load()
    async with asyncio.timeout(5):
        while sent.conversation_id not in world.store.conversations:
            await asyncio.sleep(0)
    assert world.store.conversations[sent.conversation_id] == conversation
    world.library.open(sent.conversation_id, SHAPE)
    async with asyncio.timeout(5):
        while not world.store.is_loaded(sent.conversation_id):
            await asyncio.sleep(0)
    again = in_memory(world.store.branch(sent.conversation_id))
    assert [(m.id, m.parent_id, m.role, m.content, m.status, m.usage) for m in again] == [
        (m.id, m.parent_id, m.role, m.content, m.status, m.usage) for m in saved
    ]


async def test_a_conversation_keeps_its_new_title(build: Build) -> None:
    world = await build(Delta("a"), DONE)
    sent = world.engine.send("Write a haiku")
    world.library.rename(sent.conversation_id, "  Rain \n poem ")
    world.library.rename(sent.conversation_id, "   ")
    world.library.rename(ConversationId("nobody"), "x")
    await world.settled()
    await world.engine.close()
    assert world.store.conversations[sent.conversation_id].title == "Rain poem"
    title = world.database.submit(lambda db: db.execute("SELECT title FROM conversation").fetchone()[0]).result()
    assert title == "Rain poem"
