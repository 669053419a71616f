"""How a row of the list of models is painted, and what is where in it."""

from PySide6.QtCore import QObject, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from app.domain.provider import ProviderPhase, ProviderState
from app.ui.icons import Icons
from app.ui.measures import ROW_HEIGHT_PX, ROW_RADIUS_PX
from app.ui.models.entries import Entry, EntryKind
from app.ui.models.entry_list import EntryList, Index
from app.ui.models.words import IMAGES, REASONING, TOOLS, abilities, phase_sentence, short_context, short_price
from app.ui.palette import SMALL_PX, Palette
from app.ui.phase_color import phase_color
from app.ui.theme import Theme, body_font

MAKE_FAVORITE, TAKE_FAVORITE = "Make it a favourite", "Take it from the favourites"

_SIDE_PX = 6  # between the row's ground and the edge of the list
_TEXT_LEFT_PX = 34  # after the check mark
_PADDING_PX = 10
_STAR_PX, _STAR_ROOM_PX = 15, 30
_ABILITY_PX, _ABILITY_ROOM_PX = 15, 22
_ABILITY_ICONS = {IMAGES: "image", TOOLS: "wrench", REASONING: "brain"}
_PRICE_ROOM_PX, _CONTEXT_ROOM_PX = 104, 48
_WIDE_PX = 460  # in a narrower list the names need the room of the icons
_DOT_PX = 7
_VERTICAL = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine


