"""A command supplies a key, or says why not; it is ended with all that it started."""

import os
import sys
import threading
import time
from pathlib import Path

import pytest

from app.domain.errors import KeyUnavailable
from app.storage.key_command import KeyCommand

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the commands and /proc are Linux's")

PATIENCE_S = 10.0


def python(code: str) -> str:
    return f'{sys.executable} -S -c "{code}"'


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.parametrize(
    ("command", "line"),
    [
        ("echo sk-1", "sk-1"),
        ("printf 'sk-1\\nlogin: me\\nurl: x'", "sk-1"),
        ("echo '$HOME;`id`'", "$HOME;`id`"),  # no shell looks at it
        (python("print('k'); import sys; sys.stdout.write('x' * 10_000_000)"), "k"),
        (python("import sys; print('k'); sys.stderr.write('e' * 1_000_000)"), "k"),
    ],
)
def test_the_first_line_is_the_key(command: str, line: str) -> None:
    assert KeyCommand(command).run() == line


@pytest.mark.parametrize(
    ("command", "why"),
    [
        ("false", "exit code 1"),
        (python("print('sk-secret'); raise SystemExit(3)"), "exit code 3"),
        ("true", "printed nothing"),
        ("echo", "printed nothing"),
        ("/no/such/program", "could not be started: No such file"),
        ("echo 'unfinished", "could not be started: No closing quotation"),
        ("", "could not be started"),
    ],
)
def test_one_that_fails_says_why(command: str, why: str) -> None:
    with pytest.raises(KeyUnavailable, match=why) as raised:
        KeyCommand(command).run()
    assert "secret" not in str(raised.value)


def test_one_that_reads_the_terminal_does_not_wait_for_it() -> None:
    with pytest.raises(KeyUnavailable, match="exit code 1"):
        KeyCommand(python("input()")).run()


def test_one_that_takes_too_long_is_ended_with_its_children(tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    command = f"sh -c 'sleep 60 & echo $! > {pids}; echo $$ >> {pids}; wait'"
    began_s = time.monotonic()
    with pytest.raises(KeyUnavailable, match=r"more than 0\.5 s"):
        KeyCommand(command, limit_s=0.5).run()
    assert time.monotonic() - began_s < PATIENCE_S
    assert len(pids.read_text().split()) == 2
    deadline_s = time.monotonic() + PATIENCE_S
    while any(is_alive(int(pid)) for pid in pids.read_text().split()):
        assert time.monotonic() < deadline_s, "the child lives on"
        time.sleep(0.01)


def test_one_that_leaves_something_running_is_not_waited_for(tmp_path: Path) -> None:
    """As an agent does that `pass` starts, with the output still open."""
    pid = tmp_path / "pid"
    began_s = time.monotonic()
    assert KeyCommand(f"sh -c 'echo k; sleep 60 & echo $! > {pid}'").run() == "k"
    assert time.monotonic() - began_s < PATIENCE_S
    os.kill(int(pid.read_text()), 9)


def test_one_that_is_killed_ends_at_once_and_before_its_start_never_begins(tmp_path: Path) -> None:
    began = tmp_path / "began"
    command = KeyCommand(f"sh -c 'touch {began}; exec sleep 60'")
    errors: list[KeyUnavailable] = []

    def run() -> None:
        try:
            command.run()
        except KeyUnavailable as error:
            errors.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    deadline_s = time.monotonic() + PATIENCE_S
    while not began.exists():
        assert time.monotonic() < deadline_s
        time.sleep(0.005)
    command.kill()
    thread.join(PATIENCE_S)
    assert len(errors) == 1
    began.unlink()
    with pytest.raises(KeyUnavailable, match="not wanted"):
        command.run()
    assert not began.exists()
