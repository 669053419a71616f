"""A window that cannot open is explained in a sentence, before Qt can abort the process."""

import importlib.util
import socket
import struct
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.ui.platform_check import (
    LOCAL_MODEL,
    OFFSCREEN,
    WAYLAND,
    XCB,
    SystemLibrary,
    has_graphical_session,
    install_command,
    missing_libraries,
    missing_libraries_for_window,
    sentence_for_missing,
    why_window_cannot_open,
)

REPOSITORY = Path(__file__).parents[3]

only_linux = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="only Linux leaves libraries to the system"
)


def linker_without(*missing: str) -> Callable[[str], None]:
    def load(soname: str) -> None:
        if soname in missing:
            raise OSError(soname)

    return load


def answers(_display: str) -> bool:
    return True


def is_silent(_display: str) -> bool:
    return False


@pytest.fixture
def compositor(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of a session with a Wayland socket that somebody listens on."""
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "wayland-7"))
        listener.listen()
        yield {"WAYLAND_DISPLAY": "wayland-7", "XDG_RUNTIME_DIR": str(tmp_path)}


def test_libraries_the_linker_cannot_load_are_missing() -> None:
    assert missing_libraries(XCB, linker_without("libxcb-cursor.so.0")) == [
        SystemLibrary("libxcb-cursor.so.0", "libxcb-cursor0")
    ]


@only_linux
def test_the_real_linker_is_asked() -> None:
    unknown = SystemLibrary("libno-such-thing.so.9", "no-such-thing9")
    assert missing_libraries([SystemLibrary("libc.so.6", "libc6"), unknown]) == [unknown]


def test_the_command_names_each_package_once() -> None:
    glib = [library for library in OFFSCREEN if library.debian_package == "libglib2.0-0"]
    assert len(glib) == 2
    assert install_command([*glib, *LOCAL_MODEL]) == "sudo apt install libglib2.0-0 libgomp1"


@pytest.mark.parametrize("platform", ["darwin", "win32"])
def test_other_systems_bring_their_own_display(platform: str) -> None:
    assert has_graphical_session({}, platform)
    assert why_window_cannot_open({}, platform, linker_without("libGL.so.1"), is_silent) is None


@pytest.mark.parametrize("environ", [{}, {"DISPLAY": ""}, {"WAYLAND_DISPLAY": "", "DISPLAY": ""}])
def test_no_display_is_said(environ: dict[str, str]) -> None:
    assert not has_graphical_session(environ, "linux")
    reason = why_window_cannot_open(environ, "linux", linker_without(), answers)
    assert reason is not None
    assert "neither DISPLAY nor WAYLAND_DISPLAY is set" in reason


def test_a_display_that_answers_is_enough() -> None:
    assert why_window_cannot_open({"DISPLAY": ":0"}, "linux", linker_without(), answers) is None


def test_a_silent_display_is_named() -> None:
    reason = why_window_cannot_open({"DISPLAY": "far:7"}, "linux", linker_without(), is_silent)
    assert reason == "The X server at DISPLAY=far:7 does not answer, or does not let this user in."


def test_missing_libraries_come_with_the_command() -> None:
    linker = linker_without("libEGL.so.1", "libxcb-cursor.so.0", "libxcb-icccm.so.4")
    reason = why_window_cannot_open({"DISPLAY": ":0"}, "linux", linker, answers)
    assert reason is not None
    assert reason.endswith("On Debian or Ubuntu: sudo apt install libegl1 libxcb-cursor0 libxcb-icccm4")


def test_a_long_list_is_cut_in_the_sentence_but_not_in_the_command() -> None:
    sentence = sentence_for_missing(WAYLAND + LOCAL_MODEL + LOCAL_MODEL)
    assert "libwayland-egl.so.1, and 2 more. On Debian" in sentence
    assert sentence.endswith("libwayland-client0 libwayland-cursor0 libwayland-egl1 libgomp1")


def test_the_offscreen_platform_needs_neither_display_nor_xcb() -> None:
    environ = {"QT_QPA_PLATFORM": "offscreen:size=800x600"}
    assert why_window_cannot_open(environ, "linux", linker_without("libxcb-cursor.so.0"), is_silent) is None
    reason = why_window_cannot_open(environ, "linux", linker_without("libGL.so.1"), is_silent)
    assert reason is not None
    assert reason.endswith("sudo apt install libgl1")


def test_a_compositor_that_listens_is_enough(compositor: dict[str, str]) -> None:
    assert why_window_cannot_open(compositor, "linux", linker_without(), is_silent) is None


def test_an_absolute_wayland_display_needs_no_runtime_folder(compositor: dict[str, str]) -> None:
    path = f"{compositor['XDG_RUNTIME_DIR']}/{compositor['WAYLAND_DISPLAY']}"
    assert why_window_cannot_open({"WAYLAND_DISPLAY": path}, "linux", linker_without(), is_silent) is None


def test_a_silent_compositor_is_named(tmp_path: Path) -> None:
    environ = {"WAYLAND_DISPLAY": "wayland-9", "XDG_RUNTIME_DIR": str(tmp_path)}
    reason = why_window_cannot_open(environ, "linux", linker_without(), answers)
    assert reason == "The Wayland compositor at WAYLAND_DISPLAY=wayland-9 does not answer."


def test_qt_falls_back_from_wayland_to_x11(tmp_path: Path) -> None:
    environ = {"WAYLAND_DISPLAY": "wayland-9", "XDG_RUNTIME_DIR": str(tmp_path), "DISPLAY": ":0"}
    assert why_window_cannot_open(environ, "linux", linker_without(), answers) is None
    reason = why_window_cannot_open(environ, "linux", linker_without(), is_silent)
    assert reason is not None
    assert "WAYLAND_DISPLAY=wayland-9" in reason
    assert "DISPLAY=:0" in reason


def test_a_platform_that_was_asked_for_has_no_fallback(compositor: dict[str, str]) -> None:
    environ = compositor | {"QT_QPA_PLATFORM": "xcb", "DISPLAY": ":0"}
    assert why_window_cannot_open(environ, "linux", linker_without(), is_silent) is not None


def test_one_complete_set_needs_nothing_installed() -> None:
    both = {"WAYLAND_DISPLAY": "wayland-0", "DISPLAY": ":0"}
    assert missing_libraries_for_window(both, linker_without("libwayland-cursor.so.0")) == []
    assert missing_libraries_for_window(both, linker_without("libwayland-cursor.so.0", "libxcb-util.so.1"))


def test_without_a_session_only_the_offscreen_libraries_count() -> None:
    assert missing_libraries_for_window({}, linker_without("libxcb-cursor.so.0", "libwayland-client.so.0")) == []


@only_linux
def test_it_runs_on_a_bare_python() -> None:
    script = "import sys, app.ui.platform_check; sys.exit('PySide6' in sys.modules)"
    done = subprocess.run([sys.executable, "-S", "-c", script], cwd=REPOSITORY, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@only_linux
def test_a_dead_x_server_is_found_without_a_core() -> None:
    if missing_libraries(OFFSCREEN + XCB):
        pytest.skip("the libraries of the xcb plugin are not installed")
    reason = why_window_cannot_open({"DISPLAY": ":65001"}, "linux")
    assert reason is not None
    assert "DISPLAY=:65001" in reason


@only_linux
@pytest.mark.parametrize(
    ("libraries", "files"),
    [
        (OFFSCREEN, ["plugins/platforms/libqoffscreen.so"]),
        (
            OFFSCREEN,
            [f"lib/libQt6{name}.so.6" for name in ("Core", "Gui", "Widgets", "Svg", "Network", "DBus", "Test")],
        ),
        (OFFSCREEN + XCB, ["plugins/platforms/libqxcb.so", "lib/libQt6XcbQpa.so.6"]),
        (OFFSCREEN + WAYLAND, ["plugins/platforms/libqwayland.so", "lib/libQt6WaylandClient.so.6"]),
        (OFFSCREEN + WAYLAND, ["plugins/wayland-graphics-integration-client/libqt-plugin-wayland-egl.so"]),
    ],
)
def test_the_sets_name_all_that_qt_links_to(libraries: tuple[SystemLibrary, ...], files: list[str]) -> None:
    """Every C program has these; Qt brings its own and ICU."""
    everywhere = (
        "libc.so",
        "libm.so",
        "libstdc++.so",
        "libgcc_s.so",
        "ld-linux",
        "libdl.so",
        "libpthread.so",
        "librt.so",
        "libresolv.so",
    )
    its_own = ("libQt6", "libicu")
    named = {library.soname for library in libraries}
    spec = importlib.util.find_spec("PySide6")
    assert spec is not None
    assert spec.origin is not None
    qt = Path(spec.origin).parent / "Qt"
    needed = {soname for file in files for soname in needed_sonames(qt / file)}
    assert needed
    assert {soname for soname in needed if not soname.startswith(everywhere + its_own)} <= named


def needed_sonames(path: Path) -> list[str]:
    """DT_NEEDED of a little-endian ELF64 file, read by its section headers."""
    data = path.read_bytes()
    (sections_at,) = struct.unpack_from("<Q", data, 0x28)
    entry_bytes, count = struct.unpack_from("<HH", data, 0x3A)
    headers = [struct.unpack_from("<IIQQQQIIQQ", data, sections_at + entry_bytes * index) for index in range(count)]
    sht_dynamic, dt_needed = 6, 1
    dynamic = next(header for header in headers if header[1] == sht_dynamic)
    strings_at = headers[dynamic[6]][4]
    entries = struct.iter_unpack("<QQ", data[dynamic[4] : dynamic[4] + dynamic[5]])
    starts = [strings_at + value for tag, value in entries if tag == dt_needed]
    return [data[start : data.index(b"\0", start)].decode() for start in starts]
