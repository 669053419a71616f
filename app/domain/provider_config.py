"""A provider as the user set it up, and the presets to begin from."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from app.domain.model import ProviderId
from app.domain.network import ProxySetting, origin_of
from app.domain.provider import AuthStyle


class KeyPlace(StrEnum):
    """Where a provider's key is. The key itself is in no setting, database or export."""

    NONE = "none"  # it needs none
    KEYRING = "keyring"  # the system's
    SESSION = "session"  # in memory until Belay ends
    ENVIRONMENT = "environment"  # a variable; only its name is stored
    COMMAND = "command"  # a command that prints it; only the command is stored


class ProviderConfig(Struct, frozen=True, kw_only=True):
    """
    One row of Settings › Providers. Holds no key.

    `preset` is the id of the preset it came from, "" for an address of the user's own. `key_name` is the
    variable or the command of `key_place`, and `key_origin` the scheme, host and port it was named for: at another
    address it is not used. "" there says that the user names it just now; Providers fills it in. `headers` are sent as
    they are; `body` is a JSON object whose members are added to each completion request, "" for none. `ca_file` is a
    PEM file of certificates that are trusted beside the system's. `proxy` is None to do as Settings › Advanced says.
    """

    id: ProviderId
    name: str
    base_url: str
    preset: str = ""
    is_enabled: bool = True
    auth: AuthStyle = AuthStyle.BEARER
    key_place: KeyPlace = KeyPlace.NONE
    key_name: str = ""
    key_origin: str = ""
    default_model: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    body: str = ""
    ca_file: str = ""
    proxy: ProxySetting | None = None


def named_for_its_address(config: ProviderConfig, before: ProviderConfig | None = None) -> ProviderConfig:
    """
    Fill in `key_origin` if the user named the variable or the command just now.

    That is so where it is empty, and where `before`, the set-up that this one replaces, has another place or name.
    """
    if config.key_place not in (KeyPlace.ENVIRONMENT, KeyPlace.COMMAND):
        return replace(config, key_origin="")
    is_the_same = before is not None and (before.key_place, before.key_name) == (config.key_place, config.key_name)
    if config.key_origin and is_the_same:
        return config
    try:
        return replace(config, key_origin=str(origin_of(config.base_url)))
    except ValueError:  # no address: connecting says so
        return replace(config, key_origin="")


class Preset(Struct, frozen=True, kw_only=True):
    """
    A provider that Belay knows: what to fill in for the user.

    `id` is "" for an address of the user's own. `base_url` may hold a part to be replaced in capital letters
    (RESOURCE), which `hint` explains. `key_url` is the page where a key is made, "" where none is needed. `supports`
    is a sentence for the user. One that is not `is_addable` is shown with its `hint`, which says why. `checked` is
    the day on which the `source` was read; None and "" where Belay itself is the source.
    """

    id: str
    name: str
    base_url: str
    key_url: str = ""
    auth: AuthStyle = AuthStyle.BEARER
    headers: tuple[tuple[str, str], ...] = ()
    needs_key: bool = True
    is_local: bool = False
    is_addable: bool = True
    hint: str = ""
    supports: str = ""
    checked: date | None = None
    source: str = ""


class LocalServer(Struct, frozen=True):
    """
    A server found on this computer, told by its answer: `preset` is "" for one of no known kind.

    One that `wants_key` tells its models only to those who have it.
    """

    base_url: str
    name: str
    preset: str = ""
    models: tuple[str, ...] = ()
    wants_key: bool = False

    def set_up(self, presets: Iterable[Preset]) -> ProviderConfig:
        """Return the set-up for it, without an id. A key that is needed is asked for later."""
        needs_key = self.wants_key or any(preset.needs_key for preset in presets if preset.id == self.preset)
        return ProviderConfig(
            id=ProviderId(""),
            name=self.name,
            base_url=self.base_url,
            preset=self.preset,
            key_place=KeyPlace.KEYRING if needs_key else KeyPlace.NONE,
        )
