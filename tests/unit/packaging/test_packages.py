"""What goes into a package, and that the same input gives the same bytes."""

import configparser
import hashlib
import os
import shutil
import subprocess
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from frozen_files import is_shipped, model_files
from linux.archive import build_archive
from linux.deb import build_deb, depends
from linux.rpm import build_rpm, requires
from linux.tree import APPLICATION_ID, HERE, NAME, Release

from app.ui import application
from app.ui.platform_check import LOCAL_MODEL, OFFSCREEN, XCB

RELEASE = Release("1.2.3", 1_750_000_000)

needs = {
    name: pytest.mark.skipif(shutil.which(name) is None, reason=f"wants {name}")
    for name in ("dpkg-deb", "rpmbuild", "zstd")
}


@pytest.mark.parametrize(
    ("destination", "is_in"),
    [
        ("PySide6/Qt/lib/libQt6Widgets.so.6", True),
        ("PySide6/Qt/plugins/platforms/libqxcb.so", True),
        ("PySide6/Qt/plugins/platforms/libqoffscreen.so", True),
        ("PySide6/Qt/plugins/platforms/libqeglfs.so", False),
        ("PySide6/Qt/plugins/platforms/libqwayland.so", True),
        ("PySide6/Qt/plugins/wayland-shell-integration/libxdg-shell.so", True),
        ("PySide6/Qt/plugins/wayland-graphics-integration-client/libqt-plugin-wayland-egl.so", False),
        ("PySide6/Qt/plugins/platformthemes/libqgtk3.so", False),
        ("PySide6/Qt/plugins/platformthemes/libqxdgdesktopportal.so", True),
        ("PySide6/Qt/lib/libQt6Qml.so.6", False),
        ("PySide6/Qt/lib/libQt6EglFSDeviceIntegration.so.6", False),
        ("PySide6/Qt/lib/libQt6EglFsKmsSupport.so.6", False),
        ("PySide6/Qt/translations/qtbase_de.qm", True),
        ("PySide6/Qt/translations/qtbase_xx.qm", False),
        ("PySide6/Qt/translations/assistant_de.qm", False),
        ("libgtk-3.so.0", False),
        ("libX11.so.6", False),
        ("libxcb-cursor.so.0", False),
        ("libstdc++.so.6", False),
        ("libssl.so.3", True),
        ("liblzma.so.5", True),
        ("libsqlite3.so.0", True),
        ("resources/fonts/Inter-Regular.otf", True),
        ("resources/screenshot.png", False),
        ("xllamacpp/xllamacpp.abi3.so", True),
        ("keyring-25.7.0.dist-info/entry_points.txt", True),
        ("keyring-25.7.0.dist-info/RECORD", False),
        ("resources/RECORD", True),
    ],
)
def test_what_belongs_to_the_users_system_and_what_nobody_uses_stays_out(destination: str, is_in: bool) -> None:
    assert is_shipped(destination) is is_in
    assert is_shipped(destination.replace("/", "\\")) is is_in, "as Windows writes it"


def test_every_library_that_stays_out_and_that_a_window_needs_is_asked_for() -> None:
    asked = depends("full")
    for library in OFFSCREEN + XCB + LOCAL_MODEL:
        assert library.debian_package in asked, library
    assert "libgomp1" not in depends("lite"), "only the model needs it"


def test_an_rpm_asks_for_the_same_libraries_by_their_own_names() -> None:
    """A library's name is the same in every distribution, and rpm has each package provide what it contains."""
    asked = requires("full").split(", ")
    for library in OFFSCREEN + XCB + LOCAL_MODEL:
        assert f"{library.soname}()(64bit)" in asked, library
    assert "libgomp.so.1()(64bit)" not in requires("lite"), "only the model needs it"


def test_the_weights_are_found_without_importing_their_package() -> None:
    assert [file.suffix for file in model_files()] == [".gguf"]


def test_the_companions_speak_of_the_same_program() -> None:
    entry = configparser.ConfigParser(interpolation=None)
    entry.read(HERE / f"{APPLICATION_ID}.desktop")
    shown = entry["Desktop Entry"]
    assert (shown["Exec"], shown["Icon"]) == (NAME, APPLICATION_ID)
    assert application.APPLICATION_ID == APPLICATION_ID
    component = ET.parse(HERE / f"{APPLICATION_ID}.metainfo.xml").getroot()
    assert component.findtext("id") == APPLICATION_ID
    assert component.findtext("launchable") == f"{APPLICATION_ID}.desktop"
    assert component.findtext("provides/binary") == NAME


@pytest.fixture
def frozen(tmp_path: Path) -> Path:
    """A program of a few files, written with whatever modes and times this moment has."""
    folder = tmp_path / "frozen" / NAME
    (folder / "_internal").mkdir(parents=True)
    (folder / NAME).write_text("#!/bin/sh\n")
    (folder / NAME).chmod(0o700)
    (folder / "_internal" / "data.bin").write_bytes(bytes(range(256)))
    (folder / "_internal" / "data.bin").chmod(0o640)
    return folder


def sum_of(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


@needs["dpkg-deb"]
def test_the_same_program_gives_the_same_deb_and_it_is_rootless(frozen: Path, tmp_path: Path) -> None:
    first = sum_of(build_deb(frozen, tmp_path, RELEASE, "lite"))
    os.utime(frozen / NAME)
    (frozen / "_internal" / "data.bin").chmod(0o600)
    made = build_deb(frozen, tmp_path, RELEASE, "lite")
    assert sum_of(made) == first
    listed = subprocess.run(["dpkg-deb", "--contents", str(made)], capture_output=True, text=True, check=True).stdout
    lines = {line.split()[5]: line.split()[:2] for line in listed.splitlines()}
    assert lines[f"./usr/lib/{NAME}/{NAME}"] == ["-rwxr-xr-x", "root/root"]
    assert lines[f"./usr/lib/{NAME}/_internal/data.bin"] == ["-rw-r--r--", "root/root"]
    assert f"./usr/share/icons/hicolor/512x512/apps/{APPLICATION_ID}.png" in lines
    assert f"./usr/share/man/man1/{NAME}.1.gz" in lines


@needs["zstd"]
def test_the_same_program_gives_the_same_archive(frozen: Path, tmp_path: Path) -> None:
    first = sum_of(build_archive(frozen, tmp_path, RELEASE, "full"))
    os.utime(frozen / NAME)
    assert sum_of(build_archive(frozen, tmp_path, RELEASE, "full")) == first


@needs["rpmbuild"]
def test_the_same_program_gives_the_same_rpm(frozen: Path, tmp_path: Path) -> None:
    first = sum_of(build_rpm(frozen, tmp_path, RELEASE, "lite"))
    os.utime(frozen / NAME)
    (frozen / "_internal" / "data.bin").chmod(0o600)
    assert sum_of(build_rpm(frozen, tmp_path, RELEASE, "lite")) == first
