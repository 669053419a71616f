"""Which way a request leaves this computer: straight, or through which proxy. Loopback is never proxied."""

import urllib.request
from collections.abc import Callable

from app.domain.network import Origin, ProxyAddress, ProxyMode, ProxySetting, is_loopback, origin_of, proxy_address

FindProxy = Callable[[Origin], ProxyAddress | None]


def proxy_for(setting: ProxySetting, origin: Origin) -> ProxyAddress | None:
    """
    Return the proxy for requests to `origin`, None for the straight way. Reads the system's settings each time.

    Raises:
        ValueError: the address of the proxy is none; the message is a sentence for the user.
    """
    if setting.mode is ProxyMode.NONE or is_loopback(origin.host):
        return None
    if setting.mode is ProxyMode.MANUAL:
        return proxy_address(setting.address)
    address = _system_proxy(origin)
    return proxy_address(address) if address else None


def described_way(setting: ProxySetting, base_url: str) -> str:
    """Say how requests to an address leave this computer, without user or password: for Diagnostics."""
    try:
        proxy = proxy_for(setting, origin_of(base_url))
    except ValueError as error:
        return f"unusable: {error}"
    return f"{proxy} ({setting.mode})" if proxy else "no proxy"


def _system_proxy(origin: Origin) -> str:
    """Look at the environment, and on Windows and macOS at the system's settings: the proxy, and its exceptions."""
    if urllib.request.proxy_bypass(f"{origin.host}:{origin.port}") or urllib.request.proxy_bypass(origin.host):
        return ""
    proxies = urllib.request.getproxies()
    return proxies.get(origin.scheme) or proxies.get("all") or ""
