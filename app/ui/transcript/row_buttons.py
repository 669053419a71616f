"""The buttons on one row, and where they stand."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from app.domain.conversation import MessageStatus
from app.ui.icons import Icons
from app.ui.theme import Theme
from app.ui.transcript.buttons import ACTION_PX, ActionButton, TextButton
from app.ui.transcript.code_cell import HEADER_PX, CodeCell
from app.ui.transcript.copy_code_button import CopyCodeButton
from app.ui.transcript.copying import cleaned_text
from app.ui.transcript.message_layout import MessageLayout
from app.ui.transcript.shown_message import ShownMessage

ICON_INSET_PX = 7  # so that the first icon, not its button, stands at the text's edge
STICKY_PX = 6  # from the viewport's top while a long block scrolls by
CODE_INSET_PX = 6


class RowButtons(QObject):
    """Built when they are first needed and kept with the row from then on."""

    retry_requested = Signal()
    delete_requested = Signal()
    continue_requested = Signal()
    reasoning_toggled = Signal()
    copied = Signal(str)

    def __init__(self, row: QWidget, theme: Theme, icons: Icons, *, can_continue: bool) -> None:
        super().__init__(row)
        self._row = row
        self._theme = theme
        self._icons = icons
        self._can_continue = can_continue
        self._layout: MessageLayout | None = None
        self._actions: dict[str, ActionButton] = {}
        self._words: dict[str, TextButton] = {}
        self._code: dict[int, CopyCodeButton] = {}
        self._spare_code: list[CopyCodeButton] = []
        self._is_quiet = False
        self.actions_end = 0  # the x where the last action ends

    def bind(self, layout: MessageLayout) -> None:
        self._layout = layout
        for button in (*self._actions.values(), *self._words.values(), *self._code.values()):
            button.hide()
        for action in self._actions.values():
            action.forget_feedback()
        self._spare_code += self._code.values()
        self._code.clear()

    def set_quiet(self, is_quiet: bool) -> None:
        """A question's buttons are seen when one points at it."""
        self._is_quiet = is_quiet
        for action in self._actions.values():
            action.set_quiet(is_quiet)

    def arrange(self, column_x: int, seen_top: int, seen_bottom: int) -> None:
        """`seen_top` and `seen_bottom`: the part of the row that is in the viewport."""
        if self._layout is None:
            return
        self._arrange_actions(self._layout, column_x)
        self._arrange_words(self._layout, column_x)
        self._arrange_code(self._layout, column_x, seen_top, seen_bottom)

    def _arrange_actions(self, layout: MessageLayout, column_x: int) -> None:
        shown = layout.shown
        names = _actions_for(shown)
        x = column_x - ICON_INSET_PX
        if shown.is_from_user:
            x = column_x + layout.bubble.left() - len(names) * (ACTION_PX + 2) - 4
        for name in names:
            button = self._action(name)
            button.move(max(0, x), layout.buttons_top)
            button.show()
            x += ACTION_PX + 2
        self.actions_end = x
        for name in self._actions.keys() - names:
            self._actions[name].hide()

    def _arrange_words(self, layout: MessageLayout, column_x: int) -> None:
        area, reasoning = layout.retry_area, layout.body.reasoning
        if area is not None:
            retry = self._word("retry", "rotate-ccw", "Retry", "Retry: ask again")
            retry.move(column_x + area.right() - retry.width(), area.center().y() - retry.height() // 2)
        if self._can_continue and layout.can_be_continued:
            button = self._word("continue", "play", "Continue", "Continue this answer")
            button.move(self.actions_end + 6, layout.buttons_top + (ACTION_PX - button.height()) // 2)
            self.actions_end += 6 + button.width()
        if reasoning is not None:
            text = layout.reasoning_title
            toggle = self._word("reasoning", "brain", text, "")
            if toggle.text() != text:
                toggle.set_content("brain", text)
            toggle.set_label(f"{text}: {'hide' if reasoning.is_unfolded else 'show'} the reasoning")
            toggle.move(column_x - 9, layout.body_top)
        wanted = {
            "retry": area is not None,
            "continue": self._can_continue and layout.can_be_continued,
            "reasoning": reasoning is not None,
        }
        for name, word in self._words.items():
            word.setVisible(wanted[name])

    def _arrange_code(self, layout: MessageLayout, column_x: int, seen_top: int, seen_bottom: int) -> None:
        found = layout.body.tops_between(seen_top - layout.body_top, seen_bottom - layout.body_top)
        wanted = {index: (top + layout.body_top, cell) for index, top, cell in found if isinstance(cell, CodeCell)}
        for index in [index for index in self._code if index not in wanted]:
            button = self._code.pop(index)
            button.hide()
            self._spare_code.append(button)
        for index, (top, cell) in wanted.items():
            button = self._code.get(index) or self._code_button(index)
            button.bind(cell)
            lowest = top + cell.height - button.height() - CODE_INSET_PX
            y = min(max(top + (HEADER_PX - button.height()) // 2, seen_top + STICKY_PX), lowest)
            button.move(column_x + layout.width - button.width() - CODE_INSET_PX, y)
            button.show()

    def _action(self, name: str) -> ActionButton:
        if (known := self._actions.get(name)) is not None:
            return known
        icon, label, slot = {
            "copy": ("copy", "Copy message", self._on_copy),
            "retry": ("refresh-cw", "Retry", self.retry_requested.emit),
            "delete": ("trash-2", "Delete message", self.delete_requested.emit),
        }[name]
        button = ActionButton(self._theme, self._icons, icon, label, self._row)
        button.setObjectName(f"{name}MessageButton")
        button.clicked.connect(slot)
        button.set_quiet(self._is_quiet)
        self._actions[name] = button
        return button

    def _word(self, name: str, icon: str, text: str, label: str) -> TextButton:
        if (known := self._words.get(name)) is not None:
            return known
        is_filled = name != "reasoning"
        button = TextButton(self._theme, self._icons, icon, text, parent=self._row, is_filled=is_filled)
        button.setObjectName(f"{name}Button")
        if label:
            button.set_label(label)
        slots = {
            "retry": self.retry_requested.emit,
            "continue": self.continue_requested.emit,
            "reasoning": self.reasoning_toggled.emit,
        }
        button.clicked.connect(slots[name])
        self._words[name] = button
        return button

    def _code_button(self, index: int) -> CopyCodeButton:
        if self._spare_code:
            button = self._spare_code.pop()
        else:
            button = CopyCodeButton(self._theme, self._icons, self._row)
            button.setObjectName("copyCodeButton")
            button.copied.connect(self.copied)
        self._code[index] = button
        return button

    def _on_copy(self) -> None:
        if self._layout is None:
            return
        text = cleaned_text(self._layout.shown.whole_text).text
        QGuiApplication.clipboard().setText(text)
        self._actions["copy"].show_done()
        self.copied.emit(text)


def _actions_for(shown: ShownMessage) -> list[str]:
    if shown.is_generating:
        return []
    names = ["copy"] if shown.text else []
    # What failed has its own Retry, beside the reason.
    if not shown.is_from_user and shown.message.status is not MessageStatus.FAILED:
        names.append("retry")
    return [*names, "delete"]
