"""The built-in model: a child process that serves it, started on demand and ended with the window."""

import asyncio
import logging
import os
import secrets
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

import msgspec

from app.domain.completion import ChatProvider
from app.domain.errors import LocalModelFailed, Remedy
from app.domain.local_model import STANDARD_CONTEXT_TOKENS, context_tokens
from app.domain.model import BUILT_IN, ModelInfo, Price
from app.domain.network import origin_of
from app.domain.provider import Connected, Endpoint, LossListener, Secret
from app.domain.settings import STANDARD_LOCAL_MODEL, LocalModelSettings
from app.providers.bundled import PROGRAM_FOLDER, find_weights, has_runtime, serving_command
from app.providers.catalog import BUILT_IN_BILLING
from app.providers.child_process import ChildProcess
from app.providers.gguf import read_model_file
from app.providers.memory import resident_bytes
from app.providers.resting import REST_AFTER_S, Resting

MODEL = "smollm2-135m-instruct"

_KEY_VARIABLE = "BELAY_MODEL_KEY"  # local_model_server reads it; that module is the child's and not imported here
_START_LIMIT_S = 60.0  # it takes 0.65 s; a cold disk and a busy machine may take many times that
_NO_DEBUGGER = {"GGML_NO_BACKTRACE": "1"}  # when it aborts, ggml starts gdb, whose words hide the reason
_SLOWEST_READ_BYTES_S = 10_000_000  # a file of the user's may be large, and its disk slow
_LOOK_EVERY_S = 0.1
_WITHOUT_MODEL_BYTES = 64_000_000  # what the child has in memory before it loads anything
_ALMOST = 0.99  # the file is in memory: what is left to do is not known
_LONGEST_ID = 100

_logger = logging.getLogger(__name__)


DEMO_NOTE = (
    "A very small demo model (SmolLM2-135M) on this computer: it shows how Belay works, don't rely on its answers."
)


class ModelFileMissing(LocalModelFailed):
    title = "This copy of Belay has no built-in model"
    advice = "Set up a provider, or install the edition of Belay that brings one."
    remedy = Remedy.PROVIDERS


class _Announcement(msgspec.Struct):
    """The child's one line: where it listens, or why it can't."""

    base_url: str = ""
    error: str = ""


Progress = Callable[[float], None]


