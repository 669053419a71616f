"""Links are followed by mouse and keyboard, and show where they lead. Nothing is opened here: it is asked for."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QContextMenuEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from app.domain.conversation import Message, Role
from tests.ui.transcript.window import NewMessage, Window

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # menus on the offscreen platform

TEXT = (
    "See [the docs](https://docs.example/a) and [more](https://more.example/b).\n\n![a cat](https://img.example/c.png)"
)


class Asked:
    """What is asked to be followed."""

    def __init__(self, window: Window) -> None:
        self.links: list[tuple[str, str]] = []
        window.transcript.link_requested.connect(lambda href, text: self.links.append((href, text)))


@pytest.fixture(name="answer")
def _answer(window: Window, new_message: NewMessage) -> Message:
    answer = new_message(TEXT)
    window.transcript.show_messages([new_message("Where is it?", Role.USER), answer])
    window.settle()
    return answer


@pytest.fixture
def asked(window: Window) -> Asked:
    return Asked(window)


def point_on(window: Window, message: Message, href: str) -> QPoint:
    """Somewhere on this link, in the viewport."""
    row = window.row(message)
    for y in range(0, row.height(), 6):
        for x in range(0, row.width(), 6):
            if row.link_at(QPoint(x, y).toPointF()) == href:
                return row.pos() + QPoint(x + 3, y + 3)
    raise AssertionError(f"no link to {href} is in sight")


def click(window: Window, point: QPoint, button: Qt.MouseButton = Qt.MouseButton.LeftButton) -> None:
    """On what the user sees there: the row's widget."""
    row = next(row for row in window.rows() if row.geometry().contains(point))
    QTest.mouseClick(row, button, pos=point - row.pos())


def test_a_click_on_a_link_asks_with_its_address_and_its_text(window: Window, answer: Message, asked: Asked) -> None:
    click(window, point_on(window, answer, "https://docs.example/a"))
    click(window, point_on(window, answer, "https://more.example/b"), Qt.MouseButton.MiddleButton)
    assert asked.links == [("https://docs.example/a", "the docs"), ("https://more.example/b", "more")]


def test_a_click_on_an_image_asks_with_its_full_address(window: Window, answer: Message, asked: Asked) -> None:
    click(window, point_on(window, answer, "https://img.example/c.png"))
    assert [href for href, _ in asked.links] == ["https://img.example/c.png"]


def test_a_click_beside_a_link_and_a_drag_over_one_ask_for_nothing(
    window: Window, answer: Message, asked: Asked
) -> None:
    point = point_on(window, answer, "https://docs.example/a")
    click(window, QPoint(20, point.y()))
    viewport = window.transcript.viewport()
    QTest.mousePress(viewport, Qt.MouseButton.LeftButton, pos=point)
    QTest.mouseMove(viewport, point + QPoint(60, 0))
    QTest.mouseMove(viewport, point)
    QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=point)
    QTest.mousePress(viewport, Qt.MouseButton.LeftButton, pos=QPoint(20, point.y()))
    QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=point)
    assert asked.links == []


def test_a_press_on_a_link_that_is_released_beside_it_asks_for_nothing(
    window: Window, answer: Message, asked: Asked
) -> None:
    point = point_on(window, answer, "https://docs.example/a")
    row = window.row(answer)
    while row.link_at((point + QPoint(1, 0) - row.pos()).toPointF()):
        point += QPoint(1, 0)
    viewport = window.transcript.viewport()
    QTest.mousePress(viewport, Qt.MouseButton.LeftButton, pos=point)
    QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=point + QPoint(4, 0))
    assert asked.links == []


