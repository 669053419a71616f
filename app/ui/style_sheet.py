"""The one style sheet: how each `look` is dressed."""

from app.ui.palette import SMALL_PX, Palette


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
