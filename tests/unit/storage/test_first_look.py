"""What the first paint reads of the settings."""

import json
from pathlib import Path

import pytest

from app.domain.settings import ColorScheme, Settings
from app.storage.first_look import FirstLook, first_look
from app.storage.settings_file import save_settings


def test_it_reads_what_the_settings_say(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    chosen = Settings(
        color_scheme=ColorScheme.DARK,
        window_width=900,
        window_height=600,
        window_geometry="AdnQ",
        sidebar_visible=False,
    )
    save_settings(path, chosen)
    assert first_look(path) == FirstLook("dark", 900, 600, "AdnQ", sidebar_visible=False)


def test_on_the_first_day_it_is_what_the_settings_are() -> None:
    standard, look = Settings(), first_look(Path("nowhere"))
    assert look == FirstLook(
        standard.color_scheme,
        standard.window_width,
        standard.window_height,
        standard.window_geometry,
        standard.sidebar_visible,
    )


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "[" * 100_000, "\x00"])
def test_a_file_that_cannot_be_read_is_as_good_as_none(tmp_path: Path, text: str) -> None:
    path = tmp_path / "settings.json"
    path.write_text(text, encoding="utf-8")
    assert first_look(path) == FirstLook()
    path.write_bytes(b"\xff\xfe")
    assert first_look(path) == FirstLook()


def test_an_entry_of_another_type_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_text(
        json.dumps({"window_width": "wide", "window_height": True, "sidebar_visible": 0, "color_scheme": 3})
    )
    assert first_look(path) == FirstLook()
    path.write_text(json.dumps({"window_width": 700, "color_scheme": "light", "window_geometry": None}))
    assert first_look(path) == FirstLook(color_scheme="light", window_width=700)
