"""A question asked otherwise and an answer that goes on stand beside the old ones, which stay as they were."""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable

import pytest

from app.domain.completion import Delta, ReasoningDelta
from app.domain.conversation import ConversationId, Message, MessageId, MessageStatus, Role
from app.domain.errors import NoModelReady, ProviderUnreachable
from app.domain.model import BUILT_IN, ModelRef, ProviderId
from app.engine.branches import leaf_beside, newest_leaf, versions, with_descendants
from app.engine.context import GO_ON
from app.engine.events import FaultOccurred, LeafChanged
from app.storage.reading import read_messages
from tests.world import DONE, HANG, ScriptedSource, World, choose_model, execute

Build = Callable[..., Awaitable[World]]


async def text_comes(world: World, message_id: MessageId, text: str) -> None:
    async with asyncio.timeout(5):
        while world.store.text_of(message_id) != text:
            await asyncio.sleep(0)


async def leaf_on_disk(world: World) -> str | None:
    row = await world.database.run(lambda db: db.execute("SELECT leaf_id FROM conversation").fetchone())
    leaf: str | None = row["leaf_id"]
    return leaf


def branch_of(world: World, conversation_id: ConversationId) -> list[tuple[Role, str]]:
    return [(message.role, world.store.text_of(message.id)) for message in world.store.branch(conversation_id)]


def asked(world: World) -> list[tuple[Role, str]]:
    return [(turn.role, turn.content) for turn in world.provider.asked[-1].turns]


async def stopped(world: World, question: str = "one", text: str = "a") -> tuple[ConversationId, MessageId]:
    """A question whose answer was stopped after `text`, on disk."""
    sent = world.engine.send(question)
    await text_comes(world, sent.message_id, text)
    world.engine.stop(sent.message_id)
    await world.settled()
    return sent.conversation_id, sent.message_id


# Edit


async def test_an_edited_question_stands_beside_the_old_one_and_is_answered(build: Build) -> None:
    world = await build(Delta("a"), DONE)
    sent = world.engine.send("one")
    await world.settled()
    later = world.engine.send("two", sent.conversation_id)
    await world.settled()
    old = world.store.branch(sent.conversation_id)[2]
    edited = world.engine.edit(old.id, "two, but shorter")
    assert edited is not None
    await world.settled()
    assert branch_of(world, sent.conversation_id) == [
        (Role.USER, "one"), (Role.ASSISTANT, "a"), (Role.USER, "two, but shorter"), (Role.ASSISTANT, "a"),
    ]  # fmt: skip
    assert asked(world) == [(Role.USER, "one"), (Role.ASSISTANT, "a"), (Role.USER, "two, but shorter")]
    new = world.store.branch(sent.conversation_id)[2]
    assert new.parent_id == old.parent_id == sent.message_id
    assert world.memory(later.message_id).parent_id == old.id
    world.assert_agrees(edited.message_id)
    assert await leaf_on_disk(world) == edited.message_id


async def test_the_first_question_can_be_edited_too(build: Build) -> None:
    world = await build(Delta("a"), DONE)
    sent = world.engine.send("one")
    await world.settled()
    first = world.store.branch(sent.conversation_id)[0]
    edited = world.engine.edit(first.id, "another")
    assert edited is not None
    assert edited.conversation_id == sent.conversation_id
    await world.settled()
    assert branch_of(world, sent.conversation_id) == [(Role.USER, "another"), (Role.ASSISTANT, "a")]
    assert asked(world) == [(Role.USER, "another")]
    assert world.on_disk(first.id) == ("complete", "one", None)


