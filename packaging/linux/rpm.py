"""The package for Fedora and its relatives."""

import os
import subprocess
from pathlib import Path

from linux.tree import NAME, ROOT, Release, lay_out

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
Requires: glibc >= {glibc}, libstdc++, libglvnd-egl, libglvnd-glx, glib2, dbus-libs, fontconfig, freetype, libzstd
Requires: libX11, libX11-xcb, libxcb, libxkbcommon, libxkbcommon-x11, xcb-util, xcb-util-cursor, xcb-util-image
Requires: ca-certificates, xcb-util-keysyms, xcb-util-renderutil, xcb-util-wm{gomp}
Recommends: gnome-keyring, libwayland-client, libwayland-cursor, libwayland-egl, google-noto-color-emoji-fonts
%description
A native window for OpenAI-compatible services and for models on this computer. Stop closes the connection inside the
click; every word received so far is kept. Keys stay in the system's keyring.
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


def build_rpm(frozen: Path, out: Path, release: Release, edition: str, glibc: str) -> Path:
    """Write the package into `out`. Wants rpmbuild."""
    tree = ROOT / "build" / f"rpm-{edition}"
    lay_out(frozen, tree, release)
    work = ROOT / "build" / "rpmbuild"
    spec = work / f"{NAME}.spec"
    work.mkdir(parents=True, exist_ok=True)
    gomp = ", libgomp" if edition == "full" else ""
    text = _SPEC.format(name=NAME, version=release.version, glibc=glibc, gomp=gomp, tree=tree)
    spec.write_text(text, encoding="utf-8")
    command = ["rpmbuild", "-bb", "--quiet", "--define", f"_topdir {work}", "--define", f"_rpmdir {work}", str(spec)]
    subprocess.run(command, check=True, env={**os.environ, "SOURCE_DATE_EPOCH": str(release.epoch_s)})
    (made,) = (work / os.uname().machine).glob(f"{NAME}-{release.version}-1.*.rpm")
    suffix = "" if edition == "full" else f"-{edition}"
    target = out / made.name.replace(NAME, f"{NAME}{suffix}", 1)
    made.replace(target)
    return target
