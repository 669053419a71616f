"""The Windows installer's script compiles, without a warning, over a program of a few files."""

import shutil
import subprocess
from pathlib import Path

import pytest
from icons import render_for_windows
from linux.tree import Release
from PySide6.QtWidgets import QApplication
from windows.installer import build_installer

pytestmark = pytest.mark.skipif(shutil.which("makensis") is None, reason="wants makensis (Debian: nsis)")

RELEASE = Release("1.2.3", 1_750_000_000)


@pytest.fixture
def icon(qapp: QApplication, tmp_path: Path) -> Path:
    return render_for_windows(tmp_path)


def test_an_installer_is_made_of_the_frozen_folder(tmp_path: Path, icon: Path) -> None:
    frozen = tmp_path / "belay-chat"
    (frozen / "_internal").mkdir(parents=True)
    (frozen / "belay-chat.exe").write_bytes(b"MZ")
    (frozen / "_internal" / "python311.dll").write_bytes(b"MZ")
    made = build_installer(frozen, tmp_path, RELEASE, "lite", icon)
    assert made.name == "Belay-lite-1.2.3-setup.exe"
    assert made.read_bytes()[:2] == b"MZ"


def test_no_installer_is_made_of_nothing(tmp_path: Path, icon: Path) -> None:
    with pytest.raises(subprocess.CalledProcessError):
        build_installer(tmp_path / "nowhere", tmp_path, RELEASE, "full", icon)
