"""Whether the sidebar is there, and how wide: in a narrow window only while something is looked for in it."""

from app.engine.preferences import Preferences
from app.ui.composer import Composer
from app.ui.measures import NARROW_PX
from app.ui.sidebar import Sidebar


class SidebarPlace:
    """A wide window has it as the user chose. In a narrow one it is gone at first, and again when it was used."""

    def __init__(self, sidebar: Sidebar, preferences: Preferences, composer: Composer) -> None:
        self._sidebar = sidebar
        self._preferences = preferences
        self._composer = composer
        self._is_narrow = False
        sidebar.setVisible(preferences.current.sidebar_visible)

    def fit(self, window_width: int) -> None:
        """Follow the window. What the user chose for a wide one comes back with it."""
        was_narrow, self._is_narrow = self._is_narrow, window_width < NARROW_PX
        self._sidebar.fit(window_width)
        if was_narrow is not self._is_narrow:
            self._sidebar.setVisible(self._preferences.current.sidebar_visible and not self._is_narrow)

    def toggle(self) -> None:
        self.set_visible(self._sidebar.isHidden())

    def set_visible(self, is_visible: bool) -> None:
        self._sidebar.setVisible(is_visible)
        if not self._is_narrow:
            self._preferences.change(sidebar_visible=is_visible)

    def note_use(self) -> None:
        """A conversation was chosen, or begun."""
        if self._is_narrow:
            self._sidebar.hide()
            self._composer.focus_input()
