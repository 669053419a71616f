"""
The providers that Belay knows by name: their addresses, keys and what their OpenAI-compatible side can do.

`supports` says what their documentation says; what it does not say is said to be unknown. A server that refuses a
part of a request is asked again without it (see dialect.py), so nothing depends on these sentences.
"""

from app.domain.provider_config import Preset
from app.providers.known.local_presets import LOCAL
from app.providers.known.remote_presets import REMOTE

OWN_ADDRESS = Preset(
    id="",
    name="Any OpenAI-compatible address",
    base_url="",
    needs_key=False,
    hint="The address usually ends in /v1. A key is sent only if you enter one.",
)

BUILT_IN_PRESET = Preset(
    id="built-in",
    name="Built-in model",
    base_url="",
    needs_key=False,
    is_local=True,
    is_addable=False,
    hint="It is always there: a small model that comes with Belay and runs on this computer.",
)

# In the order in which they are offered.
PRESETS = (*REMOTE, *LOCAL, OWN_ADDRESS, BUILT_IN_PRESET)
