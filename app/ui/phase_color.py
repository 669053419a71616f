"""The colour of the dot that tells a provider's state."""

from app.domain.provider import ProviderPhase
from app.ui.theme import Theme


def phase_color(phase: ProviderPhase, theme: Theme) -> str:
    palette = theme.palette
    return {
        ProviderPhase.IDLE: palette.muted,
        ProviderPhase.STARTING: palette.warning,
        ProviderPhase.READY: palette.success,
        ProviderPhase.FAILED: palette.danger,
    }[phase]