async def test_an_edit_while_an_answer_is_written_ends_that_one_first(build: Build) -> None:
    """Edge case 12: superseded on disk before the new one is there; the old branch stays."""
    world = await build(Delta("a"), HANG)
    sent = world.engine.send("one")
    await text_comes(world, sent.message_id, "a")
    question = world.store.branch(sent.conversation_id)[0]
    edited = world.engine.edit(question.id, "two")
    assert edited is not None
    order = await world.database.run(
        lambda db: [tuple(row) for row in db.execute("SELECT id, status, stop_reason FROM message ORDER BY seq")]
    )
    assert order[1] == (sent.message_id, "stopped", "superseded")
    assert [row[0] for row in order][3] == edited.message_id
    await text_comes(world, edited.message_id, "a")
    world.engine.stop(edited.message_id)
    await world.settled()
    world.assert_agrees(sent.message_id)
    world.assert_agrees(edited.message_id)


async def test_a_stop_right_after_an_edit_keeps_the_question(build: Build) -> None:
    world = await build(Delta("a"), HANG)
    conversation_id, _ = await stopped(world)
    question = world.store.branch(conversation_id)[0]
    edited = world.engine.edit(question.id, "two")
    assert edited is not None
    assert world.engine.stop(edited.message_id).success
    await world.settled()
    assert branch_of(world, conversation_id) == [(Role.USER, "two"), (Role.ASSISTANT, "")]
    world.assert_agrees(edited.message_id)
    assert world.on_disk(world.store.branch(conversation_id)[0].id) == ("complete", "two", None)


async def test_an_answer_cannot_be_edited_and_nothing_happens_without_a_model(build: Build) -> None:
    world = await build(Delta("a"), HANG)
    sent = world.engine.send("one")
    await text_comes(world, sent.message_id, "a")
    question = world.store.branch(sent.conversation_id)[0]
    before = world.store.members(sent.conversation_id)
    assert world.engine.edit(sent.message_id, "two") is None
    assert world.engine.edit(MessageId("nobody"), "two") is None
    choose_model(world.store, ModelRef(ProviderId("nobody"), "m"))
    with pytest.raises(NoModelReady):
        world.engine.edit(question.id, "two")
    assert world.store.members(sent.conversation_id) == before
    assert world.memory(sent.message_id).status is MessageStatus.GENERATING
    world.engine.stop_all()
    await world.settled()


# Continue


async def test_a_stopped_answer_goes_on_beside_itself(build: Build) -> None:
    world = await build(ReasoningDelta("Hm."), Delta("a"), HANG)
    conversation_id, first = await stopped(world)
    world.provider.script = (Delta("b"), DONE)
    again = world.engine.continue_reply(first)
    assert again is not None
    assert world.store.text_of(again) == "a", "its words are there at once"
    await world.settled()
    assert branch_of(world, conversation_id) == [(Role.USER, "one"), (Role.ASSISTANT, "ab")]
    assert world.memory(again).reasoning == "Hm.\n\n"
    assert asked(world) == [(Role.USER, "one"), (Role.ASSISTANT, "a"), (Role.USER, GO_ON)]
    world.assert_agrees(again)
    assert world.on_disk(first) == ("stopped", "a", "user")
    assert world.memory(first).parent_id == world.memory(again).parent_id
    texts = await world.database.run(lambda db: [row[0] for row in db.execute("SELECT content FROM message")])
    assert GO_ON not in texts


async def test_a_model_that_goes_on_by_itself_is_not_asked_to(build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ScriptedSource, "id", BUILT_IN)
    world = await build(Delta("a"), HANG)
    _, first = await stopped(world)
    assert world.engine.continue_reply(first) is not None
    world.engine.stop_all()
    await world.settled()
    world.provider.script = (DONE,)
    assert world.engine.continue_reply(first) is not None
    await world.settled()
    assert asked(world) == [(Role.USER, "one"), (Role.ASSISTANT, "a")]


async def test_a_failed_answer_goes_on_too(build: Build) -> None:
    world = await build(Delta("a"), ProviderUnreachable("gone"))
    sent = world.engine.send("one")
    await world.settled()
    assert world.memory(sent.message_id).status is MessageStatus.FAILED
    world.provider.script = (Delta("b"), DONE)
    again = world.engine.continue_reply(sent.message_id)
    assert again is not None
    await world.settled()
    assert world.on_disk(again) == ("complete", "ab", None)
    assert world.on_disk(sent.message_id)[:2] == ("failed", "a")


