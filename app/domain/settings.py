"""What the user chose. Frozen: a change is a new Settings."""

from enum import StrEnum

from msgspec import Struct

from app.domain.model import ModelRef, Price, ProviderId
from app.domain.network import SYSTEM_PROXY, ProxySetting
from app.domain.provider_config import ProviderConfig
from app.domain.zoom import STANDARD_ZOOM


class ColorScheme(StrEnum):
    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class OwnPrice(Struct, frozen=True, kw_only=True):
    """A price that the user entered: it counts before the catalog's."""

    provider_id: ProviderId
    model: str
    price: Price

    @property
    def ref(self) -> ModelRef:
        return ModelRef(self.provider_id, self.model)


class LocalModelSettings(Struct, frozen=True, kw_only=True):
    """
    What the built-in child process runs.

    `file` is a GGUF file of the user's, "" for the model that comes with Belay. `context_tokens` and `threads` are 0
    to let Belay choose. After `idle_minutes` without a question the model is unloaded; 0 keeps it.
    """

    file: str = ""
    context_tokens: int = 0
    threads: int = 0
    idle_minutes: int = 10


STANDARD_LOCAL_MODEL = LocalModelSettings()


class Settings(Struct, frozen=True, kw_only=True):
    """
    `provider_id` and `model` are the last choice in the model picker, None before the first.

    `announces_answers`: finished sentences are told to screen readers. `reduces_motion`: nothing moves by
    itself, even where the system shows animations. `providers` are in the user's order. `plain_http_hosts` are those
    to which the user agreed to speak without encryption. `warms_connections`: while the user types, the connection
    to the provider is opened. `finds_local_servers`: known ports of this computer are looked at on the first run.
    `opens_last_conversation`: Belay starts with it, not with a new one. `sends_with_ctrl`: Enter breaks the line, and
    Ctrl+Enter sends. `notifies`: the desktop tells of an answer that has ended while the window is away.
    `window_geometry` is Qt's own word for where the window stood, in Base64. `declined_servers` are the base URLs of
    local servers that are not offered again.
    """

    color_scheme: ColorScheme = ColorScheme.SYSTEM
    provider_id: str | None = None
    model: str | None = None
    sidebar_visible: bool = True
    zoom_percent: int = STANDARD_ZOOM
    announces_answers: bool = True
    reduces_motion: bool = False
    notifies: bool = True
    window_geometry: str = ""
    window_width: int = 1100
    window_height: int = 760
    settings_width: int = 860
    settings_height: int = 620
    opens_last_conversation: bool = False
    sends_with_ctrl: bool = False
    providers: tuple[ProviderConfig, ...] = ()
    favorites: tuple[ModelRef, ...] = ()
    own_prices: tuple[OwnPrice, ...] = ()
    local_model: LocalModelSettings = STANDARD_LOCAL_MODEL
    proxy: ProxySetting = SYSTEM_PROXY
    plain_http_hosts: tuple[str, ...] = ()
    warms_connections: bool = True
    finds_local_servers: bool = True
    declined_servers: tuple[str, ...] = ()