class EntryDelegate(QStyledItemDelegate):
    """
    Every row is as high as the others: a list that asks each of 500 rows for its height needs more than a frame.

    Sentences have two lines in a row.
    """

    def __init__(self, theme: Theme, icons: Icons, rows: EntryList, parent: QObject) -> None:
        super().__init__(parent)
        self._rows = rows
        self._theme = theme
        self._icons = icons
        self._name_font = body_font(14)
        self._small_font = body_font(SMALL_PX)
        self._heading_font = body_font(SMALL_PX - 1, QFont.Weight.Medium)
        self._small_metrics = QFontMetrics(self._small_font)

    def star_rect(self, row_rect: QRect) -> QRect:
        """Where a click makes a model a favourite or takes that back, and on a heading lists the models anew."""
        ground = _ground(row_rect)
        return QRect(ground.right() - _STAR_ROOM_PX, ground.top(), _STAR_ROOM_PX, ground.height())

    def tip_at(self, entry: Entry, row_rect: QRect, x: int) -> str:
        """What is to be said of the place under the mouse, beside what the row says as a whole."""
        if entry.kind is EntryKind.HEADING and entry.provider and self.star_rect(row_rect).left() <= x:
            return "List its models anew"
        if entry.info is None:
            return ""
        if self.star_rect(row_rect).left() <= x:
            return f"{TAKE_FAVORITE if entry.is_favorite else MAKE_FAVORITE} (Ctrl+D)"
        for left, words in self._ability_places(entry, row_rect):
            if left <= x < left + _ABILITY_ROOM_PX:
                return words
        return ""

    def _ability_places(self, entry: Entry, row_rect: QRect) -> list[tuple[int, str]]:
        """The left edge of the room of each thing the model can do: the same things are below each other."""
        if entry.info is None or row_rect.width() < _WIDE_PX:
            return []
        left = (
            self.star_rect(row_rect).left() - _PRICE_ROOM_PX - _CONTEXT_ROOM_PX - len(_ABILITY_ICONS) * _ABILITY_ROOM_PX
        )
        shown = abilities(entry.info)
        rooms = enumerate(_ABILITY_ICONS)
        return [(left + number * _ABILITY_ROOM_PX, words) for number, words in rooms if words in shown]

    def _paint_heading(self, painter: QPainter, entry: Entry, rect: QRect, palette: Palette) -> None:
        area = _ground(rect).adjusted(_PADDING_PX, 8, -_PADDING_PX, 0)
        painter.setFont(self._heading_font)
        painter.setPen(QColor(palette.muted))
        left = area.left()
        if entry.provider is not None:
            painter.setBrush(QColor(phase_color(entry.provider.phase, self._theme)))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.drawEllipse(QRectF(left, area.center().y() - _DOT_PX / 2 + 0.5, _DOT_PX, _DOT_PX))
            left += _DOT_PX + 8
            painter.setPen(QColor(palette.muted))
        area.setLeft(left)
        name = painter.fontMetrics().elidedText(entry.text, Qt.TextElideMode.ElideRight, area.width() - 160)
        painter.drawText(area, _VERTICAL, name)
        if entry.provider is not None:
            self._paint_state(painter, entry.provider, rect, area, palette)

    def _paint_state(
        self, painter: QPainter, provider: ProviderState, rect: QRect, area: QRect, palette: Palette
    ) -> None:
        place = self.star_rect(rect)
        if provider.phase is ProviderPhase.READY and provider.address:
            self._paint_icon(painter, "refresh-cw", palette.muted, place.center().x(), area.center().y(), 13)
        elif provider.phase is ProviderPhase.STARTING:
            words = area.adjusted(0, 0, -2, 0)
            painter.drawText(words, _VERTICAL | Qt.AlignmentFlag.AlignRight, phase_sentence(provider))

    def _paint_model(self, painter: QPainter, entry: Entry, rect: QRect, palette: Palette, *, is_current: bool) -> None:
        assert entry.info is not None
        ground, middle = _ground(rect), _ground(rect).center().y() + 1
        if entry.is_chosen:
            self._paint_icon(painter, "check", palette.text, ground.left() + _TEXT_LEFT_PX // 2, middle, 16)
        star = self.star_rect(rect)
        if entry.is_favorite or is_current:
            color = palette.warning if entry.is_favorite else palette.muted
            self._paint_icon(painter, "star", color, star.center().x(), middle, _STAR_PX, filled=entry.is_favorite)
        painter.setFont(self._small_font)
        painter.setPen(QColor(palette.muted))
        right = Qt.AlignmentFlag.AlignRight | _VERTICAL
        price = QRect(star.left() - _PRICE_ROOM_PX, ground.top(), _PRICE_ROOM_PX - 6, ground.height())
        painter.drawText(price, right, short_price(entry.info.price))
        context = QRect(price.left() - _CONTEXT_ROOM_PX, ground.top(), _CONTEXT_ROOM_PX, ground.height())
        painter.drawText(context, right, short_context(entry.info.context_tokens))
        places = self._ability_places(entry, rect)
        for left, words in places:
            icon = _ABILITY_ICONS[words]
            self._paint_icon(painter, icon, palette.muted, left + _ABILITY_ROOM_PX // 2, middle, _ABILITY_PX)
        end = min([context.left() - 8, *(left for left, _ in places)])
        area = ground.adjusted(_TEXT_LEFT_PX, 0, 0, 0)
        area.setRight(end - 6)
        self._paint_name(painter, entry, area, palette)

    def _paint_name(self, painter: QPainter, entry: Entry, area: QRect, palette: Palette) -> None:
        """The model's name; where it stands apart from its provider, that one's, too."""
        painter.setFont(self._name_font)
        painter.setPen(QColor(palette.text))
        metrics = painter.fontMetrics()
        name = metrics.elidedText(_one_line(entry.text), Qt.TextElideMode.ElideMiddle, area.width())
        painter.drawText(area, _VERTICAL, name)
        if entry.is_elsewhere and entry.provider is not None:
            area.setLeft(area.left() + metrics.horizontalAdvance(name) + 8)
            painter.setFont(self._small_font)
            painter.setPen(QColor(palette.muted))
            provider = _one_line(entry.provider.name)
            painter.drawText(
                area, _VERTICAL, self._small_metrics.elidedText(provider, Qt.TextElideMode.ElideRight, area.width())
            )

    def _paint_words(self, painter: QPainter, entry: Entry, rect: QRect, palette: Palette) -> None:
        area = _ground(rect).adjusted(_TEXT_LEFT_PX, 0, -_PADDING_PX, 0)
        if entry.kind is EntryKind.SENTENCE:
            painter.setFont(self._small_font)
            painter.setPen(QColor(palette.muted))
            wrapped = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(area, wrapped, self._two_lines(entry.text, area.width()))
            return
        icon = "rotate-ccw" if entry.kind is EntryKind.RETRY else "play"
        left = _ground(rect).left() + _TEXT_LEFT_PX // 2
        self._paint_icon(painter, icon, palette.text, left, rect.center().y() + 1, 15)
        painter.setFont(self._name_font)
        painter.setPen(QColor(palette.text))
        painter.drawText(area, _VERTICAL, entry.text)

    def _two_lines(self, text: str, width: int) -> str:
        """What of a sentence goes into two lines of this width: the last word of a line may not fit."""
        return self._small_metrics.elidedText(_one_line(text), Qt.TextElideMode.ElideRight, int(1.85 * width))

    def _paint_icon(
        self, painter: QPainter, name: str, color: str, x: int, y: int, side_px: int, *, filled: bool = False
    ) -> None:
        """Around the point (x, y)."""
        pixmap = self._icons.pixmap(name, color, side_px, painter.device().devicePixelRatio(), filled=filled)
        painter.drawPixmap(QRectF(x - side_px / 2, y - side_px / 2, side_px, side_px), pixmap, QRectF(pixmap.rect()))

    # Qt overrides

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, ROW_HEIGHT_PX)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        entry = self._rows.entries[index.row()]
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        palette = self._theme.palette
        is_current = entry.can_be_chosen and bool(state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if is_current:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(palette.selected))
            painter.drawRoundedRect(_ground(rect), ROW_RADIUS_PX, ROW_RADIUS_PX)
        match entry.kind:
            case EntryKind.HEADING:
                self._paint_heading(painter, entry, rect, palette)
            case EntryKind.MODEL:
                self._paint_model(painter, entry, rect, palette, is_current=is_current)
            case _:
                self._paint_words(painter, entry, rect, palette)
        painter.restore()


def _ground(row_rect: QRect) -> QRect:
    return row_rect.adjusted(_SIDE_PX, 0, -_SIDE_PX, 0)


def _one_line(text: str) -> str:
    return " ".join(text.split())[:300]
