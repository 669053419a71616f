"""What is offered to be set up leads where it says, and says since when that is known."""

from urllib.parse import urlsplit

import pytest

from app.domain.model import BUILT_IN
from app.domain.network import is_loopback, origin_of
from app.domain.provider import AuthStyle
from app.domain.provider_config import Preset
from app.providers.presets import BUILT_IN_PRESET, OWN_ADDRESS, PRESETS

KNOWN = [preset for preset in PRESETS if preset not in (OWN_ADDRESS, BUILT_IN_PRESET)]
WANTED = {
    "OpenAI", "Azure OpenAI", "Anthropic", "Google Gemini", "OpenRouter", "Groq", "DeepSeek", "Mistral", "xAI",
    "Together", "Fireworks", "GitHub Models", "Ollama", "LM Studio", "llama.cpp", "vLLM", "Jan", "LocalAI",
    "KoboldCpp", "Built-in model", "Any OpenAI-compatible address",
}  # fmt: skip


def test_all_that_were_promised_are_there_once() -> None:
    names = [preset.name for preset in PRESETS]
    assert set(names) >= WANTED
    assert len(names) == len(set(names))
    assert len(PRESETS) == len({preset.id for preset in PRESETS})


@pytest.mark.parametrize("preset", KNOWN, ids=lambda preset: preset.id)
def test_each_address_is_well_formed_and_encrypted_unless_it_is_here(preset: Preset) -> None:
    origin = origin_of(preset.base_url)
    assert is_loopback(origin.host) == preset.is_local
    assert origin.scheme == ("http" if preset.is_local else "https")
    assert not preset.base_url.endswith("/")
    parts = urlsplit(preset.base_url)
    assert (parts.query, parts.fragment) == ("", "")


@pytest.mark.parametrize("preset", KNOWN, ids=lambda preset: preset.id)
def test_each_row_has_a_date_and_a_source(preset: Preset) -> None:
    assert preset.checked is not None
    assert preset.source.startswith("https://")


@pytest.mark.parametrize("preset", KNOWN, ids=lambda preset: preset.id)
def test_each_says_what_it_can_do_or_why_it_cannot_be_added(preset: Preset) -> None:
    assert (preset.supports if preset.is_addable else preset.hint).endswith(".")


@pytest.mark.parametrize("preset", [each for each in KNOWN if not each.is_local], ids=lambda preset: preset.id)
def test_where_a_key_is_needed_a_page_to_get_one_is_named(preset: Preset) -> None:
    assert preset.needs_key
    assert preset.key_url.startswith("https://")


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.id or "own")
def test_a_part_to_be_replaced_is_explained(preset: Preset) -> None:
    to_replace = [word for word in urlsplit(preset.base_url).netloc.split(".") if word.isupper()]
    assert all(word in preset.hint for word in to_replace)


def test_azure_takes_its_key_in_a_header_of_its_own() -> None:
    assert {preset.auth for preset in PRESETS if preset.id == "azure-openai"} == {AuthStyle.API_KEY}


def test_what_is_no_more_and_what_is_always_there_cannot_be_added() -> None:
    assert [preset.id for preset in PRESETS if not preset.is_addable] == ["github-models", BUILT_IN]
