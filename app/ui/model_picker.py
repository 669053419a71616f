"""Which model answers, how it is, and which others there are."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAction, QColor, QIcon, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget, QWidgetAction

from app.domain.model import ModelRef
from app.domain.provider import ProviderPhase, ProviderState
from app.ui.icons import ROW_HEIGHT_PX, ROW_RADIUS_PX, Icons, paint_focus_ring
from app.ui.text import NO_MODEL, RETRY, plain_label, plain_tooltip
from app.ui.theme import Theme, body_font, new_menu

_LABEL = "Choose a model"
_MAX_WIDTH_PX = 320
_NOTE_WIDTH_PX = 300
_PADDING_PX = 12
_DOT_PX = 8
_GAP_PX = 8
_CHEVRON_PX = 16


class ModelPicker(QPushButton):
    """A button with the model's name and a dot for its state; pressed, a menu of all providers and their models."""

    model_requested = Signal(object)  # a ModelRef
    retry_requested = Signal(str)  # a provider's id

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icons = icons
        self._providers: tuple[ProviderState, ...] = ()
        self._selected: ModelRef | None = None
        self._shown: ProviderState | None = None
        self._name = NO_MODEL
        self._menu = new_menu(self)
        self._menu.setAccessibleName(_LABEL)
        self.setObjectName("modelPicker")
        self.setFont(body_font(14))
        self.setFixedHeight(ROW_HEIGHT_PX)
        self.setMaximumWidth(_MAX_WIDTH_PX)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.clicked.connect(self._on_clicked)
        theme.changed.connect(self.update)
        self.show_state((), None)

    def show_state(self, providers: Sequence[ProviderState], selected: ModelRef | None) -> None:
        self._providers = tuple(providers)
        self._selected = selected
        self._shown = self._provider_to_show()
        self._name = self._name_to_show()
        status = self._status()
        self.setText(plain_label(self._name))
        self.setAccessibleName(f"Model: {self._name}")
        self.setAccessibleDescription(status)
        self.setToolTip(plain_tooltip(f"{_LABEL}\n{status}" if status else _LABEL))
        self.updateGeometry()
        self.update()
        if self._menu.isVisible():
            self._fill_menu()

    def _provider_to_show(self) -> ProviderState | None:
        if self._selected is not None:
            return next((each for each in self._providers if each.id == self._selected.provider_id), None)
        by_urgency = (ProviderPhase.STARTING, ProviderPhase.FAILED, ProviderPhase.IDLE, ProviderPhase.READY)
        return min(self._providers, key=lambda each: by_urgency.index(each.phase), default=None)

    def _name_to_show(self) -> str:
        if self._selected is not None and self._selected.model:
            return self._selected.model
        if self._selected is not None and self._shown is not None:
            return self._shown.name
        if self._shown is not None and self._shown.phase is ProviderPhase.STARTING:
            return self._shown.name
        return NO_MODEL

    def _status(self) -> str:
        return "" if self._shown is None else phase_sentence(self._shown)

    def _fill_menu(self) -> None:
        self._menu.clear()
        if not self._providers:
            self._add_note("There is no provider yet")
        for number, provider in enumerate(self._providers):
            if number:
                self._menu.addSeparator()
            self._add_note(provider.name, is_heading=True)
            for model in provider.models:
                self._add_model(ModelRef(provider.id, model.id))
            if provider.fault is not None and provider.phase is ProviderPhase.FAILED:
                self._add_disabled(provider.fault.title)
                self._add_retry(provider)
            elif provider.phase is ProviderPhase.IDLE:
                self._add_start(provider)
            elif provider.phase is not ProviderPhase.READY:
                self._add_disabled(phase_sentence(provider))
            if provider.note:
                self._add_note(provider.note)

    def _add_model(self, ref: ModelRef) -> None:
        action = QAction(plain_label(ref.model), self._menu)
        action.setCheckable(True)
        action.setChecked(ref == self._selected)
        if ref == self._selected:
            action.setIcon(self._icon("check"))
        action.triggered.connect(lambda: self.model_requested.emit(ref))
        self._menu.addAction(action)

    def _add_start(self, provider: ProviderState) -> None:
        """Its models are known once it runs: choosing it starts it."""
        action = QAction(plain_label(f"Start {provider.name}"), self._menu)
        action.triggered.connect(lambda: self.model_requested.emit(ModelRef(provider.id, "")))
        self._menu.addAction(action)

    def _add_retry(self, provider: ProviderState) -> None:
        action = QAction(self._icon("rotate-ccw"), RETRY, self._menu)
        action.triggered.connect(lambda: self.retry_requested.emit(provider.id))
        self._menu.addAction(action)

    def _add_disabled(self, label: str) -> None:
        action = QAction(plain_label(label), self._menu)
        action.setEnabled(False)
        self._menu.addAction(action)

    def _add_note(self, sentence: str, *, is_heading: bool = False) -> None:
        label = QLabel(sentence)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setProperty("look", "heading" if is_heading else "muted")
        label.setWordWrap(True)
        label.setFixedWidth(_NOTE_WIDTH_PX)
        ground = QWidget()
        padding = QVBoxLayout(ground)
        padding.setContentsMargins(10, 6, 10, 6)
        padding.addWidget(label)
        action = QWidgetAction(self._menu)
        action.setDefaultWidget(ground)
        action.setText(plain_label(sentence))
        action.setEnabled(False)
        self._menu.addAction(action)

    def _icon(self, name: str) -> QIcon:
        return self._icons.icon(name, self._theme.palette.text, 16)

    def _on_clicked(self) -> None:
        self._fill_menu()
        self._menu.popup(self.mapToGlobal(QPoint(0, self.height() + 4)))

    def _dot_color(self) -> str:
        palette = self._theme.palette
        if self._shown is None:
            return palette.muted
        return phase_color(self._shown.phase, self._theme)

    # Qt overrides

    def sizeHint(self) -> QSize:
        furniture = 2 * _PADDING_PX + _DOT_PX + _CHEVRON_PX + 2 * _GAP_PX
        return QSize(
            min(self.fontMetrics().horizontalAdvance(self._name) + furniture + 1, _MAX_WIDTH_PX), ROW_HEIGHT_PX
        )

    def minimumSizeHint(self) -> QSize:
        return QSize(96, ROW_HEIGHT_PX)

    def paintEvent(self, event: QPaintEvent) -> None:
        palette = self._theme.palette
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        if self.isDown() or self.underMouse() or self._menu.isVisible():
            painter.setBrush(QColor(palette.hover))
            painter.drawRoundedRect(self.rect(), ROW_RADIUS_PX, ROW_RADIUS_PX)
        middle = self.height() / 2
        painter.setBrush(QColor(self._dot_color()))
        painter.drawEllipse(QRectF(_PADDING_PX, middle - _DOT_PX / 2, _DOT_PX, _DOT_PX))
        left = _PADDING_PX + _DOT_PX + _GAP_PX
        room = self.width() - left - _GAP_PX - _CHEVRON_PX - _PADDING_PX
        painter.setPen(QColor(palette.text))
        name = self.fontMetrics().elidedText(self._name, Qt.TextElideMode.ElideMiddle, room)
        painter.drawText(QRectF(left, 0, room + 1, self.height()), Qt.AlignmentFlag.AlignVCenter, name)
        chevron = self._icons.pixmap("chevron-down", palette.muted, _CHEVRON_PX, self.devicePixelRatioF())
        chevron_left = left + min(room, self.fontMetrics().horizontalAdvance(name)) + _GAP_PX
        place = QRectF(chevron_left, middle - _CHEVRON_PX / 2, _CHEVRON_PX, _CHEVRON_PX)
        painter.drawPixmap(place, chevron, QRectF(chevron.rect()))
        if self.hasFocus():
            paint_focus_ring(painter, QRectF(self.rect()), ROW_RADIUS_PX, palette.link)


def phase_sentence(provider: ProviderState) -> str:
    """How a provider is, in words."""
    match provider.phase:
        case ProviderPhase.IDLE:
            return "Not started"
        case ProviderPhase.STARTING:
            return "Starting…" if provider.progress is None else f"Starting… {provider.progress:.0%}"
        case ProviderPhase.READY:
            return "Ready"
        case ProviderPhase.FAILED:
            return provider.fault.title if provider.fault else "Not available"


def starting_sentence(provider: ProviderState) -> str:
    """That it is starting, and how far it is."""
    progress = "" if provider.progress is None else f" {provider.progress:.0%}"
    return f"{provider.name} is starting…{progress}"


def phase_color(phase: ProviderPhase, theme: Theme) -> str:
    palette = theme.palette
    return {
        ProviderPhase.IDLE: palette.muted,
        ProviderPhase.STARTING: palette.warning,
        ProviderPhase.READY: palette.success,
        ProviderPhase.FAILED: palette.danger,
    }[phase]
