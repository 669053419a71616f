"""How a provider that is set up is described in a line."""

from app.domain.conversation import now_ms
from app.domain.errors import KeyMissing, Remedy
from app.domain.key_errors import KeyForAnotherAddress
from app.domain.keys import KeyringState
from app.domain.model import BUILT_IN, ENVIRONMENT, ProviderId
from app.domain.provider import ProviderPhase, ProviderState
from app.domain.provider_config import KeyPlace, ProviderConfig

_MINUTE_MS, _HOUR_MS, _DAY_MS = 60_000, 3_600_000, 86_400_000
_MISSING = (KeyMissing.title, KeyForAnotherAddress.title)
_EXPLAINED = {
    BUILT_IN: "It comes with Belay and is set up under On this computer.",
    ENVIRONMENT: "It is named by OPENAI_BASE_URL, OPENAI_API_KEY and BELAY_MODEL, and there while they are set.",
}


def key_sentence(
    config: ProviderConfig, place: KeyPlace | None, state: ProviderState | None, keyring: KeyringState
) -> str:
    """Where the key is, or what is the matter with it. `place` is where it is now, None where it must be entered."""
    fault = state.fault if state is not None and state.phase is ProviderPhase.FAILED else None
    if place is None or (fault is not None and fault.title in _MISSING):
        return "Key missing"
    if fault is not None and fault.remedy is Remedy.UNLOCK:
        return "Keyring locked"
    is_ready = state is not None and state.phase is ProviderPhase.READY
    match place:
        case KeyPlace.NONE:
            return "No key needed"
        case KeyPlace.KEYRING:
            return "Keyring locked" if keyring is KeyringState.LOCKED and not is_ready else "Key in your keyring"
        case KeyPlace.SESSION:
            return "Key for this session only"
        case KeyPlace.ENVIRONMENT:
            return f"Key from variable {config.key_name}"
        case KeyPlace.COMMAND:
            return "Key from a command"


def explanation(provider_id: ProviderId) -> str:
    """Why a provider that nobody set up is there."""
    return _EXPLAINED.get(provider_id, "")


def listed_sentence(state: ProviderState | None) -> str:
    """How many models it has, and how old that list is."""
    if state is None or not state.models:
        return ""
    count = "1 model" if len(state.models) == 1 else f"{len(state.models):,} models"
    return f"{count}, listed {_age(now_ms() - state.listed_at_ms)}" if state.listed_at_ms is not None else count


def _age(passed_ms: int) -> str:
    if passed_ms < _MINUTE_MS:
        return "just now"
    for unit_ms, name in ((_DAY_MS, "day"), (_HOUR_MS, "hour"), (_MINUTE_MS, "minute")):
        if passed_ms >= unit_ms:
            count = passed_ms // unit_ms
            return f"{count} {name}{'' if count == 1 else 's'} ago"
    return "just now"
