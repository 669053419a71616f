"""The package for Fedora and its relatives."""

import os
import platform
import subprocess
from pathlib import Path

from linux.tree import NAME, ROOT, Release, lay_out

from app.ui.platform_check import LOCAL_MODEL, OFFSCREEN, XCB

_SPEC = """\
%global __os_install_post %{{nil}}
%global _build_id_links none
%global debug_package %{{nil}}
%global source_date_epoch_from_changelog 0
%global use_source_date_epoch_as_buildtime 1
%global clamp_mtime_to_source_date_epoch 1
%global _buildhost belay
%global _binary_payload w7.xzdio
AutoReqProv: no
Name: {name}
Version: {version}
Release: 1
Summary: Chat client for language models whose Stop is instant
License: MIT
URL: https://github.com/belay-chat/belay
Requires: {requires}
Recommends: gnome-keyring, libwayland-client, libwayland-cursor, libwayland-egl, google-noto-color-emoji-fonts
%description
A native window for OpenAI-compatible services and for models on this
computer. Stop closes the connection inside the click; every word received
so far is kept. Keys stay in the system's keyring.
%install
cp -a {tree}/usr %{{buildroot}}/
%files
%{{_bindir}}/{name}
%{{_prefix}}/lib/{name}
%{{_datadir}}/applications/*.desktop
%{{_datadir}}/metainfo/*.xml
%{{_datadir}}/icons/hicolor/*/apps/*
%doc %{{_datadir}}/doc/{name}
%{{_mandir}}/man1/*
"""


def requires(edition: str) -> str:
    """
    Return what the program itself looks for at its start, as deb.depends does.

    By the libraries' own names: packages are called otherwise in Fedora and openSUSE, and each provides these.
    hicolor-icon-theme owns the folders that the icons lie in.
    """
    libraries = OFFSCREEN + XCB + (LOCAL_MODEL if edition == "full" else ())
    sonames = sorted({library.soname for library in libraries} | {"libstdc++.so.6", "libgcc_s.so.1"})
    return ", ".join(
        [
            f"glibc >= {platform.libc_ver()[1]}",
            "ca-certificates",
            "hicolor-icon-theme",
            *(f"{n}()(64bit)" for n in sonames),
        ]
    )


def build_rpm(frozen: Path, out: Path, release: Release, edition: str) -> Path:
    """Write the package into `out`, byte for byte the same for the same input. Wants rpmbuild."""
    tree = ROOT / "build" / f"rpm-{edition}"
    lay_out(frozen, tree, release)
    work = ROOT / "build" / "rpmbuild"
    spec = work / f"{NAME}.spec"
    work.mkdir(parents=True, exist_ok=True)
    text = _SPEC.format(name=NAME, version=release.version, requires=requires(edition), tree=tree)
    spec.write_text(text, encoding="utf-8")
    command = ["rpmbuild", "-bb", "--quiet", "--define", f"_topdir {work}", "--define", f"_rpmdir {work}", str(spec)]
    subprocess.run(command, check=True, env={**os.environ, "SOURCE_DATE_EPOCH": str(release.epoch_s)})
    (made,) = (work / os.uname().machine).glob(f"{NAME}-{release.version}-1.*.rpm")
    suffix = "" if edition == "full" else f"-{edition}"
    target = out / made.name.replace(NAME, f"{NAME}{suffix}", 1)
    made.replace(target)
    return target
