"""What the user chose. Frozen: a change is a new Settings."""

from dataclasses import dataclass
from enum import StrEnum

from app.domain.zoom import STANDARD_ZOOM


class ColorScheme(StrEnum):
    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """
    `provider_id` and `model` are the last choice in the model picker, None before the first.

    `announces_answers`: finished sentences are told to screen readers. `reduces_motion`: nothing moves by
    itself, even where the system shows animations.
    """

    color_scheme: ColorScheme = ColorScheme.SYSTEM
    provider_id: str | None = None
    model: str | None = None
    sidebar_visible: bool = True
    zoom_percent: int = STANDARD_ZOOM
    announces_answers: bool = True
    reduces_motion: bool = False
    window_width: int = 1100
    window_height: int = 760
