"""A list of models is understood as its provider means it, and no list, however hostile, does harm."""

import json
import threading
import time
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.domain.errors import NotAnOpenAIServer, ProviderError
from app.domain.model import ModelInfo, Price
from app.providers.chat_names import is_chat_name
from app.providers.model_entry import MAX_NAME_CHARACTERS, MAX_TOKENS
from app.providers.model_list import MAX_LIST_BYTES, MAX_MODELS, models_of, parse_entries, read_list
from tests.unit.providers import listed


def parse_models(body: bytes) -> tuple[ModelInfo, ...]:
    return models_of(parse_entries(body))


def parsed(document: Any) -> tuple[ModelInfo, ...]:
    return parse_models(json.dumps(document).encode())


def test_openrouter_tells_almost_everything() -> None:
    pro, auto, free = parsed(listed.OPENROUTER)
    assert pro == ModelInfo(
        id="google/gemini-3.1-pro-preview",
        name="Google: Gemini 3.1 Pro",
        context_tokens=1_000_000,
        output_tokens=65_536,
        reads_images=True,
        uses_tools=True,
        reasons=True,
        price=Price(input=2, output=12, cached_input=0.2),
    )
    assert (auto.price, auto.uses_tools, auto.reads_images, auto.context_tokens) == (None, False, False, 2_000_000)
    assert free.price == Price(input=0, output=0)
    assert (free.reads_images, free.uses_tools, free.reasons) == (None, None, None)


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (
            listed.MISTRAL,
            ModelInfo(
                id="mistral-medium-2604", context_tokens=262_144, reads_images=True, uses_tools=True, reasons=True
            ),
        ),
        (
            listed.GROQ,
            ModelInfo(id="openai/gpt-oss-120b", context_tokens=131_072, output_tokens=65_536),
        ),
        (
            listed.FIREWORKS,
            ModelInfo(
                id="accounts/fireworks/models/qwen3-vl", context_tokens=262_144, reads_images=True, uses_tools=False
            ),
        ),
        (
            listed.XAI,
            ModelInfo(id="grok-4.5", reads_images=True, price=Price(input=2, output=6, cached_input=0.5)),
        ),
        (
            listed.GITHUB,
            ModelInfo(
                id="openai/gpt-4.1",
                name="OpenAI GPT-4.1",
                context_tokens=1_048_576,
                output_tokens=32_768,
                reads_images=True,
                uses_tools=True,
            ),
        ),
        (listed.GEMINI, ModelInfo(id="models/gemini-3.8-flash", name="Gemini 3.8 Flash")),
        (listed.ANTHROPIC, ModelInfo(id="claude-opus-5-5", name="Claude Opus 5.5", context_tokens=1_000_000)),
        (listed.VLLM, ModelInfo(id="Qwen/Qwen3-8B", context_tokens=32_768)),
        (listed.LLAMA_CPP, ModelInfo(id="gemma-3-4b", context_tokens=131_072)),
        (listed.OLLAMA, ModelInfo(id="llama3.2:latest")),
    ],
    ids=["Mistral", "Groq", "Fireworks", "xAI", "GitHub", "Gemini", "Anthropic", "vLLM", "llama.cpp", "Ollama"],
)
def test_what_each_provider_tells_and_no_more(document: Any, expected: ModelInfo) -> None:
    assert parsed(document) == (expected,)


def test_together_lists_without_an_envelope_and_prices_by_the_million() -> None:
    deepseek, by_the_hour = parsed(listed.TOGETHER)
    assert deepseek.name == "DeepSeek V4 Pro"
    assert deepseek.price == Price(input=1.32, output=3.96)
    assert by_the_hour.price is None, "what is let by the hour is not free"


def test_lm_studio_tells_what_is_loaded_and_who_sees() -> None:
    vision, loaded = parsed(listed.LM_STUDIO_V0)
    assert (vision.reads_images, vision.context_tokens) == (True, 32_768)
    assert (loaded.context_tokens, loaded.uses_tools) == (4_096, True)


def test_the_catalog_fills_in_what_the_list_leaves_out() -> None:
    gemini = "https://generativelanguage.googleapis.com/v1beta/openai"
    (flash,) = read_list(json.dumps(listed.GEMINI).encode(), gemini).models
    assert (flash.context_tokens, flash.reads_images) == (1_048_576, True)
    assert flash.price is not None
    assert flash.price.input == 0.75


