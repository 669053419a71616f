"""What assistive technology is told of the conversation: roles, names and descriptions."""

from functools import cache
from typing import Protocol, runtime_checkable

from PySide6.QtCore import QObject
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QAccessibleEvent, QAccessibleInterface
from PySide6.QtWidgets import QAccessibleWidget, QWidget

from app.domain.conversation import MessageStatus
from app.ui.transcript.budget import Budget
from app.ui.transcript.cells.cell import END, START
from app.ui.transcript.context_line import CONTEXT_BEGINS
from app.ui.transcript.message_layout import MessageLayout

LIST_CLASS = "Transcript"
ITEM_CLASS = "Row"
SPOKEN_CHARACTERS = 4_000
_READ_BUDGET_S = 0.02


@runtime_checkable
class Spoken(Protocol):
    """A widget that has more to say than fits into a property: it is asked when somebody listens."""

    def spoken_name(self) -> str: ...

    def spoken_description(self) -> str: ...


def name_of(layout: MessageLayout) -> str:
    """Who said what, as it reads: without its Markdown."""
    shown = layout.shown
    if shown.is_generating:
        return "Assistant is answering"
    who = "You said" if shown.is_from_user else "Assistant said"
    return f"{who}: {text_of(layout) or 'nothing'}"


def description_of(layout: MessageLayout) -> str:
    """How it ended, what it took, which version it is."""
    shown = layout.shown
    if shown.is_generating:
        return shown.waiting_line or "Being written"
    parts = [layout.status_line, shown.receipt]
    if shown.receipt.startswith(layout.status_line):  # the receipt says it too
        parts = [shown.receipt]
    if len(shown.versions) > 1:
        parts.append(f"Version {shown.version_number} of {len(shown.versions)}")
    if not shown.is_from_user and shown.message.status is MessageStatus.COMPLETE and shown.message.model:
        parts.append(shown.message.model)
    if shown.begins_context:
        parts.append(CONTEXT_BEGINS)
    return ". ".join(part for part in parts if part)


def text_of(layout: MessageLayout) -> str:
    """The beginning of what stands in the message, at most SPOKEN_CHARACTERS."""
    layout.body.read(Budget(_READ_BUDGET_S))
    parts: list[str] = []
    left = SPOKEN_CHARACTERS
    for cell in layout.body.cells:
        if cell is layout.body.reasoning:
            continue
        part = cell.text_between((START, END)).strip("\n")
        parts.append(part[:left])
        left -= len(part)
        if left <= 0:
            break
    return "\n".join(part for part in parts if part)


class _SpokenWidget(QAccessibleWidget):
    def __init__(self, widget: QWidget, role: QAccessible.Role) -> None:
        super().__init__(widget, role)
        self._widget = widget

    def text(self, kind: QAccessible.Text) -> str:
        if isinstance(self._widget, Spoken):
            if kind is QAccessible.Text.Name:
                return self._widget.spoken_name()
            if kind is QAccessible.Text.Description:
                return self._widget.spoken_description()
        return super().text(kind)


@cache
def give_roles() -> None:
    """Qt has no other way to give a widget a role of its own. Once is enough."""
    QAccessible.installFactory(_interface_for)


def _interface_for(class_name: str, widget: QObject) -> QAccessibleInterface | None:
    """Qt asks for the class of a widget first, then for the classes it stands on."""
    roles = {LIST_CLASS: QAccessible.Role.List, ITEM_CLASS: QAccessible.Role.ListItem}
    if class_name in roles and isinstance(widget, QWidget):
        return _SpokenWidget(widget, roles[class_name])
    return None


def tell_changed(widget: QWidget) -> None:
    """It has another name or description now: whoever listens asks anew."""
    if QAccessible.isActive():
        for event in (QAccessible.Event.NameChanged, QAccessible.Event.DescriptionChanged):
            QAccessible.updateAccessibility(QAccessibleEvent(widget, event))


def read_out(widget: QWidget) -> None:
    """Have a Spoken widget read, as soon as what is being read is finished."""
    if QAccessible.isActive() and isinstance(widget, Spoken):
        text = "\n".join(part for part in (widget.spoken_name(), widget.spoken_description()) if part)
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(widget, text))
