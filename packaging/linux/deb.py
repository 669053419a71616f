"""The package for Debian and its relatives."""

import hashlib
import os
import platform
import subprocess
from pathlib import Path

from linux.tree import HERE, NAME, ROOT, Release, lay_out, zipped

from app.ui.platform_check import LOCAL_MODEL, OFFSCREEN, XCB

MAINTAINER = "The Belay authors <belay-chat@users.noreply.github.com>"
_ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}
# Renamed in Debian 13 and Ubuntu 24.04 with the change to 64-bit times.
_RENAMED = {"libglib2.0-0": "libglib2.0-0t64 | libglib2.0-0"}
_RECOMMENDED = (
    "gnome-keyring | kwalletmanager | org.freedesktop.secrets",
    "libwayland-client0",
    "libwayland-cursor0",
    "libwayland-egl1",
    "fonts-noto-core",
    "fonts-noto-color-emoji",
    "xdg-utils",
)


def build_deb(frozen: Path, out: Path, release: Release, edition: str) -> Path:
    """Write the package into `out`, byte for byte the same for the same input."""
    tree = ROOT / "build" / f"deb-{edition}"
    lay_out(frozen, tree, release)
    doc = tree / "usr" / "share" / "doc" / NAME
    (doc / "copyright").write_text(_copyright(), encoding="utf-8")
    zipped(_changelog(release), doc / "changelog.gz", release)
    overrides = tree / "usr" / "share" / "lintian" / "overrides" / NAME
    overrides.parent.mkdir(parents=True)
    overrides.write_text((HERE / "lintian-overrides").read_text(encoding="utf-8"), encoding="utf-8")
    control = tree / "DEBIAN"
    control.mkdir()
    (control / "control").write_text(_control(tree, release, edition), encoding="utf-8")
    (control / "md5sums").write_text(_sums(tree), encoding="utf-8")
    for path in tree.rglob("*"):
        if path.is_dir() and not path.is_symlink():
            path.chmod(0o755)
        elif path.is_relative_to(doc) or path.is_relative_to(control) or path == overrides:
            path.chmod(0o644)
        os.utime(path, (release.epoch_s, release.epoch_s), follow_symlinks=False)
    suffix = "" if edition == "full" else f"-{edition}"
    file = out / f"{NAME}{suffix}_{release.version}_{_architecture()}.deb"
    subprocess.run(
        ["dpkg-deb", "--root-owner-group", "-Zxz", "--build", str(tree), str(file)],
        check=True,
        stdout=subprocess.DEVNULL,
        env={**os.environ, "SOURCE_DATE_EPOCH": str(release.epoch_s)},
    )
    return file


def depends(edition: str) -> str:
    """Return the packages that suffice on a minimal Debian 12: those that the program itself looks for at its start."""
    libraries = OFFSCREEN + XCB + (LOCAL_MODEL if edition == "full" else ())
    names = sorted({library.debian_package for library in libraries} | {"libstdc++6", "libgcc-s1", "ca-certificates"})
    glibc = platform.libc_ver()[1]
    return ", ".join([f"libc6 (>= {glibc})", *(_RENAMED.get(name, name) for name in names)])


def _architecture() -> str:
    return _ARCHITECTURES[platform.machine()]


def _control(tree: Path, release: Release, edition: str) -> str:
    size_kb = sum(path.lstat().st_size for path in (tree / "usr").rglob("*") if path.is_file()) // 1024
    model = (
        " A small model that runs on this computer comes with it."
        if edition == "full"
        else " This edition comes without the built-in model."
    )
    return (
        f"Package: {NAME}\nVersion: {release.version}\nSection: net\nPriority: optional\n"
        f"Architecture: {_architecture()}\nMaintainer: {MAINTAINER}\n"
        f"Installed-Size: {size_kb}\nDepends: {depends(edition)}\nRecommends: {', '.join(_RECOMMENDED)}\n"
        "Homepage: https://github.com/belay-chat/belay\n"
        "Description: chat client for language models whose Stop is instant\n"
        " A native window for OpenAI-compatible services and for models on this\n"
        " computer. Stop closes the connection inside the click; every word received\n"
        " so far is kept. Keys stay in the system's keyring.\n"
        f" .\n{model}\n"
    )


def _copyright() -> str:
    licence = "\n".join(f" {line}" if line.strip() else " ." for line in (ROOT / "LICENSE").read_text().splitlines())
    return (
        "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n"
        f"Upstream-Name: {NAME}\nComment: The licences of what the program contains are in\n"
        f" /usr/lib/{NAME}/_internal/THIRD-PARTY-LICENCES.txt\n\n"
        f"Files: *\nCopyright: 2026 The Belay authors\nLicense: Expat\n{licence}\n"
    )


def _changelog(release: Release) -> str:
    """Return the one entry that Debian's format needs."""
    return (
        f"{NAME} ({release.version}) unstable; urgency=medium\n\n"
        "  * What changed for users is told in CHANGELOG.md.gz, beside this file.\n\n"
        f" -- {MAINTAINER}  {release.rfc_2822}\n"
    )


def _sums(tree: Path) -> str:
    files = sorted(path for path in (tree / "usr").rglob("*") if path.is_file() and not path.is_symlink())
    return "".join(
        f"{hashlib.md5(f.read_bytes(), usedforsecurity=False).hexdigest()}  {f.relative_to(tree)}\n" for f in files
    )
