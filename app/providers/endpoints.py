"""What is made of an endpoint as it was set up, and what can't be used of it is told, before anything is sent."""

from app.domain.errors import KeyUnavailable, NotAnOpenAIServer, ProxyFailed, SetUpMistaken
from app.domain.extras import body_members, check_headers, is_sendable_key
from app.domain.network import Origin, ProxyAddress, origin_of
from app.domain.provider import AuthStyle, Endpoint
from app.providers.proxies import FindProxy, proxy_for
from app.providers.tls import TlsContexts
from app.providers.transport import Transport


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


def check_sendable(endpoint: Endpoint) -> None:
    """
    Raises:
        SetUpMistaken: a header can't be sent.
        KeyUnavailable: the key can't.
    """
    if not is_sendable_key(endpoint.api_key.reveal()):
        raise KeyUnavailable("It holds a space, a line break or another character that no key has.")
    try:
        check_headers(endpoint.headers)
    except ValueError as error:
        raise SetUpMistaken(str(error)) from error


def key_headers(endpoint: Endpoint) -> dict[str, str]:
    """Return what the key travels in, nothing without a key."""
    key = endpoint.api_key.reveal()
    if not key:
        return {}
    if endpoint.auth is AuthStyle.BEARER:
        return {"Authorization": f"Bearer {key}"}
    return {endpoint.auth.value: key}


def extra_body(endpoint: Endpoint) -> dict[str, object]:
    """
    Return what is added to each completion request.

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
    return members


def _proxy(endpoint: Endpoint, origin: Origin, find_proxy: FindProxy | None) -> ProxyAddress | None:
    try:
        return find_proxy(origin) if find_proxy is not None else proxy_for(endpoint.proxy, origin)
    except ValueError as error:
        raise ProxyFailed(str(error)) from error
