"""
Whether a window can open here, asked before Qt is imported.

Qt ends the process with abort(), and a core, when none of its platform plugins
starts. The reasons for that are looked for here, so that the user reads a
sentence and a command instead. Knows no Qt: it also runs on a bare Python.
"""

import ctypes
import importlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

Load = Callable[[str], object]
Answers = Callable[[str], bool]

EXIT_CANNOT_START = 3
NAMED_IN_SENTENCE = 3
WAYLAND_CONNECT_TIMEOUT_S = 2.0


class SystemLibrary(NamedTuple):
    """A shared library that the Python packages leave to the system."""

    soname: str
    debian_package: str


# tests/unit/ui/test_platform_check.py holds these against what Qt's own files link to.
OFFSCREEN = (
    SystemLibrary("libEGL.so.1", "libegl1"),
    SystemLibrary("libGL.so.1", "libgl1"),
    SystemLibrary("libX11.so.6", "libx11-6"),
    SystemLibrary("libbrotlicommon.so.1", "libbrotli1"),
    SystemLibrary("libbrotlidec.so.1", "libbrotli1"),
    SystemLibrary("libdbus-1.so.3", "libdbus-1-3"),
    SystemLibrary("libfontconfig.so.1", "libfontconfig1"),
    SystemLibrary("libfreetype.so.6", "libfreetype6"),
    SystemLibrary("libglib-2.0.so.0", "libglib2.0-0"),
    SystemLibrary("libgssapi_krb5.so.2", "libgssapi-krb5-2"),
    SystemLibrary("libgthread-2.0.so.0", "libglib2.0-0"),
    SystemLibrary("libxkbcommon.so.0", "libxkbcommon0"),
    SystemLibrary("libz.so.1", "zlib1g"),
    SystemLibrary("libzstd.so.1", "libzstd1"),
)

XCB = (
    SystemLibrary("libX11-xcb.so.1", "libx11-xcb1"),
    SystemLibrary("libxcb-cursor.so.0", "libxcb-cursor0"),
    SystemLibrary("libxcb-icccm.so.4", "libxcb-icccm4"),
    SystemLibrary("libxcb-image.so.0", "libxcb-image0"),
    SystemLibrary("libxcb-keysyms.so.1", "libxcb-keysyms1"),
    SystemLibrary("libxcb-randr.so.0", "libxcb-randr0"),
    SystemLibrary("libxcb-render-util.so.0", "libxcb-render-util0"),
    SystemLibrary("libxcb-render.so.0", "libxcb-render0"),
    SystemLibrary("libxcb-shape.so.0", "libxcb-shape0"),
    SystemLibrary("libxcb-shm.so.0", "libxcb-shm0"),
    SystemLibrary("libxcb-sync.so.1", "libxcb-sync1"),
    SystemLibrary("libxcb-util.so.1", "libxcb-util1"),
    SystemLibrary("libxcb-xfixes.so.0", "libxcb-xfixes0"),
    SystemLibrary("libxcb-xkb.so.1", "libxcb-xkb1"),
    SystemLibrary("libxcb.so.1", "libxcb1"),
    SystemLibrary("libxkbcommon-x11.so.0", "libxkbcommon-x11-0"),
)

WAYLAND = (
    SystemLibrary("libwayland-client.so.0", "libwayland-client0"),
    SystemLibrary("libwayland-cursor.so.0", "libwayland-cursor0"),
    SystemLibrary("libwayland-egl.so.1", "libwayland-egl1"),
)

LOCAL_MODEL = (SystemLibrary("libgomp.so.1", "libgomp1"),)


def missing_libraries(libraries: Iterable[SystemLibrary], load: Load = ctypes.CDLL) -> list[SystemLibrary]:
    """The ones the dynamic linker does not find. Those it finds stay loaded: Qt needs them next."""
    missing = []
    for library in libraries:
        try:
            load(library.soname)
        except OSError:
            missing.append(library)
    return missing


def missing_libraries_for_window(environ: Mapping[str, str], load: Load = ctypes.CDLL) -> list[SystemLibrary]:
    """
    The fewest libraries to install for a window to open in this session.

    Qt falls back from Wayland to X11, so one complete set of the two will do.
    With no session at all only the offscreen platform is left to serve.
    """
    missing_by_plugin = [missing_libraries(_plugin_libraries(name), load) for name in _plugins_qt_will_try(environ)]
    return missing_libraries(OFFSCREEN, load) + min(missing_by_plugin, key=len, default=[])


