"""The JSON of the OpenAI protocol, as far as we read it. Unknown fields are passed over."""

import msgspec


class WireDelta(msgspec.Struct):
    content: str | None = None
    reasoning_content: str | None = None  # DeepSeek, vLLM, llama.cpp
    reasoning: str | None = None  # OpenRouter, Groq


class WireChoice(msgspec.Struct):
    delta: WireDelta | None = None
    message: WireDelta | None = None  # a server that does not stream answers with a whole message
    finish_reason: str | None = None


class WireUsage(msgspec.Struct):
    prompt_tokens: int | None = None
    completion_tokens: int | None = None


class WireChunk(msgspec.Struct):
    choices: list[WireChoice] | None = None
    usage: WireUsage | None = None
    error: msgspec.Raw = msgspec.Raw()  # empty where there is none


class WireModel(msgspec.Struct):
    id: str


class WireModels(msgspec.Struct):
    data: list[WireModel]


decode_chunk = msgspec.json.Decoder(WireChunk).decode
decode_models = msgspec.json.Decoder(WireModels).decode
