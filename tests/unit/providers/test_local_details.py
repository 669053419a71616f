"""What a server on this computer says of itself counts before what its model could do."""

import asyncio
import json
from collections.abc import Mapping

import pytest

from app.domain.model import ModelInfo
from app.domain.provider import Endpoint, Secret
from app.providers.openai_compatible import OpenAICompatibleProvider
from tests.unit.providers import listed
from tests.unit.providers.small_servers import Listen, Serve, answering

# Shapes: docs.ollama.com/api (show, ps); lmstudio.ai/docs/developer/rest/endpoints; llama.cpp tools/server/README.md;
# koboldcpp.py. Read 2026-11-28.
SHOWN: Mapping[str, object] = {
    "llama3.2:latest": {"capabilities": ["completion", "tools"], "parameters": 'stop "<|x|>"\nnum_ctx     8192'},
    "gemma3:4b": {"capabilities": ["completion", "vision"], "model_info": {"gemma3.context_length": 131_072}},
    "snowflake-arctic": {"capabilities": ["embedding"]},
}
RUNNING = {"models": [{"name": "gemma3:4b", "model": "gemma3:4b", "size": 1, "context_length": 4096}]}


def as_bytes(**pages: object) -> dict[str, bytes]:
    return {"/" + path.replace("__", "/"): json.dumps(page).encode() for path, page in pages.items()}


async def ollama(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    head = await reader.readuntil(b"\r\n\r\n")
    path = head.split()[1].decode()
    models = [{"id": name, "object": "model", "owned_by": "library"} for name in SHOWN]
    pages = as_bytes(v1__models={"object": "list", "data": models}, api__ps=RUNNING)
    if path == "/api/show":
        assert head.startswith(b"POST ")
        length = next(int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
        name = json.loads(await reader.readexactly(length))["model"]
        pages["/api/show"] = json.dumps(SHOWN[name]).encode()
    again = asyncio.StreamReader()
    again.feed_data(head)
    await answering(pages)(again, writer)


async def models_at(port: int) -> dict[str, ModelInfo]:
    endpoint = Endpoint(
        name="local", base_url=f"http://127.0.0.1:{port}/v1", api_key=Secret("sk-canary-0123456789"), is_local=True
    )
    provider = OpenAICompatibleProvider(endpoint)
    async with asyncio.timeout(10):
        models = await provider.list_models()
    await provider.aclose()
    return {model.id: model for model in models}


async def test_ollama_tells_what_is_loaded_what_is_set_and_what_a_model_can_do(listen: Listen) -> None:
    models = await models_at(await listen(ollama))
    assert list(models) == ["llama3.2:latest", "gemma3:4b"], "one that only embeds is not offered"
    llama, gemma = models.values()
    assert (llama.context_tokens, llama.uses_tools, llama.reads_images, llama.reasons) == (8192, True, False, False)
    assert (gemma.context_tokens, gemma.uses_tools, gemma.reads_images) == (4096, False, True)


async def test_lm_studio_tells_what_is_loaded(listen: Listen) -> None:
    ids = [entry["id"] for entry in listed.LM_STUDIO_V0["data"]]
    data = [{"id": each, "object": "model", "owned_by": "organization_owner"} for each in ids]
    pages = as_bytes(v1__models={"data": data}, api__v0__models=listed.LM_STUDIO_V0)
    models = await models_at(await listen(answering(pages)))
    assert [(each.id, each.context_tokens) for each in models.values()] == [
        ("qwen2-vl-7b-instruct", 32_768),
        ("qwen3-8b", 4_096),
    ]


async def test_llama_cpp_tells_how_much_it_was_started_with(listen: Listen) -> None:
    props = {"default_generation_settings": {"n_ctx": 8192}, "modalities": {"vision": True, "audio": False}}
    (model,) = (await models_at(await listen(answering(as_bytes(v1__models=listed.LLAMA_CPP, props=props))))).values()
    assert (model.context_tokens, model.reads_images) == (8192, True)


async def test_koboldcpp_tells_how_much_it_was_started_with(listen: Listen) -> None:
    data = [{"id": "koboldcpp/gemma", "owned_by": "koboldcpp"}]
    pages = as_bytes(v1__models={"data": data}, api__extra__true_max_context_length={"value": 16_384})
    (model,) = (await models_at(await listen(answering(pages)))).values()
    assert model.context_tokens == 16_384


@pytest.mark.parametrize("props", [b"", b"<html>", b'{"default_generation_settings":{"n_ctx":-5}}', b"[1,", b"null"])
async def test_nonsense_changes_nothing(listen: Listen, props: bytes) -> None:
    pages = {**as_bytes(v1__models=listed.LLAMA_CPP), "/props": props}
    (model,) = (await models_at(await listen(answering(pages)))).values()
    assert model == ModelInfo(id="gemma-3-4b", context_tokens=131_072)


async def test_silence_costs_a_moment_and_changes_nothing(listen: Listen, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.providers.local_details.LIMIT_S", 0.1)
    lists = answering(as_bytes(v1__models=listed.LLAMA_CPP))

    async def silent_beside_the_list(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        if b"/v1/models" not in head:
            await reader.read()
            return
        again = asyncio.StreamReader()
        again.feed_data(head)
        await lists(again, writer)

    (model,) = (await models_at(await listen(silent_beside_the_list))).values()
    assert model.context_tokens == 131_072


async def test_the_key_goes_to_the_list_only(listen: Listen) -> None:
    heads: list[bytes] = []

    def noting(serve: Serve) -> Serve:
        async def note(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            heads.append(await reader.readuntil(b"\r\n\r\n"))
            again = asyncio.StreamReader()
            again.feed_data(heads[-1])
            await serve(again, writer)

        return note

    await models_at(await listen(noting(answering(as_bytes(v1__models=listed.LLAMA_CPP, props={})))))
    assert [b"canary" in head for head in heads] == [True, False]
