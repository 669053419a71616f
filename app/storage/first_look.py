"""What the first paint needs of the settings, read without what reads and checks all of them."""

import json
from pathlib import Path
from typing import NamedTuple


class FirstLook(NamedTuple):
    """`color_scheme` is system, light or dark. `geometry` is Qt's own word for the window's place, in Base64."""

    color_scheme: str = "system"
    window_width: int = 1100
    window_height: int = 760
    window_geometry: str = ""
    sidebar_visible: bool = True


def first_look(settings: Path) -> FirstLook:
    """Whatever can't be read is as it is on the first day: who reads all of the settings tells what is wrong."""
    try:
        stored = json.loads(settings.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return FirstLook()
    if not isinstance(stored, dict):
        return FirstLook()
    standard = FirstLook()._asdict()
    return FirstLook(**{name: stored[name] for name in standard if type(stored.get(name)) is type(standard[name])})
