"""The sidebar lists conversations by age, finds them, and says what the user wants done with them."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QListView, QMenu, QWidget
from pytestqt.qtbot import QtBot

from app.domain.conversation import Conversation, ConversationId
from app.ui.conversation_list import PAGE_ROWS, ConversationListModel, ItemRole
from app.ui.icons import Icons
from app.ui.sidebar import Sidebar
from app.ui.theme import Theme
from tests.ui.transcript.costs import calls

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # the offscreen platform

NOON = datetime(2026, 3, 15, 12, tzinfo=UTC).astimezone().replace(hour=12)
DAY = timedelta(days=1)


def conversation(name: str, age: timedelta = timedelta(), title: str | None = None) -> Conversation:
    then_ms = round((NOON - age).timestamp() * 1000)
    return Conversation(
        id=ConversationId(name), title=title or f"About {name}", created_at_ms=then_ms, updated_at_ms=then_ms
    )


def shown(model: ConversationListModel) -> list[str]:
    return [str(model.index(row).data()) for row in range(model.rowCount())]


def watch(model: ConversationListModel) -> None:
    """Abort at the first signal that does not say what happened."""
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal, model)
    tester.setUseFetchMore(False)


class Bench:
    """A shown sidebar and what it asked for."""

    def __init__(self, sidebar: Sidebar, model: ConversationListModel) -> None:
        self.sidebar = sidebar
        self.model = model
        self.asked: list[tuple[str, ...]] = []
        sidebar.new_requested.connect(lambda: self.asked.append(("new",)))
        sidebar.settings_requested.connect(lambda: self.asked.append(("settings",)))
        sidebar.open_requested.connect(lambda id_: self.asked.append(("open", id_)))
        sidebar.rename_requested.connect(lambda id_, title: self.asked.append(("rename", id_, title)))
        sidebar.delete_requested.connect(lambda id_: self.asked.append(("delete", id_)))
        view = sidebar.findChild(QListView, "conversationList")
        search = sidebar.findChild(QLineEdit, "searchInput")
        assert isinstance(view, QListView)
        assert isinstance(search, QLineEdit)
        self.view = view
        self.search = search

    def index(self, name: str) -> QModelIndex:
        return self.model.index_of(name)

    def click(self, name: str, offset: QPoint | None = None) -> None:
        place = self.view.visualRect(self.index(name)).center() + (offset or QPoint())
        QTest.mouseClick(self.view.viewport(), Qt.MouseButton.LeftButton, pos=place)

    def begin_rename(self, name: str) -> QLineEdit:
        self.view.setFocus()
        self.view.setCurrentIndex(self.index(name))
        QTest.keyClick(self.view, Qt.Key.Key_F2)
        editor = self.view.viewport().findChild(QLineEdit)
        assert isinstance(editor, QLineEdit)
        return editor

    def menu(self) -> QMenu:
        popup = QApplication.activePopupWidget()
        assert isinstance(popup, QMenu)
        return popup


@pytest.fixture
def bench(qtbot: QtBot, theme: Theme, icons: Icons) -> Iterator[Bench]:
    model = ConversationListModel(clock_ms=lambda: round(NOON.timestamp() * 1000))
    watch(model)
    sidebar = Sidebar(theme, icons, model)
    qtbot.addWidget(sidebar)
    sidebar.resize(260, 600)
    sidebar.show()
    yield Bench(sidebar, model)
    while (popup := QApplication.activePopupWidget()) is not None:
        popup.close()


def test_conversations_stand_newest_first_under_the_headings_of_their_age(bench: Bench) -> None:
    bench.sidebar.set_conversations(
        [
            conversation("sea", 40 * DAY),
            conversation("bread", 1 * DAY),
            conversation("hashes", timedelta(minutes=5)),
            conversation("rust", 7 * DAY),
            conversation("tea", timedelta(minutes=1)),
        ]
    )
    assert shown(bench.model) == [
        "Today", "About tea", "About hashes",
        "Yesterday", "About bread",
        "Previous 7 days", "About rust",
        "Older", "About sea",
    ]  # fmt: skip


def test_a_click_opens_and_showing_what_is_open_does_not(bench: Bench) -> None:
    bench.sidebar.set_conversations([conversation("tea"), conversation("sea", DAY)])
    bench.sidebar.set_current("tea")
    assert bench.asked == []
    assert bench.index("tea").data(ItemRole.IS_OPEN)
    bench.click("sea")
    assert bench.asked == [("open", "sea")]
    assert not bench.index("sea").data(ItemRole.IS_OPEN), "it is open when the window says so"


def test_a_heading_can_be_neither_opened_nor_reached(bench: Bench) -> None:
    bench.sidebar.set_conversations([conversation("tea"), conversation("sea", DAY)])
    QTest.mouseClick(
        bench.view.viewport(), Qt.MouseButton.LeftButton, pos=bench.view.visualRect(bench.model.index(0)).center()
    )
    assert bench.asked == []
    bench.view.setFocus()
    bench.view.setCurrentIndex(bench.index("tea"))
    QTest.keyClick(bench.view, Qt.Key.Key_Down)
    QTest.keyClick(bench.view, Qt.Key.Key_Return)
    assert bench.asked == [("open", "sea")]


def test_a_conversation_that_is_written_to_comes_first(bench: Bench) -> None:
    bench.sidebar.set_conversations([conversation("tea", timedelta(minutes=1)), conversation("sea", DAY)])
    bench.sidebar.put_conversation(conversation("sea"))
    assert shown(bench.model) == ["Today", "About sea", "About tea"]
    bench.sidebar.remove_conversation("sea")
    bench.sidebar.remove_conversation("sea")
    assert shown(bench.model) == ["Today", "About tea"]


def test_a_row_that_moves_under_a_new_title_is_painted_again(bench: Bench, qtbot: QtBot) -> None:
    bench.sidebar.set_conversations([conversation("tea", timedelta(minutes=1)), conversation("sea", DAY)])
    with qtbot.waitSignal(bench.model.dataChanged):
        bench.sidebar.put_conversation(conversation("sea", title="The sea"))
    with qtbot.waitSignal(bench.model.dataChanged):
        bench.sidebar.put_conversation(conversation("sea", title="The sea again"))
    assert shown(bench.model) == ["Today", "The sea again", "About tea"]


def test_a_rename_in_progress_survives_that_its_row_moves(bench: Bench) -> None:
    bench.sidebar.set_conversations([conversation("tea", timedelta(minutes=1)), conversation("sea", DAY)])
    editor = bench.begin_rename("sea")
    editor.selectAll()
    QTest.keyClicks(editor, "Half a na")
    bench.sidebar.put_conversation(conversation("sea", title="A title of its own"))
    bench.sidebar.set_generating({"sea"})
    QTest.keyClicks(editor, "me")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    QApplication.sendPostedEvents()
    assert bench.asked == [("rename", "sea", "Half a name")]


@pytest.mark.parametrize(
    ("typed", "key", "asked"),
    [
        ("  Tea   time ", Qt.Key.Key_Return, [("rename", "tea", "Tea time")]),
        ("Tea time", Qt.Key.Key_Escape, []),
        ("   ", Qt.Key.Key_Return, []),
        ("About tea", Qt.Key.Key_Return, []),
    ],
    ids=["kept", "escaped", "blank", "unchanged"],
)
def test_f2_renames_in_place(bench: Bench, typed: str, key: Qt.Key, asked: list[tuple[str, ...]]) -> None:
    bench.sidebar.set_conversations([conversation("tea")])
    editor = bench.begin_rename("tea")
    assert editor.accessibleName()
    editor.selectAll()
    QTest.keyClicks(editor, typed)
    QTest.keyClick(editor, key)
    QApplication.sendPostedEvents()
    assert bench.asked == asked
    assert shown(bench.model) == ["Today", "About tea"], "the title changes when the engine says so"


def test_del_asks_to_delete_and_removes_nothing_itself(bench: Bench) -> None:
    bench.sidebar.set_conversations([conversation("tea")])
    bench.view.setFocus()
    bench.view.setCurrentIndex(bench.index("tea"))
    QTest.keyClick(bench.view, Qt.Key.Key_Delete)
    assert bench.asked == [("delete", "tea")]
    assert shown(bench.model) == ["Today", "About tea"]


def test_the_dots_of_a_row_open_its_menu_instead_of_the_conversation(bench: Bench) -> None:
    bench.sidebar.set_conversations([conversation("tea"), conversation("sea", DAY)])
    half = bench.view.visualRect(bench.index("sea")).width() // 2
    bench.click("sea", QPoint(half - 24, 0))
    menu = bench.menu()
    assert [action.text() for action in menu.actions()] == ["Rename", "Delete"]
    assert bench.asked == []
    menu.actions()[1].trigger()
    assert bench.asked == [("delete", "sea")]


def test_a_click_while_nothing_is_listed_asks_for_nothing(bench: Bench) -> None:
    QTest.mouseClick(bench.view.viewport(), Qt.MouseButton.LeftButton)
    for key in (Qt.Key.Key_Return, Qt.Key.Key_F2, Qt.Key.Key_Delete, Qt.Key.Key_Menu):
        QTest.keyClick(bench.view, key)
    assert bench.asked == []


@pytest.mark.parametrize("query", ["NAIVE", "deja naïve", "façade"])
def test_search_ignores_case_and_accents_and_the_order_of_words(bench: Bench, query: str) -> None:
    bench.sidebar.set_conversations([conversation("a", title="Naïve FACADE, Déjà vu"), conversation("b", title="Tea")])
    bench.search.insert(query)
    assert shown(bench.model) == ["Today", "Naïve FACADE, Déjà vu"]


def test_esc_clears_the_search(bench: Bench) -> None:
    bench.sidebar.set_conversations([conversation("tea")])
    QTest.keyClicks(bench.search, "xyz")
    assert shown(bench.model) == []
    QTest.keyClick(bench.search, Qt.Key.Key_Escape)
    assert bench.search.text() == ""
    assert shown(bench.model) == ["Today", "About tea"]


def test_an_empty_list_says_what_it_is_for_and_a_fruitless_search_that_it_is(bench: Bench) -> None:
    assert bench.view.accessibleDescription() == "Your conversations will be listed here"
    bench.sidebar.put_conversation(conversation("tea"))
    assert bench.view.accessibleDescription() == ""
    QTest.keyClicks(bench.search, "xyz")
    assert bench.view.accessibleDescription() == "No conversation matches"


def test_a_row_that_is_answering_is_marked_and_read_aloud(bench: Bench) -> None:
    bench.sidebar.set_conversations([conversation("tea"), conversation("sea", DAY)])
    bench.sidebar.set_generating({"sea"})
    assert bench.index("sea").data(ItemRole.IS_GENERATING)
    assert bench.index("sea").data(Qt.ItemDataRole.AccessibleTextRole) == "About sea, answering"
    bench.sidebar.set_generating(())
    assert not bench.index("sea").data(ItemRole.IS_GENERATING)


def test_markup_in_a_title_is_shown_as_it_is(bench: Bench) -> None:
    bench.sidebar.set_conversations([conversation("x", title="<img src='file:///etc/passwd'> & <b>")])
    tooltip = bench.index("x").data(Qt.ItemDataRole.ToolTipRole)
    assert "<img" not in tooltip
    assert "&lt;img" in tooltip


def test_the_buttons_ask_and_every_control_has_a_name_and_a_tooltip(bench: Bench) -> None:
    for name, asked in (("newConversationButton", "new"), ("settingsButton", "settings")):
        button = bench.sidebar.findChild(QWidget, name)
        assert isinstance(button, QWidget)
        assert button.accessibleName()
        assert "Ctrl" in button.toolTip()
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        assert bench.asked[-1] == (asked,)
    assert bench.search.accessibleName()
    assert bench.search.toolTip()
    assert bench.view.accessibleName()


def test_tab_into_the_list_lands_on_a_conversation(bench: Bench) -> None:
    bench.sidebar.set_conversations([conversation("tea")])
    bench.search.setFocus()
    QTest.keyClick(bench.search, Qt.Key.Key_Tab)
    assert bench.view.hasFocus()
    QTest.keyClick(bench.view, Qt.Key.Key_Return)
    assert bench.asked == [("open", "tea")]


def test_at_midnight_today_becomes_yesterday(qapp: QApplication) -> None:
    now = [NOON]
    model = ConversationListModel(clock_ms=lambda: round(now[0].timestamp() * 1000))
    model.set_conversations([conversation("tea")])
    now[0] += DAY
    model.regroup()
    assert shown(model) == ["Yesterday", "About tea"]


def test_the_newest_conversation_changes_its_heading_and_its_match_like_any_other(bench: Bench) -> None:
    bench.sidebar.set_conversations([conversation("tea", DAY)])
    bench.sidebar.put_conversation(conversation("tea"))
    assert shown(bench.model) == ["Today", "About tea"]
    bench.search.insert("tea")
    bench.sidebar.put_conversation(conversation("tea", title="Coffee"))
    assert shown(bench.model) == []


def test_any_sequence_of_changes_shows_what_a_fresh_list_would(qapp: QApplication) -> None:
    chance = random.Random(7)
    noon_ms = round(NOON.timestamp() * 1000)
    model = ConversationListModel(clock_ms=lambda: noon_ms)
    watch(model)
    known: dict[str, Conversation] = {}
    for step in range(600):
        name = f"c{chance.randrange(90)}"
        if chance.random() < 0.3:
            known.pop(name, None)
            model.remove(name)
        else:
            known[name] = conversation(name, chance.random() * 12 * DAY, f"Title {step}")
            model.put(known[name])
        if step % 20 == 0:
            fresh = ConversationListModel(clock_ms=lambda: noon_ms)
            fresh.set_conversations(known.values())
            assert shown(model) == shown(fresh)


def test_ten_thousand_conversations_do_not_slow_it(theme: Theme, icons: Icons, qtbot: QtBot) -> None:
    def work(count: int) -> tuple[int, int]:
        """Functions called to list so many, and to move the last of them up and down; rows in the view: a page."""
        model = ConversationListModel()
        sidebar = Sidebar(theme, icons, model)
        qtbot.addWidget(sidebar)
        sidebar.show()
        many = [conversation(f"c{number}", timedelta(minutes=number + 1)) for number in range(count)]
        last = many[-1]

        def move() -> None:
            for _ in range(5):
                sidebar.put_conversation(conversation(last.id))
                sidebar.set_generating({last.id})
                QApplication.sendPostedEvents()
                sidebar.put_conversation(last)
                sidebar.set_generating(())
                QApplication.sendPostedEvents()

        listed, moved = calls(lambda: sidebar.set_conversations(many)), calls(move)
        assert model.rowCount() < 2 * PAGE_ROWS  # Qt lays out each: with all of them in the view it took 2 s
        return listed, moved

    few, many = work(1_000), work(10_000)
    assert many[0] < 10 * few[0]
    assert many[1] < 1.3 * few[1]


def test_the_rows_further_down_come_when_the_list_is_scrolled_to_them(bench: Bench) -> None:
    bench.sidebar.set_conversations([conversation(f"c{number}", number * DAY) for number in range(450)])
    assert bench.model.rowCount() < 250
    for _ in range(3):
        bench.view.scrollToBottom()
    assert shown(bench.model)[-1] == "About c449"
    assert bench.model.rowCount() == 450 + 4
    bench.sidebar.remove_conversation("c449")
    assert shown(bench.model)[-1] == "About c448"
