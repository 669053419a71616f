"""One request and its response, and how an abort reaches the connection that carries them."""

import asyncio
from collections.abc import Callable
from contextvars import ContextVar

from app.domain.abort import AbortSignal


class Exchange:
    """Knows how to close the connection it is on, and does so on an abort, in that call."""

    def __init__(self, signal: AbortSignal) -> None:
        self.signal = signal
        self.has_connected = False  # a connection was made for it: it does not ride on an older one
        self.has_received = False  # a byte of a response
        self._is_closed_here = False
        self._close: Callable[[], None] | None = None
        self._forget = signal.on_abort(self._on_abort)

    def claim(self, close: Callable[[], None]) -> None:
        """
        Note what closes the connection that carries the exchange now.

        Raises:
            asyncio.CancelledError: the exchange was aborted; a swallowed cancel must not go on, or be retried.
        """
        self._close = close
        if self.signal.aborted:
            close()
            raise asyncio.CancelledError

    @property
    def met_a_dead_connection(self) -> bool:
        """
        Asked after a failure: an idle connection had been closed by the server, and nothing of a response came.

        Then the request was not answered by anybody, and can be sent again on a new connection.
        """
        return not (self.has_connected or self.has_received or self._is_closed_here or self.signal.aborted)

    def close_connection(self) -> None:
        """Close the connection now; what waits on it fails with ReadError."""
        self._is_closed_here = True
        if self._close is not None:
            self._close()

    def end(self) -> None:
        """Let go of the connection: it may carry somebody else's exchange from now on."""
        self._close = None
        self._forget()

    def _on_abort(self) -> None:
        if self._close is not None:
            self._close()
            self.signal.connection_closed()


current_exchange: ContextVar[Exchange | None] = ContextVar("current_exchange", default=None)
