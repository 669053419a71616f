"""Puts text on the clipboard, plain and rich at once."""

from PySide6.QtCore import QMimeData, QStringListModel
from PySide6.QtGui import QGuiApplication


def put_on_clipboard(text: str, html: str = "") -> None:
    """`html` is for programs that show rich text; the others get `text`."""
    clipboard = QGuiApplication.clipboard()
    if not html:
        clipboard.setText(text)
        return
    data = _qt_made_mime_data()
    data.setText(text)
    data.setHtml(html)
    clipboard.setMimeData(data)


def _qt_made_mime_data() -> QMimeData:
    """
    An empty QMimeData that is Qt's own.

    The clipboard keeps what it was given until after Python has ended, and deletes it then. One that
    Python made calls back into Python as it is deleted: a segmentation fault (PySide 6.11.3).
    """
    model = QStringListModel(["any"])
    data = model.mimeData([model.index(0)])
    data.clear()
    return data
