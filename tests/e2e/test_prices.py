"""A price that a person sets: the next answer costs it, also after a restart, until it is taken back."""

import asyncio
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from app.domain.model import Price
from app.engine.prices import cost_of
from app.storage.paths import DataFolder
from app.storage.settings_file import load_settings
from app.ui.composer import GUARD_S
from tests.e2e.conftest import Play, User

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # the offscreen platform

OWN = Price(input=1000.0, output=2000.0)


async def answer_cost(user: User, words: str) -> float | None:
    """Ask, and return what the answer cost."""
    count = len(user.branch()) if user.app.workspace.conversation_id else 0
    user.type_and_send(words)
    await user.until(lambda: user.app.store.conversations and len(user.branch()) == count + 2, "sent")
    await user.settled()
    await user.until(lambda: user.answer().usage is not None, "counted")
    usage = user.answer().usage
    assert usage is not None
    await asyncio.sleep(GUARD_S)  # before that an Enter is taken for a late Stop
    if usage.cost:
        assert usage.cost == pytest.approx(cost_of(usage, OWN))
    return usage.cost


async def gone(user: User) -> None:
    await user.until(lambda: user.app.window.findChild(QWidget, "priceDialog") is None, "the dialog has gone")


def in_settings(user: User, name: str) -> Any:
    found = user.find("settingsDialog").findChild(QWidget, name)
    assert found is not None, name
    return found


def test_a_price_set_by_hand_counts_until_it_is_taken_back(play: Play, folder: DataFolder) -> None:
    async def first(user: User) -> None:
        assert await answer_cost(user, "one") == 0.0, "it comes from this computer"
        user.find("modelPicker").click()
        await user.until(lambda: user.find("modelPopup").isVisible(), "the popup")
        QTest.keyClick(user.find("modelSearch"), Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
        await user.until(lambda: user.find("priceDialog").isVisible(), "the dialog")
        assert user.find("knownPrice").text() == "It runs on this computer: free."
        for name, dollars in (("priceInput", OWN.input), ("priceOutput", OWN.output)):
            user.find(name).selectAll()
            QTest.keyClicks(user.find(name), f"{dollars:.0f}")
        QTest.keyClick(user.find("priceOutput"), Qt.Key.Key_Return)
        await gone(user)
        assert await answer_cost(user, "two")
        user.app.workspace._settings.open("usage")
        assert in_settings(user, "setPriceButton").accessibleName().startswith("Edit… ")

    async def second(user: User) -> None:
        assert await answer_cost(user, "three"), "it is there at the next start"
        user.app.workspace._settings.open("usage")
        QTest.mouseClick(in_settings(user, "setPriceButton"), Qt.MouseButton.LeftButton)
        await user.until(lambda: in_settings(user, "priceDialog").isVisible(), "the dialog")
        assert in_settings(user, "priceInput").text() == "1000"
        QTest.mouseClick(in_settings(user, "takePriceBackButton"), Qt.MouseButton.LeftButton)
        await gone(user)
        user.find("settingsDialog").close()
        assert await answer_cost(user, "four") == 0.0

    play(first, model="rate=3000&count=20")
    assert [each.price for each in load_settings(folder.settings).own_prices] == [OWN]
    play(second, model="rate=3000&count=20")
    assert load_settings(folder.settings).own_prices == ()
