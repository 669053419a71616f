"""What the transcript has to do with the disk: texts that it wants read, and heights that are worth keeping."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, QTimer, Signal

from app.domain.conversation import KnownMessage
from app.domain.row_shape import RowShape
from app.ui.transcript.conversation_layout import ConversationLayout
from app.ui.transcript.scroller import Scroller
from app.ui.transcript.text_wishes import TextWishes

IDLE_MS = 1_000


class OnDisk(QObject):
    """Heights are told when nothing has moved, streamed or been laid out for IDLE_MS, each once."""

    texts_wished = Signal(object)  # the ids of messages, the most urgent first
    rows_measured = Signal(object, object)  # a RowShape, heights by message id

    def __init__(
        self, parent: QObject, wishes: TextWishes, conversation: ConversationLayout, scroller: Scroller
    ) -> None:
        super().__init__(parent)
        self._conversation = conversation
        self._scroller = scroller
        self._idle = QTimer(self)
        self._idle.setSingleShot(True)
        self._idle.setInterval(IDLE_MS)
        self._idle.timeout.connect(self.tell_heights)
        wishes.wished.connect(self.texts_wished)
        scroller.placed.connect(self._idle.start)

    @property
    def shape(self) -> RowShape:
        """Heights of now are right in this one."""
        return self._scroller.shape

    def take(self, messages: Sequence[KnownMessage]) -> None:
        """Texts were read, or are forgotten. Nothing that is read moves."""
        self._scroller.take(messages)

    def tell_heights(self) -> None:
        """Now: these rows are about to go."""
        self._idle.stop()
        if heights := self._conversation.take_measured():
            self.rows_measured.emit(self.shape, heights)
