"""What we ask of a model, and what comes back piece by piece."""

from collections.abc import AsyncGenerator
from enum import StrEnum
from typing import Protocol

from msgspec import Struct

from app.domain.abort import AbortSignal
from app.domain.conversation import Role
from app.domain.model import ModelInfo


class FinishReason(StrEnum):
    """Why the model ended its turn, in the provider's own words."""

    STOP = "stop"
    LENGTH = "length"
    CONTENT_FILTER = "content_filter"
    TOOL_CALLS = "tool_calls"
    OTHER = "other"


class Turn(Struct, frozen=True):
    """One message of the history as the provider gets it."""

    role: Role
    content: str


class CompletionRequest(Struct, frozen=True, kw_only=True):
    model: str
    turns: tuple[Turn, ...]
    max_tokens: int | None = None


class ResponseStarted(Struct, frozen=True):
    """The status line and headers are in. Comes once, before any delta."""


class Delta(Struct, frozen=True):
    """The next piece of the reply. Never empty, and not a token: some servers send sentences."""

    text: str


class ReasoningDelta(Struct, frozen=True):
    """The next piece of what the model thinks before it answers. Never empty."""

    text: str


class Finish(Struct, frozen=True):
    """The last chunk of a stream that ended well. Token counts are the provider's, None where it does not tell."""

    reason: FinishReason
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    cached_tokens: int | None = None  # of the prompt
    reasoning_tokens: int | None = None  # of the completion


Chunk = ResponseStarted | Delta | ReasoningDelta | Finish


class ChatProvider(Protocol):
    """Anything that can stream a completion."""

    def stream(self, request: CompletionRequest, signal: AbortSignal) -> AsyncGenerator[Chunk, None]:
        """
        Yield ResponseStarted, zero or more deltas, then exactly one Finish.

        An abort of `signal` closes the connection before `abort` returns.

        Raises:
            ProviderError: the request failed, before or during the stream.
        """
        ...

    async def list_models(self) -> tuple[ModelInfo, ...]:
        """
        Ask which models there are, in the provider's order.

        Raises:
            ProviderError: it did not answer, or not in a way we understand.
        """
        ...

    async def warm(self) -> None:
        """
        Have a connection ready for the next request, if there is none. No request is sent.

        Raises:
            ProviderError: there is no connection to be had.
        """
        ...

    async def aclose(self) -> None:
        """Close idle connections. Streams must have ended before."""
        ...
