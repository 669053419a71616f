"""What a provider's set-up begins as, before the user has said anything."""

from app.domain.conversation import new_id
from app.domain.keys import KeyringState
from app.domain.model import ProviderId
from app.domain.network import Origin, origin_of
from app.domain.provider_config import KeyPlace, Preset, ProviderConfig


def config_from(preset: Preset, keyring: KeyringState) -> ProviderConfig:
    """Fill in what a preset knows. Whether an address of the user's own wants a key is not known: it is asked for."""
    has_keyring = keyring is not KeyringState.MISSING
    place = KeyPlace.KEYRING if has_keyring else KeyPlace.SESSION
    return ProviderConfig(
        id=ProviderId(new_id()),
        name=preset.name if preset.base_url else "",
        base_url=preset.base_url,
        preset=preset.id,
        auth=preset.auth,
        headers=preset.headers,
        key_place=place if preset.needs_key or not preset.base_url else KeyPlace.NONE,
    )


def origin_or_none(address: str) -> Origin | None:
    try:
        return origin_of(address)
    except ValueError:
        return None


def host_of(address: str) -> str:
    """The name of the server, "" where the address names none."""
    origin = origin_or_none(address)
    return origin.host if origin is not None else ""
