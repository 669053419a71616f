"""The look of the whole application: which palette is in force, the fonts, and Qt's palette."""

import logging
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from app.domain.settings import ColorScheme
from app.ui.palette import BODY_FONT, BODY_PX, CODE_FONT, CODE_PX, DARK, LIGHT, Palette
from app.ui.style_sheet import style_sheet

log = logging.getLogger(__name__)

_QT_SCHEMES = {
    ColorScheme.SYSTEM: Qt.ColorScheme.Unknown,
    ColorScheme.LIGHT: Qt.ColorScheme.Light,
    ColorScheme.DARK: Qt.ColorScheme.Dark,
}
_CODE_LIGATURES = ("calt", "liga", "clig")


def load_fonts(folder: Path) -> tuple[str, ...]:
    """Load every font file of `folder`; the families that can be used now. Qt falls back for one that is missing."""
    families: list[str] = []
    for path in sorted(folder.glob("*.[ot]tf")):
        font_id = QFontDatabase.addApplicationFont(str(path))
        if font_id < 0:
            log.warning("font not loaded file=%s", path.name)
            continue
        families += QFontDatabase.applicationFontFamilies(font_id)
    return tuple(dict.fromkeys(families))


def body_font(px: int = BODY_PX, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """Inter with figures of equal width, so that counters do not jump."""
    font = QFont(BODY_FONT)
    font.setStyleHint(QFont.StyleHint.SansSerif)
    font.setPixelSize(px)
    font.setWeight(weight)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    font.setFeature(QFont.Tag("tnum"), 1)
    return font


def code_font(px: int = CODE_PX) -> QFont:
    """JetBrains Mono without ligatures: code shows the characters that are in it."""
    font = QFont(CODE_FONT)
    font.setStyleHint(QFont.StyleHint.Monospace)
    font.setFixedPitch(True)
    font.setPixelSize(px)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    for tag in _CODE_LIGATURES:
        font.setFeature(QFont.Tag(tag), 0)
    return font


class Theme(QObject):
    """
    The palette in force. Follows the system, or the user's choice.

    Dresses the application when it is built; `changed` comes after every later change of dress.
    """

    changed = Signal()

    def __init__(self, app: QApplication, scheme: ColorScheme = ColorScheme.SYSTEM) -> None:
        super().__init__(app)
        self._app = app
        self._scheme = scheme
        # A desktop that names no scheme still shows one: in the colours Qt starts with.
        self._starts_dark = app.palette().color(QPalette.ColorRole.Window).lightness() < 128
        app.setStyle("Fusion")
        app.setFont(body_font())
        app.styleHints().setColorScheme(_QT_SCHEMES[scheme])
        self._palette = self._wanted()
        self._dress()
        app.styleHints().colorSchemeChanged.connect(self._on_system_scheme_changed)

    @property
    def palette(self) -> Palette:
        return self._palette

    @property
    def scheme(self) -> ColorScheme:
        return self._scheme

    def follow(self, scheme: ColorScheme) -> None:
        """Show this scheme from now on; window frames and native dialogs follow where the platform can."""
        self._scheme = scheme
        self._app.styleHints().setColorScheme(_QT_SCHEMES[scheme])
        self._refresh()

    def _on_system_scheme_changed(self) -> None:
        self._refresh()

    def _refresh(self) -> None:
        wanted = self._wanted()
        if wanted is self._palette:
            return
        self._palette = wanted
        self._dress()
        self.changed.emit()

    def _wanted(self) -> Palette:
        match self._scheme:
            case ColorScheme.LIGHT:
                return LIGHT
            case ColorScheme.DARK:
                return DARK
            case ColorScheme.SYSTEM:
                system = self._app.styleHints().colorScheme()
                is_dark = self._starts_dark if system is Qt.ColorScheme.Unknown else system is Qt.ColorScheme.Dark
                return DARK if is_dark else LIGHT

    def _dress(self) -> None:
        self._app.setPalette(qt_palette(self._palette))
        self._app.setStyleSheet(style_sheet(self._palette))


def new_menu(parent: QWidget) -> QMenu:
    """An empty menu whose corners are round on every platform that can show through a window."""
    menu = QMenu(parent)
    menu.setWindowFlags(menu.windowFlags() | Qt.WindowType.FramelessWindowHint | Qt.WindowType.NoDropShadowWindowHint)
    menu.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
    return menu


def qt_palette(palette: Palette) -> QPalette:
    """The same colours for the widgets that Qt paints itself."""
    role = QPalette.ColorRole
    colors = {
        role.Window: palette.background,
        role.WindowText: palette.text,
        role.Base: palette.background,
        role.AlternateBase: palette.sidebar,
        role.Text: palette.text,
        role.PlaceholderText: palette.muted,
        role.Button: palette.bubble,
        role.ButtonText: palette.text,
        role.BrightText: palette.danger,
        role.ToolTipBase: palette.strong,
        role.ToolTipText: palette.on_strong,
        role.Highlight: palette.selection,
        role.HighlightedText: palette.text,
        role.Link: palette.link,
        role.LinkVisited: palette.link,
        role.Accent: palette.link,
        role.Light: palette.hover,
        role.Midlight: palette.hover,
        role.Mid: palette.border,
        role.Dark: palette.border,
        role.Shadow: palette.border,
    }
    result = QPalette()
    for name, color in colors.items():
        result.setColor(name, QColor(color))
    for name in (role.WindowText, role.Text, role.ButtonText, role.HighlightedText):
        result.setColor(QPalette.ColorGroup.Disabled, name, QColor(palette.muted))
    return result
