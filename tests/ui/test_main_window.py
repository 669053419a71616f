"""The window before it is furnished: an outline that nothing jumps from, and keys that are not lost."""

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from app.ui.composer import Composer
from app.ui.icons import Icons
from app.ui.main_window import MainWindow
from app.ui.outline import outline
from app.ui.palette import DARK, LIGHT
from app.ui.sidebar import Sidebar
from app.ui.theme import Theme


@pytest.fixture
def window(qtbot: QtBot) -> MainWindow:
    made = MainWindow(LIGHT, width=1000, height=700)
    qtbot.addWidget(made)
    return made


def painted(qtbot: QtBot, window: MainWindow) -> None:
    with qtbot.waitSignal(window.first_painted, timeout=5000):
        window.show()


def test_it_is_painted_once_and_says_so_once(qtbot: QtBot, window: MainWindow) -> None:
    told: list[bool] = []
    window.first_painted.connect(lambda: told.append(True))
    painted(qtbot, window)
    window.resize(900, 600)
    qtbot.wait(50)
    assert told == [True]


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_the_outline_has_the_colours_of_what_will_be_there(qtbot: QtBot, palette: object) -> None:
    window = MainWindow(LIGHT if palette is LIGHT else DARK, width=1000, height=700)
    qtbot.addWidget(window)
    painted(qtbot, window)
    shown, chosen = window.grab().toImage(), LIGHT if palette is LIGHT else DARK
    assert shown.pixelColor(100, 300).name() == chosen.sidebar
    assert shown.pixelColor(100, 68).name() == chosen.hover
    assert shown.pixelColor(600, 300).name() == chosen.background
    assert shown.pixelColor(600, 644).name() == chosen.field


def test_without_a_sidebar_there_is_none(qtbot: QtBot) -> None:
    window = MainWindow(LIGHT, width=1000, height=700, shows_sidebar=False)
    qtbot.addWidget(window)
    painted(qtbot, window)
    assert window.grab().toImage().pixelColor(100, 300).name() == LIGHT.background


@pytest.mark.parametrize("size", [(1100, 760), (1000, 700), (1920, 1000), (640, 480)])
def test_nothing_jumps_when_the_parts_come(qtbot: QtBot, theme: Theme, icons: Icons, size: tuple[int, int]) -> None:
    """The outline, against the places that the real parts have in a window of that size."""
    width, height = size
    sidebar, composer = Sidebar(theme, icons), Composer(theme, icons)
    for part in (sidebar, composer):
        qtbot.addWidget(part)
    sidebar.fit(width)
    sidebar.resize(sidebar.width(), height)
    composer.resize(width - sidebar.width(), composer.sizeHint().height())
    for part in (sidebar, composer):
        part.show()
    places = outline(width, height, shows_sidebar=True)
    assert places.sidebar == QRect(0, 0, sidebar.width(), height)
    search = sidebar.findChild(QWidget, "searchInput")
    assert isinstance(search, QWidget)
    assert places.search == QRect(search.mapTo(sidebar, QPoint(0, 0)), search.size())
    text = composer.findChild(QPlainTextEdit, "composerInput")
    assert isinstance(text, QPlainTextEdit)
    field = text.parentWidget()
    assert field is not None
    top_left = field.mapTo(composer, QPoint(0, 0)) + QPoint(sidebar.width(), height - composer.height())
    assert places.field == QRect(top_left, field.size())


def test_in_a_narrow_window_the_field_has_all_the_width() -> None:
    places = outline(480, 400, shows_sidebar=True)
    assert places.sidebar.width() == 0
    assert places.search.isEmpty()
    assert (places.field.left(), places.field.width()) == (16, 448)


def test_what_is_typed_before_there_is_a_field_is_handed_over(qtbot: QtBot, window: MainWindow) -> None:
    painted(qtbot, window)
    QTest.keyClicks(window, "Hexlo")
    for key in (Qt.Key.Key_Backspace, Qt.Key.Key_Backspace, Qt.Key.Key_Backspace):
        QTest.keyClick(window, key)
    QTest.keyClicks(window, "llo")
    QTest.keyClick(window, Qt.Key.Key_Return)  # sends nothing: nobody has read yet what it is
    workspace = QWidget()
    assert window.furnish(workspace) == "Hello"
    assert window.centralWidget() is workspace
    QTest.keyClicks(window, "later")
    assert window.furnish(QWidget()) == "", "only what came before"


def test_it_comes_back_where_it_stood(qtbot: QtBot, window: MainWindow) -> None:
    window.setGeometry(50, 60, 700, 500)
    painted(qtbot, window)
    place = bytes(window.saveGeometry().toBase64().data()).decode()
    again = MainWindow(LIGHT, width=1000, height=700, geometry=place)
    qtbot.addWidget(again)
    painted(qtbot, again)
    assert again.geometry() == QRect(50, 60, 700, 500)  # on the screen of 800 by 800 that there is


@pytest.mark.parametrize("geometry", ["", "nonsense", "AAAA", "ü"])
def test_a_place_that_is_none_is_passed_over(qtbot: QtBot, geometry: str) -> None:
    window = MainWindow(LIGHT, width=1000, height=700, geometry=geometry)
    qtbot.addWidget(window)
    assert (window.width(), window.height()) == (1000, 700)
