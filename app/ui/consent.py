"""The question before something is sent that others could read on the way."""

from collections.abc import Callable

from PySide6.QtWidgets import QDialog, QWidget

from app.ui.dialogs import ask


def ask_to_speak_openly(parent: QWidget, host: str, name: str, on_allowed: Callable[[], object]) -> QDialog:
    """Ask whether to speak to a provider's host without encryption; `on_allowed` is called on a yes."""
    return ask(
        parent,
        f"Speak to {host} without encryption?",
        f"What you write to {name}, its answers and your key can be read, and changed, by anyone between this computer "
        f"and {host}. Allow it only in a network that you trust. Belay will not ask again for this host.",
        "Allow",
        on_allowed,
    )