async def test_a_stop_before_the_first_new_word_keeps_all_the_old_ones(build: Build) -> None:
    world = await build(Delta("a"), HANG)
    _, first = await stopped(world)
    world.provider.script = (HANG,)
    again = world.engine.continue_reply(first)
    assert again is not None
    assert world.engine.stop(again).success
    await world.settled()
    assert world.on_disk(again) == ("stopped", "a", "user")
    world.assert_agrees(again)
    third = world.engine.continue_reply(again)
    assert third is not None
    assert world.engine.stop(third).success
    await world.settled()
    assert world.on_disk(third) == ("stopped", "a", "user")


async def test_the_old_words_are_in_the_journal_before_the_first_new_one(build: Build) -> None:
    """What kill -9 leaves behind: the next start reads the journal."""
    world = await build(Delta("a"), HANG)
    _, first = await stopped(world)
    world.provider.script = (HANG,)
    again = world.engine.continue_reply(first)
    assert again is not None

    def journal(db: sqlite3.Connection) -> list[str]:
        return [row["text"] for row in db.execute("SELECT text FROM journal WHERE message_id = ?", (again,))]

    async with asyncio.timeout(5):
        while await world.database.run(journal) != ["a"]:
            await asyncio.sleep(0.001)
    world.engine.stop_all()
    await world.settled()


async def test_an_answer_without_a_word_is_asked_for_again(build: Build) -> None:
    world = await build(ReasoningDelta("Hm."), HANG)
    sent = world.engine.send("one")
    async with asyncio.timeout(5):
        while not world.store.reasoning_of(sent.message_id):
            await asyncio.sleep(0)
    world.engine.stop(sent.message_id)
    world.provider.script = (Delta("b"), DONE)
    again = world.engine.continue_reply(sent.message_id)
    assert again is not None
    await world.settled()
    assert asked(world) == [(Role.USER, "one")]
    assert (world.memory(again).content, world.memory(again).reasoning) == ("b", "")


async def test_continuing_ends_what_is_being_written_first(build: Build) -> None:
    world = await build(Delta("a"), HANG)
    conversation_id, first = await stopped(world)
    second = world.engine.send("two", conversation_id)
    await text_comes(world, second.message_id, "a")
    again = world.engine.continue_reply(first)
    assert again is not None
    assert world.memory(second.message_id).stop_reason == "superseded"
    assert branch_of(world, conversation_id) == [(Role.USER, "one"), (Role.ASSISTANT, "a")]
    world.engine.stop_all()
    await world.settled()
    world.assert_agrees(again)


async def test_only_an_answer_that_was_cut_short_goes_on(build: Build) -> None:
    world = await build(Delta("a"), DONE)
    sent = world.engine.send("one")
    assert world.engine.continue_reply(sent.message_id) is None, "it is being written"
    await world.settled()
    question = world.store.branch(sent.conversation_id)[0]
    for message_id in (sent.message_id, question.id, MessageId("nobody")):
        assert world.engine.continue_reply(message_id) is None
    assert len(world.store.members(sent.conversation_id)) == 2


# Branches


async def test_another_branch_is_shown_from_its_root_to_its_newest_end_and_remembered(build: Build) -> None:
    world = await build(Delta("a"), DONE)
    sent = world.engine.send("one")
    await world.settled()
    old_end = world.engine.send("two", sent.conversation_id).message_id
    await world.settled()
    again = world.engine.regenerate(sent.message_id)
    await world.settled()
    assert world.store.conversations[sent.conversation_id].leaf_id == again
    world.engine.show_branch(sent.message_id)
    assert branch_of(world, sent.conversation_id)[-2:] == [(Role.USER, "two"), (Role.ASSISTANT, "a")]
    assert isinstance(world.events[-1], LeafChanged)
    await world.engine.close()
    assert await leaf_on_disk(world) == old_end


