"""
The providers that the user set up: added, changed, tested, removed. Each returns at once; events tell the rest.

Longer than other files: all that follows from a change of the settings stands in one place.
"""

import logging
from collections.abc import Awaitable, Callable

from msgspec.structs import replace

from app.domain.conversation import new_id
from app.domain.errors import AddressNotEncrypted, AppError
from app.domain.model import BUILT_IN, ModelInfo, ModelRef, ProviderId
from app.domain.network import ProxySetting
from app.domain.provider import GoesThrough, ModelSource, Secret
from app.domain.provider_config import KeyPlace, LocalServer, Preset, ProviderConfig, named_for_its_address
from app.domain.settings import Settings
from app.engine.connection_test import try_set_up
from app.engine.events import FaultOccurred, LocalServersFound
from app.engine.kept_models import KeptModels
from app.engine.keys import FindKey, Keys
from app.engine.models import Models
from app.engine.plain_http import require_consent
from app.engine.preferences import Preferences
from app.engine.store import ChatStore
from app.engine.tasks import Tasks
from app.engine.unlocking import unlock_and_connect
from app.storage.database import Database

log = logging.getLogger(__name__)

FindServers = Callable[[], Awaitable[tuple[LocalServer, ...]]]
# Makes the source of a provider, which asks for its key when it is connected.
SourceOf = Callable[[ProviderConfig, ProxySetting, FindKey], ModelSource]


