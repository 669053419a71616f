"""One window for each data folder: a later start raises it, and ends."""

import os
import signal
import socket
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.ui.one_window import socket_name

ROOT = Path(__file__).parents[2]
LIMIT_S = 60.0
ROUNDS = int(os.environ.get("STARTS", "4"))  # 50 were run: the figure is in ARCHITECTURE.md

Start = Callable[[], subprocess.Popen[str]]

pytestmark = pytest.mark.skipif(os.name != "posix", reason="looks at sockets and signals")


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start the real program on one folder. What still runs at the end is killed."""
    running: list[subprocess.Popen[str]] = []
    environ = {name: value for name, value in os.environ.items() if name not in {"DISPLAY", "WAYLAND_DISPLAY"}}
    # Nobody answers there: no model is started for each of many programs.
    environ |= {"QT_QPA_PLATFORM": "offscreen", "OPENAI_BASE_URL": "http://127.0.0.1:9/v1"}
    (tmp_path / "run").mkdir(mode=0o700)
    environ["XDG_RUNTIME_DIR"] = str(tmp_path / "run")

    def begin() -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "app", "--data-dir", str(tmp_path / "data")]
        program = subprocess.Popen(command, cwd=ROOT, env=environ, stderr=subprocess.PIPE, text=True)
        running.append(program)
        return program

    yield begin
    for program in running:
        program.kill()
        program.communicate()


def until(holds: Callable[[], object]) -> None:
    until_s = time.monotonic() + LIMIT_S
    while not holds():
        assert time.monotonic() < until_s
        time.sleep(0.02)


def ended(programs: list[subprocess.Popen[str]]) -> list[subprocess.Popen[str]]:
    return [program for program in programs if program.poll() is not None]


def quit_in_order(program: subprocess.Popen[str]) -> None:
    program.send_signal(signal.SIGTERM)
    _, words = program.communicate(timeout=LIMIT_S)
    assert program.returncode == 0, words


def log_of(folder: Path) -> str:
    return (folder / "data" / "belay.log").read_text()


def the_socket(folder: Path) -> Path:
    (found,) = (folder / "run").glob("belay-*.sock")
    return found


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_of_two_starts_at_once_one_has_the_window_and_the_other_raises_it(
    start: Start, tmp_path: Path, _round: int
) -> None:
    both = [start(), start()]
    until(lambda: ended(both))
    (second,) = ended(both)
    first = both[1 - both.index(second)]
    assert second.returncode == 0, second.communicate()[1]
    until(lambda: "raised by a later start" in log_of(tmp_path))
    assert first.poll() is None
    quit_in_order(first)
    assert " ERROR " not in log_of(tmp_path)
    database = sqlite3.connect(tmp_path / "data" / "belay.db")
    assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    database.close()


def test_the_socket_a_crash_left_behind_is_no_obstacle(start: Start, tmp_path: Path) -> None:
    killed = start()
    until(lambda: list((tmp_path / "run").glob("belay-*.sock")))
    killed.kill()
    killed.wait()
    assert the_socket(tmp_path).exists()
    first = start()
    until(lambda: log_of(tmp_path).count("started version=") == 2)
    second = start()
    assert second.wait(LIMIT_S) == 0
    assert first.poll() is None
    quit_in_order(first)


def test_only_its_own_user_may_speak_to_it_and_only_to_raise_it(start: Start, tmp_path: Path) -> None:
    """S20."""
    first = start()
    until(lambda: list((tmp_path / "run").glob("belay-*.sock")))
    path = the_socket(tmp_path)
    assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0
    for said in (b"quit\n", b"x" * 70_000, b"raise " + b"\xff" * 100 + b"\n", b"\n", b"raise"):
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(LIMIT_S)
            connection.connect(str(path))
            try:
                connection.sendall(said)
                answer = connection.recv(100)
            except (BrokenPipeError, ConnectionResetError):
                answer = b""
        assert answer in (b"", b"raised\n")
        assert (answer == b"raised\n") is (said.startswith(b"raise ") and said.endswith(b"\n")), said[:10]
    assert first.poll() is None
    quit_in_order(first)


def test_one_that_does_not_answer_is_told_with_its_folder(start: Start, tmp_path: Path) -> None:
    first = start()
    until(lambda: list((tmp_path / "run").glob("belay-*.sock")))
    first.send_signal(signal.SIGSTOP)
    second = start()
    _, words = second.communicate(timeout=LIMIT_S)
    first.send_signal(signal.SIGCONT)
    assert second.returncode == 3
    assert "Belay is running already" in words
    assert str(tmp_path / "data") in words
    quit_in_order(first)


def test_each_folder_has_a_socket_of_its_own_whose_address_fits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    names = {socket_name(tmp_path / folder) for folder in ("one", "two", "one/../one")}
    assert len(names) == 2
    monkeypatch.setenv("XDG_RUNTIME_DIR", "/nowhere")
    assert len(socket_name(tmp_path / ("long" * 50))) < 100