def test_the_pointer_and_the_tooltip_tell_a_link_from_text(window: Window, answer: Message) -> None:
    row = window.row(answer)
    link = point_on(window, answer, "https://docs.example/a") - row.pos()
    QTest.mouseMove(row, link)
    assert row.cursor().shape() == Qt.CursorShape.PointingHandCursor
    assert row.tooltip_at(link) == "https://docs.example/a"
    QTest.mouseMove(row, QPoint(row.width() // 2, link.y()))
    assert row.cursor().shape() == Qt.CursorShape.IBeamCursor
    assert row.tooltip_at(QPoint(row.width() // 2, link.y())) == ""


def test_tab_goes_through_links_and_buttons_from_top_to_bottom_and_out(
    window: Window, answer: Message, asked: Asked
) -> None:
    stops: list[str] = []
    window.transcript.setFocus()
    for _ in range(20):
        QTest.keyClick(QApplication.focusWidget() or window.transcript, Qt.Key.Key_Tab)
        focused = QApplication.focusWidget()
        if focused is window.transcript and window.transcript.reader.focus.link is not None:
            stops.append(window.transcript.reader.focus.link[0])
        elif focused is not None and window.transcript.viewport().isAncestorOf(focused):
            stops.append(focused.objectName())
        else:
            break
    links = [stop for stop in stops if stop.startswith("https")]
    assert links == ["https://docs.example/a", "https://more.example/b", "https://img.example/c.png"]
    question = stops.index("https://docs.example/a")
    assert question > 0, "the buttons beside the question come first"
    assert stops[-1].endswith("Button"), "the buttons below the answer come last"
    assert len(stops) == len(set(stops[:question])) + len(stops[question:])


def test_shift_tab_goes_back(window: Window, answer: Message) -> None:
    focus = window.transcript.reader.focus
    window.transcript.setFocus()
    focus.to_message(-1)
    for _ in range(2):
        QTest.keyClick(window.transcript, Qt.Key.Key_Tab)
    assert focus.link == ("https://more.example/b", "more")
    QTest.keyClick(window.transcript, Qt.Key.Key_Backtab)
    assert focus.link == ("https://docs.example/a", "the docs")


def test_enter_follows_the_link_that_tab_reached_and_it_is_seen(window: Window, answer: Message, asked: Asked) -> None:
    window.transcript.reader.focus.to_message(-1)
    before = window.picture()
    QTest.keyClick(window.transcript, Qt.Key.Key_Tab)
    assert window.picture() != before
    QTest.keyClick(window.transcript, Qt.Key.Key_Return)
    assert asked.links == [("https://docs.example/a", "the docs")]


def test_enter_without_a_link_is_left_to_others(window: Window, answer: Message, asked: Asked) -> None:
    QTest.keyClick(window.transcript, Qt.Key.Key_Return)
    assert asked.links == []


def open_menu(window: Window, point: QPoint, reason: QContextMenuEvent.Reason) -> dict[str, QAction]:
    viewport = window.transcript.viewport()
    QApplication.sendEvent(viewport, QContextMenuEvent(reason, point, viewport.mapToGlobal(point)))
    menu = next(found for found in window.transcript.findChildren(QMenu, "textMenu") if found.isVisible())
    return {action.objectName(): action for action in menu.actions() if action.objectName()}


def test_the_menu_of_a_link_opens_it_and_copies_its_address(window: Window, answer: Message, asked: Asked) -> None:
    point = point_on(window, answer, "https://docs.example/a")
    actions = open_menu(window, point, QContextMenuEvent.Reason.Mouse)
    actions["openLinkAction"].trigger()
    assert asked.links == [("https://docs.example/a", "the docs")]
    actions["copyLinkAddressAction"].trigger()
    assert QGuiApplication.clipboard().text() == "https://docs.example/a"


def test_the_menu_key_means_the_link_that_tab_reached(window: Window, answer: Message, asked: Asked) -> None:
    window.transcript.reader.focus.to_message(-1)
    QTest.keyClick(window.transcript, Qt.Key.Key_Tab)
    actions = open_menu(window, QPoint(5, 5), QContextMenuEvent.Reason.Keyboard)
    actions["openLinkAction"].trigger()
    assert asked.links == [("https://docs.example/a", "the docs")]


def test_the_menu_of_text_copies_what_is_selected_and_selects_all(window: Window, answer: Message) -> None:
    actions = open_menu(window, QPoint(5, 5), QContextMenuEvent.Reason.Mouse)
    assert "openLinkAction" not in actions
    assert not actions["copyAction"].isEnabled()
    assert not actions["copyAsMarkdownAction"].isEnabled()
    actions["selectAllAction"].trigger()
    for menu in window.transcript.findChildren(QMenu, "textMenu"):
        menu.close()
    actions = open_menu(window, QPoint(5, 5), QContextMenuEvent.Reason.Mouse)
    actions["copyAsMarkdownAction"].trigger()
    assert QGuiApplication.clipboard().text() == f"Where is it?\n\n{TEXT}"
    actions["copyAction"].trigger()
    assert QGuiApplication.clipboard().text().startswith("Where is it?\n\nSee the docs and more.")


def test_a_dragged_message_away_forgets_the_focused_link(
    window: Window, answer: Message, new_message: NewMessage
) -> None:
    window.transcript.reader.focus.to_message(-1)
    QTest.keyClick(window.transcript, Qt.Key.Key_Tab)
    window.transcript.show_messages([new_message("another conversation")])
    assert window.transcript.reader.focus.link is None
