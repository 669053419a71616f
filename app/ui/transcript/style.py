"""The theme as the transcript needs it: fonts with their measures, and colours ready to paint with."""

from PySide6.QtGui import QColor, QFont, QFontMetricsF

from app.ui.palette import BODY_PX, CODE_PX, SMALL_PX, Palette
from app.ui.theme import Theme, body_font, code_font

BODY_LINE_PX = 28
BUBBLE_LINE_PX = 26
SMALL_LINE_PX = 21
CODE_LINE_PX = 21
LABEL_PX = 12


class TextStyle:
    """One kind of text. Its lines are all `line_px` high, whatever fonts the characters come from."""

    def __init__(self, font: QFont, color: str, line_px: int, palette: Palette) -> None:
        metrics = QFontMetricsF(font)
        self.font = font
        self.color = QColor(color)
        self.selection = QColor(palette.selection)
        self.line_px = line_px
        self.text_px = metrics.ascent() + metrics.descent()
        self.baseline_px = round((line_px - self.text_px) / 2 + metrics.ascent())
        self.advance_px = metrics.horizontalAdvance("0")
        self.average_px = metrics.horizontalAdvance("The quick brown fox jumps over the lazy dog. ") / 45


class Style:
    """Built anew at every change of theme."""

    def __init__(self, theme: Theme) -> None:
        palette = theme.palette
        self.palette = palette
        self.body = TextStyle(body_font(BODY_PX), palette.text, BODY_LINE_PX, palette)
        self.bubble = TextStyle(body_font(BODY_PX), palette.text, BUBBLE_LINE_PX, palette)
        self.small = TextStyle(body_font(SMALL_PX), palette.muted, SMALL_LINE_PX, palette)
        self.strong = TextStyle(body_font(BODY_PX, QFont.Weight.DemiBold), palette.text, 24, palette)
        self.advice = TextStyle(body_font(SMALL_PX + 1), palette.muted, 22, palette)
        self.code = TextStyle(code_font(CODE_PX), palette.text, CODE_LINE_PX, palette)
        self.label = TextStyle(body_font(LABEL_PX, QFont.Weight.Medium), palette.muted, 18, palette)
        self.background = QColor(palette.background)
        self.bubble_ground = QColor(palette.bubble)
        self.code_ground = QColor(palette.code_background)
        self.border = QColor(palette.border)
        self.scrollbar = QColor(palette.scrollbar)
