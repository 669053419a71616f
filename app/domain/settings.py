"""What the user chose. Frozen: a change is a new Settings."""

from dataclasses import dataclass
from enum import StrEnum


class ColorScheme(StrEnum):
    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """`provider_id` and `model` are the last choice in the model picker, None before the first."""

    color_scheme: ColorScheme = ColorScheme.SYSTEM
    provider_id: str | None = None
    model: str | None = None
    sidebar_visible: bool = True
    window_width: int = 1100
    window_height: int = 760
