"""
What a server wants otherwise than others: known of a few, learnt of the rest from their refusals.

A refusal comes before the first byte of an answer, so the same question can be asked again in other words; what was
learnt holds for as long as the endpoint is connected.
"""

import re
from fnmatch import fnmatchcase

from app.domain.completion import CompletionRequest
from app.domain.network import origin_of
from app.providers.refused import Refused

# OpenAI deprecated max_tokens, and its newer models refuse it (openai's completion_create_params, read 2026-11-28).
_WANT_COMPLETION_TOKENS = ("api.openai.com", "*.api.openai.com", "*.openai.azure.com", "*.services.ai.azure.com")
_REFUSALS = frozenset({400, 422})
_NO_STREAM = re.compile(r"['\"]stream['\"] is not supported")  # GPT4All
_NO_ROOM = re.compile(r"max_tokens or model output limit was reached")
WHOLE_ANSWER_TOKENS = 4096  # asked of a server that does not stream: GPT4All's own limit is 16


class Dialect:
    """How to ask the server of one endpoint."""

    def __init__(self, base_url: str) -> None:
        host = origin_of(base_url).host
        self._limit = "max_tokens"
        if any(fnmatchcase(host, pattern) for pattern in _WANT_COMPLETION_TOKENS):
            self._limit = "max_completion_tokens"
        self._streams = True
        self._counts = True
        self._other_limit_tried = False

    @property
    def streams(self) -> bool:
        """Whether the server answers piece by piece."""
        return self._streams

    def limits(self, request: CompletionRequest) -> dict[str, int]:
        """Return the member that limits the answer, if it is to be limited."""
        tokens = request.max_tokens if self._streams else request.max_tokens or WHOLE_ANSWER_TOKENS
        return {} if tokens is None else {self._limit: tokens}

    def asks_for_count(self) -> bool:
        """Whether the server is asked to count the tokens of a stream."""
        return self._streams and self._counts

    def learn(self, refusal: Refused) -> bool:
        """Note what the server does not understand. Whether it is worth asking again, in other words."""
        if refusal.status not in _REFUSALS:
            return False
        words = refusal.words
        if self._streams and _NO_STREAM.search(words):
            self._streams = False
            return True
        if self.asks_for_count() and "stream_options" in words:
            self._counts = False
            return True
        if not self._other_limit_tried and self._limit in words and not _NO_ROOM.search(words):
            self._other_limit_tried = True
            self._limit = "max_tokens" if self._limit == "max_completion_tokens" else "max_completion_tokens"
            return True
        return False


def has_no_room(refusal: Refused) -> bool:
    """Whether a model gave up because the limit was too small for its thoughts: OpenAI calls that an error."""
    return refusal.status in _REFUSALS and _NO_ROOM.search(refusal.words) is not None
