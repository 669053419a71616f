"""What stands above the thoughts of a model: room for the button that folds and unfolds them."""

from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter

from app.ui.transcript.cells.cell import Marked
from app.ui.transcript.cells.wordless import WordlessCell
from app.ui.transcript.style import Style

HEADER_PX = 28  # as high as the button at least


class ReasoningHead(WordlessCell):
    """The button is the row's. The thoughts are cells below it, if they are shown."""

    def __init__(self, style: Style, *, is_unfolded: bool) -> None:
        super().__init__(gap_px=0, height=max(HEADER_PX, style.px(HEADER_PX)))
        self.is_unfolded = is_unfolded

    def paint(self, painter: QPainter, clip: QRect, marked: Marked) -> None:
        """The button stands here."""
