"""Settings › Usage: what was used, by model and by day, with everything that is not known said."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta

import pytest

from app.domain.model import ProviderId
from app.domain.usage_report import DayOfModel, UsageSum
from app.engine.events import UsageSummed
from app.ui.settings.page import Page
from app.ui.settings.usage_page import UsagePage
from app.ui.settings.usage_table import cells_of
from tests.ui.settings.conftest import Hand

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # the offscreen platform

TODAY = date(2026, 11, 28)


def a_day(ago: int, model: str, total: UsageSum, provider: str = "openai") -> DayOfModel:
    return DayOfModel(day=TODAY - timedelta(days=ago), provider_id=ProviderId(provider), model=model, total=total)


@pytest.fixture
def page() -> UsagePage:
    return UsagePage(lambda provider_id: {"openai": "OpenAI"}.get(provider_id, ""))


@pytest.fixture
def hand(opened: Callable[[Sequence[Page]], Hand], page: UsagePage) -> Hand:
    return opened([page])


def test_days_and_models_are_summed_up(hand: Hand) -> None:
    small = UsageSum(answers=2, stopped=1, prompt_tokens=1000, completion_tokens=50, cost=0.25)
    large = UsageSum(answers=1, prompt_tokens=20_000, completion_tokens=700, cost=2.0)
    hand.dialog.take(UsageSummed(TODAY, (a_day(0, "large", large), a_day(1, "small", small), a_day(5, "small", small))))
    texts = hand.texts()
    by_model = texts[texts.index("Model") : texts.index("By day")]
    assert by_model[:5] == ["Model", "Answers", "In", "Out", "Cost"]
    assert by_model[5:11] == ["large", "OpenAI", "1", "20.0k", "700", "$2.00"]
    assert by_model[11:17] == ["small", "OpenAI", "4", "2,000", "100", "$0.50"]
    by_day = texts[texts.index("Day") :]
    assert [by_day[at] for at in (5, 10, 15)] == ["Today", "Yesterday", "Mon 23 Nov"]
    assert "22.0k" in texts
    assert "$2.50" in texts
    assert "5 answers, 2 of them stopped: what came is counted. What was deleted is not counted any more." in texts


def test_what_was_estimated_and_what_is_not_known_is_said(hand: Hand) -> None:
    total = UsageSum(answers=3, estimated=2, prompt_tokens=10, completion_tokens=20, cost=0.5, unpriced=1)
    hand.dialog.take(UsageSummed(TODAY, (a_day(0, "m", total),)))
    (notes,) = [text for text in hand.texts() if text.startswith("3 answers")]
    assert "≈ 2 answers had to be counted here" in notes
    assert "? The price of 1 answer is not known." in notes


@pytest.mark.parametrize(
    ("total", "cost"),
    [
        (UsageSum(answers=1, cost=None, unpriced=1), "?"),
        (UsageSum(answers=1, cost=0.0), "free"),
        (UsageSum(answers=2, cost=0.0, unpriced=1), "?"),
        (UsageSum(answers=1, cost=0.0042), "$0.0042"),
        (UsageSum(answers=2, cost=1.5, unpriced=1), "$1.50 + ?"),
        (UsageSum(answers=2, cost=1.5, estimated=1), "≈ $1.50"),
    ],
)
def test_an_unknown_price_is_never_shown_as_nothing(total: UsageSum, cost: str) -> None:
    assert cells_of(total)[3] == cost


def test_nothing_used_is_said_in_a_sentence(hand: Hand) -> None:
    hand.dialog.take(UsageSummed(TODAY, ()))
    assert "Nothing was asked on these days." in hand.texts()


def test_the_page_asks_for_its_numbers_whenever_it_comes_into_sight(hand: Hand, page: UsagePage) -> None:
    asked: list[None] = []
    page.report_requested.connect(lambda: asked.append(None))
    hand.dialog.go_to("usage")
    assert asked


def test_a_models_name_is_shown_as_it_is(hand: Hand) -> None:
    hand.dialog.take(UsageSummed(TODAY, (a_day(0, "<b>x</b>&amp;", UsageSum(answers=1), "gone"),)))
    assert "<b>x</\u200bb>&amp;" in hand.texts()
