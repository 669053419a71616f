"""What a list does not tell comes from tables with dates and sources, or stays unknown."""

from datetime import date

import pytest

from app.domain.model import ModelInfo, Price
from app.providers.known.rows import Maker
from app.providers.known_models import MAKERS, completed, known_model

OPENAI = "https://api.openai.com/v1"
OPENROUTER = "https://openrouter.ai/api/v1"


@pytest.mark.parametrize(
    ("base_url", "model", "dollars"),
    [
        (OPENAI, "gpt-6-sol", (2, 10, 0.2)),
        (OPENAI, "gpt-4o", (2.5, 10, 1.25)),
        (OPENAI, "gpt-4o-2024-11-20", (2.5, 10, 1.25)),
        (OPENAI, "gpt-4o-mini", (0.15, 0.6, 0.075)),
        ("https://api.anthropic.com/v1", "claude-sonnet-4-5-20250929", (3, 15, 0.3)),
        ("https://api.anthropic.com/v1", "claude-opus-5-5", (4, 20, 0.2)),
        ("https://generativelanguage.googleapis.com/v1beta/openai", "models/gemini-3.1-pro-preview", (2, 12, 0.2)),
        ("https://api.x.ai/v1", "grok-4.7", (2, 6, 0.5)),
        ("https://api.deepseek.com", "deepseek-v4-pro", (1.32, 3.96, 0.044)),
        ("https://api.groq.com/openai/v1", "openai/gpt-oss-20b", (0.075, 0.3, 0.0375)),
    ],
)
def test_the_price_of_a_known_model(base_url: str, model: str, dollars: tuple[float, float, float]) -> None:
    price = known_model(base_url, model).price
    assert price is not None
    assert (price.input, price.output, price.cached_input) == dollars


@pytest.mark.parametrize(
    "model",
    ["gpt-4o-ultra", "gpt-5-codex-max", "gpt-4", "gpt-40", "my-gpt-4o", "gpt-5.9", "claude-sonnet-4-5-turbo", "", "/"],
)
def test_a_name_that_only_resembles_a_known_one_is_unknown(model: str) -> None:
    assert known_model(OPENAI, model) == ModelInfo(id=model)


def test_elsewhere_the_abilities_are_the_same_but_the_price_is_not_known() -> None:
    known = known_model(OPENROUTER, "openai/gpt-4o")
    assert (known.id, known.context_tokens, known.reads_images) == ("openai/gpt-4o", 128_000, True)
    assert known.price is None


@pytest.mark.parametrize("base_url", ["http://localhost:11434/v1", "http://[::1]:1234/v1", "http://127.0.0.1:8080/v1"])
def test_of_a_server_on_this_computer_nothing_is_known(base_url: str) -> None:
    assert known_model(base_url, "gpt-oss-20b") == ModelInfo(id="gpt-oss-20b")


@pytest.mark.parametrize("base_url", ["", "nonsense", "ftp://api.openai.com", "https://api.openai.com.example.org/v1"])
def test_no_price_is_told_for_an_address_that_is_not_the_makers(base_url: str) -> None:
    assert known_model(base_url, "gpt-4o").price is None


def test_what_the_list_tells_goes_before_the_table() -> None:
    told = ModelInfo(id="gpt-4o", name="Own", context_tokens=1, reads_images=False, price=Price(input=0, output=0))
    whole = completed(told, OPENAI)
    assert (whole.name, whole.context_tokens, whole.reads_images, whole.price) == ("Own", 1, False, told.price)
    assert (whole.output_tokens, whole.uses_tools, whole.reasons) == (16_384, True, False)


@pytest.mark.parametrize("maker", MAKERS, ids=lambda maker: maker.models[0].names[0])
def test_each_table_has_a_source_and_each_price_a_day(maker: Maker) -> None:
    assert maker.source.startswith("https://")
    assert date(2026, 1, 1) < maker.checked <= date(2026, 11, 28)
    for row in maker.models:
        if row.price is not None:
            assert row.price.checked is not None
            assert row.price.checked <= date(2026, 11, 28)
            assert 0 < row.price.input < row.price.output < 1000
            assert row.price.cached_input is None or 0 < row.price.cached_input < row.price.input


def test_each_name_is_in_one_row_only() -> None:
    names = [name for maker in MAKERS for row in maker.models for name in row.names]
    assert len(names) == len(set(names))
    assert all(name == name.lower() and "/" not in name for name in names)
