"""
The openai client of an endpoint: its headers, its way through the network, and nothing that it adds by itself.

The only module that knows openai. Loading it takes 0.6-0.9 s of a processor and 32 MB, so `client_loading` loads
it, when a message is being written.
"""

from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import httpcore2
import httpx2
import openai
from openai.resources.chat import AsyncChat, AsyncCompletions  # noqa: F401 - else the first message loads them
from openai.types.chat import ChatCompletionMessageParam

from app.domain.completion import CompletionRequest, Turn
from app.domain.conversation import Role
from app.domain.errors import NotAnOpenAIServer
from app.domain.provider import Endpoint
from app.providers.dialect import Dialect
from app.providers.endpoints import key_headers
from app.providers.refused import ClientFailed, Refused
from app.providers.transport import CONNECT_TIMEOUT_S, Transport

WRITE_TIMEOUT_S = 60.0


class Client:
    """Asks an endpoint for completions."""

    def __init__(self, endpoint: Endpoint, transport: Transport, extra_body: Mapping[str, object]) -> None:
        """
        For a thread.

        Raises:
            NotAnOpenAIServer: the base URL is no address.
        """
        with _without_openais_errors():
            client = openai.AsyncOpenAI(
                base_url=endpoint.base_url,
                api_key=endpoint.api_key.reveal() or "none",
                max_retries=0,  # ours are visible
                timeout=openai.Timeout(None, connect=CONNECT_TIMEOUT_S, write=WRITE_TIMEOUT_S, pool=None),
                http_client=httpx2.AsyncClient(transport=_Carried(transport), follow_redirects=False, trust_env=False),
                # A gzip bomb of 300 KB took 1.2 GB.
                default_headers={**dict(endpoint.headers), "Accept-Encoding": "identity"},
            )
        self._completions = client.chat.completions.with_streaming_response
        self._headers = _headers(endpoint)
        self._extra_body = dict(extra_body) or None

    @asynccontextmanager
    async def answer(
        self, request: CompletionRequest, dialect: Dialect
    ) -> AsyncGenerator[openai.AsyncAPIResponse[Any]]:
        """
        Ask, and have the answer as long as the context lasts.

        Raises:
            Refused: the server answered with a status that is no success.
            ClientFailed, and httpcore2's errors
        """
        limits = dialect.limits(request)
        with _without_openais_errors():
            async with self._completions.create(
                model=request.model,
                messages=[_to_param(turn) for turn in request.turns],
                stream=dialect.streams,
                stream_options={"include_usage": True} if dialect.asks_for_count() else openai.omit,
                max_tokens=limits.get("max_tokens", openai.omit),
                max_completion_tokens=limits.get("max_completion_tokens", openai.omit),
                extra_headers=self._headers,
                extra_body=self._extra_body,
            ) as response:
                yield response


class _Carried(httpx2.AsyncBaseTransport):
    """What the client's requests go over. The connections are not its own: `aclose` leaves them alone."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        assert isinstance(request.stream, AsyncIterable)
        url = request.url
        response = await self._transport.send(
            httpcore2.Request(
                method=request.method,
                url=httpcore2.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
                headers=request.headers.raw,
                content=request.stream,
                extensions=request.extensions,
            )
        )
        return httpx2.Response(
            status_code=response.status,
            headers=response.headers,
            stream=_Body(response),
            extensions=response.extensions,
        )


class _Body(httpx2.AsyncByteStream):
    """The same pieces, one layer less: it hands out the iterator below it."""

    def __init__(self, response: httpcore2.Response) -> None:
        self._response = response

    def __aiter__(self) -> AsyncIterator[bytes]:
        assert isinstance(self._response.stream, AsyncIterable)
        return aiter(self._response.stream)

    async def aclose(self) -> None:
        await self._response.aclose()


@contextmanager
def _without_openais_errors() -> Iterator[None]:
    """Raise what `error_map` knows for what the client raises."""
    try:
        yield
    except openai.APIStatusError as error:
        response = error.response
        headers = {name.lower(): value for name, value in response.headers.items()}
        raise Refused(error.status_code, headers, response.content) from error
    except httpx2.InvalidURL as error:
        raise NotAnOpenAIServer("the base URL is no address") from error
    except (openai.OpenAIError, httpx2.HTTPError, httpx2.StreamError) as error:
        raise ClientFailed(str(error)) from error


def _headers(endpoint: Endpoint) -> dict[str, str | openai.Omit]:
    """Return what the key travels in, and what must not be sent."""
    # The client takes these two from variables of the environment, for whatever server it talks to.
    headers: dict[str, str | openai.Omit] = {"OpenAI-Organization": openai.Omit(), "OpenAI-Project": openai.Omit()}
    named = {name.lower() for name, _ in endpoint.headers}
    headers = {name: value for name, value in headers.items() if name.lower() not in named}
    return headers | {"Authorization": openai.Omit()} | key_headers(endpoint)


def _to_param(turn: Turn) -> ChatCompletionMessageParam:
    match turn.role:
        case Role.SYSTEM:
            return {"role": "system", "content": turn.content}
        case Role.USER:
            return {"role": "user", "content": turn.content}
        case Role.ASSISTANT:
            return {"role": "assistant", "content": turn.content}
