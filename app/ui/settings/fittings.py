"""What the pages of the settings are built with. The pages themselves are in `pages`, and loaded late."""

from pathlib import Path

from msgspec import Struct

from app.ui.actions import Actions
from app.ui.bridge import StoreBridge
from app.ui.controls import Controls
from app.ui.icons import Icons
from app.ui.theme import Theme


class Fittings(Struct, frozen=True):
    controls: Controls
    bridge: StoreBridge
    actions: Actions
    theme: Theme
    icons: Icons
    version: str
    data_folder: Path