class Providers:
    """Settings hold what was set up, Models what can be asked: this keeps them in step."""

    def __init__(
        self,
        *,
        preferences: Preferences,
        models: Models,
        keys: Keys,
        database: Database,
        store: ChatStore,
        tasks: Tasks,
        source_of: SourceOf,
        find_servers: FindServers,
        presets: tuple[Preset, ...],
    ) -> None:
        self._preferences = preferences
        self._models = models
        self._keys = keys
        self._store = store
        self._tasks = tasks
        self._source_of = source_of
        self._find_servers = find_servers
        self._presets = presets
        self._kept = KeptModels(database)
        self._proxy = preferences.current.proxy
        self._plain_http_hosts = preferences.current.plain_http_hosts
        for source in models.sources:
            if isinstance(source, GoesThrough):
                models.stand_in(source.through(self._proxy))
        models.on_listed(self._on_listed)
        preferences.subscribe(self._on_settings_changed)

    @property
    def configs(self) -> tuple[ProviderConfig, ...]:
        """Return all that were set up, in the user's order, enabled or not."""
        return self._preferences.current.providers

    def presets(self) -> tuple[Preset, ...]:
        """Return what there is to begin a set-up from, in the order in which it is offered."""
        return self._presets

    def config(self, provider_id: ProviderId) -> ProviderConfig | None:
        return next((each for each in self.configs if each.id == provider_id), None)

    def key_place(self, config: ProviderConfig) -> KeyPlace | None:
        """Return where its key is, as far as that is known without asking: None if it must be entered."""
        return self._keys.where(config)

    async def begin(self, preferred: ModelRef | None) -> None:
        """Show what was set up, with the models that were listed last time, and connect the chosen one."""
        await self._kept.read()
        enabled = [config for config in self.configs if config.is_enabled]
        self._models.begin(preferred, [(self._source(config), self._kept.of(config)) for config in enabled])
        is_first_run = not self.configs and not set(self._store.providers) - {BUILT_IN}
        if is_first_run and self._preferences.current.finds_local_servers:
            self.find_local_servers()

    def add(self, config: ProviderConfig, key: Secret | None = None) -> ProviderId:
        """Add a provider, at the end, and keep its key. Returns its id: the config's, or a new one for an empty one."""
        config = named_for_its_address(replace(config, id=config.id or ProviderId(new_id())))
        self._save((*self.configs, config))
        self._apply(config, key)
        return config.id

    def change(self, config: ProviderConfig, key: Secret | None = None) -> None:
        """
        Put this in the place of the provider of its id. `key` None leaves the key as it is.

        A key belongs to scheme, host and port: at another address the old one is neither sent nor found. That holds
        for a variable and a command, too, until the user names them anew (`key_origin` empty, or another name).
        """
        before = self.config(config.id)
        config = named_for_its_address(config, before)
        self._save(tuple(config if each.id == config.id else each for each in self.configs))
        if key is None and before is not None and before.key_place is not config.key_place:
            self._tasks.start(self._move_key(before, config), name=f"move-key-{config.id}")
        else:
            self._apply(config, key)

    def remove(self, provider_id: ProviderId) -> None:
        """Remove a provider, its key and its list of models. Answers it is writing go on."""
        config = self.config(provider_id)
        if config is None:
            return
        self._save(tuple(each for each in self.configs if each.id != provider_id))
        self._models.drop(provider_id)
        self._tasks.start(self._forget(config), name=f"forget-{provider_id}")

    def enable(self, provider_id: ProviderId, is_enabled: bool) -> None:
        """A provider that is not enabled is kept, and not shown in the picker."""
        config = self.config(provider_id)
        if config is not None and config.is_enabled is not is_enabled:
            self.change(replace(config, is_enabled=is_enabled))

    def move(self, provider_id: ProviderId, to: int) -> None:
        """Put a provider at another place in the order, counted from 0 among those that were set up."""
        config = self.config(provider_id)
        if config is None:
            return
        rest = [each for each in self.configs if each.id != provider_id]
        rest.insert(min(max(0, to), len(rest)), config)
        self._save(tuple(rest))
        self._order()

    def refresh(self, provider_id: ProviderId) -> None:
        """Ask a provider for its models anew. ProviderChanged tells."""
        self._models.connect(provider_id)

    def test(self, config: ProviderConfig, key: Secret | None = None) -> None:
        """
        Try a set-up with a real request of one token; ConnectionTested tells what became of it. Nothing is kept.

        `key` None uses the one that is kept.
        """
        self._tasks.start(self._test(config, key), name="test-connection")

    def allow_plain_http(self, host: str) -> None:
        """Keep that the user agreed to speak to a host without encryption."""
        agreed = self._preferences.current.plain_http_hosts
        if host not in agreed:
            self._preferences.change(plain_http_hosts=(*agreed, host))

    def find_local_servers(self) -> None:
        """Look which servers answer on this computer; LocalServersFound tells."""
        self._tasks.start(self._find_local_servers(), name="find-local-servers")

    def adopt_local_server(self, server: LocalServer) -> ProviderId:
        """Set up a server that was found, without a key; one at an address that is set up is left. Returns its id."""
        for config in self.configs:
            if config.base_url == server.base_url:
                return config.id
        return self.add(server.set_up(self._presets))

    def look_at_keyring(self) -> None:
        """Find out how the system's keyring is, without a prompt; KeyringChanged tells."""
        self._tasks.start(self._look_at_keyring(), name="look-at-keyring")

    def unlock_keyring(self, then_connect: ProviderId | None = None) -> None:
        """
        Have the system ask for the keyring's password. Only for a click.

        Once it is open, every provider that waited for it is connected, and `then_connect`.
        """
        self._tasks.start(unlock_and_connect(self._keys, self._models, self._store, then_connect), name="unlock")

    def _save(self, configs: tuple[ProviderConfig, ...]) -> None:
        self._preferences.change(providers=configs)

    def _source(self, config: ProviderConfig) -> ModelSource:
        return self._source_of(config, self._proxy, self._keys.find)

    def _put(self, config: ProviderConfig) -> None:
        self._models.put(self._source(config), self._kept.of(config))

    def _apply(self, config: ProviderConfig, key: Secret | None) -> None:
        if key is not None:
            self._tasks.start(self._remember(config, key), name=f"remember-{config.id}")
        elif config.is_enabled:
            self._put(config)
            self._order()
            self._models.connect(config.id)  # what was set up just now is wanted, and the user learns whether it works
        else:
            self._models.drop(config.id)

    def _order(self) -> None:
        own = [each.id for each in self.configs]
        others = [each for each in self._store.providers if each not in own]
        self._models.order([*others, *own])

    async def _remember(self, config: ProviderConfig, key: Secret) -> None:
        try:
            config = replace(config, key_place=await self._keys.remember(config, key))
        except AppError as error:  # it is no key: the provider stays without
            self._store.apply(FaultOccurred(error.fault))
        if (current := self.config(config.id)) is None:  # removed meanwhile
            await self._forget(config)
            return
        current = replace(current, key_place=config.key_place)
        self._save(tuple(current if each.id == current.id else each for each in self.configs))
        self._apply(current, None)

    async def _move_key(self, before: ProviderConfig, config: ProviderConfig) -> None:
        try:
            await self._keys.move(before, config)
        except AppError as error:  # connecting tells the user what is missing
            log.info("key not moved error=%s", type(error).__name__)
        if self.config(config.id) == config:
            self._apply(config, None)

    async def _forget(self, config: ProviderConfig) -> None:
        try:
            await self._kept.forget(config.id)
            await self._keys.forget(config)
        except AppError as error:
            self._store.apply(FaultOccurred(error.fault))

    async def _test(self, config: ProviderConfig, key: Secret | None) -> None:
        config = named_for_its_address(config, self.config(config.id))
        find_key = self._keys.find if key is None else self._keys.entered(key)
        source = self._source_of(config, self._proxy, find_key)
        self._store.apply(await try_set_up(source, self._preferences.current.plain_http_hosts))

    async def _find_local_servers(self) -> None:
        self._store.apply(LocalServersFound(await self._find_servers()))

    async def _look_at_keyring(self) -> None:
        await self._keys.look()

    def _on_listed(self, provider_id: ProviderId, models: tuple[ModelInfo, ...]) -> None:
        config = self.config(provider_id)
        if config is not None and models != (ModelInfo(id=config.default_model),):  # that is no list, but its name
            self._tasks.start(self._kept.keep(config, models), name=f"keep-models-{provider_id}")

    def _on_settings_changed(self, settings: Settings) -> None:
        if settings.plain_http_hosts != self._plain_http_hosts:
            self._plain_http_hosts = settings.plain_http_hosts
            self._refuse_what_is_not_agreed_to()
        if settings.proxy != self._proxy:
            self._proxy = settings.proxy
            self._go_another_way(settings)

    def _refuse_what_is_not_agreed_to(self) -> None:
        """A consent that is taken back counts for providers that are connected, too."""
        for state in tuple(self._store.providers.values()):
            try:
                require_consent(state.address, self._plain_http_hosts)
            except AddressNotEncrypted as error:
                self._models.refuse(state.id, error.fault)

    def _go_another_way(self, settings: Settings) -> None:
        """Another proxy is another way to every provider that has none of its own."""
        for source in self._models.sources:
            if isinstance(source, GoesThrough):
                self._models.put(source.through(self._proxy))
        for config in settings.providers:
            if config.is_enabled and config.proxy is None:
                self._put(config)
        self._order()