def install_command(libraries: Iterable[SystemLibrary]) -> str:
    """The line for a Debian or Ubuntu user to copy."""
    packages = dict.fromkeys(library.debian_package for library in libraries)
    return "sudo apt install " + " ".join(packages)


def sentence_for_missing(libraries: Sequence[SystemLibrary]) -> str:
    """The command names them all, so the sentence stops after a few."""
    named = [library.soname for library in libraries[:NAMED_IN_SENTENCE]]
    if len(libraries) > NAMED_IN_SENTENCE:
        named.append(f"and {len(libraries) - NAMED_IN_SENTENCE} more")
    return f"System libraries are missing: {', '.join(named)}. On Debian or Ubuntu: {install_command(libraries)}"


def has_graphical_session(environ: Mapping[str, str], platform: str) -> bool:
    """Whether anything here claims to show windows; whether it does, `why_window_cannot_open` finds out."""
    return not platform.startswith("linux") or bool(_plugins_qt_will_try(environ))


def x11_answers(display: str) -> bool:
    """
    Asks through libxcb as Qt does: finds a dead socket, a refused cookie and a malformed name alike.

    The connection stays: an X server without a session resets when its last client leaves, and would turn Qt away.
    """
    xcb = ctypes.CDLL("libxcb.so.1")
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connect.argtypes = (ctypes.c_char_p, ctypes.c_void_p)
    xcb.xcb_connection_has_error.argtypes = (ctypes.c_void_p,)
    xcb.xcb_disconnect.argtypes = (ctypes.c_void_p,)
    connection = xcb.xcb_connect(display.encode(), None)
    if xcb.xcb_connection_has_error(connection):
        xcb.xcb_disconnect(connection)
        return False
    return True


def why_window_cannot_open(
    environ: Mapping[str, str],
    platform: str,
    load: Load = ctypes.CDLL,
    x11_answers: Answers = x11_answers,
) -> str | None:
    """
    A sentence or two for the user, or None if Qt will find a platform to start on.

    `environ` is os.environ and `platform` sys.platform. Only Linux is looked at:
    elsewhere Qt brings all it needs.
    """
    if not platform.startswith("linux"):
        return None
    plugins = _plugins_qt_will_try(environ)
    if not plugins:
        return "There is no display: neither DISPLAY nor WAYLAND_DISPLAY is set. Over ssh, connect with: ssh -X"
    if missing_libraries(OFFSCREEN, load):
        return sentence_for_missing(missing_libraries_for_window(environ, load))
    reasons = [_why_plugin_cannot_start(name, environ, load, x11_answers) for name in plugins]
    if None in reasons:
        return None
    return " ".join(reason for reason in reasons if reason)


def _plugins_qt_will_try(environ: Mapping[str, str]) -> list[str]:
    """In Qt's order. QT_QPA_PLATFORM reads `name[:options][;name[:options]]…`."""
    if asked := environ.get("QT_QPA_PLATFORM"):
        return [name.split(":")[0] for name in asked.split(";")]
    plugins = []
    if environ.get("WAYLAND_DISPLAY") or environ.get("WAYLAND_SOCKET"):
        plugins.append("wayland")
    if environ.get("DISPLAY"):
        plugins.append("xcb")
    return plugins


def _plugin_libraries(plugin: str) -> tuple[SystemLibrary, ...]:
    if plugin == "xcb":
        return XCB
    return WAYLAND if plugin.startswith("wayland") else ()


def _why_plugin_cannot_start(plugin: str, environ: Mapping[str, str], load: Load, x11_answers: Answers) -> str | None:
    if missing := missing_libraries(_plugin_libraries(plugin), load):
        return sentence_for_missing(missing)
    if plugin == "xcb":
        display = environ.get("DISPLAY", "")
        if not x11_answers(display):
            return f"The X server at DISPLAY={display} does not answer, or does not let this user in."
    if plugin.startswith("wayland") and not _wayland_answers(environ):
        return f"The Wayland compositor at WAYLAND_DISPLAY={environ.get('WAYLAND_DISPLAY', '')} does not answer."
    return None


def _wayland_answers(environ: Mapping[str, str]) -> bool:
    if environ.get("WAYLAND_SOCKET"):
        return True  # an open file descriptor, which only Qt may use, and only once
    path = Path(environ.get("XDG_RUNTIME_DIR", ""), environ.get("WAYLAND_DISPLAY") or "wayland-0")
    socket = importlib.import_module("socket")  # 5 ms, which a start on X11 does without
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(WAYLAND_CONNECT_TIMEOUT_S)
        try:
            connection.connect(str(path))
        except OSError:
            return False
    return True
