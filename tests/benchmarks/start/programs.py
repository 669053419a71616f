"""What is started: an empty PySide6 window, Belay's source, and what was packaged of it, as far as it is in dist."""

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.contestants.process import foreign
from tests.fake_provider.process import ROOT

EMPTY, SOURCE = "empty PySide6 window", "Belay, source"
_NAME = "belay-chat"
_END_LIMIT_S = 20.0


@dataclass(frozen=True, slots=True)
class Program:
    """`folder` is what was installed of it, None where that is not its own."""

    name: str
    command: tuple[str, ...]
    folder: Path | None = None

    @property
    def is_belay(self) -> bool:
        return self.name != EMPTY


@dataclass(frozen=True, slots=True)
class Run:
    """A program that runs, with a data folder of its own."""

    process: subprocess.Popen[str]

    def lines(self) -> Iterator[str]:
        assert self.process.stderr is not None
        yield from self.process.stderr


@contextlib.contextmanager
def programs() -> Iterator[list[Program]]:
    """What there is to start. The packages are unpacked for as long as the context lasts."""
    found = [
        Program(EMPTY, (sys.executable, "-m", "tests.benchmarks.start.empty_window")),
        Program(SOURCE, (sys.executable, "-m", "app")),
    ]
    for edition in ("full", "lite"):
        folder = ROOT / "dist" / edition / _NAME
        if (folder / _NAME).is_file():
            found.append(Program(f"Belay, onedir {edition}", (str(folder / _NAME),), folder))
    with tempfile.TemporaryDirectory(prefix="belay-deb-") as name:
        for deb in sorted((ROOT / "dist").glob("*.deb")) if shutil.which("dpkg-deb") else ():
            target = Path(name) / deb.stem
            subprocess.run(["dpkg-deb", "--extract", str(deb), str(target)], check=True)
            edition = "lite" if "-lite" in deb.name else "full"
            found.append(Program(f"Belay, .deb {edition}", (str(target / "usr/bin" / _NAME),), target))
        yield found


def packages() -> list[Path]:
    """The files in dist that are handed out."""
    endings = (".deb", ".rpm", ".tar.zst", ".AppImage")
    folder = ROOT / "dist"
    return sorted(file for file in folder.glob("*") if file.name.endswith(endings)) if folder.is_dir() else []


@contextlib.contextmanager
def running(program: Program) -> Iterator[Run]:
    """Start it in the same folder and environment as all others, and end it as a log-off does."""
    environ = {name: value for name, value in os.environ.items() if not foreign(name)}
    environ.pop("PYTHONDONTWRITEBYTECODE", None)  # nobody who starts a program twice has it
    with tempfile.TemporaryDirectory(prefix="belay-data-", ignore_cleanup_errors=True) as data:
        own = ("--data-dir", f"{data}/belay") if program.is_belay else ()
        process = subprocess.Popen(
            [*program.command, *own], cwd=ROOT, env=environ,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        try:
            yield Run(process)
        finally:
            process.terminate()
            assert process.stderr is not None
            process.stderr.close()
            try:
                process.wait(_END_LIMIT_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@contextlib.contextmanager
def a_screen() -> Iterator[str]:
    """An X server of the benchmark's own, where there is Xvfb; else Qt's offscreen platform. Says which."""
    before = {name: os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")}
    if shutil.which("Xvfb") is None:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
        yield "offscreen"
        _put_back(before)
        return
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", "1", "-screen", "0", "1600x1000x24", "-nolisten", "tcp"],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    try:
        assert server.stdout is not None
        number = server.stdout.readline().strip()
        os.environ.pop("WAYLAND_DISPLAY", None)
        os.environ |= {"DISPLAY": f":{number}", "QT_QPA_PLATFORM": "xcb"}
        yield "Xvfb"
    finally:
        _put_back(before)
        server.terminate()
        server.wait()


def _put_back(environ: dict[str, str | None]) -> None:
    for name, value in environ.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
