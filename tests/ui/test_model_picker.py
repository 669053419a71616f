"""The model picker shows which model answers and how it is, and asks for another one."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QWidgetAction
from pytestqt.qtbot import QtBot

from app.domain.errors import ProviderUnreachable
from app.domain.model import BUILT_IN, ENVIRONMENT, ModelInfo, ModelRef
from app.domain.provider import ProviderPhase, ProviderState
from app.ui.icons import Icons
from app.ui.model_picker import ModelPicker
from app.ui.theme import Theme

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # the offscreen platform

NOTE = "A small demo model: it shows how Belay works."
READY = ProviderState(
    id=BUILT_IN, name="Built-in", phase=ProviderPhase.READY, models=(ModelInfo(id="SmolLM2"),), note=NOTE
)
STARTING = ProviderState(id=BUILT_IN, name="Built-in", phase=ProviderPhase.STARTING)
REMOTE = ProviderState(
    id=ENVIRONMENT,
    name="Environment",
    phase=ProviderPhase.READY,
    models=(ModelInfo(id="gpt-4o"), ModelInfo(id="R&D <b>model</b>")),
)
FAILED = ProviderState(
    id=ENVIRONMENT, name="Environment", phase=ProviderPhase.FAILED, fault=ProviderUnreachable("refused").fault
)
SMOL = ModelRef(BUILT_IN, "SmolLM2")


class Bench:
    """A shown picker and what it asked for."""

    def __init__(self, picker: ModelPicker) -> None:
        self.picker = picker
        self.models: list[ModelRef] = []
        self.retries: list[str] = []
        picker.model_requested.connect(self.models.append)
        picker.retry_requested.connect(self.retries.append)

    def open(self) -> QMenu:
        QTest.mouseClick(self.picker, Qt.MouseButton.LeftButton)
        popup = QApplication.activePopupWidget()
        assert isinstance(popup, QMenu)
        return popup

    def rows(self) -> list[tuple[str, bool]]:
        """The text of every row of the menu, and whether it can be chosen."""
        return [(each.text(), each.isEnabled()) for each in self.open().actions() if not each.isSeparator()]

    def row(self, text: str) -> QAction:
        return next(action for action in self.open().actions() if action.text() == text)


@pytest.fixture
def bench(qtbot: QtBot, theme: Theme, icons: Icons) -> Iterator[Bench]:
    picker = ModelPicker(theme, icons)
    qtbot.addWidget(picker)
    picker.show()
    yield Bench(picker)
    while (popup := QApplication.activePopupWidget()) is not None:
        popup.close()


def test_it_shows_the_selected_model_and_that_it_is_ready(bench: Bench) -> None:
    bench.picker.show_state([REMOTE, READY], SMOL)
    assert bench.picker.text() == "SmolLM2"
    assert bench.picker.accessibleName() == "Model: SmolLM2"
    assert bench.picker.accessibleDescription() == "Ready"


@pytest.mark.parametrize(
    ("providers", "text", "status"),
    [
        ([], "No model", ""),
        ([FAILED, STARTING], "Built-in", "Starting…"),
        ([FAILED], "No model", "Can't reach the provider"),
    ],
    ids=["nothing", "starting", "failed"],
)
def test_before_a_model_is_selected_it_says_how_things_are(
    bench: Bench, providers: list[ProviderState], text: str, status: str
) -> None:
    bench.picker.show_state(providers, None)
    assert (bench.picker.text(), bench.picker.accessibleDescription()) == (text, status)


def test_the_menu_lists_every_model_under_its_provider_with_notes_that_cannot_be_chosen(bench: Bench) -> None:
    bench.picker.show_state([REMOTE, READY], SMOL)
    assert bench.rows() == [
        ("Environment", False), ("gpt-4o", True), ("R&&D <b>model</b>", True),
        ("Built-in", False), ("SmolLM2", True), (NOTE, False),
    ]  # fmt: skip
    assert bench.row("SmolLM2").isChecked()
    assert not bench.row("gpt-4o").isChecked()


def test_choosing_a_model_asks_for_it(bench: Bench) -> None:
    bench.picker.show_state([REMOTE, READY], SMOL)
    bench.row("R&&D <b>model</b>").trigger()
    assert bench.models == [ModelRef(ENVIRONMENT, "R&D <b>model</b>")]
    assert bench.picker.text() == "SmolLM2", "it changes when the engine says so"


def test_a_provider_that_failed_says_why_and_can_be_tried_again(bench: Bench) -> None:
    bench.picker.show_state([FAILED], None)
    assert bench.rows() == [("Environment", False), ("Can't reach the provider", False), ("Retry", True)]
    bench.row("Retry").trigger()
    assert bench.retries == [ENVIRONMENT]


def test_a_menu_that_is_open_follows_what_happens(bench: Bench) -> None:
    bench.picker.show_state([STARTING], None)
    menu = bench.open()
    bench.picker.show_state([READY], SMOL)
    assert "SmolLM2" in [action.text() for action in menu.actions()]


def test_the_menu_opens_by_keyboard(bench: Bench) -> None:
    bench.picker.show_state([READY], SMOL)
    bench.picker.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(bench.picker, Qt.Key.Key_Space)
    assert isinstance(QApplication.activePopupWidget(), QMenu)


def test_no_label_in_the_menu_takes_text_for_markup(bench: Bench) -> None:
    bench.picker.show_state([REMOTE, READY], SMOL)
    labels = [
        label
        for action in bench.open().actions()
        if isinstance(action, QWidgetAction)
        for label in action.defaultWidget().findChildren(QLabel)
    ]
    assert labels
    assert all(label.textFormat() is Qt.TextFormat.PlainText for label in labels)


def test_a_very_long_name_does_not_widen_the_window(bench: Bench) -> None:
    bench.picker.show_state([], ModelRef(BUILT_IN, "m" * 5000))
    assert bench.picker.sizeHint().width() <= 320


def test_a_provider_that_is_not_started_is_started_by_choosing_it(bench: Bench) -> None:
    idle = ProviderState(id=BUILT_IN, name="Built-in model")
    bench.picker.show_state([REMOTE, idle], ModelRef(ENVIRONMENT, "gpt-4o"))
    bench.row("Start Built-in model").trigger()
    assert bench.models == [ModelRef(BUILT_IN, "")]
    starting = ProviderState(id=BUILT_IN, name="Built-in model", phase=ProviderPhase.STARTING)
    bench.picker.show_state([REMOTE, starting], ModelRef(BUILT_IN, ""))
    assert bench.picker.text() == "Built-in model", "its model is not known yet"
