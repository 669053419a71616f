"""The system's keyring as the event loop sees it: asked in daemon threads, given up when silent, its state told."""

import asyncio
import contextlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from app.domain.errors import AppError, KeyringLocked
from app.domain.key_errors import KeyringMissing, KeyringSilent
from app.domain.keys import KeyringState
from app.engine.events import KeyringChanged
from app.engine.store import ChatStore
from app.engine.threads import DaemonThreads
from app.storage.keychain import Keychain, Keyring

ANSWER_LIMIT_S = 2.0  # a healthy keyring needs 20-160 ms

T = TypeVar("T")


class SystemKeyring:
    """One that hangs costs whoever asks ANSWER_LIMIT_S, never a thread that anybody waits for."""

    def __init__(self, keychain: Keychain, store: ChatStore, *, answer_limit_s: float = ANSWER_LIMIT_S) -> None:
        self._keychain = keychain
        self._store = store
        self._answer_limit_s = answer_limit_s
        self._threads = DaemonThreads()
        self._running: set[asyncio.Future[Any]] = set()
        self._late: set[asyncio.Future[Any]] = set()  # those of them that nobody waits for any more
        self._unlocking: asyncio.Future[bool] | None = None
        self._is_closed = False

    async def ask(self, question: Callable[[Keyring], T]) -> T:
        """
        Put a question, without a prompt, and wait for ANSWER_LIMIT_S at most; while an earlier one hangs, put none.

        A cancel returns at once; the question goes on in its thread.

        Raises:
            KeyringSilent, and what the question raises.
        """
        with self._states_told():
            keyring = await self._in_thread(self._keychain.load, None)
            if self._late:
                await asyncio.wait(self._late, timeout=self._answer_limit_s)
            if self._late or self._is_closed:
                raise KeyringSilent
            return await self._in_thread(lambda: question(keyring), self._answer_limit_s)

    async def look(self) -> KeyringState:
        """Return how the keyring is; KeyringChanged tells it, too."""
        with contextlib.suppress(AppError):
            self._tell(await self.ask(lambda keyring: keyring.state()))
        return self._store.known.keyring

    async def unlock(self) -> bool:
        """
        Have the system ask for the keyring's password, and wait for the user, however long. Whether it is open now.

        A second call waits for the same prompt; a cancel takes the prompt back.
        """
        unlocking = self._unlocking
        if unlocking is None:
            work = self._in_thread(lambda: self._keychain.load().unlock(), None)
            unlocking = self._unlocking = asyncio.ensure_future(work)
        try:
            with self._states_told():
                is_open = await asyncio.shield(unlocking)
        except AppError:
            return False
        finally:
            if not unlocking.done():
                self._keychain.end_prompt()
            self._unlocking = None
        self._tell(KeyringState.READY if is_open else KeyringState.LOCKED)
        return is_open

    def close(self) -> None:
        """Wait for no answer any more, put no question any more, and take a prompt back."""
        self._is_closed = True
        self._keychain.end_prompt()
        for future in tuple(self._running):
            future.cancel()

    async def _in_thread(self, call: Callable[[], T], limit_s: float | None) -> T:
        """
        Raises:
            KeyringSilent: not within the limit.
        """
        future = asyncio.get_running_loop().run_in_executor(self._threads, call)
        self._running.add(future)
        future.add_done_callback(self._on_done)
        try:
            await asyncio.wait({future}, timeout=limit_s)
        finally:
            if not future.done():
                self._late.add(future)
        if not future.done():
            raise KeyringSilent
        return future.result()

    def _on_done(self, future: "asyncio.Future[Any]") -> None:
        self._running.discard(future)
        self._late.discard(future)
        if not future.cancelled():
            future.exception()  # nobody may be waiting for it

    @contextmanager
    def _states_told(self) -> Iterator[None]:
        """Tell what an answer says about the keyring itself."""
        try:
            yield
        except KeyringLocked:
            self._tell(KeyringState.LOCKED)
            raise
        except KeyringMissing:
            self._tell(KeyringState.MISSING)
            raise
        except KeyringSilent:
            self._tell(KeyringState.SILENT)
            raise

    def _tell(self, state: KeyringState) -> None:
        if self._store.known.keyring is not state:
            self._store.apply(KeyringChanged(state))
