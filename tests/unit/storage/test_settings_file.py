"""Settings are read forgivingly and written as a whole."""

import json
import stat
from pathlib import Path

import pytest
from msgspec.structs import replace

from app.domain.errors import StorageError
from app.domain.settings import ColorScheme, Settings
from app.storage.settings_file import SettingsUnreadable, load_settings, save_settings


def test_settings_come_back_as_they_were(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    assert load_settings(path) == Settings()
    changed = Settings(color_scheme=ColorScheme.DARK, provider_id="environment", model="m", window_width=900)
    save_settings(path, changed)
    assert load_settings(path) == changed
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [found.name for found in tmp_path.iterdir()] == ["settings.json"]


@pytest.mark.parametrize("text", ["{", "[]", "null", "", "\x00", "[" * 100_000])
def test_a_broken_file_is_set_aside_and_told(tmp_path: Path, text: str) -> None:
    path = tmp_path / "settings.json"
    path.write_text(text)
    with pytest.raises(SettingsUnreadable):
        load_settings(path)
    (kept,) = tmp_path.iterdir()
    assert kept.name.startswith("settings.json.set-aside-")
    assert kept.read_text() == text
    assert load_settings(path) == Settings()


def test_unknown_and_ill_typed_entries_are_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_text(
        json.dumps({"color_scheme": "purple", "model": 3, "window_width": "wide", "later": 1, "provider_id": "x"})
    )
    assert load_settings(path) == Settings(provider_id="x")


def test_what_a_newer_version_wrote_outlives_a_save(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    server = {"id": "a", "name": "A", "base_url": "https://a.example/v1"}
    newer = {"id": "b", "name": "B", "base_url": "https://b.example/v1", "key_place": "moon"}
    path.write_text(
        json.dumps({"later": {"x": [1]}, "color_scheme": "sepia", "model": 3, "providers": [newer, server]})
    )
    read = load_settings(path)
    assert [config.name for config in read.providers] == ["A"]
    save_settings(path, replace(read, zoom_percent=120))
    save_settings(path, replace(read, zoom_percent=130))
    kept = json.loads(path.read_text())
    assert (kept["later"], kept["color_scheme"], kept["model"]) == ({"x": [1]}, "sepia", 3)
    assert [entry["id"] for entry in kept["providers"]] == ["a", "b"]
    assert kept["providers"][1] == newer
    assert kept["zoom_percent"] == 130


def test_what_the_user_chooses_instead_replaces_it(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_text(json.dumps({"color_scheme": "sepia", "model": "old"}))
    save_settings(path, replace(load_settings(path), color_scheme=ColorScheme.DARK, model=None))
    assert load_settings(path) == Settings(color_scheme=ColorScheme.DARK)


def test_half_a_surrogate_pair_does_not_keep_the_rest_from_being_saved(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    save_settings(path, Settings(model="broken \ud83d", zoom_percent=120))
    assert load_settings(path) == Settings(model="broken \ud83d", zoom_percent=120)
    save_settings(path, Settings(model="grün"))
    assert "grün" in path.read_text(encoding="utf-8")


def test_a_write_that_fails_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "settings.json"
    save_settings(path, Settings(model="old"))

    def disk_full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("app.storage.settings_file.os.fsync", disk_full)
    with pytest.raises(StorageError, match="No space left"):
        save_settings(path, Settings(model="new"))
    assert load_settings(path).model == "old"
    assert [found.name for found in tmp_path.iterdir()] == ["settings.json"]
