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


class WirePromptDetails(msgspec.Struct):
    cached_tokens: int | None = None


class WireCompletionDetails(msgspec.Struct):
    reasoning_tokens: int | None = None


class WireUsage(msgspec.Struct):
    """Some send it with each chunk, summed up so far (xAI), or after the finish_reason in one without choices."""

    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    total_tokens: int | None = None
    prompt_tokens_details: WirePromptDetails | None = None
    completion_tokens_details: WireCompletionDetails | None = None
    prompt_cache_hit_tokens: int | None = None  # DeepSeek
    reasoning_tokens: int | None = None  # Perplexity, Together

    @property
    def cached(self) -> int | None:
        told = self.prompt_tokens_details.cached_tokens if self.prompt_tokens_details else None
        return told if told is not None else self.prompt_cache_hit_tokens

    @property
    def reasoning(self) -> int | None:
        told = self.completion_tokens_details.reasoning_tokens if self.completion_tokens_details else None
        return told if told is not None else self.reasoning_tokens

    @property
    def completion(self) -> int | None:
        """
        With what was thought, as it is billed.

        xAI leaves the thinking out of `completion_tokens`, and out of nothing else: its total tells.
        """
        written, thought = self.completion_tokens, self.reasoning
        if written is None or not thought or self.prompt_tokens is None or self.total_tokens is None:
            return written
        return written + thought if self.total_tokens == self.prompt_tokens + written + thought else written


class WireChunk(msgspec.Struct):
    choices: list[WireChoice] | None = None
    usage: msgspec.Raw = msgspec.Raw()  # read by decode_usage: one that is not as it should be spoils no answer
    error: msgspec.Raw = msgspec.Raw()  # empty where there is none


decode_chunk = msgspec.json.Decoder(WireChunk).decode
_usage_decoder: msgspec.json.Decoder[WireUsage | None] = msgspec.json.Decoder(WireUsage | None)


def decode_usage(raw: msgspec.Raw) -> WireUsage | None:
    """Return what a chunk says of tokens, None if that is nothing or can't be understood."""
    if not raw:
        return None
    try:
        return _usage_decoder.decode(raw)
    except msgspec.ValidationError:
        return None
