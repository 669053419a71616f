"""What a first request needs is loaded before it, in the thread that makes the provider: not on the UI thread."""

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
from app.providers.openai_compatible import OpenAICompatibleProvider

provider = OpenAICompatibleProvider(Endpoint(name="x", base_url="http://127.0.0.1:9/v1", api_key=Secret("")))
loaded = set(sys.modules)

async def ask():
    with contextlib.suppress(ProviderError):
        await provider.list_models()
    with contextlib.suppress(ProviderError):
        async for _ in provider.stream(CompletionRequest(model="m", turns=(Turn(Role.USER, "Hi"),)), AbortSignal()):
            pass
    await provider.aclose()

asyncio.run(ask())
print(*sorted(name for name in set(sys.modules) - loaded if name.split(".")[0] not in sys.stdlib_module_names))
"""


def test_a_first_request_loads_nothing_more() -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
