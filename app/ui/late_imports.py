"""
What no window needs to be painted, and a click must not wait for: loaded in a thread once the window is there.

Who uses one of these imports it by its name (`importlib.import_module`) where it is needed, and its types under
TYPE_CHECKING: so a click that comes first waits, and nothing else does.
"""

import importlib

LATE = (
    "app.ui.models.popup",
    "app.ui.settings.dialog",
    "app.ui.settings.pages",
)


def import_late_parts() -> None:
    """Load them all. For a thread; the second time there is nothing to do."""
    for name in LATE:
        importlib.import_module(name)
