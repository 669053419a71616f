"""The lists of models that providers gave last: known at the next start before any provider answers."""

import logging

from app.domain.conversation import now_ms
from app.domain.errors import StorageError
from app.domain.model import NOTHING_LISTED, ModelInfo, ModelList, ProviderId
from app.domain.provider_config import ProviderConfig
from app.storage import model_lists
from app.storage.database import Database

log = logging.getLogger(__name__)


class KeptModels:
    """A list belongs to a provider at an address. One that is lost is asked for again."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lists: dict[tuple[ProviderId, str], ModelList] = {}

    async def read(self) -> None:
        """Read what an earlier session kept."""
        try:
            self._lists = await self._database.read(model_lists.kept_models)
        except StorageError as error:
            log.info("lists of models not read error=%s", type(error).__name__)

    def of(self, config: ProviderConfig) -> ModelList:
        return self._lists.get((config.id, config.base_url), NOTHING_LISTED)

    async def keep(self, config: ProviderConfig, models: tuple[ModelInfo, ...]) -> None:
        """Keep the list that a provider gave just now."""
        self._lists[config.id, config.base_url] = ModelList(models, now_ms())
        try:
            await self._database.run(model_lists.keep_models, config.id, config.base_url, models)
        except StorageError as error:
            log.info("list of models not kept error=%s", type(error).__name__)

    async def forget(self, provider_id: ProviderId) -> None:
        """
        Forget every list of a provider on disk.

        Raises:
            StorageError
        """
        await self._database.run(model_lists.forget_models, provider_id)
