"""The popup of the model picker: a field to search with, the list, and the way to the providers."""

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QAction,
    QColor,
    QHideEvent,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.ui.icons import Icons, RowButton
from app.ui.models.entries import Entry, EntryKind, Offer, entries_of, matching
from app.ui.models.entry_delegate import MAKE_FAVORITE, TAKE_FAVORITE
from app.ui.models.entry_list import EntryList
from app.ui.models.entry_view import NAVIGATION, EntryView
from app.ui.models.search_field import FAVORITE_KEY, MENU_KEY, PRICE_KEY, SearchField
from app.ui.theme import Theme, new_menu

WIDTH_PX, HEIGHT_PX = 580, 480
_EDGE_PX = 8  # of the screen that stays free
_RADIUS_PX = 12.0


class ModelPopup(QWidget):
    """Closes on Esc, on a click beside it, and when something was chosen. What is shown in it is never blocked on."""

    model_requested = Signal(object)  # a ModelRef
    retry_requested = Signal(str)  # a provider's id
    refresh_requested = Signal(str)
    star_requested = Signal(object, bool)  # a ModelRef, and whether it is to be a favourite
    price_requested = Signal(object)  # a ModelRef
    providers_requested = Signal()
    add_requested = Signal()
    closed = Signal()

    def __init__(self, theme: Theme, icons: Icons, owner: QWidget) -> None:
        super().__init__(
            owner,
            Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint | Qt.WindowType.NoDropShadowWindowHint,
        )
        self._owner = owner
        self._theme = theme
        self._offer = Offer()
        self._all: tuple[Entry, ...] = ()
        self.setObjectName("modelPopup")
        self.setAccessibleName("Choose a model")
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        self._rows = EntryList()
        self._rows.setParent(self)
        self._search = SearchField(theme, icons)
        self._search.textChanged.connect(self._on_query_changed)
        self._search.key_pressed.connect(self._on_key_pressed)
        self._list = EntryView(theme, icons, self._rows)
        self._list.chosen.connect(self._on_chosen)
        self._list.star_requested.connect(self._on_star_requested)
        self._list.menu_requested.connect(self._open_menu)
        self._list.refresh_requested.connect(self.refresh_requested)
        self._list.current_changed.connect(self._on_current_changed)
        self._add = RowButton(theme, icons, "plus", "Add provider…")
        self._add.setObjectName("addProviderButton")
        self._add.clicked.connect(self._on_add_clicked)
        self._manage = RowButton(theme, icons, "settings", "Manage providers…")
        self._manage.setObjectName("manageProvidersButton")
        self._manage.clicked.connect(self._on_manage_clicked)
        self._lay_out(theme)
        theme.changed.connect(self.update)

    def show_offer(self, offer: Offer) -> None:
        """Show what there is to choose from now. The mark stays on its row, the search as it was."""
        if offer == self._offer and self._all:
            return
        self._offer = offer
        self._all = entries_of(offer)
        current = self._list.current_entry()
        self._rows.set_entries(matching(self._all, self._search.text()))
        if current is not None and not self._list.currentIndex().isValid():
            self._list.make_current(self._rows.number_of(current.key))
        elif current is None:
            self._list.make_current(self._number_of_chosen())

    def open_below(self, place: QRect) -> None:
        """Open below a place on the screen, or where there is room for it."""
        screen = self._owner.screen().availableGeometry().adjusted(_EDGE_PX, _EDGE_PX, -_EDGE_PX, -_EDGE_PX)
        width = min(WIDTH_PX, screen.width())
        self._search.clear()
        self._list.updateGeometry()  # it wants to be as high as its rows
        height = min(self.sizeHint().height(), HEIGHT_PX, screen.height())
        left = min(max(place.left(), screen.left()), screen.right() - width)
        top = min(place.bottom() + 5, screen.bottom() - height)
        self.setGeometry(QRect(QPoint(left, max(top, screen.top())), QSize(width, height)))
        self.show()
        self._search.setFocus(Qt.FocusReason.PopupFocusReason)
        self._list.make_current(self._number_of_chosen(), center=True)

    def _lay_out(self, theme: Theme) -> None:
        top = QHBoxLayout()
        top.setContentsMargins(6, 5, 6, 5)
        top.addWidget(self._search)
        bottom = QHBoxLayout()
        bottom.setContentsMargins(6, 5, 6, 6)
        bottom.addWidget(self._add, 1)
        bottom.addWidget(self._manage, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(_Line(theme))
        column.addWidget(self._list, 1)
        column.addWidget(_Line(theme))
        column.addLayout(bottom)

    def _number_of_chosen(self) -> int:
        entries = self._rows.entries
        return next((number for number, entry in enumerate(entries) if entry.is_chosen), -1)

    def _on_query_changed(self, query: str) -> None:
        self._rows.set_entries(matching(self._all, query))
        self._list.make_current(-1 if query.strip() else self._number_of_chosen())

    def _on_key_pressed(self, key: int) -> None:
        entry = self._list.current_entry()
        if key in NAVIGATION:
            self._list.navigate(key)
        elif key == Qt.Key.Key_Escape:
            self.close()
        elif entry is not None:
            self._do(key, entry)

    def _do(self, key: int, entry: Entry) -> None:
        match key:
            case FAVORITE_KEY.value:
                self._on_star_requested(entry)
            case PRICE_KEY.value:
                self._on_price_requested(entry)
            case MENU_KEY.value:
                if entry.kind is EntryKind.MODEL:
                    self._open_menu(entry, self._list.place_of_current())
            case Qt.Key.Key_F5.value:
                if entry.provider is not None:
                    self.refresh_requested.emit(entry.provider.id)
            case _:
                self._on_chosen(entry)

    def _on_chosen(self, entry: Entry) -> None:
        if entry.kind is EntryKind.RETRY and entry.provider is not None:
            self.retry_requested.emit(entry.provider.id)  # and see in the list what becomes of it
        elif entry.ref is not None:
            self.close()
            self.model_requested.emit(entry.ref)

    def _on_star_requested(self, entry: Entry) -> None:
        if entry.kind is EntryKind.MODEL:
            self.star_requested.emit(entry.ref, not entry.is_favorite)

    def _on_price_requested(self, entry: Entry) -> None:
        if entry.can_be_priced:
            self.close()
            self.price_requested.emit(entry.ref)

    def _open_menu(self, entry: Entry, at: QPoint) -> None:
        menu = new_menu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        favorite = QAction(TAKE_FAVORITE if entry.is_favorite else MAKE_FAVORITE, menu)
        favorite.setShortcut(QKeySequence(Qt.Modifier.CTRL | FAVORITE_KEY))
        favorite.triggered.connect(lambda: self._on_star_requested(entry))
        price = QAction("Set price…", menu)
        price.setShortcut(QKeySequence(Qt.Modifier.CTRL | PRICE_KEY))
        price.setEnabled(entry.can_be_priced)
        price.triggered.connect(lambda: self._on_price_requested(entry))
        for action in (favorite, price):
            action.setShortcutVisibleInContextMenu(True)
            menu.addAction(action)
        menu.popup(at)

    def _on_current_changed(self, entry: Entry | None) -> None:
        """The focus stays in the field: the row that Enter would choose is said."""
        spoken = entry.spoken if entry is not None else ""
        self._search.setAccessibleDescription(spoken)
        if spoken and self.isVisible() and QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self._search, spoken))

    def _on_add_clicked(self) -> None:
        self.close()
        self.add_requested.emit()

    def _on_manage_clicked(self) -> None:
        self.close()
        self.providers_requested.emit()

    # Qt overrides

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """From the button at the bottom: Esc closes, what is typed is a search."""
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.closed.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        palette = self._theme.palette
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(QColor(palette.background))
        painter.setPen(QPen(QColor(palette.border), 1))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), _RADIUS_PX, _RADIUS_PX)


class _Line(QFrame):
    """Between the list and what is below it."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setFixedHeight(1)
        theme.changed.connect(self.update)

    # Qt overrides

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), QColor(self._theme.palette.border))
