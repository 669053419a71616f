"""What the list of models holds, finds and says."""

from datetime import date

import pytest

from app.domain.model import ModelInfo, ModelRef, Price, ProviderId
from app.domain.provider import ProviderPhase, ProviderState
from app.domain.settings import OwnPrice
from app.ui.models.entries import Entry, EntryKind, Offer, entries_of, matching
from app.ui.models.words import facts, short_context, short_price

ONE, TWO = ProviderId("one"), ProviderId("two")


def provider(provider_id: ProviderId, *models: str, phase: ProviderPhase = ProviderPhase.READY) -> ProviderState:
    infos = tuple(ModelInfo(id=each) for each in models)
    return ProviderState(id=provider_id, name=str(provider_id).title(), phase=phase, models=infos)


def texts(entries: tuple[Entry, ...]) -> list[str]:
    return [entry.text for entry in entries]


@pytest.mark.parametrize(
    ("tokens", "shown"),
    [
        (None, ""), (0, ""), (512, "512"), (4096, "4k"), (8192, "8k"), (32_768, "32k"), (128_000, "128k"),
        (131_072, "128k"), (200_000, "200k"), (1_000_000, "1M"), (1_048_576, "1M"), (1_047_576, "1M"),
        (2_097_152, "2M"), (1_500_000, "1.5M"), (16_385, "16k"),
    ],
)  # fmt: skip
def test_a_context_is_written_as_the_makers_write_it(tokens: int | None, shown: str) -> None:
    assert short_context(tokens) == shown


@pytest.mark.parametrize(
    ("price", "shown"),
    [
        (None, ""),
        (Price(input=2.5, output=10), "$2.50 / $10"),
        (Price(input=0, output=0), "Free"),
        (Price(input=0, output=0.4), "$0 / $0.40"),
        (Price(input=0.075, output=0.3), "$0.075 / $0.30"),
        (Price(input=0.05, output=0.08), "$0.05 / $0.08"),
        (Price(input=0.00012, output=150), "$0.00012 / $150"),
    ],
)
def test_a_price_is_in_and_out_for_a_million_tokens(price: Price | None, shown: str) -> None:
    assert short_price(price) == shown


def test_a_price_of_the_table_tells_its_day() -> None:
    info = ModelInfo(id="m", price=Price(input=1, output=2, checked=date(2026, 11, 3)))
    assert facts(info) == ("$1 for a million tokens in, $2 out (as of 3 November 2026)",)


def test_favourites_come_first_in_their_order_and_name_their_provider() -> None:
    stars = (ModelRef(TWO, "c"), ModelRef(ONE, "a"), ModelRef(ProviderId("gone"), "x"))
    rows = entries_of(Offer((provider(ONE, "a", "b"), provider(TWO, "c")), favorites=stars))
    assert texts(rows) == ["Favourites", "c", "a", "One", "a", "b", "Two", "c"]
    assert [row.is_elsewhere for row in rows] == [False, True, True, *[False] * 5]
    assert rows[4].is_favorite


def test_what_was_used_last_is_shown_where_the_list_is_long() -> None:
    recent = (ModelRef(ONE, "m3"), ModelRef(ONE, "m1"))
    short = entries_of(Offer((provider(ONE, "m1", "m2", "m3"),), recent=recent))
    assert "Used last" not in texts(short)
    names = [f"m{number}" for number in range(20)]
    long = entries_of(Offer((provider(ONE, *names),), recent=recent, favorites=(ModelRef(ONE, "m1"),)))
    assert texts(long)[:5] == ["Favourites", "m1", "Used last", "m3", "One"]


def test_a_provider_that_is_not_connected_shows_what_it_listed_earlier() -> None:
    rows = entries_of(Offer((provider(ONE, "a", phase=ProviderPhase.IDLE), provider(TWO, phase=ProviderPhase.IDLE))))
    assert [(row.text, row.kind) for row in rows] == [
        ("One", EntryKind.HEADING), ("a", EntryKind.MODEL), ("Two", EntryKind.HEADING), ("Start Two", EntryKind.START),
    ]  # fmt: skip
    assert rows[-1].ref == ModelRef(TWO, "")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["One", "gpt-4o", "gpt-4o-mini", "Two", "claude-sonnet-4", "Gemini Flash"]),
        ("gpt", ["One", "gpt-4o", "gpt-4o-mini"]),
        ("mini gpt", ["One", "gpt-4o-mini"]),
        ("two", ["Two", "claude-sonnet-4", "Gemini Flash"]),
        ("TWO fla", ["Two", "Gemini Flash"]),
        ("snet", ["Two", "claude-sonnet-4"]),
        ("clsn", ["Two", "claude-sonnet-4"]),
        ("flash gemini-2", ["Two", "Gemini Flash"]),
        ("zebra", ["No model matches"]),
        ("   ", ["One", "gpt-4o", "gpt-4o-mini", "Two", "claude-sonnet-4", "Gemini Flash"]),
    ],
)
def test_words_are_found_in_the_names_of_models_and_providers(query: str, found: list[str]) -> None:
    flash = ModelInfo(id="gemini-2.5-flash", name="Gemini Flash")
    two = ProviderState(
        id=TWO, name="Two", phase=ProviderPhase.READY, models=(ModelInfo(id="claude-sonnet-4"), flash), note="A note"
    )
    rows = entries_of(Offer((provider(ONE, "gpt-4o", "gpt-4o-mini"), two)))
    assert [text for text in texts(matching(rows, query)) if text != "A note"] == found


def test_a_search_shows_no_model_twice() -> None:
    rows = entries_of(Offer((provider(ONE, "gpt-4o", "gpt-4"),), favorites=(ModelRef(ONE, "gpt-4o"),)))
    assert texts(matching(rows, "gpt")) == ["Favourites", "gpt-4o", "One", "gpt-4"]


def test_a_price_of_the_users_stands_before_the_tables() -> None:
    table, mine = Price(input=1, output=2), Price(input=3, output=4)
    one = ProviderState(id=ONE, name="One", models=(ModelInfo(id="a", price=table), ModelInfo(id="b", price=table)))
    own = OwnPrice(provider_id=ONE, model="a", price=mine)
    other = OwnPrice(provider_id=TWO, model="b", price=mine)
    rows = entries_of(Offer((one,), own_prices=(own, other)))
    assert [row.info.price for row in rows if row.info is not None] == [mine, table]
