"""How full the context is and what the conversation cost is read without a click."""

import itertools

import pytest
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from app.domain.context_use import ContextUse
from app.domain.tokens import TokenCount
from app.ui.amounts import dollars, percent, short
from app.ui.context_gauge import ContextGauge
from app.ui.theme import Theme


@pytest.fixture
def gauge(qtbot: QtBot, theme: Theme) -> ContextGauge:
    made = ContextGauge(theme)
    qtbot.addWidget(made)
    return made


def use(tokens: int = 15_360, context: int | None = 128_000, **more: object) -> ContextUse:
    is_exact = bool(more.pop("is_exact", True))
    return ContextUse(count=TokenCount(tokens, is_exact), context_tokens=context, **more)  # type: ignore[arg-type]  # fields of it


def pixels(gauge: ContextGauge) -> frozenset[tuple[int, int]]:
    """What is not ground."""
    image = gauge.grab().toImage()
    ground = image.pixel(0, 0)
    spots = itertools.product(range(image.width()), range(image.height()))
    return frozenset((x, y) for x, y in spots if image.pixel(x, y) != ground)


def colors_of(gauge: ContextGauge) -> set[str]:
    gauge.resize(gauge.sizeHint())
    image = gauge.grab().toImage()
    return {QColor(image.pixel(x, y)).name() for x in range(24) for y in range(image.height())}


@pytest.mark.parametrize(
    ("shown", "words"),
    [
        (use(cost=0.0312), "12 % of 128k · $0.031"),
        (use(is_exact=False), "≈ 12 % of 128k"),
        (use(tokens=40), "under 1 % of 128k"),
        (use(tokens=1204, context=None), "1,204 tokens"),
        (use(tokens=1, context=None, is_free=True), "1 token · free"),
        (use(left_out=12, tokens=100_000), "78 % of 128k · 12 messages not sent"),
        (use(tokens=0), ""),
        (use(tokens=0, cost=0.5), "$0.500"),
        (None, ""),
    ],
)
def test_it_says_it_in_a_few_words(gauge: ContextGauge, shown: ContextUse | None, words: str) -> None:
    gauge.show_use(shown)
    assert gauge.text == words
    assert gauge.isHidden() is not bool(words)


def test_an_unknown_cost_is_not_shown_as_nothing(gauge: ContextGauge) -> None:
    gauge.show_use(use(cost=None, unpriced=3))
    assert "$" not in gauge.text
    assert "free" not in gauge.text
    gauge.show_use(use(cost=0.02, unpriced=3))
    assert "3 answers whose price is not known" in gauge.toolTip()


def test_near_the_limit_it_warns(gauge: ContextGauge, theme: Theme) -> None:
    gauge.show_use(use(tokens=101_000))
    assert theme.palette.warning not in colors_of(gauge)
    gauge.show_use(use(tokens=103_000))
    assert theme.palette.warning in colors_of(gauge)
    gauge.show_use(use(tokens=90_000, left_out=1))
    assert theme.palette.warning in colors_of(gauge)


def test_its_tooltip_has_the_details_and_so_has_a_screen_reader(gauge: ContextGauge) -> None:
    gauge.show_use(use(left_out=2, cost=0.5, is_exact=False))
    assert gauge.toolTip().splitlines() == [
        "The next message sends ≈ 15,360 tokens: 12 % of the 128,000 the model reads",
        "The 2 oldest messages are not sent: they do not fit the model's context",
        "Estimated: this model's own way of counting is not known exactly",
        "This conversation has cost $0.500 so far",
    ]
    assert gauge.accessibleDescription() == gauge.toolTip()
    assert "<" not in gauge.toolTip(), "Qt would take it for markup"


def test_in_a_narrow_window_the_ring_stays(gauge: ContextGauge) -> None:
    """The words go a part at a time, none of them is cut; in the end the model's name has all the room."""
    gauge.show_use(use(cost=0.5))
    shown: list[frozenset[tuple[int, int]]] = []
    for width in range(gauge.sizeHint().width(), 30, -10):
        gauge.resize(width, gauge.height())
        if not shown or pixels(gauge) != shown[-1]:
            shown.append(pixels(gauge))
    assert len(shown) == 3, "all of it, the context, the ring"
    assert gauge.minimumSizeHint().width() == 0
    gauge.resize(20, gauge.height())
    assert not pixels(gauge)


@pytest.mark.parametrize(
    ("cost", "words"),
    [
        (0.0, "free"),
        (0.00001, "under $0.0001"),
        (0.0042, "$0.0042"),
        (0.0099, "$0.0099"),
        (0.031, "$0.031"),
        (0.9949, "$0.995"),
        (1.2399, "$1.24"),
        (1240.2, "$1,240"),
    ],
)
def test_money_is_written_as_exactly_as_it_is_of_use(cost: float, words: str) -> None:
    assert dollars(cost) == words


def test_numbers_are_short() -> None:
    numbers = (0, 9_999, 10_000, 99_949, 99_951, 999_949, 1_800_000)
    assert [short(each) for each in numbers] == ["0", "9,999", "10.0k", "99.9k", "100k", "1000k", "1.80M"]
    assert percent(0.0) == "0 %"
    assert percent(1.25) == "125 %"
