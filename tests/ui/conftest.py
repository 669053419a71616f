"""The look that widgets are built with."""

from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from app.domain.settings import ColorScheme
from app.ui.icons import Icons
from app.ui.theme import Theme, load_fonts

RESOURCES = Path(__file__).parents[2] / "resources"


@pytest.fixture(scope="session")
def session_theme(qapp: QApplication) -> Theme:
    load_fonts(RESOURCES / "fonts")
    qapp.setPalette(QPalette(QColor("#efefef")))  # a light system, whatever ran in this process before
    return Theme(qapp, ColorScheme.LIGHT)


@pytest.fixture
def theme(session_theme: Theme) -> Theme:
    session_theme.follow(ColorScheme.LIGHT)
    return session_theme


@pytest.fixture(scope="session")
def icons() -> Icons:
    return Icons(RESOURCES / "icons")
