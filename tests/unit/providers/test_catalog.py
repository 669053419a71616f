"""What a provider does after a disconnect is said with a date and a source, or said to be unknown."""

from datetime import date

import pytest

from app.domain.billing import AfterDisconnect
from app.domain.provider_config import Preset
from app.providers.catalog import (
    BUILT_IN_BILLING,
    CATALOG,
    NOTHING_KNOWN,
    OPENROUTER_BILLING_GOES_ON,
    OPENROUTER_BILLING_STOPS,
    CatalogRow,
    billing_after_disconnect,
)
from app.providers.presets import PRESETS

STOPS, GOES_ON, UNKNOWN = AfterDisconnect.STOPS, AfterDisconnect.GOES_ON, AfterDisconnect.UNKNOWN


@pytest.mark.parametrize(
    ("base_url", "provider", "after_disconnect"),
    [
        ("https://api.openai.com/v1", "OpenAI", UNKNOWN),
        ("https://eu.api.openai.com/v1", "OpenAI", UNKNOWN),
        ("https://acme.openai.azure.com/openai/v1/", "Azure", UNKNOWN),
        ("https://api.anthropic.com/v1/", "Anthropic", UNKNOWN),
        ("https://openrouter.ai/api/v1", "OpenRouter", UNKNOWN),
        ("https://api.groq.com/openai/v1", "Groq", UNKNOWN),
        ("https://generativelanguage.googleapis.com/v1beta/openai/", "Google", GOES_ON),
        ("https://europe-west4-aiplatform.googleapis.com/v1", "Google", GOES_ON),
        ("https://api.mistral.ai/v1", "Mistral", UNKNOWN),
        ("https://bedrock-runtime.eu-west-1.amazonaws.com/openai/v1", "Bedrock", GOES_ON),
        ("https://api.deepseek.com", "DeepSeek", UNKNOWN),
        ("https://api.x.ai/v1", "xAI", UNKNOWN),
        ("https://api.together.xyz/v1", "Together", UNKNOWN),
        ("https://api.fireworks.ai/inference/v1", "Fireworks", UNKNOWN),
        ("http://localhost:8000/v1", "vLLM", STOPS),
        ("http://localhost:1234/v1", "LM Studio", STOPS),
        ("http://localhost:5001/v1", "KoboldCpp", STOPS),
        ("http://localhost:1337/v1", "Jan", UNKNOWN),
        ("http://localhost:4891/v1", "GPT4All", UNKNOWN),
        ("http://127.0.0.1:8080/v1", "llama.cpp", STOPS),
        ("http://[::1]:11434/v1", "Ollama", STOPS),
    ],
)
def test_a_known_provider_is_found_by_its_address(
    base_url: str, provider: str, after_disconnect: AfterDisconnect
) -> None:
    fact = billing_after_disconnect(base_url)
    assert (fact.provider, fact.after_disconnect) == (provider, after_disconnect)


@pytest.mark.parametrize(
    "base_url",
    [
        "HTTPS://API.OpenAI.com:443/v1",
        "https://api.openai.com./v1",
    ],
)
def test_an_address_may_be_written_in_many_ways(base_url: str) -> None:
    assert billing_after_disconnect(base_url).provider == "OpenAI"


@pytest.mark.parametrize(
    "base_url",
    [
        "https://example.org/v1",
        "https://api.openai.com.example.org/v1",
        "https://example.org/api.openai.com/v1",
        "https://notopenrouter.ai/api/v1",
        "https://api.openai.com@example.org/v1",
    ],
)
def test_an_address_that_only_resembles_a_known_one_is_unknown(base_url: str) -> None:
    assert billing_after_disconnect(base_url) is NOTHING_KNOWN
    assert NOTHING_KNOWN.after_disconnect is UNKNOWN


@pytest.mark.parametrize("base_url", ["", "nonsense", "http://[::1", "http://localhost:port/v1", "http://a:99999999/"])
def test_what_is_no_address_is_unknown_and_no_error(base_url: str) -> None:
    assert billing_after_disconnect(base_url) is NOTHING_KNOWN


@pytest.mark.parametrize(
    "base_url",
    [
        "http://example.org:8000/v1",  # somebody else's server may charge for what it does
        "http://192.168.1.7:11434/v1",
        "http://localhost:4000/v1",
        "http://localhost/v1",
    ],
)
def test_a_server_is_taken_for_a_usual_one_only_on_this_computer_and_at_its_port(base_url: str) -> None:
    assert billing_after_disconnect(base_url) is NOTHING_KNOWN


def test_a_port_is_a_hint_and_no_proof() -> None:
    assert billing_after_disconnect("http://localhost:8000/v1").sentence.startswith("If this is vLLM")


@pytest.mark.parametrize("row", CATALOG, ids=lambda row: row.fact.provider)
def test_each_row_has_a_date_a_public_source_and_one_way_to_be_found(row: CatalogRow) -> None:
    assert row.fact.checked is not None
    assert date(2026, 11, 22) <= row.fact.checked
    assert row.fact.source.startswith("https://")
    assert bool(row.hosts) != (row.loopback_port is not None)


@pytest.mark.parametrize("row", CATALOG, ids=lambda row: row.fact.provider)
def test_each_sentence_says_what_its_row_says(row: CatalogRow) -> None:
    beginning = {
        STOPS: ("If this is ",),
        GOES_ON: ("Billing goes on: ",),
        UNKNOWN: ("Not known whether ", "It depends on "),
    }[row.fact.after_disconnect]
    assert row.fact.sentence.startswith(beginning)
    assert row.fact.sentence.endswith(".")
    assert len(row.fact.sentence) < 200


@pytest.mark.parametrize(
    ("base_url", "report"),
    [
        ("https://api.anthropic.com", "reports that it does."),
        ("https://api.x.ai/v1", "reports that it does."),
        ("https://api.groq.com", "reports that it goes on."),
    ],
)
def test_a_silent_provider_is_unknown_but_the_report_of_another_is_told(base_url: str, report: str) -> None:
    fact = billing_after_disconnect(base_url)
    assert fact.after_disconnect is UNKNOWN
    assert fact.sentence.endswith(report)


def test_openrouter_names_the_providers_it_stops_at_and_counts_the_others() -> None:
    sentence = billing_after_disconnect("https://openrouter.ai/api/v1").sentence
    assert "stops with OpenAI, Azure, Anthropic and 21 others" in sentence
    assert "goes on with AWS Bedrock, Google, Groq, Mistral and 20 others" in sentence
    assert not set(OPENROUTER_BILLING_STOPS) & set(OPENROUTER_BILLING_GOES_ON)


def test_the_built_in_model_costs_nothing() -> None:
    assert BUILT_IN_BILLING.after_disconnect is STOPS
    assert "nothing is billed" in BUILT_IN_BILLING.sentence


@pytest.mark.parametrize(
    "preset", [each for each in PRESETS if each.checked and each.is_addable], ids=lambda each: each.id
)
def test_each_provider_that_is_offered_has_a_row(preset: Preset) -> None:
    if preset.id not in {"text-generation-webui", "localai"}:  # nothing found; at llama.cpp's port
        assert billing_after_disconnect(preset.base_url).provider in {preset.name, "Azure", "Google"}
