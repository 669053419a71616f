"""What an answer contains reaches neither the network nor a file, whatever is done with it short of a click."""

import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.content_driver import BEGIN, END

ROOT = Path(__file__).parents[2]
LIMIT_S = 120

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="strace is Linux's")

_TRACED = "trace=connect,sendto,sendmsg,socket,open,openat,openat2,stat,lstat,newfstatat,statx,access,faccessat2,execve"
_PATH = re.compile(r'"([^"]*)"')


def test_an_answer_full_of_traps_touches_no_file_and_no_network(tmp_path: Path) -> None:
    bait = tmp_path / "bait.png"
    bait.write_bytes(b"\x89PNG\r\n")
    trace = tmp_path / "trace"
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        command = ["strace", "-f", "-qq", "-s", "300", "-e", f"{_TRACED},write", "-o", str(trace), sys.executable]
        done = subprocess.run(
            [*command, "-m", "tests.e2e.content_driver", str(bait), str(server.getsockname()[1])],
            cwd=ROOT,
            env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
            capture_output=True,
            timeout=LIMIT_S,
        )
        assert done.returncode == 0, done.stderr.decode(errors="replace")[-2000:]
        with pytest.raises(BlockingIOError):
            server.accept()
    assert BEGIN in done.stderr
    assert END in done.stderr
    calls = _between_marks(trace.read_text(encoding="utf-8", errors="replace").splitlines())
    assert not [call for call in calls if "connect(" in call or "socket(" in call or "execve(" in call]
    touched = {path for call in calls if "write(" not in call for path in _PATH.findall(call)}
    assert touched == set(), f"files were touched: {sorted(touched)[:20]}"


def _between_marks(lines: list[str]) -> list[str]:
    begin = next(at for at, line in enumerate(lines) if BEGIN.decode().strip() in line)
    end = next(at for at, line in enumerate(lines) if END.decode().strip() in line)
    assert begin < end
    return lines[begin + 1 : end]
