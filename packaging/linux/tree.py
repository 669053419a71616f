"""Where the files of the frozen program and its companions lie on a Linux system, the same for every package."""

import gzip
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
APPLICATION_ID = "io.github.belay_chat.Belay"
NAME = "belay-chat"


@dataclass(frozen=True, slots=True)
class Release:
    """`epoch_s` is the time that all files get, so that the same input gives the same package."""

    version: str
    epoch_s: int

    @property
    def day(self) -> str:
        return datetime.fromtimestamp(self.epoch_s, UTC).date().isoformat()

    @property
    def rfc_2822(self) -> str:
        return datetime.fromtimestamp(self.epoch_s, UTC).strftime("%a, %d %b %Y %H:%M:%S +0000")


def lay_out(frozen: Path, target: Path, release: Release) -> None:
    """Put the frozen folder and its companions below `target`/usr. What is there is replaced."""
    shutil.rmtree(target, ignore_errors=True)
    usr = target / "usr"
    shutil.copytree(frozen, usr / "lib" / NAME, symlinks=True)
    (usr / "bin").mkdir(parents=True)
    (usr / "bin" / NAME).symlink_to(f"../lib/{NAME}/{NAME}")
    _text(HERE / f"{APPLICATION_ID}.desktop", usr / "share" / "applications" / f"{APPLICATION_ID}.desktop", release)
    _text(
        HERE / f"{APPLICATION_ID}.metainfo.xml", usr / "share" / "metainfo" / f"{APPLICATION_ID}.metainfo.xml", release
    )
    zipped((HERE / f"{NAME}.1").read_text(), usr / "share" / "man" / "man1" / f"{NAME}.1.gz", release)
    doc = usr / "share" / "doc" / NAME
    zipped((ROOT / "CHANGELOG.md").read_text(), doc / "CHANGELOG.md.gz", release)
    shutil.copy(ROOT / "README.md", doc / "README.md")
    _icons(usr / "share" / "icons" / "hicolor")
    _settle(target, release)


def _icons(folder: Path) -> None:
    made = ROOT / "build" / "icons"
    subprocess.run([sys.executable, str(HERE.parent / "icons.py"), str(made)], check=True)
    for png in made.glob("*.png"):
        place = folder / png.stem / "apps" / f"{APPLICATION_ID}.png"
        place.parent.mkdir(parents=True)
        shutil.copy(png, place)
    scalable = folder / "scalable" / "apps" / f"{APPLICATION_ID}.svg"
    scalable.parent.mkdir(parents=True)
    shutil.copy(ROOT / "resources" / "icons" / "belay.svg", scalable)


def _text(source: Path, place: Path, release: Release) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(_filled(source.read_text(encoding="utf-8"), release), encoding="utf-8")


def zipped(text: str, place: Path, release: Release) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(gzip.compress(_filled(text, release).encode(), compresslevel=9, mtime=0))


def _filled(text: str, release: Release) -> str:
    return text.replace("@VERSION@", release.version).replace("@DATE@", release.day)


def _settle(target: Path, release: Release) -> None:
    """Modes and times as packages want them: the build machine's umask and clock leave no trace."""
    program = target / "usr" / "lib" / NAME / NAME
    for path in sorted(target.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path == program else 0o644)
    for path in (target, *target.rglob("*")):
        os.utime(path, (release.epoch_s, release.epoch_s), follow_symlinks=False)
