"""A conversation of 10,000 messages in the real window: opened by a click, read, gone on with, opened again."""

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QTest

from app.domain.completion import Delta
from app.domain.conversation import Conversation, MessageId
from app.engine.events import ConversationLoaded, EndRead, Event
from app.storage.database import Database
from app.storage.paths import DataFolder
from app.ui.conversation_list import ItemRole
from app.ui.transcript.row import Row
from tests.e2e.conftest import Play, User
from tests.long_conversation import text_of, write_conversation
from tests.world import DONE, ScriptedProvider, ScriptedSource

MANY = 10_000


def long_conversation(folder: DataFolder) -> Conversation:
    folder.prepare()
    database = Database(folder.database)
    conversation = write_conversation(database, MANY)
    database.close()
    return conversation


def click_on(user: User, conversation: Conversation) -> None:
    view = user.find("conversationList")
    model = view.model()
    for number in range(model.rowCount(QModelIndex())):
        index = model.index(number, 0)
        if index.data(ItemRole.CONVERSATION_ID) == conversation.id:
            QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=view.visualRect(index).center())
            return
    raise AssertionError("it is not in the list")


def rows(user: User) -> list[Row]:
    found = [row for row in user.app.workspace.transcript.viewport().findChildren(Row) if row.isVisible()]
    return sorted(found, key=lambda row: row.y())


async def opened(user: User, conversation: Conversation) -> None:
    await user.until(lambda: conversation.id in user.app.store.conversations)
    click_on(user, conversation)
    await user.until(lambda: user.app.store.is_loaded(conversation.id), "all heads")
    await settled(user)


async def settled(user: User) -> None:
    await user.until(lambda: rows(user) and user.app.workspace.transcript.is_settled, "texts in sight")


async def go_to(user: User, share: float) -> None:
    bar = user.app.workspace.transcript.verticalScrollBar()
    bar.setValue(int(bar.maximum() * share))
    await settled(user)


def assert_right(user: User, ids: dict[str, int]) -> None:
    """Each text in sight is the one of its place."""
    numbers = [ids[row.message_id] for row in rows(user)]
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    for number, row in zip(numbers, rows(user), strict=True):
        assert user.text_on_screen(MessageId(row.message_id)) == text_of(number)


def test_ten_thousand_messages_are_opened_read_and_gone_on_with(play: Play, folder: DataFolder) -> None:
    conversation = long_conversation(folder)
    provider = ScriptedProvider((Delta("An answer"), DONE))

    async def scenario(user: User) -> None:
        events: list[Event] = []
        user.app.store.subscribe(events.append)
        await opened(user, conversation)
        read = [type(event) for event in events if isinstance(event, EndRead | ConversationLoaded)]
        assert read == [EndRead, ConversationLoaded], "the end is on screen before the rest is known"
        ids: dict[str, int] = {head.id: at for at, head in enumerate(user.app.store.branch(conversation.id))}
        assert len(ids) == MANY
        bar = user.app.workspace.transcript.verticalScrollBar()
        assert bar.value() == bar.maximum()
        for share in (1.0, 0.0, 0.5, 0.123, 0.999):
            await go_to(user, share)
            assert_right(user, ids)
        await go_to(user, 0.0)
        assert ids[rows(user)[0].message_id] == 0
        user.type_and_send("And now?")
        await user.settled()
        (request,) = provider.asked
        assert [turn.content for turn in request.turns] == [*map(text_of, range(MANY)), "And now?"]
        await user.until(lambda: rows(user)[-1].message_id not in ids)
        assert user.text_on_screen(MessageId(rows(user)[-1].message_id)) == "An answer"

    play(scenario, sources=(ScriptedSource(provider),))


def test_heights_that_rows_had_are_there_at_the_next_start(play: Play, folder: DataFolder) -> None:
    conversation = long_conversation(folder)
    seen: dict[MessageId, int] = {}

    async def first(user: User) -> None:
        user.app.window.resize(780, 700)  # fits the screen: it comes back as it was
        await opened(user, conversation)
        await go_to(user, 0.5)
        on_disk = user.app.workspace.transcript.on_disk
        on_disk.tell_heights()
        seen.update(user.app.store.row_heights(conversation.id, on_disk.shape))
        assert {row.message_id: row.height() for row in rows(user)[1:-1]}.items() <= seen.items()

    async def second(user: User) -> None:
        await opened(user, conversation)
        heights = user.app.store.row_heights(conversation.id, user.app.workspace.transcript.on_disk.shape)
        assert seen.items() <= heights.items()

    play(first, sources=(ScriptedSource(ScriptedProvider()),))
    assert seen
    play(second, sources=(ScriptedSource(ScriptedProvider()),))


def test_a_long_conversation_is_deleted_for_good(play: Play, folder: DataFolder) -> None:
    conversation = long_conversation(folder)

    async def delete(user: User) -> None:
        await opened(user, conversation)
        user.app.engine.delete_message(user.app.store.branch(conversation.id)[100].id)
        await user.until(lambda: len(rows(user)) and user.app.workspace.transcript.is_settled)
        assert len(user.app.store.branch(conversation.id)) == 100
        user.app.engine.delete_conversation(conversation.id)

    async def look(user: User) -> None:
        count = await user.app.database.run(lambda db: db.execute("SELECT count(*) FROM message").fetchone()[0])
        assert count == 0
        assert conversation.id not in user.app.store.conversations

    play(delete, sources=(ScriptedSource(ScriptedProvider()),))
    play(look, sources=(ScriptedSource(ScriptedProvider()),))