async def test_the_branch_on_disk_is_the_one_on_screen_however_late_it_is_written(build: Build) -> None:
    world = await build(Delta("a"), DONE)
    sent = world.engine.send("one")
    await world.settled()
    world.engine.regenerate(sent.message_id)
    await world.settled()
    world.engine.show_branch(sent.message_id)
    last = world.engine.send("two", sent.conversation_id)  # the leaf has not been written yet
    await world.settled()
    await world.engine.close()
    assert await leaf_on_disk(world) == last.message_id


async def test_a_deletion_that_is_tried_again_leaves_the_branch_that_came_since(
    build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.engine.library.RETRY_AFTER_S", 0.05)
    world = await build(Delta("a"), DONE)
    sent = world.engine.send("one")
    await world.settled()
    second = world.engine.send("two", sent.conversation_id)
    await world.settled()
    refuse = "CREATE TRIGGER refused BEFORE DELETE ON message BEGIN SELECT RAISE(ABORT, 'disk full'); END"
    await world.database.run(execute, refuse)
    world.engine.delete_message(second.message_id)
    third = world.engine.send("three", sent.conversation_id)
    await world.settled()
    assert any(isinstance(event, FaultOccurred) for event in world.events), "the user was told"
    await world.database.run(execute, "DROP TRIGGER refused")
    await world.engine.close()
    assert await leaf_on_disk(world) == third.message_id
    gone = await world.database.run(read_messages, [second.message_id])
    assert gone == []


async def test_an_answer_goes_on_being_written_while_another_branch_is_shown(build: Build) -> None:
    world = await build(Delta("a"), HANG)
    conversation_id, first = await stopped(world)
    again = world.engine.regenerate(first)
    assert again is not None
    await text_comes(world, again, "a")
    world.engine.show_branch(first)
    assert world.store.generating(conversation_id) == (again,)
    assert world.store.branch(conversation_id)[-1].id == first
    world.engine.show_branch(MessageId("nobody"))
    world.engine.stop(again)
    await world.settled()
    assert world.store.branch(conversation_id)[-1].id == first
    world.assert_agrees(again)


def tree(*links: tuple[str, str | None]) -> tuple[Message, ...]:
    return tuple(
        Message(
            id=MessageId(child),
            conversation_id=ConversationId("c"),
            parent_id=MessageId(parent) if parent else None,
            role=Role.USER,
        )
        for child, parent in links
    )


def test_the_newest_leaf_is_the_one_written_last_wherever_it_hangs() -> None:
    members = tree(("a", None), ("b", "a"), ("c", "a"), ("d", "b"), ("e", "c"), ("f", "b"))
    assert newest_leaf(members, MessageId("a")) == "f"
    assert newest_leaf(members, MessageId("c")) == "e"
    assert newest_leaf(members, MessageId("d")) == "d"
    assert with_descendants(members, MessageId("b")) == ("b", "d", "f")


def test_what_goes_is_replaced_by_the_newest_beside_it_or_by_its_parent() -> None:
    members = tree(("a", None), ("b", "a"), ("c", "a"), ("d", "b"), ("e", "b"))
    assert leaf_beside(members, members[2], {members[2].id}) == "e"
    assert leaf_beside(members, members[3], {members[3].id}) == "e"
    assert leaf_beside(members[:2], members[1], {members[1].id}) == "a"
    assert leaf_beside(members[:1], members[0], {members[0].id}) is None


def test_versions_are_those_that_stand_beside_each_other() -> None:
    members = tree(("a", None), ("b", "a"), ("c", "a"), ("d", "b"), ("x", None))
    assert versions(members) == {"a": ("a", "x"), "x": ("a", "x"), "b": ("b", "c"), "c": ("b", "c")}