class LocalModel:
    """
    A ModelSource that runs a model file on this computer: SmolLM2-135M, or one of the user's.

    One child at a time, with a new key each: `connect` ends the one before. A child that ends
    by itself is told to `on_lost`, once, unless `aclose` or another `connect` came first.
    """

    id = BUILT_IN
    name = "Built-in model"
    address = ""
    billing = BUILT_IN_BILLING

    def __init__(
        self,
        connect_endpoint: Callable[[Endpoint], Awaitable[ChatProvider]],
        settings: LocalModelSettings = STANDARD_LOCAL_MODEL,
        *,
        on_progress: Progress | None = None,
        model_file: Path | None = None,
        command: Sequence[str] | None = None,
        start_limit_s: float = _START_LIMIT_S,
        rest_after_s: float = REST_AFTER_S,
    ) -> None:
        """
        `on_progress` is told on the loop how much of the file is loaded, from 0 to 1, where the system says it.

        `model_file`: by default the weights that came with Belay. `command`: what starts the server.
        """
        self._connect_endpoint = connect_endpoint
        self._settings = settings
        self._on_progress = on_progress
        self._model_file = model_file
        self._command = tuple(serving_command() if command is None else command)
        self._start_limit_s = start_limit_s
        self._rest_after_s = rest_after_s
        self._port: int | None = None
        self._child: ChildProcess | None = None
        self._provider: ChatProvider | None = None
        self._context_tokens = STANDARD_CONTEXT_TOKENS
        self._size_bytes = 0

    @property
    def model(self) -> str:
        """The id of its one model: the file's name without its ending."""
        if not self._settings.file:
            return MODEL
        return _printable(Path(self._settings.file).stem)[:_LONGEST_ID] or "model"

    @property
    def note(self) -> str:
        if self._settings.file:
            return f"{_printable(Path(self._settings.file).name)} runs on this computer: what you write stays here."
        return DEMO_NOTE if has_runtime() else ""

    @property
    def pid(self) -> int | None:
        """Of the child, None while there is none."""
        return self._child.pid if self._child else None

    @property
    def port(self) -> int | None:
        """Where the child listens, None while there is none."""
        return self._port if self._child is not None else None

    async def connect(self, on_lost: LossListener) -> Connected:
        """
        Start the child and wait until it can be asked. A cancel kills it.

        Raises:
            LocalModelFailed: no weights, or the child ended, said why it can't, or took too long.
        """
        await self.aclose()
        started_s = time.monotonic()
        self._port = None
        key = secrets.token_urlsafe(32)
        child = self._child = ChildProcess(
            self._command_line, os.environ | {_KEY_VARIABLE: key} | _NO_DEBUGGER, PROGRAM_FOLDER
        )
        try:
            base_url = await self._wait_until_ready(child)
            self._port = origin_of(base_url).port
            endpoint = Endpoint(name=self.name, base_url=base_url, api_key=Secret(key), is_local=True, is_built_in=True)
            asked = await self._connect_endpoint(endpoint)
        except BaseException:
            child.kill()
            raise
        provider = Resting(asked, rest=child.rest, wake=child.wake, after_s=self._rest_after_s)
        if self._child is not child or child.ended.done():  # closed or dead while we connected to it
            await provider.aclose()
            raise await child.wait()
        self._provider = provider
        child.ended.add_done_callback(lambda ended: self._on_ended(child, ended.result(), on_lost))
        _logger.info("ready pid=%s elapsed_ms=%.0f", child.pid, (time.monotonic() - started_s) * 1000)
        return Connected(provider, (self._info(),), self.model)

    def _info(self) -> ModelInfo:
        free = Price(input=0, output=0)
        return ModelInfo(id=self.model, context_tokens=self._context_tokens, reads_images=False, price=free)

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
            line = await self._first_line(child)
            if not line:
                raise await child.wait()
            announcement = msgspec.json.decode(line, type=_Announcement)
            if not announcement.base_url:
                async with asyncio.timeout(self._start_limit_s):
                    failure = await child.wait()
                raise type(failure)(f"{announcement.error}\n{failure.detail}")
        except TimeoutError as error:
            raise LocalModelFailed(f"It was not ready within {self._limit_s():g} s.") from error
        except msgspec.MsgspecError as error:
            raise LocalModelFailed(f"Its first line was not understood: {line!r}") from error
        return announcement.base_url

    async def _first_line(self, child: ChildProcess) -> bytes:
        """
        Wait for it, and tell meanwhile how much of the file is in the child's memory.

        Raises:
            TimeoutError: it took longer than a file of this size takes from a slow disk.
        """
        began_s = time.monotonic()
        while not child.ready.done():
            await asyncio.wait({child.ready}, timeout=min(_LOOK_EVERY_S, self._start_limit_s))
            if time.monotonic() - began_s > self._limit_s():
                raise TimeoutError
            self._tell_progress(child)
        return child.ready.result()

    def _tell_progress(self, child: ChildProcess) -> None:
        """Of the user's file: the one that came with Belay is there in no time."""
        if self._on_progress is None or child.pid is None or not self._size_bytes or not self._settings.file:
            return
        resident = resident_bytes(child.pid)
        if resident is not None and not child.ready.done():
            self._on_progress(min(_ALMOST, max(0, resident - _WITHOUT_MODEL_BYTES) / self._size_bytes))

    def _limit_s(self) -> float:
        reading_s = self._size_bytes / _SLOWEST_READ_BYTES_S if self._settings.file else 0.0
        return self._start_limit_s + reading_s

    def _on_ended(self, child: ChildProcess, failure: LocalModelFailed, on_lost: LossListener) -> None:
        if self._child is not child:
            return
        self._child = None
        _logger.warning("lost pid=%s: %s", child.pid, failure.detail.partition("\n")[0])
        on_lost(failure.fault)

    def _command_line(self) -> Sequence[str]:
        """
        Return what starts the child. Looks at the disk, on the child's thread.

        Raises:
            LocalModelFailed: there are no weights, or the user's file can't be run.
        """
        if not has_runtime():
            raise ModelFileMissing("This edition comes without what runs models on this computer.")
        own = Path(self._settings.file) if self._settings.file else None
        model_file = own or self._model_file or find_weights()
        known = read_model_file(own) if own is not None else None
        if known is None and not model_file.is_file():
            raise ModelFileMissing(f"The file {model_file.name} was not found.")
        self._size_bytes = model_file.stat().st_size
        self._context_tokens = context_tokens(self._settings, known)
        options = ["--model", str(model_file.resolve()), "--alias", self.model, "--ctx", str(self._context_tokens)]
        if self._settings.threads:
            options += ["--threads", str(self._settings.threads)]
        return [*self._command, *options]


def _printable(name: str) -> str:
    return "".join(char for char in name if char.isprintable())
