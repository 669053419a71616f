"""The events of a streamed completion, as bytes."""

import json
from typing import Any

from tests.fake_provider.text import reasoning_text, token_text


class EventEncoder:
    """Built once per reply, so that a token costs a few microseconds at 10,000 a second."""

    def __init__(
        self, *, request: int, model: str, seed: int, reasoning: int, include_usage: bool, line_end: str
    ) -> None:
        self._seed = seed
        self._reasoning = reasoning
        self._include_usage = include_usage
        self._line_end = line_end.encode()
        fixed = {"id": f"chatcmpl-{request}", "object": "chat.completion.chunk", "created": 1_700_000_000}
        self._fixed: dict[str, Any] = {**fixed, "model": model}
        # One event serialised with a mark in place of the text, then cut at the mark.
        content, reasoned = ({"content": "\0"}, {"reasoning_content": "\0"})
        self._content_around = self.choice(content).split(b'"\\u0000"')
        self._reasoning_around = self.choice(reasoned).split(b'"\\u0000"')

    def tokens(self, first: int, last: int) -> bytes:
        """Tokens [first, last) as one event, or as two where the reasoning ends between them."""
        border = min(max(self._reasoning, first), last)
        events = b""
        if first < border:
            text = "".join(reasoning_text(index, self._seed) for index in range(first, border))
            events += self._around(self._reasoning_around, text)
        if border < last:
            indices = range(border - self._reasoning, last - self._reasoning)
            text = "".join(token_text(index, self._seed) for index in indices)
            events += self._around(self._content_around, text)
        return events

    def choice(self, delta: dict[str, str], finish_reason: str | None = None) -> bytes:
        body = {**self._fixed, "choices": [{"index": 0, "delta": delta, "finish_reason": finish_reason}]}
        if self._include_usage:
            body["usage"] = None
        return self.data(json.dumps(body))

    def without_choices(self, **fields: object) -> bytes:
        return self.data(json.dumps({**self._fixed, "choices": [], **fields}))

    def data(self, value: str | bytes) -> bytes:
        text = value.encode() if isinstance(value, str) else value
        return b"data: " + text + self._line_end * 2

    def comment(self, value: str) -> bytes:
        return f": {value}".encode() + self._line_end * 2

    def _around(self, around: list[bytes], text: str) -> bytes:
        before, after = around
        return before + json.dumps(text, ensure_ascii=False).encode() + after


def usage_of(*, prompt: int, completion: int, reasoning: int) -> dict[str, Any]:
    return {
        "prompt_tokens": prompt,
        "completion_tokens": completion,
        "total_tokens": prompt + completion,
        "prompt_tokens_details": {"cached_tokens": 0},
        "completion_tokens_details": {"reasoning_tokens": reasoning},
    }
