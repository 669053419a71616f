"""The settings in every state worth looking at."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from app.domain.conversation import now_ms
from app.domain.errors import AuthenticationFailed, KeyMissing, LocalModelOutOfMemory, ProviderUnreachable
from app.domain.keys import KeyringState
from app.domain.local_model import ModelFile
from app.domain.model import BUILT_IN, ENVIRONMENT, ModelInfo, ProviderId
from app.domain.provider import ProviderPhase, ProviderState
from app.domain.provider_config import KeyPlace, LocalServer, ProviderConfig
from app.engine.events import ConnectionTested, KeyringChanged, LocalFileRead, LocalServersFound, ProviderChanged
from app.main import App
from app.providers.local_model import DEMO_NOTE

CONFIGS = (
    ProviderConfig(id=ProviderId("a"), name="OpenAI", base_url="https://api.openai.com/v1", preset="openai",
                   key_place=KeyPlace.KEYRING),
    ProviderConfig(id=ProviderId("b"), name="Ollama", base_url="http://localhost:11434/v1", preset="ollama"),
    ProviderConfig(id=ProviderId("c"), name="Our department of physics, on the second floor of the old house",
                   base_url="https://llm.physics.a-rather-long-name.example.org:8443/services/chat/openai/v1",
                   key_place=KeyPlace.SESSION),
    ProviderConfig(id=ProviderId("d"), name="Groq", base_url="https://api.groq.com/openai/v1", is_enabled=False,
                   key_place=KeyPlace.ENVIRONMENT, key_name="GROQ_API_KEY"),
    ProviderConfig(id=ProviderId("e"), name="OpenRouter", base_url="https://openrouter.ai/api/v1", preset="openrouter",
                   key_place=KeyPlace.KEYRING),
)  # fmt: skip
MODELS = tuple(ModelInfo(id=f"model-{number}") for number in range(12))


DEMO = ProviderState(id=BUILT_IN, name="Built-in model", phase=ProviderPhase.READY, note=DEMO_NOTE)
LARGE = ModelFile(
    path="/models/Qwen3-32B-Q4_K_M.gguf",
    size_bytes=19_800_000_000,
    parameters=32_800_000_000,
    quantization="Q4_K_M",
    trained_context_tokens=40_960,
    cache_bytes=262_144,
)


def _states() -> tuple[ProviderState, ...]:
    ready, failed, starting = ProviderPhase.READY, ProviderPhase.FAILED, ProviderPhase.STARTING
    at_ms = now_ms() - 190_000
    return (
        ProviderState(id=ENVIRONMENT, name="Environment", phase=ready, address="http://127.0.0.1:9/v1"),
        ProviderState(id=BUILT_IN, name="Built-in model", phase=starting),
        ProviderState(id=ProviderId("a"), name="OpenAI", phase=ready, models=MODELS, listed_at_ms=at_ms),
        ProviderState(id=ProviderId("b"), name="Ollama", phase=failed, fault=ProviderUnreachable("refused").fault),
        ProviderState(id=ProviderId("c"), name="Physics", phase=failed, fault=KeyMissing().fault),
        ProviderState(id=ProviderId("e"), name="OpenRouter"),
    )


def scenes(app: App) -> Iterator[tuple[str, Callable[[], Any]]]:
    """Yield the name of each scene, and the function that arranges it and returns what is to be pictured."""
    hand = _Hand(app)
    yield "appearance", lambda: hand.open("appearance")
    yield "offer", hand.offer
    yield "providers-empty", lambda: hand.open("providers")
    yield "local-demo", lambda: hand.local(DEMO)
    yield "local-offer", hand.local_offer
    yield "local-loading", lambda: hand.local(replace(DEMO, phase=ProviderPhase.STARTING, progress=0.43))
    yield (
        "local-failed",
        lambda: hand.local(replace(DEMO, phase=ProviderPhase.FAILED, fault=LocalModelOutOfMemory().fault)),
    )
    for page in ("general", "local", "usage", "privacy", "data", "shortcuts", "advanced", "diagnostics", "about"):
        yield page, partial(hand.open, page)
    yield "providers-five", hand.five
    yield "providers-focus", hand.focus
    yield "chooser", hand.chooser
    yield "form-new", hand.form_new
    yield "form-error", hand.form_error
    yield "form-testing", hand.form_testing
    yield "form-failed", hand.form_failed
    yield "form-answered", hand.form_answered
    yield "form-edit", hand.form_edit
    yield "form-more", hand.form_more
    yield "search", hand.search
    yield "consent", hand.consent


class _Hand:
    def __init__(self, app: App) -> None:
        self._app = app

    def open(self, page: str) -> Any:
        self._app.workspace._settings.open(page)
        self.dialog.activateWindow()
        self.find("settingsNavigation").setFocus(Qt.FocusReason.TabFocusReason)
        return self.dialog

    @property
    def dialog(self) -> Any:
        return self.find("settingsDialog")

    def find(self, name: str) -> Any:
        found = self._app.window.findChild(QWidget, name)
        assert found is not None, name
        return found

    def offer(self) -> Any:
        server = LocalServer("http://localhost:11434/v1", "Ollama", "ollama", ("gemma3:12b", "qwen3", "llama3.2"))
        self._app.store.apply(LocalServersFound((server,)))
        return self._app.window

    def local(self, state: ProviderState) -> Any:
        dialog = self.open("local")
        self.find("cancelModelFile").click()
        self._app.store.apply(ProviderChanged(state))
        return dialog

    def local_offer(self) -> Any:
        dialog = self.open("local")
        dialog.page.look_requested.disconnect()  # there is no such file
        dialog.page.propose(LARGE.path)
        self._app.store.apply(LocalFileRead(LARGE.path, LARGE, None, 12_300_000_000))
        return dialog

    def five(self) -> Any:
        self._app.preferences.change(providers=CONFIGS)
        for state in _states():
            self._app.store.apply(ProviderChanged(state))
        self._app.store.apply(KeyringChanged(KeyringState.LOCKED))
        return self.open("providers")

    def focus(self) -> Any:
        self._app.store.apply(KeyringChanged(KeyringState.READY))
        self.dialog.activateWindow()
        self.find("provider-b").setFocus(Qt.FocusReason.TabFocusReason)
        return self.dialog

    def chooser(self) -> Any:
        self.find("addProviderButton").click()
        server = LocalServer("http://localhost:1234/v1", "LM Studio", "lm-studio", ("a", "b"))
        self._app.store.apply(LocalServersFound((server,)))
        return self.dialog

    def form_new(self) -> Any:
        QTest.keyClicks(self.find("presetSearch"), "mistral")
        QTest.keyClick(self.find("presetSearch"), Qt.Key.Key_Return)
        return self.dialog

    def form_error(self) -> Any:
        self.find("providerAddress").setText("api.mistral.ai/v1")
        self.find("saveProviderButton").click()
        return self.dialog

    def form_testing(self) -> Any:
        self.find("providerAddress").setText("http://localhost:9/v1")
        self.find("providerKey").setText("sk-0123456789")
        self.find("testConnectionButton").click()
        return self.dialog

    def form_failed(self) -> Any:
        fault = AuthenticationFailed(
            "Incorrect API key provided: sk-…89. You can find your API key at the console."
        ).fault
        self._app.store.apply(ConnectionTested(self._tested_id(), fault))
        return self.dialog

    def form_answered(self) -> Any:
        self.find("testConnectionButton").click()
        self._app.store.apply(ConnectionTested(self._tested_id(), None, MODELS, 420.0))
        return self.dialog

    def _tested_id(self) -> ProviderId:
        return ProviderId(self.dialog.page._form.provider_id)

    def form_edit(self) -> Any:
        self.find("cancelProviderButton").click()
        self._app.workspace._settings.open("providers", "a")
        return self.dialog

    def form_more(self) -> Any:
        self.find("providerAddress").setText("https://other.example.org/v1")
        self.find("moreButton").click()
        self.find("providerBody").setPlainText("{oops")
        self.dialog.page._form._area.verticalScrollBar().setValue(400)
        return self.dialog

    def search(self) -> Any:
        self.find("moreButton").click()
        self.find("cancelProviderButton").click()
        QTest.keyClicks(self.find("settingsSearch"), "motion")
        return self.dialog

    def consent(self) -> Any:
        self.find("settingsSearch").clear()
        self._app.workspace._settings.open("providers", "b")
        self.find("providerAddress").setText("http://nas.example.org:11434/v1")
        self.find("saveProviderButton").click()
        dialogs = [each for each in self.dialog.findChildren(QWidget) if each.isWindow() and each.isVisible()]
        return dialogs[-1]
