"""Which shared libraries the frozen program leaves to the system, and whether a package asks for each."""

import subprocess
from pathlib import Path

from app.ui.platform_check import LOCAL_MODEL, OFFSCREEN, WAYLAND, XCB

# What the packages ask for without the program looking for it: the C library's own, and the compiler's.
_OF_EVERY_SYSTEM = frozenset(
    (
        *("libc.so.6", "libm.so.6", "libdl.so.2", "libpthread.so.0", "librt.so.1", "libresolv.so.2", "libutil.so.1"),
        *("ld-linux-x86-64.so.2", "ld-linux-aarch64.so.1", "libgcc_s.so.1", "libstdc++.so.6"),
    )
)
_ASKED_FOR = _OF_EVERY_SYSTEM | {library.soname for library in OFFSCREEN + XCB + WAYLAND + LOCAL_MODEL}


def strangers(frozen: Path) -> dict[str, str]:
    """Return the libraries that are neither in the program nor asked for, each with a file that needs it."""
    files = [path for path in sorted(frozen.rglob("*")) if path.is_file() and not path.is_symlink()]
    known = _ASKED_FOR | {path.name for path in frozen.rglob("*")}
    return {name: file.name for file in files if _is_elf(file) for name in _needed(file) if name not in known}


def _is_elf(file: Path) -> bool:
    with file.open("rb") as opened:
        return opened.read(4) == b"\x7fELF"


def _needed(file: Path) -> list[str]:
    said = subprocess.run(["objdump", "-p", str(file)], capture_output=True, text=True, check=True).stdout
    return [words[1] for line in said.splitlines() if (words := line.split())[:1] == ["NEEDED"]]
