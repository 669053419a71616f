"""The openai client of an endpoint: its headers, its way through the network, and nothing that it adds by itself."""

import anyio._backends._asyncio  # noqa: F401 - httpcore2 2.16 loads it with its first request: 25-60 ms
import httpx2
import openai

from app.domain.errors import KeyUnavailable, NotAnOpenAIServer, ProxyFailed, SetUpMistaken
from app.domain.extras import body_members, check_headers, is_sendable_key
from app.domain.network import Origin, ProxyAddress, origin_of
from app.domain.provider import AuthStyle, Endpoint
from app.providers.proxies import FindProxy, proxy_for
from app.providers.tls import TlsContexts
from app.providers.transport import Transport

CONNECT_TIMEOUT_S = 10.0
WRITE_TIMEOUT_S = 60.0
_ANTHROPIC = "api.anthropic.com"


def new_transport(endpoint: Endpoint, tls: TlsContexts, find_proxy: FindProxy | None) -> Transport:
    """
    Return the way to an endpoint. For a thread: it may read the trust store, and the system's proxy settings.

    Raises:
        NotAnOpenAIServer: the base URL is no address.
        ProxyFailed: the address of the proxy is none.
        CaFileUnusable
    """
    try:
        origin = origin_of(endpoint.base_url)
    except ValueError as error:
        raise NotAnOpenAIServer(str(error)) from error
    return Transport(origin, tls.trusting(endpoint.ca_file), _proxy(endpoint, origin, find_proxy))


def new_client(endpoint: Endpoint, transport: Transport) -> openai.AsyncOpenAI:
    """
    Raises:
        SetUpMistaken: a header can't be sent.
        KeyUnavailable: the key can't.
    """
    key = endpoint.api_key.reveal()
    if not is_sendable_key(key):
        raise KeyUnavailable("It holds a space, a line break or another character that no key has.")
    try:
        check_headers(endpoint.headers)
    except ValueError as error:
        raise SetUpMistaken(str(error)) from error
    return openai.AsyncOpenAI(
        base_url=endpoint.base_url,
        api_key=key or "none",
        max_retries=0,  # ours are visible
        timeout=openai.Timeout(None, connect=CONNECT_TIMEOUT_S, write=WRITE_TIMEOUT_S, pool=None),
        http_client=httpx2.AsyncClient(transport=transport, follow_redirects=False, trust_env=False),
        default_headers={**dict(endpoint.headers), "Accept-Encoding": "identity"},  # a gzip bomb of 300 KB took 1.2 GB
    )


def auth_headers(endpoint: Endpoint) -> dict[str, str | openai.Omit]:
    """Return what the key travels in, if not in the client's own Authorization, and what that must not send."""
    key = endpoint.api_key.reveal()
    # The client takes these two from variables of the environment, for whatever server it talks to.
    headers: dict[str, str | openai.Omit] = {"OpenAI-Organization": openai.Omit(), "OpenAI-Project": openai.Omit()}
    named = {name.lower() for name, _ in endpoint.headers}
    headers = {name: value for name, value in headers.items() if name.lower() not in named}
    if not key or endpoint.auth is not AuthStyle.BEARER:
        headers["Authorization"] = openai.Omit()
    if key and endpoint.auth is not AuthStyle.BEARER:
        headers[endpoint.auth.value] = key
    return headers


def list_headers(endpoint: Endpoint) -> dict[str, str | openai.Omit]:
    """Return the headers of a request for the list of models: Anthropic's is not on its OpenAI-compatible side."""
    headers = auth_headers(endpoint)
    if endpoint.api_key and origin_of(endpoint.base_url).host == _ANTHROPIC:
        headers |= {"Authorization": openai.Omit(), "x-api-key": endpoint.api_key.reveal()}
    return headers


def extra_body(endpoint: Endpoint) -> dict[str, object] | None:
    """
    Return what is added to each completion request, None for nothing.

    Raises:
        SetUpMistaken: it is no JSON object, or names what is Belay's own.
    """
    try:
        members = body_members(endpoint.body)
    except ValueError as error:
        raise SetUpMistaken(str(error)) from error
    if endpoint.is_built_in:
        # With its progress to tell, llama.cpp notices a closed connection after each batch of the
        # prompt, else once a second: busy after a Stop 0.19-0.49 s against 0.06-1.17 s.
        members["return_progress"] = True
    return members or None


def _proxy(endpoint: Endpoint, origin: Origin, find_proxy: FindProxy | None) -> ProxyAddress | None:
    try:
        return find_proxy(origin) if find_proxy is not None else proxy_for(endpoint.proxy, origin)
    except ValueError as error:
        raise ProxyFailed(str(error)) from error
