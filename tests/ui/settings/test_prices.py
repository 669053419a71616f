"""A price of the user's own: asked for in a small dialog, listed in Settings › Usage, taken back."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.domain.model import ModelRef, Price, ProviderId
from app.domain.settings import OwnPrice, Settings
from app.domain.usage_report import DayOfModel, UsageSum
from app.engine.events import UsageSummed
from app.ui.settings.page import Page
from app.ui.settings.price_dialog import PriceDialog, PriceQuestion, dollars_of
from app.ui.settings.price_words import amount, known_sentence, take_back_label
from app.ui.settings.usage_page import UsagePage
from app.ui.theme import Theme
from tests.ui.settings.conftest import Hand

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # the offscreen platform

TODAY = date(2026, 11, 28)
TABLE = Price(input=2.5, output=10, cached_input=1.25, checked=date(2026, 10, 5))
GPT = ModelRef(ProviderId("openai"), "gpt-4o")
LLAMA = ModelRef(ProviderId("openai"), "llama")


class Bench:
    """An open dialog, and what it asked for."""

    def __init__(self, qtbot: QtBot, window: QWidget, shown: Price | None, *, has_own: bool) -> None:
        question = PriceQuestion(
            "gpt-4o <b>", "OpenAI", "Belay's table: free.", "Use the table's price", shown=shown, has_own=has_own
        )
        self.dialog = PriceDialog(question, window)
        self.given: list[Price] = []
        self.taken_back: list[None] = []
        self.dialog.price_given.connect(self.given.append)
        self.dialog.taken_back.connect(lambda: self.taken_back.append(None))
        self.dialog.open()

    def find(self, name: str) -> Any:
        found = self.dialog.findChild(QWidget, name)
        assert found is not None, name
        return found

    def write(self, name: str, text: str) -> None:
        field = self.find(name)
        field.setFocus()
        field.selectAll()
        QTest.keyClick(field, Qt.Key.Key_Backspace)
        QTest.keyClicks(field, text)


@pytest.fixture
def ask(qtbot: QtBot, theme: Theme) -> Callable[..., Bench]:
    window = QWidget()
    qtbot.addWidget(window)
    window.show()

    def asked(shown: Price | None = None, *, has_own: bool = False) -> Bench:
        return Bench(qtbot, window, shown, has_own=has_own)

    return asked


def test_three_prices_are_given(ask: Callable[..., Bench]) -> None:
    bench = ask()
    QTest.keyClicks(bench.find("priceInput"), "2.50")
    bench.write("priceOutput", "$10")
    bench.write("priceCachedInput", ".25")
    QTest.keyClick(bench.find("priceCachedInput"), Qt.Key.Key_Return)
    assert bench.given == [Price(input=2.5, output=10.0, cached_input=0.25)]
    assert not bench.dialog.isVisible()


def test_what_is_known_stands_there_and_is_saved_as_it_stands(ask: Callable[..., Bench]) -> None:
    bench = ask(TABLE)
    fields = [bench.find(name).text() for name in ("priceInput", "priceOutput", "priceCachedInput")]
    assert fields == ["2.50", "10", "1.25"]
    QTest.mouseClick(bench.find("savePriceButton"), Qt.MouseButton.LeftButton)
    assert bench.given == [Price(input=2.5, output=10, cached_input=1.25)], "it is the user's now: of no day"


def test_without_a_cached_price_it_is_that_of_the_input(ask: Callable[..., Bench]) -> None:
    bench = ask(TABLE)
    bench.write("priceCachedInput", " ")
    QTest.mouseClick(bench.find("savePriceButton"), Qt.MouseButton.LeftButton)
    assert bench.given == [Price(input=2.5, output=10, cached_input=None)]


@pytest.mark.parametrize("name", ["priceInput", "priceOutput", "priceCachedInput"])
def test_what_is_no_price_is_told_while_it_is_written_and_is_not_saved(ask: Callable[..., Bench], name: str) -> None:
    bench = ask(TABLE)
    bench.write(name, "2x")
    assert bench.find(name).accessibleDescription() == "Enter a number, such as 2.50"
    QTest.mouseClick(bench.find("savePriceButton"), Qt.MouseButton.LeftButton)
    assert bench.given == []
    assert bench.dialog.focusWidget() is bench.find(name)
    bench.write(name, "2")
    assert "number" not in bench.find(name).accessibleDescription()
    QTest.mouseClick(bench.find("savePriceButton"), Qt.MouseButton.LeftButton)
    assert len(bench.given) == 1


def test_an_empty_field_is_told_only_when_the_answer_is_given(ask: Callable[..., Bench]) -> None:
    bench = ask()
    bench.write("priceInput", "1")
    assert bench.find("priceOutput").accessibleDescription() == ""
    QTest.mouseClick(bench.find("savePriceButton"), Qt.MouseButton.LeftButton)
    assert bench.find("priceOutput").accessibleDescription() == "Enter a price, 0 if it is free"
    assert bench.dialog.focusWidget() is bench.find("priceOutput")
    assert bench.given == []


def test_an_own_price_can_be_taken_back_and_only_an_own_one(ask: Callable[..., Bench]) -> None:
    assert ask(TABLE).dialog.findChild(QPushButton, "takePriceBackButton") is None
    bench = ask(TABLE, has_own=True)
    assert bench.find("takePriceBackButton").text() == "Use the table's price"
    QTest.mouseClick(bench.find("takePriceBackButton"), Qt.MouseButton.LeftButton)
    assert (bench.taken_back, bench.given) == ([None], [])
    assert not bench.dialog.isVisible()


def test_escape_changes_nothing(ask: Callable[..., Bench]) -> None:
    bench = ask(TABLE, has_own=True)
    QTest.keyClick(bench.find("priceInput"), Qt.Key.Key_Escape)
    assert (bench.taken_back, bench.given, bench.dialog.isVisible()) == ([], [], False)


def test_every_field_has_a_name_and_every_text_is_shown_as_it_is(ask: Callable[..., Bench]) -> None:
    bench = ask()
    names = [bench.find(name).accessibleName() for name in ("priceInput", "priceOutput", "priceCachedInput")]
    assert names == ["Input", "Output", "Cached input"]
    labels = bench.dialog.findChildren(QLabel)
    assert "gpt-4o <b>" in [label.text() for label in labels]
    assert all(label.textFormat() is Qt.TextFormat.PlainText for label in labels)


@pytest.mark.parametrize(("text", "dollars"), [("0", 0.0), ("2.50", 2.5), (" $ 10. ", 10.0), (".075", 0.075)])
def test_prices_are_read_as_people_write_them(text: str, dollars: float) -> None:
    assert dollars_of(text) == dollars


@pytest.mark.parametrize("text", ["", "-1", "1e5", "nan", "inf", "1_000", "2,50", "1,000", "1234567", "\u0661", "1 2"])
def test_what_could_be_read_in_two_ways_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"such as 2\.50"):
        dollars_of(text)


@pytest.mark.parametrize("dollars", [0.0, 10.0, 2.5, 0.075, 0.00125, 999_999.0])
def test_a_price_in_words_is_read_back_as_the_same(dollars: float) -> None:
    assert dollars_of(amount(dollars)) == dollars


def test_whose_word_a_price_is_and_of_which_day() -> None:
    noon_ms = 1_796_040_000_000  # 2026-11-30 12:00 UTC
    assert (
        known_sentence(TABLE, noon_ms, is_local=False)
        == "Belay's table: $2.50 in, $10 out, $1.25 cached (as of 5 October 2026)."
    )
    listed = known_sentence(Price(input=1, output=2), noon_ms, is_local=False)
    assert listed.startswith("The provider's list: $1 in, $2 out (as of ")
    assert "November 2026" in listed
    assert "names its price" in known_sentence(None, None, is_local=False)
    assert known_sentence(Price(input=0, output=0), None, is_local=True) == "It runs on this computer: free."
    assert take_back_label(TABLE, is_local=False) == "Use the table's price"
    assert take_back_label(Price(input=1, output=2), is_local=False) == "Use the list's price"
    assert take_back_label(None, is_local=False) == "Remove my price"


@pytest.fixture
def page() -> UsagePage:
    return UsagePage(lambda provider_id: {"openai": "OpenAI"}.get(provider_id, ""))


@pytest.fixture
def hand(opened: Callable[[Sequence[Page]], Hand], page: UsagePage) -> Hand:
    return opened([page])


def own(ref: ModelRef) -> OwnPrice:
    return OwnPrice(provider_id=ref.provider_id, model=ref.model, price=Price(input=1, output=2.5))


def test_own_prices_are_listed_and_can_be_changed_and_removed(hand: Hand, page: UsagePage) -> None:
    asked: list[ModelRef] = []
    removed: list[ModelRef] = []
    page.own_prices.price_requested.connect(asked.append)
    page.own_prices.take_back_requested.connect(removed.append)
    hand.dialog.show_settings(Settings(own_prices=(own(GPT),)))
    assert {"gpt-4o", "OpenAI: $1 in, $2.50 out"} <= set(hand.texts())
    assert hand.find("setPriceButton").accessibleName() == "Edit… gpt-4o, OpenAI"
    assert hand.find("removePriceButton").accessibleName() == "Remove the price of gpt-4o, OpenAI"
    hand.click("setPriceButton")
    hand.click("removePriceButton")
    assert (asked, removed) == ([GPT], [GPT])
    hand.dialog.show_settings(Settings())
    assert "gpt-4o" not in hand.texts()


def test_a_model_whose_price_nobody_knows_is_offered_one_until_it_has_one(hand: Hand, page: UsagePage) -> None:
    asked: list[ModelRef] = []
    page.own_prices.price_requested.connect(asked.append)
    days = tuple(
        DayOfModel(day=TODAY, provider_id=provider_id, model=model, total=UsageSum(answers=1, unpriced=unpriced))
        for provider_id, model, unpriced in (
            (GPT.provider_id, "gpt-4o", 0), (LLAMA.provider_id, "llama", 1), (ProviderId("gone"), "lost", 1)
        )
    )  # fmt: skip
    hand.dialog.take(UsageSummed(TODAY, days))
    assert "OpenAI: The price is not known." in hand.texts()
    assert [each.accessibleName() for each in page.findChildren(QPushButton, "setPriceButton")] == [
        "Set price… llama, OpenAI"
    ]
    hand.click("setPriceButton")
    assert asked == [LLAMA]
    hand.dialog.show_settings(Settings(own_prices=(own(LLAMA),)))
    assert "OpenAI: The price is not known." not in hand.texts()
    assert "OpenAI: $1 in, $2.50 out" in hand.texts()
