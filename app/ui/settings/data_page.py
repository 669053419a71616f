"""Settings › Data: where everything is kept, and how much it is."""

from PySide6.QtCore import Signal

from app.domain.diagnosis import size_in_words
from app.engine.events import DiagnosisMade, Event
from app.ui.settings.controls import row_button
from app.ui.settings.diagnostics_page import display_facts
from app.ui.settings.page import Page, plain


class DataPage(Page):
    open_folder_requested = Signal()
    gather_requested = Signal(object)  # as on the page Diagnostics: the sizes come with the rest

    def __init__(self, data_folder: str) -> None:
        super().__init__("data", "Data", words="files storage backup folder disk space size")
        self.column.addWidget(plain("Your conversations are kept on this computer, in this folder:", "advice"))
        group = self.add_group()
        path = plain(data_folder, "muted", selectable=True)
        path.setObjectName("dataFolder")
        path.setAccessibleName("Data folder")
        group.add_wide(path)
        button = row_button("Open folder", "openFolderButton", name="Show the data folder in the file manager")
        button.clicked.connect(self.open_folder_requested)
        self.add_setting(group, "Show it in the file manager", button, words="data folder location path directory")
        self._amount = plain("…", "muted")
        self._amount.setObjectName("dataAmount")
        self._amount.setWordWrap(False)
        group.add_row("What is in it", self._amount)

    def begin(self) -> None:
        self.gather_requested.emit(display_facts(self))

    def take(self, event: Event) -> None:
        if isinstance(event, DiagnosisMade):
            made = event.diagnosis
            self._amount.setText(
                f"{_counted(made.conversations, 'conversation')}, {_counted(made.messages, 'message')}, "
                f"{size_in_words(made.folder_bytes)}"
            )


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"
