"""Servers on this computer are found within 0.3 s, told apart by their answers, whoever else listens there."""

import asyncio
import json
import time
from collections.abc import Mapping

import pytest

from app.domain.completion import ChatProvider
from app.domain.provider import Endpoint
from app.domain.provider_config import LocalServer
from app.providers import plain_http
from app.providers.discovery import LIMIT_S, PORTS, find_local_servers
from app.providers.local_model import LocalModel
from app.providers.openai_compatible import OpenAICompatibleProvider
from tests.unit.providers.small_servers import Listen, Serve, answering


def list_of(*entries: Mapping[str, object]) -> bytes:
    return json.dumps({"object": "list", "data": entries}).encode()


def model(name: str, owner: str = "", **more: object) -> Mapping[str, object]:
    return {"id": name, "object": "model", "created": 1, **({"owned_by": owner} if owner else {}), **more}


# What the servers answer, from their sources as read on 2026-11-28: ollama openai/openai.go and server/routes.go,
# lmstudio.ai/docs/api/rest-api, llama.cpp tools/server, vllm serving, janhq/jan proxy.rs, gpt4all server.cpp,
# koboldcpp.py, LocalAI, text-generation-webui.
SERVERS = {
    "ollama": {
        "/v1/models": list_of(model("llama3.2:latest", "library"), model("nomic-embed-text:latest", "library")),
        "/": b"Ollama is running",
        "/api/version": b'{"version":"0.20.1"}',
    },
    "lm-studio": {
        "/v1/models": list_of(model("qwen3-8b", "organization_owner"), model("text-embed", "organization_owner")),
        "/": b'{"error":"Unexpected endpoint or method. (GET /). Returning 200 anyway"}',
    },
    "llama.cpp": {"/v1/models": list_of(model("gemma-3-4b", "llamacpp", meta={"n_ctx_train": 131072}))},
    "vllm": {
        "/v1/models": list_of(model("Qwen/Qwen3-8B", "vllm", max_model_len=32768)),
        "/version": b'{"version":"0.11"}',
    },
    "gpt4all": {"/v1/models": list_of(model("Llama 3 8B Instruct", "humanity", root="Llama 3 8B Instruct"))},
    "koboldcpp": {
        "/v1/models": list_of(model("koboldcpp/gemma-4", "koboldcpp", root="koboldcpp")),
        "/api/extra/version": b'{"result":"KoboldCpp","version":"1.99"}',
        "/": b"<html>Ollama is running</html>",
        "/props": b'{"default_generation_settings":{"n_ctx":4096}}',
    },
    "jan": {
        "/v1/models": list_of(model("jan-v3-4b", "user")),
        "/": b"<html><script src='/docs/swagger-ui-bundle.js'></script></html>",
    },
    "localai": {"/v1/models": list_of(model("phi-4")), "/system": b'{"backends":["llama-cpp"],"loaded_models":[]}'},
    "text-generation-webui": {
        "/v1/models": list_of(model("None", "user")),
        "/v1/internal/model/info": b'{"model_name":"Qwen3","lora_names":[],"loader":"llama.cpp"}',
    },
    "": {"/v1/models": list_of(model("something"))},
}  # fmt: skip


async def find(*ports: int) -> tuple[LocalServer, ...]:
    began_s = time.monotonic()
    found = await find_local_servers(ports, limit_s=LIMIT_S)
    assert time.monotonic() - began_s < LIMIT_S + 0.7  # one after the other they would take seconds
    return found


@pytest.mark.parametrize("kind", SERVERS, ids=lambda kind: kind or "unknown")
async def test_a_server_is_told_by_its_answer_at_any_port(listen: Listen, kind: str) -> None:
    port = await listen(answering(SERVERS[kind]))
    (server,) = await find(port)
    assert server.preset == kind
    assert server.base_url == f"http://127.0.0.1:{port}/v1"
    assert server.name


