"""What a request needs is loaded before it, in a thread: what lists models with the provider, what asks with typing."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
SCRIPT = """
import asyncio, contextlib, sys
from app.domain.abort import AbortSignal
from app.domain.completion import CompletionRequest, Turn
from app.domain.conversation import Role
from app.domain.errors import ProviderError
from app.domain.provider import Endpoint, Secret
from app.providers.client_loading import load_client
from app.providers.openai_compatible import OpenAICompatibleProvider

provider = OpenAICompatibleProvider(Endpoint(name="x", base_url="http://127.0.0.1:9/v1", api_key=Secret("")))
loaded = set(sys.modules)

def newly_loaded():
    new = set(sys.modules) - loaded
    loaded.update(new)
    return sorted(name for name in new if name.split(".")[0] not in sys.stdlib_module_names)

async def ask():
    with contextlib.suppress(ProviderError):
        await provider.list_models()
    print("list", *newly_loaded())
    print("idle", *(name for name in ("openai", "pydantic", "httpx2") if name in sys.modules))
    load_client()
    print("openai" in newly_loaded())
    with contextlib.suppress(ProviderError):
        async for _ in provider.stream(CompletionRequest(model="m", turns=(Turn(Role.USER, "Hi"),)), AbortSignal()):
            pass
    print("message", *newly_loaded())
    await provider.aclose()

asyncio.run(ask())
"""


def test_neither_a_list_nor_a_message_loads_anything_and_a_list_does_without_openai() -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["list", "idle", "True", "message"]