@pytest.mark.parametrize(
    "name",
    [
        "text-embedding-3-small", "nomic-embed-text:latest", "whisper-1", "tts-1-hd", "gpt-4o-mini-tts", "dall-e-3",
        "gpt-image-1.5", "omni-moderation-latest", "gpt-4o-transcribe", "gpt-realtime", "gpt-4o-audio-preview",
        "sora-2", "veo-3.1-generate-preview", "imagen-4.0-generate-001", "gemini-2.5-flash-image",
        "gemini-2.5-flash-native-audio-latest", "lyria-3-pro-preview", "gpt-3.5-turbo-instruct", "davinci-002",
        "mistral-ocr-latest", "voxtral-mini-tts-latest", "grok-imagine-image", "BAAI/bge-large-en", "bge-m3:latest",
        "meta-llama/llama-prompt-guard-2-22m", "canopylabs/orpheus-v1-english", "black-forest-labs/FLUX.1-dev", "aqa",
    ],
)  # fmt: skip
def test_a_name_that_says_it_does_not_chat(name: str) -> None:
    assert not is_chat_name(name)


@pytest.mark.parametrize(
    "name",
    [
        "gpt-4o", "gpt-6-sol", "o3", "claude-opus-5-5", "models/gemini-3.8-flash", "grok-4.7", "llama3.2:latest",
        "mistral-large-latest", "deepseek-ai/DeepSeek-V4-Pro", "qwen2.5-coder:7b", "phi-4", "command-r-plus",
        "moonshotai/kimi-k2-instruct", "nvidia/nemotron", "voxtral-small-latest", "meta-llama/Llama-4-Scout-17B",
        "gemma3n:e4b", "olive-7b", "delivery-bot", "smollm2-135m-instruct", "stories15M",
    ],
)  # fmt: skip
def test_a_name_that_may_chat(name: str) -> None:
    assert is_chat_name(name)


def test_what_the_list_says_goes_before_the_name() -> None:
    assert [model.id for model in parsed([{"id": "whisper-chat", "type": "chat"}])] == ["whisper-chat"]
    assert parsed([{"id": "talks", "type": "embedding"}]) == ()


def test_ids_come_once_in_the_providers_order() -> None:
    models = parsed({"data": [{"id": "b", "name": "first"}, {"id": "a"}, {"id": "b", "name": "again"}]})
    assert [(model.id, model.name) for model in models] == [("b", "first"), ("a", "")]


def test_an_entry_of_endless_length_is_left_out() -> None:
    long, short = {"id": "long", "x": "x" * 70_000}, {"id": "short", "x": "x" * 60_000}
    assert [model.id for model in parsed({"data": [long, short]})] == ["short"]


@pytest.mark.parametrize("bad", ["", " a", "a\n", "a\x00", "a\u202eb", "a\u200bb", "x" * 300, 5, None, ["a"], True])
def test_an_id_that_cannot_be_sent_back_or_shown_is_left_out(bad: object) -> None:
    assert [model.id for model in parsed({"data": [{"id": bad}, {"id": "good"}]})] == ["good"]


def test_a_name_is_cleaned_and_cut() -> None:
    (model,) = parsed({"data": [{"id": "a", "name": "\x1b[31mRed\u202e\n" + "x" * 10_000}]})
    assert model.name.startswith("[31mRedx")
    assert len(model.name) == MAX_NAME_CHARACTERS
    assert parsed([{"id": "a", "name": "a"}])[0].name == ""


@pytest.mark.parametrize("wrong", [-1, 0, 0.5, 1e300, "many", None, [], {}, True, MAX_TOKENS + 1])
def test_a_number_that_makes_no_sense_is_not_known(wrong: object) -> None:
    assert parsed([{"id": "a", "context_length": wrong}]) == (ModelInfo(id="a"),)


@pytest.mark.parametrize("wrong", ["-1", "nan", "inf", "1e300", "free", None, [], {}, True, ""])
def test_a_price_that_makes_no_sense_is_not_known(wrong: object) -> None:
    assert parsed([{"id": "a", "pricing": {"prompt": wrong, "completion": "0.1"}}])[0].price is None
    assert parsed([{"id": "a", "pricing": {"prompt": "0.1", "completion": wrong}}])[0].price is None


def test_one_broken_entry_costs_only_itself() -> None:
    body = b'{"data":[{"id":"a"},null,3,"x",[{"id":"no"}],{"id":nonsense},{"id":"\xff"},{"id":"z"}]}'
    assert [model.id for model in parse_models(body)] == ["a", "z"]


@pytest.mark.parametrize(
    "body",
    [b"", b"null", b"{}", b'{"error":"no"}', b"<html>", b'{"data":[{"id":"a"}', b'{"data":"x"}', b'{"object":"data"}',
     b'{"x":{"data":[{"id":"a"}]}}', b'{"data":[{"id":"a\\', b'"', b"\\", b"]", b"}"],
)  # fmt: skip
def test_what_is_no_list_is_told(body: bytes) -> None:
    with pytest.raises(NotAnOpenAIServer):
        parse_models(body)


