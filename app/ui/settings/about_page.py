"""Settings › About."""

from app.ui.application import APP_NAME
from app.ui.settings.page import Page, plain


class AboutPage(Page):
    def __init__(self, version: str, licence: str = "MIT") -> None:
        super().__init__("about", "About", words="version licence license")
        self.column.addWidget(plain(f"{APP_NAME} is a desktop chat client whose Stop is instant.", "advice"))
        self.column.addSpacing(4)
        self.column.addWidget(plain(f"Version {version}\nLicence: {licence}", "muted", selectable=True))
