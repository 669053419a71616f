"""Renders the icon for the systems that want pixels: PNG for Linux, ICO for Windows, ICNS for macOS."""

import os
import sys
from pathlib import Path

from PySide6.QtCore import QSize
from PySide6.QtGui import QGuiApplication, QIcon, QImage

SOURCE = Path(__file__).resolve().parents[1] / "resources" / "icons" / "belay.svg"
PNG_SIZES_PX = (16, 22, 24, 32, 48, 64, 128, 256, 512)
ICO_SIZE_PX, ICNS_SIZE_PX = 256, 1024


def render_png(folder: Path) -> None:
    """Write SIZExSIZE.png for each size."""
    folder.mkdir(parents=True, exist_ok=True)
    for size in PNG_SIZES_PX:
        _save(size, folder / f"{size}x{size}.png")


def render_for_windows(folder: Path) -> Path:
    return _save(ICO_SIZE_PX, folder / "belay.ico")


def render_for_mac(folder: Path) -> Path:
    return _save(ICNS_SIZE_PX, folder / "belay.icns")


def _save(size_px: int, file: Path) -> Path:
    image: QImage = QIcon(str(SOURCE)).pixmap(QSize(size_px, size_px)).toImage()
    file.parent.mkdir(parents=True, exist_ok=True)
    if not image.save(str(file)):
        raise OSError(f"Qt could not write {file.name}")
    return file


def main() -> int:
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    _application = QGuiApplication([])
    folder = Path(sys.argv[1])
    if sys.platform == "win32":
        render_for_windows(folder)
    elif sys.platform == "darwin":
        render_for_mac(folder)
    else:
        render_png(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
