"""Servers on this computer that speak the OpenAI protocol, found at the ports they usually have."""

import asyncio
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from app.domain.errors import NotAnOpenAIServer
from app.domain.provider_config import LocalServer
from app.providers.model_entry import Entry
from app.providers.model_list import models_of, parse_entries
from app.providers.plain_http import PlainAnswer, ask
from app.providers.presets import PRESETS
from app.providers.server_kinds import QUESTIONS, kind_by_owners, kind_by_program

PORTS = (11434, 1234, 8080, 8000, 1337, 4891, 5001)
LIMIT_S = 0.3
MAX_MODELS = 200
_HOSTS = ("127.0.0.1", "::1")
_RESERVE_S = 0.03  # before the limit: what is known by then is told
_MAY_BE_ONE = frozenset({200, 401, 403})  # 401 and 403: it wants a key


async def find_local_servers(
    ports: Collection[int] = PORTS, *, except_ports: Collection[int] = (), limit_s: float = LIMIT_S
) -> tuple[LocalServer, ...]:
    """
    Look at all ports at once, for `limit_s`. A server is told by its answer, not by its port.

    Only this computer is asked, over IPv4 and IPv6, and never through a proxy; no redirect is followed and no key is
    sent. Whoever is silent, floods, hangs up or answers something else is left out. One that wants a key is told
    without models, if it can be told what it is. Never raises; a cancel closes all connections.
    """
    until_s = asyncio.get_running_loop().time() + limit_s - _RESERVE_S
    places = [(host, port) for port in dict.fromkeys(ports) if port not in except_ports for host in _HOSTS]
    found = await asyncio.gather(*(_look(host, port, until_s) for host, port in places))
    return tuple(_each_once(server for server in found if server is not None))


async def _look(host: str, port: int, until_s: float) -> LocalServer | None:
    listed = await _ask(host, port, "/v1/models", until_s)
    if listed is None or listed.status not in _MAY_BE_ONE:
        return None
    entries = await _entries(listed, until_s) if listed.status == 200 else ()
    if entries is None:
        return None
    kind = kind_by_owners(_owners(entries)) or kind_by_program(listed) or await _kind(host, port, until_s)
    wants_key = listed.status != 200
    if wants_key and not kind:
        return None
    base_url = f"http://{f'[{host}]' if ':' in host else host}:{port}/v1"
    return LocalServer(base_url, _NAMES.get(kind, f"Server at port {port}"), kind, _models(entries), wants_key)


async def _entries(listed: PlainAnswer, until_s: float) -> Sequence[Entry] | None:
    """Read a list in a thread: one made to be slow must not hold up the window. None for what is no list."""
    try:
        async with asyncio.timeout_at(until_s):
            return await asyncio.get_running_loop().run_in_executor(None, parse_entries, listed.body)
    except (NotAnOpenAIServer, TimeoutError):
        return None


async def _kind(host: str, port: int, until_s: float) -> str:
    """Ask all questions at once. Returns the preset of the first that is answered, "" for none."""
    paths = list(dict.fromkeys(question.path for question in QUESTIONS))
    answers = await asyncio.gather(*(_ask(host, port, path, until_s) for path in paths))
    by_path = dict(zip(paths, answers, strict=True))
    for question in QUESTIONS:
        answer = by_path[question.path]
        if answer is not None and answer.status == 200 and question.is_answer(answer):
            return question.preset
    return ""


async def _ask(host: str, port: int, path: str, until_s: float) -> PlainAnswer | None:
    """Return the answer, None if there is none in time that can be read."""
    try:
        async with asyncio.timeout_at(until_s):
            return await ask(host, port, path)
    except (OSError, ValueError):  # TimeoutError is an OSError
        return None


def _owners(entries: Iterable[Entry]) -> set[str]:
    return {entry.owned_by for entry in entries if isinstance(entry.owned_by, str)}


def _models(entries: Iterable[Entry]) -> tuple[str, ...]:
    return tuple(model.id for model in models_of(entries))[:MAX_MODELS]


def _each_once(servers: Iterable[LocalServer]) -> Iterator[LocalServer]:
    """Leave out what answers at both loopback addresses of a port in the same way: it is one server."""
    seen: set[tuple[str, str, tuple[str, ...]]] = set()
    for server in servers:
        same = (server.base_url.rpartition(":")[2], server.preset, server.models)
        if same not in seen:
            seen.add(same)
            yield server


_NAMES: Mapping[str, str] = {preset.id: preset.name for preset in PRESETS if preset.id}
