"""
Builds what this system can: `make package`, or `python packaging/build.py [--edition full|lite|both]`.

First the frozen folder, which proves itself with --self-test, then the packages made of it. What is left out is said,
with the reason. The same commit gives the same bytes (compare_builds.py).
"""

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path[:0] = [str(ROOT), str(HERE)]

from linux.archive import build_archive  # noqa: E402  as above
from linux.deb import build_deb  # noqa: E402  as above
from linux.libraries import strangers  # noqa: E402  as above
from linux.rpm import build_rpm  # noqa: E402  as above
from linux.tree import NAME, Release  # noqa: E402  as above
from windows.installer import build_installer  # noqa: E402  as above

from app.version import VERSION  # noqa: E402  the path has to be set first

EDITIONS = ("full", "lite")
ONE_MEGABYTE = 1024 * 1024
EPOCH_WITHOUT_GIT_S = 1_767_225_600  # 2026-01-01


@dataclass
class Report:
    made: list[Path] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)

    def make(self, what: str, program: str | None, build: Callable[[], Path]) -> None:
        """Build one package if the program for it is here."""
        if program is not None and shutil.which(program) is None:
            self.skipped.append(f"{what}: {program} is not installed")
            return
        self.made.append(build())

    def say(self) -> None:
        for file in self.made:
            print(f"{file.stat().st_size / ONE_MEGABYTE:8.1f} MB  {file.relative_to(ROOT)}")
        for sentence in self.skipped:
            print(f"   skipped  {sentence}")


def main() -> int:
    parser = argparse.ArgumentParser(description="Build Belay's packages.")
    parser.add_argument("--edition", choices=(*EDITIONS, "both"), default="both")
    parser.add_argument("--frozen-only", action="store_true", help="stop after the frozen folder and its self-test")
    options = parser.parse_args()
    release = Release(VERSION, _epoch_s())
    out = ROOT / "dist"
    out.mkdir(exist_ok=True)
    report = Report()
    for edition in EDITIONS if options.edition == "both" else (options.edition,):
        frozen = freeze(edition, release)
        prove(frozen)
        if not options.frozen_only:
            _package(frozen, out, release, edition, report)
    report.say()
    return 0


def freeze(edition: str, release: Release) -> Path:
    """Run PyInstaller. Returns the folder with the program in it."""
    build = ROOT / "build"
    build.mkdir(exist_ok=True)
    _run([sys.executable, str(HERE / "licences.py"), str(build / "THIRD-PARTY-LICENCES.txt")])
    if sys.platform != "linux":
        _run([sys.executable, str(HERE / "icons.py"), str(build / "icons")])
    out = ROOT / "dist" / edition
    shutil.rmtree(out, ignore_errors=True)
    _run(
        [
            *(sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN"),
            *("--distpath", str(out), "--workpath", str(build / f"pyinstaller-{edition}"), str(HERE / "belay.spec")),
        ],
        BELAY_EDITION=edition,
        PYTHONHASHSEED="0",
        SOURCE_DATE_EPOCH=str(release.epoch_s),
    )
    return out / NAME


def prove(frozen: Path) -> None:
    """Run the frozen program's self-test, and look for libraries that nobody brings. Ends the build if it fails."""
    program = frozen / (f"{NAME}.exe" if sys.platform == "win32" else NAME)
    _run([str(program), "--self-test"])
    if sys.platform == "linux" and (missing := strangers(frozen)):
        raise SystemExit(f"neither in the program nor asked for by its packages: {missing}")


def _package(frozen: Path, out: Path, release: Release, edition: str, report: Report) -> None:
    if sys.platform == "linux":
        report.make(f"{edition} .tar.zst", "zstd", lambda: build_archive(frozen, out, release, edition))
        report.make(f"{edition} .deb", "dpkg-deb", lambda: build_deb(frozen, out, release, edition))
        report.make(f"{edition} .rpm", "rpmbuild", lambda: build_rpm(frozen, out, release, edition))
        report.skipped.append(
            f"{edition} AppImage: packaging/linux/appimage.sh wants the runtime, which a release adds"
        )
    elif sys.platform == "win32":
        icon = ROOT / "build" / "icons" / "belay.ico"
        report.make(f"{edition} installer", "makensis", lambda: build_installer(frozen, out, release, edition, icon))
    else:
        report.skipped.append(f"{edition} .dmg: packaging/macos/dmg.sh makes it once the bundle is signed")


def _epoch_s() -> int:
    """The time of the last commit, which the same source has everywhere."""
    if given := os.environ.get("SOURCE_DATE_EPOCH"):
        return int(given)
    asked = subprocess.run(["git", "log", "-1", "--format=%ct"], cwd=ROOT, capture_output=True, text=True, check=False)
    return int(asked.stdout) if asked.returncode == 0 and asked.stdout.strip() else EPOCH_WITHOUT_GIT_S


def _run(command: list[str], **environ: str) -> None:
    subprocess.run(command, check=True, cwd=ROOT, env={**os.environ, **environ})


if __name__ == "__main__":
    sys.exit(main())
