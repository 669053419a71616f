"""Settings › Data: where everything is kept, and how much it is."""

from PySide6.QtCore import Signal

from app.ui.settings.controls import row_button
from app.ui.settings.page import Page, plain


class DataPage(Page):
    open_folder_requested = Signal()

    def __init__(self, data_folder: str) -> None:
        super().__init__("data", "Data", words="files storage backup folder")
        self.column.addWidget(plain("Your conversations are kept on this computer, in this folder:", "advice"))
        group = self.add_group()
        path = plain(data_folder, "muted", selectable=True)
        path.setObjectName("dataFolder")
        path.setAccessibleName("Data folder")
        group.add_wide(path)
        button = row_button("Open folder", "openFolderButton", name="Show the data folder in the file manager")
        button.clicked.connect(self.open_folder_requested)
        self.add_setting(group, "Show it in the file manager", button, words="data folder location path directory")
