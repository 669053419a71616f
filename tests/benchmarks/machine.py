"""What the numbers were measured on, as far as it says nothing about whose machine it is."""

import os
import platform

from PySide6.QtCore import qVersion

from app.version import VERSION


def facts() -> dict[str, object]:
    return {
        "belay": VERSION,
        "python": platform.python_version(),
        "qt": qVersion(),
        "system": f"{platform.system()} {platform.release().split('-')[0]} {platform.machine()}",
        "cores": os.cpu_count(),
        "load_before": load(),
    }


def load() -> float:
    """Return how many processes wanted to run, on average over the last minute."""
    return round(os.getloadavg()[0], 2)
