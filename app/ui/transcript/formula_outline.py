"""A formula as outlines that are filled with any colour at any scale."""

from collections.abc import Iterator

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPainterPath, QTransform

from app.markdown.outlines import Figure, Label, Outlines
from app.ui.palette import BODY_FONT

# Qt fills a path that is made smaller three times as fast as one that is made larger.
_EM = 100.0


class FormulaOutline:
    """Measures in ems, the origin at the left end of the baseline. May be made on any thread."""

    def __init__(self, outlines: Outlines) -> None:
        self.width = outlines.width
        self.ascent = outlines.ascent
        self.descent = outlines.descent
        self._labels = outlines.labels
        # A path a sign: one for all of them takes twice as long.
        self._paths = [_path(figure) for figure in outlines.figures]

    def paint(self, painter: QPainter, baseline: QPointF, px: float, color: QColor) -> None:
        if self._labels:
            self._paths += _label_paths(self._labels)
            self._labels = ()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        painter.translate(baseline)
        painter.scale(px / _EM, px / _EM)
        for path in self._paths:
            painter.drawPath(path)
        painter.restore()


def _path(figure: Figure) -> QPainterPath:
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.WindingFill)
    for kind, points in figure:
        at = [value * _EM for value in points]
        match kind:
            case "M":
                path.moveTo(*at)
            case "L":
                path.lineTo(*at)
            case "Q":
                path.quadTo(*at)
            case "C":
                path.cubicTo(*at)
            case "Z":
                path.closeSubpath()
    return path


def _label_paths(labels: tuple[Label, ...]) -> Iterator[QPainterPath]:
    """In the text's own font, or whichever has its script."""
    font = QFont(BODY_FONT)
    font.setPixelSize(round(_EM))
    for label in labels:
        path = QPainterPath()
        path.addText(QPointF(0, 0), font, label.text)
        yield QTransform(label.px, 0, 0, label.px, label.left * _EM, label.baseline * _EM).map(path)
