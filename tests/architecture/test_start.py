"""A window that holds nothing yet has loaded nothing that it can't show: each module costs time and memory."""

import subprocess
import sys
from pathlib import Path

import pytest

from app.ui.late_imports import LATE

ROOT = Path(__file__).parents[2]
WINDOW = "app.session"  # with it, all that is loaded before the window is filled
PACKAGES = ("openai", "pydantic", "httpx2", "httpcore2", "keyring", "pygments", "ziamath", "tiktoken", "jeepney")
SLOW = ("importlib.metadata", "email", "urllib.request")


def loaded_with(*modules: str) -> set[str]:
    """All that a fresh process has loaded after these."""
    script = f"import sys, {', '.join(modules)}; print(*sys.modules)"
    shown = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(shown.stdout.split())


@pytest.fixture(scope="module")
def loaded() -> set[str]:
    return loaded_with(WINDOW)


@pytest.mark.parametrize("name", [*PACKAGES, *SLOW, *LATE])
def test_the_window_is_filled_without(name: str, loaded: set[str]) -> None:
    assert WINDOW in loaded
    assert name not in loaded


def test_the_first_paint_waits_for_nothing_but_qt() -> None:
    """What the window shows is loaded beside it; a window that waits for that starts five times as slowly."""
    later = {"asyncio", "ssl", "sqlite3", "msgspec", "markdown_it", "qasync", "app.engine", "app.markdown"}
    assert loaded_with("app.__main__", "app.start") & later == set()


def test_no_page_of_the_settings_is_loaded_before_they_are_opened(loaded: set[str]) -> None:
    of_settings = {name for name in loaded if name.startswith("app.ui.settings.")}
    assert of_settings == {"app.ui.settings.opener", "app.ui.settings.fittings"}


def test_what_is_loaded_late_is_there_and_brings_the_pages() -> None:
    """`pages` names every page, so the first opening of the settings loads nothing more."""
    assert {"app.ui.settings.providers_page", "app.ui.settings.usage_page"} <= loaded_with(*LATE)
