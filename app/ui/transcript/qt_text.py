"""Between Python's texts and QTextLayout's: one counts characters, the other UTF-16 units."""

import re
import unicodedata

from PySide6.QtCore import Qt

TAB_STOPS = 4
_WORD = re.compile(r"\w+|[^\S\n]+|\n|[^\w\s]+")


def units_in(text: str) -> int:
    """How many UTF-16 units it has."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def to_qt(text: str, index: int) -> int:
    """The UTF-16 index of a character index."""
    return index if text.isascii() else len(text[:index].encode("utf-16-le", "surrogatepass")) // 2


def from_qt(text: str, index: int) -> int:
    """The character index of a UTF-16 index; inside a pair, that of the character."""
    if text.isascii():
        return index
    return len(text.encode("utf-16-le", "surrogatepass")[: index * 2].decode("utf-16-le", "ignore"))


def x_of(cursor: object) -> float:
    """The x out of what `cursorToX` answers: PySide gives it together with the position it is for."""
    x = cursor[0] if isinstance(cursor, tuple) else cursor
    assert isinstance(x, float)
    return x


def word_in(text: str, index: int) -> tuple[int, int]:
    """Where the word at `index` starts and ends."""
    for word in _WORD.finditer(text):
        if word.end() > index:
            return word.start(), word.end()
    return len(text), len(text)


def direction_of(text: str) -> Qt.LayoutDirection:
    """Of the first letter that has one, as Unicode wants it."""
    for character in text:
        match unicodedata.bidirectional(character):
            case "L":
                break
            case "R" | "AL":
                return Qt.LayoutDirection.RightToLeft
    return Qt.LayoutDirection.LeftToRight
