"""Blocks of code as they are, and as they grow, and what is painted of them."""

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QFont, QImage, QPainter, QTextLayout
from pytestqt.qtbot import QtBot

from app.markdown.blocks import Code
from app.ui.transcript.budget import Budget
from app.ui.transcript.cells import code_pieces
from app.ui.transcript.cells.cell import UNMARKED, Marked
from app.ui.transcript.cells.code import CodeCell
from app.ui.transcript.materials import Materials

WIDTH = 600
VIEW_PX = 400


def block(*lines: str, info: str = "", is_closed: bool = True) -> Code:
    code = Code(0, info)
    code.lines += lines
    code.is_closed = is_closed
    return code


def write(code: Code, text: str) -> None:
    """As it streams in."""
    first, *others = text.split("\n")
    if first:
        code.open_pieces.append(first)
    for line in others:
        code.lines.append("".join(code.open_pieces))
        code.open_pieces = [line] if line else []


def laid_out(code: Code, materials: Materials, width: int = WIDTH) -> CodeCell:
    cell = CodeCell(code, materials)
    cell.resize(width)
    cell.lay_out(Budget(60))
    return cell


def settle(cell: CodeCell) -> None:
    while not cell.is_settled:
        cell.lay_out(Budget(0.05))


def picture(cell: CodeCell, top: int = 0, marked: Marked = UNMARKED, height: int = VIEW_PX) -> QImage:
    """What is seen of the cell in a view whose top is at `top`."""
    seen = QRect(0, top, cell.width, height)
    image = QImage(seen.size(), QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    painter.translate(QPoint(0, -top))
    cell.paint(painter, seen, marked)
    painter.end()
    return image


def counted_layouts(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts of all pieces that are laid out from now on."""
    made: list[str] = []

    class CountedLayout(QTextLayout):
        def __init__(self, text: str, font: QFont) -> None:
            super().__init__(text, font)
            made.append(text)

    monkeypatch.setattr(code_pieces, "QTextLayout", CountedLayout)
    return made


def has_color(image: QImage, color: str) -> bool:
    wanted = int(color.removeprefix("#"), 16) | 0xFF000000
    return any(image.pixel(x, y) == wanted for y in range(image.height()) for x in range(image.width()))


def until_whole(qtbot: QtBot, cell: CodeCell, materials: Materials) -> None:
    """Until all of a block has its colours, as long as it is looked at."""

    def is_whole() -> bool:
        picture(cell)
        return materials.highlighting.colors(cell.block).is_whole

    qtbot.waitUntil(is_whole, timeout=20_000)


def know(qtbot: QtBot, materials: Materials, info: str = "py") -> None:
    """The language is loaded from now on."""
    until_whole(qtbot, laid_out(block("x", info=info), materials), materials)