async def test_a_server_that_also_answers_like_another_is_not_taken_for_it(listen: Listen) -> None:
    pages = {**SERVERS["koboldcpp"], "/v1/models": list_of(model("gemma-4"))}
    (server,) = await find(await listen(answering(pages)))
    assert server.preset == "koboldcpp"


async def test_its_models_come_along_without_those_that_do_not_chat(listen: Listen) -> None:
    (server,) = await find(await listen(answering(SERVERS["ollama"])))
    assert server == LocalServer(server.base_url, "Ollama", "ollama", ("llama3.2:latest",))


async def test_a_server_without_a_model_is_found(listen: Listen) -> None:
    pages = {**SERVERS["ollama"], "/v1/models": b'{"object":"list","data":null}'}
    (server,) = await find(await listen(answering(pages)))
    assert (server.preset, server.models) == ("ollama", ())


async def test_a_server_that_wants_a_key_is_found_if_it_can_be_told(listen: Listen) -> None:
    async def jan(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        first = await reader.readline()
        is_list = b"/v1/models" in first
        await answering({} if is_list else SERVERS["jan"], others=401)(_again(first, reader), writer)

    (server,) = await find(await listen(jan))
    assert (server.preset, server.models, server.wants_key) == ("jan", (), True)
    assert await find(await listen(answering({}, others=401))) == ()


def _again(first: bytes, reader: asyncio.StreamReader) -> asyncio.StreamReader:
    again = asyncio.StreamReader()
    again.feed_data(first + b"\r\n")
    return again


async def test_all_at_once_take_no_longer_than_one(listen: Listen) -> None:
    ports = [await listen(answering(pages)) for pages in SERVERS.values()]
    found = await find(*ports)
    assert [server.preset for server in found] == list(SERVERS)


async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read()


async def resets(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readline()
    writer.transport.abort()


async def floods(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
    while not writer.is_closing():
        writer.write(b"[" * 65536)
        await writer.drain()


async def drips(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    while not writer.is_closing():
        writer.write(b"{")
        await writer.drain()
        await asyncio.sleep(0.01)


async def garbage(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"\x16\x03\x01\x00" * 50)
    await writer.drain()


HTML = {"/v1/models": b"<!doctype html><title>Sign in</title>"}
REDIRECT = b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:%d/v1/models\r\nContent-Length: 0\r\n\r\n"


@pytest.mark.parametrize(
    "serve",
    [silent, resets, floods, drips, garbage, answering(HTML), answering({"/v1/models": b'{"data":{}}'}), answering({})],
    ids=["silent", "resets", "floods", "drips", "garbage", "html", "no list", "404"],
)
async def test_who_is_no_such_server_costs_the_time_and_is_left_out(listen: Listen, serve: Serve) -> None:
    good = await listen(answering(SERVERS["ollama"]))
    found = await find(await listen(serve), good)
    assert [server.preset for server in found] == ["ollama"]


async def test_a_server_that_is_slow_to_say_what_it_is_is_told_without_its_kind(listen: Listen) -> None:
    async def lists_only(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        first = await reader.readline()
        if b"/v1/models" not in first:
            await reader.read()
        await answering(SERVERS[""])(_again(first, reader), writer)

    (server,) = await find(await listen(lists_only))
    assert (server.preset, server.models) == ("", ("something",))


async def test_no_redirect_is_followed(listen: Listen) -> None:
    asked: list[bytes] = []

    async def target(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.readline())

    elsewhere = await listen(target)

    async def redirects(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        writer.write(REDIRECT % elsewhere)

    assert await find(await listen(redirects)) == ()
    assert asked == []


async def test_no_key_is_sent_and_no_proxy_asked(listen: Listen, monkeypatch: pytest.MonkeyPatch) -> None:
    heads: list[bytes] = []

    async def notes(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heads.append(await reader.readuntil(b"\r\n\r\n"))

    proxy = await listen(notes)
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{proxy}")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-canary-0123456789abcdef")
    port = await listen(notes)
    await find(port)
    assert len(heads) == 1, "nobody asked the proxy"
    assert heads[0].startswith(b"GET /v1/models HTTP/1.0\r\n")
    assert b"canary" not in heads[0]
    assert b"authorization" not in heads[0].lower()


async def test_our_own_child_is_not_offered(listen: Listen) -> None:
    port = await listen(answering(SERVERS["llama.cpp"]))
    assert len(await find_local_servers((port,))) == 1
    assert await find_local_servers((port,), except_ports={port}) == ()


async def test_a_server_that_only_listens_on_ipv6_is_found(listen: Listen) -> None:
    port = await listen(answering(SERVERS["vllm"]), "::1")
    (server,) = await find(port)
    assert server.base_url == f"http://[::1]:{port}/v1"


async def test_a_server_at_both_addresses_is_one(listen: Listen) -> None:
    port = await listen(answering(SERVERS["vllm"]))
    await listen(answering(SERVERS["vllm"]), "::1", port)
    (server,) = await find(port)
    assert server.base_url == f"http://127.0.0.1:{port}/v1"


async def test_two_servers_at_the_two_addresses_of_a_port_are_two(listen: Listen) -> None:
    port = await listen(answering(SERVERS["vllm"]))
    await listen(answering(SERVERS["ollama"]), "::1", port)
    assert [server.preset for server in await find(port)] == ["vllm", "ollama"]


async def test_the_usual_ports_are_looked_at() -> None:
    assert set(PORTS) == {11434, 1234, 8080, 8000, 1337, 4891, 5001}


@pytest.mark.parametrize("cut", [1, 7, 1000])
async def test_an_answer_in_chunks_is_joined(listen: Listen, cut: int) -> None:
    whole = SERVERS["vllm"]["/v1/models"]

    async def in_chunks(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        for begin in range(0, len(whole), cut):
            portion = whole[begin : begin + cut]
            writer.write(f"{len(portion):x}\r\n".encode() + portion + b"\r\n")
        writer.write(b"0\r\n\r\n")
        await reader.read()  # and keeps the connection

    answer = await plain_http.ask("127.0.0.1", await listen(in_chunks), "/v1/models")
    assert answer.body == whole


@pytest.mark.parametrize(
    "sent",
    [b"", b"HTTP/1.1 200", b"SSH-2.0-x\r\n\r\n", b"HTTP/1.1 abc\r\n\r\n", b"HTTP/1.1 \xb2\xb2\xb2 x\r\n\r\n",
     b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\nabc\r\n0\r\n\r\n",
     b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffff\r\nabc\r\n0\r\n\r\n"],
)  # fmt: skip
async def test_what_is_no_http_is_told_as_that(listen: Listen, sent: bytes) -> None:
    async def sends(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        writer.write(sent)

    with pytest.raises(ValueError, match=r"no HTTP|chunks|base 16"):
        await plain_http.ask("127.0.0.1", await listen(sends), "/")


async def test_a_flood_is_not_read_to_its_end(listen: Listen) -> None:
    async with asyncio.timeout(5):
        with pytest.raises(ValueError, match="too long"):
            await plain_http.ask("127.0.0.1", await listen(floods), "/")


async def test_a_real_llama_cpp_server_is_told_though_it_wants_a_key() -> None:
    """The built-in model's server: nobody here wrote what it answers."""
    model = LocalModel(connect_without_asking)
    await model.connect(lambda _fault: None)
    port = model.port or 0
    (server,) = await find(port)
    assert (server.preset, server.name, server.models, server.wants_key) == ("llama.cpp", "llama.cpp", (), True)
    await model.aclose()
    assert await find(port) == ()


async def connect_without_asking(endpoint: Endpoint) -> ChatProvider:
    return OpenAICompatibleProvider(endpoint)
