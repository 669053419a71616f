"""In the smallest window nothing lies over anything else, and nothing that can be pressed is cut."""

import asyncio
import itertools

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from app.domain.errors import Fault
from tests.e2e.conftest import Play, User

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # the offscreen platform

FAULT = Fault("The way through the proxy failed", "Check the proxy in Settings, then press Retry.")
SMALLEST_PX = (480, 400)
_LEFT = Qt.MouseButton.LeftButton


def is_shown(user: User) -> bool:
    """Whether the sidebar is there now."""
    return bool(user.app.workspace.sidebar.isVisible())


def is_chosen(user: User) -> bool:
    """Whether the user wants it in a wide window."""
    return user.app.preferences.current.sidebar_visible


def place(user: User, widget: QWidget) -> QRect:
    return QRect(widget.mapTo(user.app.window, QPoint(0, 0)), widget.size())


async def resized(user: User, width: int, height: int) -> None:
    user.app.window.resize(width, height)
    await asyncio.sleep(0.02)  # the layout follows in the next turns of the loop


def assert_in_order(user: User) -> None:
    window = user.app.window
    whole = QRect(0, 0, window.width(), window.height())
    column = [user.app.workspace.banner, user.app.workspace.transcript, user.app.workspace.composer]
    side = place(user, user.app.workspace.sidebar) if user.app.workspace.sidebar.isVisible() else QRect()
    for widget in column:
        assert whole.contains(place(user, widget)), widget.objectName()
        assert not side.intersects(place(user, widget)), widget.objectName()
    for upper, lower in itertools.pairwise(column):
        assert place(user, upper).bottom() < place(user, lower).top()
    assert not side.intersects(place(user, user.find("sidebarButton")))


def assert_whole(user: User, names: tuple[str, ...]) -> None:
    """Each button has the room it wants, inside the banner."""
    banner = user.app.workspace.banner
    places = []
    for name in names:
        button = banner.findChild(QPushButton, name)
        assert isinstance(button, QPushButton)
        assert button.width() >= button.sizeHint().width(), name
        assert button.height() >= button.sizeHint().height(), name
        places.append(place(user, button))
        assert place(user, banner).contains(places[-1]), name
    assert not places[0].intersects(places[1])
    for label in banner.findChildren(QLabel):
        assert label.height() >= label.heightForWidth(label.width()), label.text()


@pytest.mark.parametrize("remedy", ["Open settings", "Allow for this server…"])
def test_the_smallest_window_with_its_sidebar_and_a_banner(play: Play, remedy: str) -> None:
    async def scenario(user: User) -> None:
        window = user.app.window
        user.app.workspace.banner.show_fault(FAULT.title, FAULT.advice, "Retry", remedy)
        await resized(user, *SMALLEST_PX)
        assert (window.width(), window.height()) == SMALLEST_PX
        assert not is_shown(user)
        assert_in_order(user)
        assert_whole(user, ("bannerRemedy", "bannerAction"))
        QTest.mouseClick(user.find("sidebarButton"), _LEFT)
        await asyncio.sleep(0.02)
        assert is_shown(user)
        assert_in_order(user)
        assert_whole(user, ("bannerRemedy", "bannerAction"))

    play(scenario)


def test_a_narrow_window_has_its_sidebar_only_while_it_is_used(play: Play) -> None:
    async def scenario(user: User) -> None:
        assert is_shown(user)
        assert user.app.workspace.sidebar.width() == 260
        await resized(user, *SMALLEST_PX)
        assert not is_shown(user)
        QTest.mouseClick(user.find("sidebarButton"), _LEFT)
        assert is_shown(user)
        user.click("newConversationButton")
        assert not is_shown(user)
        assert user.find("composerInput").hasFocus()
        for _ in ("opened", "closed"):
            QTest.mouseClick(user.find("sidebarButton"), _LEFT)
        assert is_chosen(user), "that was no choice for a wide window"
        await resized(user, 1000, 700)
        assert is_shown(user), "it is back as it was"
        assert user.app.workspace.sidebar.width() == 260
        QTest.mouseClick(user.find("sidebarButton"), _LEFT)
        assert not is_chosen(user)
        await resized(user, *SMALLEST_PX)
        await resized(user, 1000, 700)
        assert not is_shown(user), "as it was chosen"

    play(scenario)
