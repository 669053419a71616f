"""The body of one message, laid out, and what is seen of it."""

from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QImage, QPainter

from app.domain.conversation import ConversationId, Message, MessageId, MessageStatus, Role
from app.ui.transcript.budget import Budget
from app.ui.transcript.cells.cell import UNMARKED, Cell, Marked
from app.ui.transcript.cells.text import TextCell
from app.ui.transcript.materials import Materials
from app.ui.transcript.message_body import MessageBody
from app.ui.transcript.shown_message import ShownMessage

WIDTH = 760


def enough() -> Budget:
    return Budget(60)


def shown_message(text: str = "", *, reasoning: str = "", is_live: bool = False) -> ShownMessage:
    return ShownMessage(
        Message(
            id=MessageId("message"),
            conversation_id=ConversationId("conversation"),
            parent_id=None,
            role=Role.ASSISTANT,
            content=text,
            reasoning=reasoning,
            status=MessageStatus.GENERATING if is_live else MessageStatus.COMPLETE,
        )
    )


def new_body(text: str, materials: Materials, *, width: int = WIDTH, reasoning: str = "") -> MessageBody:
    """All of it read and laid out."""
    body = MessageBody(shown_message(text, reasoning=reasoning), materials, width)
    settle(body)
    return body


def settle(body: MessageBody) -> None:
    assert body.read(enough())
    assert body.settle_down(0, 1 << 30, enough())


def text_cell(text: str, materials: Materials, *, width: int = WIDTH) -> TextCell:
    """The one paragraph that the text is."""
    (cell,) = new_body(text, materials, width=width).cells
    assert isinstance(cell, TextCell)
    return cell


def picture_of(cell: Cell, marked: Marked = UNMARKED) -> QImage:
    """On white."""
    picture = blank(WIDTH, cell.height)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    cell.paint(painter, QRect(0, 0, WIDTH, cell.height), marked)
    painter.end()
    return picture


def picture_of_body(body: MessageBody) -> QImage:
    picture = blank(WIDTH, body.height)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    body.paint(painter, QRect(0, 0, WIDTH, body.height), lambda _: UNMARKED)
    painter.end()
    return picture


def blank(width: int, height: int) -> QImage:
    picture = QImage(width, height, QImage.Format.Format_RGB32)
    picture.fill(QColor("white"))
    return picture


def inked_columns(picture: QImage, color: QColor | None = None) -> list[int]:
    """The x of all columns with a pixel of this colour, or of any but white."""
    white = QColor("white").rgb()

    def is_inked(pixel: int) -> bool:
        return pixel == color.rgb() if color is not None else pixel != white

    return [x for x in range(picture.width()) if any(is_inked(picture.pixel(x, y)) for y in range(picture.height()))]
