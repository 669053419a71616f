"""Whose texts the transcript needs: those in sight and near, and those that are looked through."""

from PySide6.QtCore import QObject, Signal


class TextWishes(QObject):
    """Says all of them whenever they are others: what is said no more may be forgotten."""

    wished = Signal(object)  # a tuple of message ids, the most urgent first

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._near: tuple[str, ...] = ()
        self._sought: tuple[str, ...] = ()

    def set_near(self, message_ids: tuple[str, ...]) -> None:
        """Those in sight first."""
        if message_ids != self._near:
            self._near = message_ids
            self._tell()

    def seek(self, message_ids: tuple[str, ...]) -> None:
        """They are read for something else than to be shown."""
        if message_ids != self._sought:
            self._sought = message_ids
            self._tell()

    def forget(self) -> None:
        """Another conversation is shown: say all anew."""
        self._near = self._sought = ()

    def _tell(self) -> None:
        self.wished.emit((*self._near, *self._sought))
