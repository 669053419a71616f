"""The buttons on one row, and where they stand."""

from PySide6.QtCore import QObject, QPoint, QRect, Signal
from PySide6.QtWidgets import QApplication, QWidget

from app.domain.errors import Remedy
from app.ui.icons import Icons
from app.ui.remedy_words import remedy_icon, remedy_label
from app.ui.theme import Theme
from app.ui.transcript.buttons import ACTION_PX, ActionButton, TextButton
from app.ui.transcript.code_buttons import CodeButtons
from app.ui.transcript.message_action import (
    MessageAction,
    button_label,
    buttons_of,
    can_be_continued,
    is_worth_retrying,
    remedy_of,
)
from app.ui.transcript.message_layout import MessageLayout
from app.ui.transcript.version_switch import VersionSwitch

ICON_INSET_PX = 7  # so that the first icon, not its button, stands at the text's edge
BETWEEN_PX = 2
GROUP_GAP_PX = 6
WORDS_GAP_PX = 6


class RowButtons(QObject):
    """Built when they are first needed and kept with the row from then on."""

    chosen = Signal(str)  # a MessageAction
    reasoning_toggled = Signal()
    copied = Signal(str)  # of a block of code
    reflowed = Signal()  # a block of code has another height

    def __init__(self, row: QWidget, theme: Theme, icons: Icons) -> None:
        super().__init__(row)
        self._row = row
        self._theme = theme
        self._icons = icons
        self._layout: MessageLayout | None = None
        self._actions: dict[MessageAction, ActionButton] = {}
        self._words: dict[str, TextButton] = {}
        self._versions: VersionSwitch | None = None
        self._code = CodeButtons(row, theme, icons)
        self._code.copied.connect(self.copied)
        self._code.reflowed.connect(self.reflowed)
        self._is_quiet = False
        self.actions_end = 0  # the x where the last action ends

    def bind(self, layout: MessageLayout) -> None:
        """What the new message does not offer is hidden when the buttons are arranged: a focus may stay."""
        self._layout = layout
        for action in self._actions.values():
            action.forget_feedback()
        self._code.release()

    def set_quiet(self, is_quiet: bool) -> None:
        """A question's buttons are seen when one points at it."""
        self._is_quiet = is_quiet
        for action in self._actions.values():
            action.set_quiet(is_quiet)

    def menu_point(self) -> QPoint:
        """Where the menu opens, in the row."""
        more = self._actions.get(MessageAction.MORE)
        if more is not None and not more.isHidden():
            return more.geometry().bottomLeft() + QPoint(0, 2)
        shown = [button.geometry() for button in self._actions.values() if not button.isHidden()]
        if shown:
            return shown[0].bottomLeft() + QPoint(0, 2)
        return QPoint(0, 0) if self._layout is None else QPoint(self.actions_end, self._layout.buttons_top)

    @property
    def has_focus(self) -> bool:
        focused = QApplication.focusWidget()
        return focused is not None and self._row.isAncestorOf(focused)

    def focus_version_button(self, action: MessageAction) -> None:
        if self._versions is not None and not self._versions.isHidden():
            self._versions.focus_button(action)

    def arrange(self, column_x: int, seen_top: int, seen_bottom: int) -> None:
        """`seen_top` and `seen_bottom`: the part of the row that is in the viewport."""
        if self._layout is None:
            return
        self._arrange_actions(self._layout, column_x)
        self._arrange_versions(self._layout, column_x)
        self._arrange_words(self._layout, column_x)
        self._code.arrange(self._layout, column_x, seen_top, seen_bottom)

    def _arrange_actions(self, layout: MessageLayout, column_x: int) -> None:
        shown = layout.shown
        actions = () if shown.editor_px else buttons_of(shown)
        x = column_x - ICON_INSET_PX
        if shown.is_from_user:
            x = column_x + layout.bubble.left() - len(actions) * (ACTION_PX + BETWEEN_PX) - 4
        for action in actions:
            button = self._action(action)
            label = button_label(action, shown)
            if button.accessibleName() != label:
                button.set_label(label)
            button.move(max(0, x), layout.buttons_top)
            button.show()
            x += ACTION_PX + BETWEEN_PX
        self.actions_end = x
        for action in self._actions.keys() - set(actions):
            self._actions[action].hide()

    def _arrange_versions(self, layout: MessageLayout, column_x: int) -> None:
        """Under an answer beside its buttons, under a question at its right."""
        shown = layout.shown
        if len(shown.versions) < 2 or shown.editor_px:
            if self._versions is not None:
                self._versions.hide()
            return
        if self._versions is None:
            self._versions = VersionSwitch(self._theme, self._icons, self._row)
            self._versions.chosen.connect(self.chosen)
        self._versions.show_version_of(shown)
        if shown.is_from_user:
            self._versions.move(column_x + layout.width - self._versions.width(), layout.versions_top)
        else:
            left = self.actions_end + GROUP_GAP_PX if self.actions_end > column_x else column_x
            self._versions.move(left, layout.buttons_top)
            self.actions_end = left + self._versions.width()
        self._versions.show()

    def _arrange_words(self, layout: MessageLayout, column_x: int) -> None:
        area, reasoning = layout.retry_area, layout.body.reasoning
        can_continue = can_be_continued(layout.shown)
        remedy, retries = remedy_of(layout.shown), is_worth_retrying(layout.shown)
        if area is not None:
            self._arrange_fault_words(area.translated(column_x, 0), remedy, retries=retries)
        if can_continue:
            button = self._word("continue", "play", "Continue", "Continue this answer")
            button.move(self.actions_end + GROUP_GAP_PX, layout.buttons_top + (ACTION_PX - button.height()) // 2)
            self.actions_end += GROUP_GAP_PX + button.width()
        if reasoning is not None:
            text = layout.reasoning_title
            toggle = self._word("reasoning", "brain", text, "")
            if toggle.text() != text:
                toggle.set_content("brain", text)
            toggle.set_label(f"{text}: {'hide' if reasoning.is_unfolded else 'show'} the reasoning")
            toggle.move(column_x - 9, layout.body_top)
        wanted = {
            "retry": area is not None and retries,
            "remedy": area is not None and remedy is not Remedy.NONE,
            "continue": can_continue,
            "reasoning": reasoning is not None,
        }
        for name, word in self._words.items():
            word.setVisible(wanted[name])

    def _arrange_fault_words(self, area: QRect, remedy: Remedy, *, retries: bool) -> None:
        """One below the other at the right of a failed answer's box, the one that helps first."""
        words: list[TextButton] = []
        if remedy is not Remedy.NONE:
            words.append(self._word("remedy", "wrench", "", ""))
            words[0].set_content(remedy_icon(remedy), remedy_label(remedy))
            words[0].set_label(remedy_label(remedy))
        if retries:
            words.append(self._word("retry", "rotate-ccw", "Retry", "Retry: ask again"))
        y = area.center().y() - sum(word.height() for word in words) // 2 - WORDS_GAP_PX // 2 * (len(words) - 1)
        for word in words:
            word.move(area.right() - word.width(), y)
            y += word.height() + WORDS_GAP_PX

    def _action(self, action: MessageAction) -> ActionButton:
        if (known := self._actions.get(action)) is not None:
            return known
        button = ActionButton(self._theme, self._icons, action.icon_name, "", self._row)
        button.setObjectName(f"{action}MessageButton")
        button.clicked.connect(lambda: self._on_clicked(action))
        button.set_quiet(self._is_quiet)
        self._actions[action] = button
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
            "retry": lambda: self.chosen.emit(MessageAction.RETRY),
            "remedy": lambda: self.chosen.emit(MessageAction.REMEDY),
            "continue": lambda: self.chosen.emit(MessageAction.CONTINUE),
            "reasoning": self.reasoning_toggled.emit,
        }
        button.clicked.connect(slots[name])
        self._words[name] = button
        return button

    def _on_clicked(self, action: MessageAction) -> None:
        if action is MessageAction.COPY:
            self._actions[action].show_done()
        self.chosen.emit(action)