def test_an_empty_list_is_a_list() -> None:
    assert parse_models(b'{"object":"list","data":null}') == ()
    assert parse_models(b' {"data" : [ ] }') == ()
    assert parse_models(b"[]") == ()


@given(st.binary(max_size=300))
@example(b'{"data":[' + b"[" * 100_000)
@example(b'{"data":[{"id":"a","pricing":' + b"[" * 50_000)
@example(b'{"data":[{"id":"' + b"\\u0000" * 50 + b'"}]}')
def test_no_bytes_do_more_than_fail_as_a_provider(body: bytes) -> None:
    for document in (body, b'{"data":[' + body + b"]}", b'{"data":[{"id":' + body + b"}]}", b"[" + body + b"]"):
        try:
            models = parse_models(document)
        except ProviderError:
            continue
        assert all(model.id.isprintable() for model in models)


_LEAF = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9)
_JSON = _LEAF | st.lists(_LEAF, max_size=3) | st.dictionaries(st.sampled_from(["prompt", "input", "vision"]), _LEAF)
_FIELDS = st.sampled_from(
    [
        "id", "name", "type", "architecture", "capabilities", "context_length", "limits", "meta", "pricing",
        "input_modalities", "supported_parameters", "supports_chat", "top_provider", "max_completion_tokens",
        "prompt_text_token_price", "completion_text_token_price", "display_name", "active",
    ]
)  # fmt: skip


@given(st.lists(st.dictionaries(_FIELDS, _JSON, max_size=5), max_size=3))
def test_no_types_of_fields_do_harm(entries: list[dict[str, Any]]) -> None:
    for entry in entries:
        entry.setdefault("id", "a")
    for model in parsed({"data": entries}):
        assert model.context_tokens is None or 0 < model.context_tokens <= MAX_TOKENS
        assert model.price is None or (model.price.input >= 0 and model.price.output >= 0)


@given(st.lists(st.text(max_size=30).filter(lambda text: "\ud800" not in text), max_size=8), st.integers(0, 3))
def test_strings_cannot_break_out_of_their_place(texts: list[str], indent: int) -> None:
    document = {"note": texts, "data": [{"id": f"m{number}", "x": text} for number, text in enumerate(texts)]}
    body = json.dumps(document, indent=indent, ensure_ascii=False).encode(errors="replace")
    assert [model.id for model in parse_models(body)] == [f"m{number}" for number in range(len(texts))]


HOSTILE = {
    "100,000 models": b'{"data":[' + b",".join(b'{"id":"m%d"}' % number for number in range(100_000)) + b"]}",
    "numbers": b'{"data":[' + b"0," * 4_000_000 + b"0]}",
    "brackets": b'{"data":[' + b"[]," * 2_700_000 + b"[]]}",
    "objects": b'{"data":[' + b"{}," * 2_700_000 + b"{}]}",
    "deep": b'{"data":' + b"[" * 8_000_000,
    "one long string": b'{"a":"' + b"a" * 8_000_000 + b'","data":[]}',
    "escapes": b'{"a":"' + b"\\n" * 4_000_000 + b'","data":[]}',
    "one large entry": b'{"data":[{"id":"a","capabilities":[' + b"0," * 4_000_000 + b"0]}]}",
    "open quotes": b'"\\' * 4_000_000,
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_list_lets_other_threads_go_on(kind: str) -> None:
    """Decoded in one piece they stop everybody for 0.3-0.8 s; here for a few ms, more if the machine is busy."""
    body = HOSTILE[kind]
    assert len(body) <= MAX_LIST_BYTES
    found: list[int] = []

    def read() -> None:
        try:
            found.append(len(parse_models(body)))
        except ProviderError:
            found.append(0)

    reader = threading.Thread(target=read)
    reader.start()
    worst_s, last_s = 0.0, time.process_time()
    while reader.is_alive():
        time.sleep(0.001)
        now_s = time.process_time()
        worst_s, last_s = max(worst_s, now_s - last_s), now_s
    assert found[0] <= MAX_MODELS
    assert worst_s < 0.15


def test_a_list_that_is_too_long_is_not_read() -> None:
    with pytest.raises(NotAnOpenAIServer, match="larger"):
        parse_models(b" " * (MAX_LIST_BYTES + 1))


@pytest.mark.parametrize("kind", ["brackets", "deep"])
def test_a_list_of_nothing_but_brackets_is_given_up(kind: str) -> None:
    with pytest.raises(NotAnOpenAIServer, match=r"too long|too deep"):
        parse_models(HOSTILE[kind])
