"""The look of the whole application: which palette is in force, the fonts, Qt's palette and the one style sheet."""

import logging
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from app.domain.settings import ColorScheme
from app.ui.palette import BODY_FONT, BODY_PX, CODE_FONT, CODE_PX, DARK, LIGHT, SMALL_PX, Palette

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


def style_sheet(palette: Palette) -> str:
    """
    The one style sheet. It names classes and a `look` property only: no rule for every widget, which
    would make each of them slower to build.
    """
    return _STYLE_SHEET.format(p=palette, small=SMALL_PX)


# Buttons take the focus by Tab alone (their focus policy), so `:focus` means the keyboard.
_STYLE_SHEET = """
QToolTip {{ background: {p.strong}; color: {p.on_strong}; border: none; padding: 5px 8px; font-size: {small}px; }}

QLabel[look="muted"] {{ color: {p.muted}; font-size: {small}px; }}
QLabel[look="heading"] {{ color: {p.muted}; font-size: 12px; font-weight: 500; }}
QLabel[look="advice"] {{ color: {p.text}; font-size: 14px; }}
QLabel[look="warning"] {{
    background: {p.warning_background}; color: {p.text}; font-size: 14px; border-radius: 8px; padding: 8px 10px;
}}
QLabel[look="label"] {{ color: {p.text}; font-size: {small}px; font-weight: 500; }}
QLabel[look="keys"] {{ color: {p.muted}; font-size: {small}px; font-weight: 500; }}
QLabel[look="error"] {{ color: {p.danger}; font-size: {small}px; }}
QLabel[look="title"] {{ color: {p.text}; font-size: 14px; font-weight: 600; }}
QLabel[look="question"] {{ color: {p.text}; font-size: 17px; font-weight: 600; }}

QLineEdit {{
    background: {p.hover}; color: {p.text}; border: 2px solid transparent; border-radius: 8px; padding: 4px 8px;
    selection-background-color: {p.selection}; selection-color: {p.text};
}}
QLineEdit:focus {{ border-color: {p.link}; background: {p.background}; }}
QPlainTextEdit[look="field"] {{
    background: {p.hover}; color: {p.text}; border: 2px solid transparent; border-radius: 8px; padding: 4px 4px;
}}
QPlainTextEdit[look="field"]:focus {{ border-color: {p.link}; background: {p.background}; }}
QLineEdit[look="quiet"], QLineEdit[look="quiet"]:focus {{ background: transparent; border-color: transparent; }}
QLineEdit[look="inline"] {{ padding: 0 6px; }}

QPushButton[look] {{
    border: 2px solid transparent; border-radius: 10px; padding: 0 14px; min-height: 32px; font-weight: 500;
}}
QPushButton[look="plain"] {{ background: {p.hover}; color: {p.text}; }}
QPushButton[look="plain"]:hover {{ background: {p.selected}; }}
QPushButton[look="calm"] {{ background: {p.background}; color: {p.text}; font-size: 14px; min-height: 28px; }}
QPushButton[look="calm"]:hover {{ background: {p.hover}; }}
QPushButton[look="strong"] {{ background: {p.strong}; color: {p.on_strong}; }}
QPushButton[look="danger"] {{ background: {p.danger}; color: {p.background}; }}
QPushButton[look="link"] {{
    background: transparent; color: {p.link}; font-size: {small}px; min-height: 16px; padding: 0 4px;
    border-radius: 6px;
}}
QPushButton[look="link"]:hover {{ background: {p.hover}; }}
QPushButton[look="fold"] {{
    background: transparent; color: {p.text}; font-size: 14px; padding: 0 8px 0 4px; text-align: left;
}}
QPushButton[look="fold"]:hover {{ background: {p.hover}; }}
QPushButton[look="value"] {{
    background: {p.hover}; color: {p.text}; font-size: 14px; font-weight: 400; text-align: left; padding-left: 12px;
}}
QPushButton[look="value"]:hover {{ background: {p.selected}; }}
QPushButton[look]:focus {{ border-color: {p.link}; }}
QPushButton[look="choice"] {{ background: transparent; color: {p.text}; font-size: 14px; }}
QPushButton[look="choice"]:hover {{ background: {p.hover}; }}
QPushButton[look="choice"]:checked {{ background: {p.selected}; }}
QPushButton[look]:disabled {{ color: {p.muted}; }}

QMenu {{
    menu-scrollable: 1;
    background: {p.field}; color: {p.text}; border: 1px solid {p.border}; border-radius: 10px; padding: 6px;
}}
QMenu::item {{ padding: 7px 28px 7px 10px; border-radius: 6px; margin: 0; }}
QMenu::item:selected {{ background: {p.selected}; }}
QMenu::item:disabled {{ color: {p.muted}; background: transparent; }}
QMenu::icon {{ padding-left: 10px; }}
QMenu::separator {{ height: 1px; background: {p.border}; margin: 6px 4px; }}

QMenu::indicator {{ width: 0; height: 0; }}

QFrame[look="side"] {{ background: {p.sidebar}; border: none; }}
QFrame[look="foot"] {{ background: {p.background}; border: none; border-top: 1px solid {p.border}; }}
QFrame[look="card"] {{ background: {p.background}; border: 1px solid {p.border}; border-radius: 10px; }}
QFrame[look="row"] {{ border: none; border-top: 1px solid {p.border}; }}
QFrame[look="first row"] {{ border: none; }}
QFrame[found="true"] {{ background: {p.found}; }}

QListWidget[look="navigation"] {{ background: {p.sidebar}; border: none; padding: 0; outline: none; }}
QListWidget[look="navigation"]::item {{ color: {p.text}; border-radius: 8px; padding: 0 10px; }}
QListWidget[look="navigation"]::item:hover {{ background: {p.hover}; }}
QListWidget[look="navigation"]::item:selected {{ background: {p.selected}; color: {p.text}; }}

QListWidget[look="cards"] {{ background: {p.background}; border: none; outline: none; }}
QListWidget[look="cards"]::item {{ border-radius: 8px; }}
QListWidget[look="cards"]::item:hover {{ background: {p.hover}; }}
QListWidget[look="cards"]::item:selected {{ background: {p.selected}; }}
QListView[look="popup"] {{
    background: {p.field}; color: {p.text}; border: 1px solid {p.border}; padding: 4px; outline: none;
}}
QListView[look="popup"]::item {{ padding: 6px 8px; border-radius: 6px; }}
QListView[look="popup"]::item:selected {{ background: {p.selected}; color: {p.text}; }}

QScrollBar {{ background: transparent; border: none; }}
QScrollBar:vertical {{ width: 10px; }}
QScrollBar:horizontal {{ height: 10px; }}
QScrollBar::handle {{ background: {p.scrollbar}; border-radius: 4px; margin: 1px; }}
QScrollBar::handle:hover {{ background: {p.muted}; }}
QScrollBar::handle:vertical {{ min-height: 32px; }}
QScrollBar::handle:horizontal {{ min-width: 32px; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
"""
