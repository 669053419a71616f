"""
The openai client is loaded in a thread, when the user begins to write, or when a message is sent if that comes first.

An idle window does without it, and what it stands on: 32 MB, and 0.6-0.9 s of a processor.
"""

import gc
import importlib
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING

from app.domain.provider import Endpoint

if TYPE_CHECKING:
    from app.providers.client import Client
    from app.providers.transport import Transport

_CLIENT = "app.providers.client"


def load_client() -> None:
    """For a thread. Nothing if it is loaded; who calls it meanwhile waits for the same."""
    if _CLIENT not in sys.modules:
        gc.disable()  # a collection amid it would hold up the window for 30 ms
        try:
            importlib.import_module(_CLIENT)
            gc.freeze()  # modules stay
        finally:
            gc.enable()


def new_client(endpoint: Endpoint, transport: "Transport", extra_body: Mapping[str, object]) -> "Client":
    """
    Return the client of an endpoint. For a thread: it loads the module if nobody did before.

    Raises:
        NotAnOpenAIServer: the base URL is no address.
    """
    load_client()
    client: Client = importlib.import_module(_CLIENT).Client(endpoint, transport, extra_body)
    return client
