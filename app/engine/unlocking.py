"""What happens when the user opens the keyring: the providers that waited for it are connected."""

from app.domain.errors import Remedy
from app.domain.model import ProviderId
from app.engine.keys import Keys
from app.engine.models import Models
from app.engine.store import ChatStore


async def unlock_and_connect(keys: Keys, models: Models, store: ChatStore, also: ProviderId | None) -> None:
    """Have the system ask for the password. Once it is open, connect whoever failed for want of it, and `also`."""
    if not await keys.unlock():
        return
    for state in tuple(store.providers.values()):
        waited = state.fault is not None and state.fault.remedy is Remedy.UNLOCK
        if waited or state.id == also:
            models.connect(state.id)
