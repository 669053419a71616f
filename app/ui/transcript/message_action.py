"""What can be done with a message, and which of it a message offers where."""

from enum import StrEnum

from PySide6.QtCore import Qt

from app.domain.conversation import MessageStatus
from app.domain.errors import Remedy
from app.ui.remedy_words import can_be_retried, remedy_label
from app.ui.text import DELETE, RETRY
from app.ui.transcript.shown_message import ShownMessage


class MessageAction(StrEnum):
    """The value names the button: copyMessageButton."""

    COPY = "copy"  # as it was written
    COPY_PLAIN = "copyPlain"  # as it reads
    RETRY = "retry"
    REMEDY = "remedy"  # of a failed answer: what helps against its fault
    CONTINUE = "continue"
    EDIT = "edit"  # of an answer: the question it answers
    DELETE = "delete"
    PREVIOUS = "previous"  # version of the same message
    NEXT = "next"
    DETAILS = "details"
    MORE = "more"  # the menu

    @property
    def icon_name(self) -> str:
        return _ICONS.get(self, "")


_ICONS = {
    MessageAction.COPY: "copy",
    MessageAction.COPY_PLAIN: "copy",
    MessageAction.RETRY: "refresh-cw",
    MessageAction.REMEDY: "wrench",
    MessageAction.CONTINUE: "play",
    MessageAction.EDIT: "pencil",
    MessageAction.DELETE: "trash-2",
    MessageAction.PREVIOUS: "chevron-left",
    MessageAction.NEXT: "chevron-right",
    MessageAction.DETAILS: "info",
    MessageAction.MORE: "ellipsis",
}

_BUTTON_LABELS = {
    MessageAction.COPY: "Copy message",
    MessageAction.RETRY: RETRY,
    MessageAction.EDIT: "Edit message",
    MessageAction.DELETE: "Delete message",
    MessageAction.MORE: "More actions",
}

_MENU_LABELS = {
    MessageAction.COPY: "Copy as Markdown",
    MessageAction.COPY_PLAIN: "Copy as plain text",
    MessageAction.RETRY: RETRY,
    MessageAction.CONTINUE: "Continue",
    MessageAction.EDIT: "Edit",
    MessageAction.DELETE: f"{DELETE}…",
    MessageAction.PREVIOUS: "Previous version",
    MessageAction.NEXT: "Next version",
    MessageAction.DETAILS: "Details…",
}


def button_label(action: MessageAction, shown: ShownMessage) -> str:
    if action is MessageAction.EDIT and not shown.is_from_user:
        return "Edit the question"
    return _BUTTON_LABELS[action]


def remedy_of(shown: ShownMessage) -> Remedy:
    """What helps against the fault of a failed answer, NONE if there is nothing but Retry."""
    fault = shown.message.fault if shown.message.status is MessageStatus.FAILED else None
    return fault.remedy if fault is not None and remedy_label(fault.remedy) else Remedy.NONE


def is_worth_retrying(shown: ShownMessage) -> bool:
    """Whether a failed answer has the button Retry."""
    return shown.message.fault is None or can_be_retried(shown.message.fault.remedy)


def menu_label(action: MessageAction, shown: ShownMessage) -> str:
    if action is MessageAction.REMEDY:
        return remedy_label(remedy_of(shown))
    if action is MessageAction.EDIT and not shown.is_from_user:
        return "Edit the question"
    return _MENU_LABELS[action]


KEYS = {MessageAction.EDIT: Qt.Key.Key_F2, MessageAction.DELETE: Qt.Key.Key_Delete}  # with the focus on a message


def can_be_continued(shown: ShownMessage) -> bool:
    """An answer that was cut short. Where it has not begun there is nothing to go on with."""
    was_cut = shown.message.status in (MessageStatus.STOPPED, MessageStatus.FAILED)
    return not shown.is_from_user and was_cut and bool(shown.text or shown.reasoning)


def buttons_of(shown: ShownMessage) -> tuple[MessageAction, ...]:
    """Beside a question, under an answer. What was cut short offers at once what else would be in the menu."""
    if shown.is_generating or not shown.is_read:
        return ()
    copy = (MessageAction.COPY,) if shown.text else ()
    if shown.is_from_user:
        return (*copy, MessageAction.EDIT, MessageAction.DELETE)
    match shown.message.status:
        case MessageStatus.STOPPED:
            return (*copy, MessageAction.RETRY, MessageAction.EDIT, MessageAction.DELETE, MessageAction.MORE)
        case MessageStatus.FAILED:  # it has its own Retry, beside the reason
            return (*copy, MessageAction.EDIT, MessageAction.DELETE, MessageAction.MORE)
    return (*copy, MessageAction.RETRY, MessageAction.MORE)


def menu_of(shown: ShownMessage) -> tuple[MessageAction | None, ...]:
    """From top to bottom; None is a line between them."""
    copies = [MessageAction.COPY, MessageAction.COPY_PLAIN] if shown.text else []
    versions = [
        *([MessageAction.PREVIOUS] if shown.version_before else []),
        *([MessageAction.NEXT] if shown.version_after else []),
    ]
    if shown.is_generating or not shown.is_read:
        groups = [copies, versions, [MessageAction.DELETE]]
    else:
        asks = [] if shown.is_from_user else [MessageAction.RETRY]
        if remedy_of(shown) is not Remedy.NONE:
            asks.append(MessageAction.REMEDY)
        if can_be_continued(shown):
            asks.append(MessageAction.CONTINUE)
        groups = [copies, [*asks, MessageAction.EDIT], versions, [MessageAction.DELETE], [MessageAction.DETAILS]]
    rows: list[MessageAction | None] = []
    for group in filter(None, groups):
        rows += [None, *group] if rows else group
    return tuple(rows)


def is_offered(action: MessageAction, shown: ShownMessage) -> bool:
    return action in menu_of(shown)
