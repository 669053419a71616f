"""
The one question that is asked without the openai client: which models there are.

It goes over the connections that the client's requests go over, so that the first message finds one that is made.
"""

import importlib
from collections.abc import AsyncIterable
from urllib.parse import quote, urlsplit

import httpcore2

from app.domain.errors import NotAnOpenAIServer, WebPageReceived
from app.domain.network import origin_of
from app.domain.provider import Endpoint
from app.providers.bodies import whole
from app.providers.endpoints import key_headers
from app.providers.model_list import MAX_LIST_BYTES
from app.providers.refused import Refused
from app.providers.transport import Transport
from app.version import VERSION

LIST_TIMEOUT_S = 15.0
_ANTHROPIC = "api.anthropic.com"
_STANDING_IN_A_PATH = "/%:@!$&'()*+,;=~[]"


async def list_body(endpoint: Endpoint, transport: Transport) -> bytes:
    """
    Ask for the list of models. Returns its JSON, unread.

    Raises:
        Refused: the server answered with a status that is no success.
        WebPageReceived, AnswerTooLarge, and httpcore2's errors
    """
    response = await transport.send(_request(endpoint))
    assert isinstance(response.stream, AsyncIterable)
    try:
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers}
        if not 200 <= response.status < 300:
            raise Refused(response.status, headers, await whole(response.stream, MAX_LIST_BYTES))
        if "html" in headers.get("content-type", ""):
            raise WebPageReceived("a web page instead of a list of models")
        return await whole(response.stream, MAX_LIST_BYTES)
    finally:
        await response.aclose()


def _request(endpoint: Endpoint) -> httpcore2.Request:
    """
    Raises:
        NotAnOpenAIServer: the base URL is no address.
    """
    parts = urlsplit(endpoint.base_url.strip())
    host = _ascii(parts.hostname or "")
    path = quote(parts.path, safe=_STANDING_IN_A_PATH).rstrip("/") + "/models"
    at = f"[{host}]" if ":" in host else host
    port = None if parts.port == {"http": 80, "https": 443}[parts.scheme] else parts.port
    headers = {
        "host": at if port is None else f"{at}:{port}",
        "accept": "application/json",
        "accept-encoding": "identity",
        "connection": "keep-alive",
        "user-agent": f"belay-chat/{VERSION}",
    }
    headers |= {name.lower(): value for name, value in endpoint.headers}
    headers |= {name.lower(): value for name, value in _list_headers(endpoint).items()}
    return httpcore2.Request(
        "GET",
        httpcore2.URL(scheme=parts.scheme, host=host, port=port, target=path),
        headers=list(headers.items()),
        extensions={"timeout": dict.fromkeys(("connect", "read", "write", "pool"), LIST_TIMEOUT_S)},
    )


def _list_headers(endpoint: Endpoint) -> dict[str, str]:
    """Anthropic's list is not on its OpenAI-compatible side."""
    if endpoint.api_key and origin_of(endpoint.base_url).host == _ANTHROPIC:
        return {"x-api-key": endpoint.api_key.reveal()}
    return key_headers(endpoint)


def _ascii(host: str) -> str:
    """
    Return a host's name as it is asked for, by the rules that the client has.

    Raises:
        NotAnOpenAIServer: it has a character that no name has.
    """
    if host.isascii():
        return host
    idna = importlib.import_module("idna")  # tables of characters that hardly anybody needs
    try:
        name: bytes = idna.encode(host)
    except idna.IDNAError as error:
        raise NotAnOpenAIServer("the base URL is no address") from error
    return name.decode("ascii")
