"""What the button says that helps."""

from app.domain.errors import Remedy

_LABELS = {
    Remedy.KEY: "Enter key…",
    Remedy.UNLOCK: "Unlock…",
    Remedy.PROVIDERS: "Open settings",
    Remedy.NETWORK: "Open settings",
    Remedy.LOCAL_MODEL: "Open settings",
    Remedy.MODEL: "Choose model",
    Remedy.NEW_CONVERSATION: "New conversation",
    Remedy.ALLOW_HTTP: "Allow for this server…",
}
_ICONS = {
    Remedy.KEY: "key-round",
    Remedy.UNLOCK: "key-round",
    Remedy.PROVIDERS: "settings",
    Remedy.NETWORK: "settings",
    Remedy.LOCAL_MODEL: "settings",
    Remedy.MODEL: "cpu",
    Remedy.NEW_CONVERSATION: "square-pen",
    Remedy.ALLOW_HTTP: "check",
}
_RETRY_IS_NO_USE = (Remedy.ALLOW_HTTP, Remedy.NONE)  # before that, or at all


def remedy_label(remedy: Remedy) -> str:
    """Return the label of the button, "" where asking again is all that helps."""
    return _LABELS.get(remedy, "")


def remedy_icon(remedy: Remedy) -> str:
    """Return the name of the button's icon, "" where there is no button."""
    return _ICONS.get(remedy, "")


def can_be_retried(remedy: Remedy) -> bool:
    """Whether there is any use in a button Retry."""
    return remedy not in _RETRY_IS_NO_USE
