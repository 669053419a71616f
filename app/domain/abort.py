"""The abort signal: one word, said once, heard at once by everyone concerned."""

import time
from collections.abc import Callable
from enum import StrEnum


class AbortReason(StrEnum):
    """Why an answer ended early. The value is what `message.stop_reason` says."""

    USER = "user"  # the Stop button, Esc, Stop all
    SUPERSEDED = "superseded"  # another answer took its place
    DELETED = "deleted"  # its message or conversation was deleted
    QUIT = "quit"  # the window closed, SIGTERM, log-off
    EXTERNAL = "external"  # another process ended it in the database
    NETWORK = "network"  # the connection died under it (sleep, Wi-Fi)


class AbortSignal:
    """
    A request to end early, with a reason.

    The first abort wins and later ones do nothing, so a second click on Stop
    can never interrupt the clean-up that the first click began.
    """

    def __init__(self) -> None:
        self.reason: AbortReason | None = None
        self.closed_ns: int | None = None
        self._listeners: list[Callable[[], object]] = []

    @property
    def aborted(self) -> bool:
        return self.reason is not None

    def abort(self, reason: AbortReason) -> bool:
        """
        Say it; every listener has run when this returns. False if it had been said before.

        A listener that raises does not keep the others from hearing; the first error is raised at the end.
        """
        if self.reason is not None:
            return False
        self.reason = reason
        listeners, self._listeners = self._listeners, []
        errors: list[Exception] = []
        for listener in listeners:
            try:
                listener()
            except Exception as error:  # noqa: BLE001 - raised below, when everyone has heard
                errors.append(error)
        if errors:
            raise errors[0]
        return True

    def on_abort(self, listener: Callable[[], object]) -> Callable[[], None]:
        """Call `listener` at the abort, or now if it has happened. Returns the function that forgets it."""
        if self.aborted:
            listener()
            return lambda: None
        self._listeners.append(listener)

        def forget() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return forget

    def connection_closed(self) -> None:
        """Note the time (monotonic, ns) at which an abort closed the connection; the first counts."""
        if self.closed_ns is None:
            self.closed_ns = time.monotonic_ns()
