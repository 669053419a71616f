"""The theme as the transcript needs it: fonts with their measures, and colours ready to paint with."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QTextCharFormat

from app.markdown.runs import Look, Run, RunKind
from app.ui.palette import BODY_PX, CODE_PX, SMALL_PX, Palette
from app.ui.theme import Theme, body_font, code_font

BODY_LINE_PX = 28
BUBBLE_LINE_PX = 26
SMALL_LINE_PX = 21
CODE_LINE_PX = 21
LABEL_PX = 12

_FORMAT_KEPT = 500  # widths of formulas, mostly


class TextStyle:
    """One kind of text, and how its Markdown looks. Its lines are `line_px` high, whatever fonts it takes."""

    def __init__(self, font: QFont, color: str, line_px: int, palette: Palette) -> None:
        metrics = QFontMetricsF(font)
        self.font = font
        self.color = QColor(color)
        self.selection = QColor(palette.selection)
        self.found = QColor(palette.found)
        self.found_current = QColor(palette.found_current)
        self.code_ground = QColor(palette.inline_code)
        self.link = QColor(palette.link)
        self.muted = QColor(palette.muted)
        self.warning = QColor(palette.danger)
        self.px = font.pixelSize()
        self.name_font = body_font(max(1, round(0.6 * self.px)), QFont.Weight.Medium)  # of what cannot be seen
        self.line_px = line_px
        self.text_px = metrics.ascent() + metrics.descent()
        self.baseline_px = round((line_px - self.text_px) / 2 + metrics.ascent())
        self.advance_px = metrics.horizontalAdvance("0")
        self.average_px = metrics.horizontalAdvance("The quick brown fox jumps over the lazy dog. ") / 45
        self._formats: dict[tuple[RunKind, Look, bool], QTextCharFormat] = {}
        self._spaces: dict[tuple[str, float], QTextCharFormat] = {}

    def format_of(self, run: Run, *, is_source: bool = False) -> QTextCharFormat | None:
        """How a run's characters look; None for plain ones. `is_source`: a formula that is shown as it was written."""
        kind = RunKind.CODE if is_source else run.kind
        if kind is RunKind.TEXT and not run.look and not run.href:
            return None
        key = kind, run.look, bool(run.href)
        if (known := self._formats.get(key)) is None:
            known = self._formats[key] = self._new_format(*key)
        return known

    def space_format(self, character: str, width: float) -> QTextCharFormat:
        """Of an invisible `character` that is as wide as this."""
        key = character, width
        if (known := self._spaces.get(key)) is None:
            if len(self._spaces) >= _FORMAT_KEPT:
                self._spaces.clear()
            font = QFont(self.font)
            advance = QFontMetricsF(font).horizontalAdvance(character)
            font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, width - advance)
            known = self._spaces[key] = QTextCharFormat()
            known.setFont(font)
            known.setForeground(QColor(Qt.GlobalColor.transparent))
        return known

    def _new_format(self, kind: RunKind, look: Look, is_link: bool) -> QTextCharFormat:
        result = QTextCharFormat()
        font = code_font(max(1, self.px - 1)) if kind is RunKind.CODE else QFont(self.font)
        if look & Look.STRONG:
            font.setWeight(QFont.Weight.Bold)
        if look & Look.EMPHASIS:
            font.setItalic(True)
        if look & Look.STRUCK:
            font.setStrikeOut(True)
        result.setFont(font)
        if kind is RunKind.FOOTNOTE:
            result.setVerticalAlignment(QTextCharFormat.VerticalAlignment.AlignSuperScript)
        if kind is RunKind.IMAGE:
            result.setForeground(self.muted)
        elif is_link or kind is RunKind.FOOTNOTE:
            result.setForeground(self.link)
        return result


class Style:
    """
    Built anew at every change of theme and of zoom.

    `is_small`: for text that stands back, such as what a model thought before it answered.
    """

    def __init__(self, theme: Theme, zoom: float = 1.0, *, is_small: bool = False) -> None:
        palette = theme.palette
        self._theme = theme
        self._smaller: Style | None = None
        self.palette = palette
        self.zoom = zoom
        self.is_small = is_small
        small = self._text(SMALL_PX, SMALL_LINE_PX, palette.muted)
        self.body = small if is_small else self._text(BODY_PX, BODY_LINE_PX)
        self.bubble = self._text(BODY_PX, BUBBLE_LINE_PX)
        self.small = small
        self.strong = self._text(BODY_PX, 24, weight=QFont.Weight.DemiBold)
        self.advice = self._text(SMALL_PX + 1, 22, palette.muted)
        self.code = TextStyle(code_font(self.px(CODE_PX)), palette.text, self.px(CODE_LINE_PX), palette)
        self.label = self._text(LABEL_PX, 18, palette.muted, QFont.Weight.Medium)
        self.headings = self._small_headings() if is_small else self._headings()
        self.background = QColor(palette.background)
        self.bubble_ground = QColor(palette.bubble)
        self.code_ground = QColor(palette.code_background)
        self.border = QColor(palette.border)
        self.scrollbar = QColor(palette.scrollbar)

    def px(self, logical: float) -> int:
        """So many logical pixels at this zoom; never none of a few."""
        return round(logical * self.zoom) or (1 if logical > 0 else 0)

    def smaller(self) -> "Style":
        """The same for text that stands back."""
        if self._smaller is None:
            self._smaller = Style(self._theme, self.zoom, is_small=True)
        return self._smaller

    def _text(self, px: int, line_px: int, color: str = "", weight: QFont.Weight = QFont.Weight.Normal) -> TextStyle:
        font = body_font(self.px(px), weight)
        return TextStyle(font, color or self.palette.text, self.px(line_px), self.palette)

    def _headings(self) -> tuple[TextStyle, ...]:
        """By level, from 1."""
        bold, semibold = QFont.Weight.Bold, QFont.Weight.DemiBold
        return (
            self._text(26, 36, weight=bold),
            self._text(20, 30, weight=bold),
            self._text(17, 28, weight=bold),
            self._text(BODY_PX, BODY_LINE_PX, weight=semibold),
            self._text(14, 26, weight=semibold),
            self._text(14, 26, self.palette.muted, semibold),
        )

    def _small_headings(self) -> tuple[TextStyle, ...]:
        return (self._text(SMALL_PX, SMALL_LINE_PX, self.palette.muted, QFont.Weight.DemiBold),) * 6
