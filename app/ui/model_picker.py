"""Which model answers, how it is, and which others there are."""

import importlib
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QWidget

from app.domain.model import ModelRef
from app.domain.provider import ProviderPhase, ProviderState
from app.domain.settings import OwnPrice
from app.ui.icons import Icons, paint_focus_ring
from app.ui.measures import ROW_HEIGHT_PX, ROW_RADIUS_PX
from app.ui.models.entries import Offer
from app.ui.models.words import phase_sentence
from app.ui.phase_color import phase_color
from app.ui.text import CHOOSE_MODEL, CHOOSE_MODEL_KEYS, NO_MODEL, plain_label, plain_tooltip, shortcut
from app.ui.theme import Theme, body_font

if TYPE_CHECKING:
    from app.ui.models.popup import ModelPopup

_MAX_WIDTH_PX = 420
_PADDING_PX = 12
_DOT_PX = 8
_GAP_PX = 8
_CHEVRON_PX = 16


class ModelPicker(QPushButton):
    """A button with the model's name, its provider, and a dot for its state; pressed, a list of all there are."""

    model_requested = Signal(object)  # a ModelRef
    retry_requested = Signal(str)  # a provider's id
    refresh_requested = Signal(str)
    star_requested = Signal(object, bool)  # a ModelRef, and whether it is to be a favourite
    price_requested = Signal(object)  # a ModelRef: what it costs is to be asked for
    providers_requested = Signal()
    add_requested = Signal()
    opening = Signal()  # what was used last is asked for

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icons = icons
        self._offer = Offer()
        self._shown: ProviderState | None = None
        self._name = NO_MODEL
        self._provider_name = ""
        self._popup: ModelPopup | None = None
        self.setObjectName("modelPicker")
        self.setFont(body_font(14))
        self._small_font = body_font(13)
        self.setFixedHeight(ROW_HEIGHT_PX)
        self.setMaximumWidth(_MAX_WIDTH_PX)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.clicked.connect(self.open)
        theme.changed.connect(self.update)
        self.show_state((), None)

    def show_state(
        self,
        providers: Sequence[ProviderState],
        selected: ModelRef | None,
        favorites: Sequence[ModelRef] = (),
        recent: Sequence[ModelRef] = (),
        own_prices: Sequence[OwnPrice] = (),
    ) -> None:
        self._offer = Offer(tuple(providers), selected, tuple(favorites), tuple(recent), tuple(own_prices))
        self._shown = self._provider_to_show()
        self._name = self._name_to_show()
        self._provider_name = self._shown.name if self._shown is not None and self._shown.name != self._name else ""
        status = "" if self._shown is None else phase_sentence(self._shown)
        self.setText(plain_label(self._name))
        self.setAccessibleName(f"Model: {self._name}")
        self.setAccessibleDescription(", ".join(filter(None, (self._provider_name, status))))
        lines = (f"{CHOOSE_MODEL} ({shortcut(CHOOSE_MODEL_KEYS)})", self._name, self._provider_name, status)
        self.setToolTip(plain_tooltip("\n".join(filter(None, lines))))
        self.updateGeometry()
        self.update()
        if self._popup is not None and self._popup.isVisible():
            self._popup.show_offer(self._offer)

    def open(self) -> None:
        """Open the list of models below the button."""
        self.opening.emit()
        popup = self._popup or self._new_popup()
        popup.show_offer(self._offer)
        popup.open_below(QRect(self.mapToGlobal(QPoint(0, 0)), self.size()))
        self.update()

    def _new_popup(self) -> "ModelPopup":
        new_popup: type[ModelPopup] = importlib.import_module("app.ui.models.popup").ModelPopup  # see late_imports
        popup = self._popup = new_popup(self._theme, self._icons, self)
        popup.model_requested.connect(self.model_requested)
        popup.retry_requested.connect(self.retry_requested)
        popup.refresh_requested.connect(self.refresh_requested)
        popup.star_requested.connect(self.star_requested)
        popup.price_requested.connect(self.price_requested)
        popup.providers_requested.connect(self.providers_requested)
        popup.add_requested.connect(self.add_requested)
        popup.closed.connect(self.update)
        return popup

    def _provider_to_show(self) -> ProviderState | None:
        selected = self._offer.chosen
        if selected is not None:
            return next((each for each in self._offer.providers if each.id == selected.provider_id), None)
        by_urgency = (ProviderPhase.STARTING, ProviderPhase.FAILED, ProviderPhase.IDLE, ProviderPhase.READY)
        return min(self._offer.providers, key=lambda each: by_urgency.index(each.phase), default=None)

    def _name_to_show(self) -> str:
        selected = self._offer.chosen
        if selected is not None and selected.model:
            info = self._shown.model(selected.model) if self._shown is not None else None
            return info.shown_name if info is not None else selected.model
        if self._shown is not None and (selected is not None or self._shown.phase is ProviderPhase.STARTING):
            return self._shown.name
        return NO_MODEL

    def _dot_color(self) -> str:
        return self._theme.palette.muted if self._shown is None else phase_color(self._shown.phase, self._theme)

    def _widths(self, room: int) -> tuple[str, str]:
        """The model's name and its provider's, shortened to what there is room for: the model's goes first."""
        metrics = self.fontMetrics()
        name = metrics.elidedText(self._name, Qt.TextElideMode.ElideMiddle, room)
        left = room - metrics.horizontalAdvance(name) - _GAP_PX
        provider = metrics.elidedText(self._provider_name, Qt.TextElideMode.ElideRight, left) if left > 40 else ""
        return name, provider

    # Qt overrides

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        words = metrics.horizontalAdvance(self._name) + 1
        if self._provider_name:
            words += _GAP_PX + metrics.horizontalAdvance(self._provider_name) + 1
        furniture = 2 * _PADDING_PX + _DOT_PX + _CHEVRON_PX + 2 * _GAP_PX
        return QSize(min(words + furniture, _MAX_WIDTH_PX), ROW_HEIGHT_PX)

    def minimumSizeHint(self) -> QSize:
        return QSize(96, ROW_HEIGHT_PX)

    def paintEvent(self, event: QPaintEvent) -> None:
        palette = self._theme.palette
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        is_open = self._popup is not None and self._popup.isVisible()
        if self.isDown() or self.underMouse() or is_open:
            painter.setBrush(QColor(palette.hover))
            painter.drawRoundedRect(self.rect(), ROW_RADIUS_PX, ROW_RADIUS_PX)
        middle = self.height() / 2
        painter.setBrush(QColor(self._dot_color()))
        painter.drawEllipse(QRectF(_PADDING_PX, middle - _DOT_PX / 2, _DOT_PX, _DOT_PX))
        left = _PADDING_PX + _DOT_PX + _GAP_PX
        room = self.width() - left - _GAP_PX - _CHEVRON_PX - _PADDING_PX
        for words, color in zip(self._widths(room), (palette.text, palette.muted), strict=True):
            if words:
                painter.setPen(QColor(color))
                width = self.fontMetrics().horizontalAdvance(words)
                painter.drawText(QRectF(left, 0, width + 2, self.height()), Qt.AlignmentFlag.AlignVCenter, words)
                left += width + _GAP_PX
        chevron = self._icons.pixmap("chevron-down", palette.muted, _CHEVRON_PX, self.devicePixelRatioF())
        painter.drawPixmap(QRectF(left, middle - _CHEVRON_PX / 2, _CHEVRON_PX, _CHEVRON_PX), chevron, chevron.rect())
        if self.hasFocus():
            paint_focus_ring(painter, QRectF(self.rect()), ROW_RADIUS_PX, palette.link)
