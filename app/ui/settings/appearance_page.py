"""Settings › Appearance."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QWidget

from app.domain.settings import ColorScheme, Settings
from app.domain.zoom import ZOOM_STEPS
from app.ui.icons import Icons
from app.ui.settings.rows import Row, TablePage
from app.ui.theme import Theme

_SCHEMES = (
    (ColorScheme.SYSTEM, "System", "monitor"),
    (ColorScheme.LIGHT, "Light", "sun"),
    (ColorScheme.DARK, "Dark", "moon"),
)


class AppearancePage(TablePage):
    """The colour scheme as three buttons side by side, and below it the table."""

    def __init__(self, theme: Theme, icons: Icons) -> None:
        rows = (
            Row("zoom_percent", "Size of the text in conversations", words="zoom font large small scale",
                options=tuple((step, f"{step} %") for step in ZOOM_STEPS)),
            Row("reduces_motion", "Reduce motion", note="Nothing moves or fades by itself.",
                words="animation accessibility"),
        )  # fmt: skip
        super().__init__("appearance", "Appearance", (), theme, icons, words="look colours theme")
        self._scheme_icons: list[tuple[QPushButton, str]] = []
        self._buttons: dict[ColorScheme, QPushButton] = {}
        self._group = QButtonGroup(self)
        schemes = self._scheme_buttons()
        self.add_setting(self.add_group(), "Colours", schemes, words="color scheme theme dark light night system")
        self.add_rows(rows)
        theme.changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    def show_settings(self, settings: Settings) -> None:
        super().show_settings(settings)
        self._buttons[settings.color_scheme].setChecked(True)

    def _scheme_buttons(self) -> QWidget:
        buttons = QWidget()
        line = QHBoxLayout(buttons)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(2)
        for scheme, label, icon_name in _SCHEMES:
            button = QPushButton(f" {label}")
            button.setObjectName(f"colorScheme{label}")
            button.setProperty("look", "choice")
            button.setCheckable(True)
            button.setAutoDefault(False)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setAccessibleName(f"Colours: {label}")
            button.setToolTip("Follow the system" if scheme is ColorScheme.SYSTEM else f"Always {label.lower()}")
            button.clicked.connect(lambda _checked=False, scheme=scheme: self._on_scheme_clicked(scheme))
            self._group.addButton(button)
            self._buttons[scheme] = button
            self._scheme_icons.append((button, icon_name))
            line.addWidget(button)
        buttons.setFocusProxy(self._buttons[ColorScheme.SYSTEM])
        return buttons

    def _on_scheme_clicked(self, scheme: ColorScheme) -> None:
        self.change_requested.emit("color_scheme", scheme)

    def _on_theme_changed(self) -> None:
        for button, icon_name in self._scheme_icons:
            button.setIcon(self._icons.icon(icon_name, self._theme.palette.text, 16))
