"""kill -9 in mid-stream loses at most the last journal interval, and the next start knows what happened."""

import json
import mmap
import os
import random
import sqlite3
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.engine.journal import FLUSH_INTERVAL_S
from app.storage import messages
from app.storage.database import Database
from tests.e2e.crash_driver import MARK, MARKS_BYTES
from tests.fake_provider.process import FakeProvider
from tests.fake_provider.text import tokens_in

ROOT = Path(__file__).parents[2]
KILLS = 200
# The journal's timer and the disk share two cores with the whole test run. Half of the kills must
# be on time to a few milliseconds; none may lose more than a slow fsync can hold up.
MEDIAN_LOSS_S = FLUSH_INTERVAL_S + 0.01
LONGEST_LOSS_S = 0.5


class Driver:
    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.e2e.crash_driver"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        )

    def _line(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()

    def start(self, folder: Path, provider: FakeProvider, marks: Path) -> int:
        assert self._process.stdin is not None
        job = {
            "folder": str(folder),
            "base_url": provider.base_url,
            "model": "rate=3000&count=50000",
            "marks": str(marks),
        }
        self._process.stdin.write(json.dumps(job) + "\n")
        self._process.stdin.flush()
        return int(self._line())

    def reaped(self) -> None:
        assert self._line() == "reaped"

    def close(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(10)
        self._process.stdout.close()


@pytest.fixture
def driver() -> Iterator[Driver]:
    started = Driver()
    yield started
    started.close()


def noted(marks: mmap.mmap) -> list[tuple[int, int]]:
    """When text came (monotonic ns), and how many characters there were then."""
    return [mark for mark in MARK.iter_unpack(marks[:]) if mark[0]]


def test_killed_in_mid_stream(driver: Driver, tmp_path: Path) -> None:
    """F1 and edge case 16, KILLS times: an exact prefix is kept, stopped by a crash, and the file is whole."""
    rng = random.Random(7)
    losses_s: list[float] = []
    marks_file = tmp_path / "marks"
    with FakeProvider() as provider:
        for kill in range(KILLS):
            folder = tmp_path / f"data-{kill}"
            marks_file.write_bytes(b"\0" * MARKS_BYTES)
            with marks_file.open("r+b") as file, mmap.mmap(file.fileno(), MARKS_BYTES) as marks:
                pid = driver.start(folder, provider, marks_file)
                deadline_s = time.monotonic() + 20
                while not noted(marks):
                    assert time.monotonic() < deadline_s, "no text came"
                    time.sleep(0.002)
                time.sleep(rng.uniform(0.0, 0.25))
                killed_ns = time.monotonic_ns()
                os.kill(pid, 9)
                driver.reaped()
                seen = noted(marks)
            kept = recovered(folder / "belay.db")
            lost_since_ns = next((at_ns for at_ns, characters in seen if characters > kept), killed_ns)
            losses_s.append(max(0, killed_ns - lost_since_ns) / 1e9)
    assert statistics.median(losses_s) <= MEDIAN_LOSS_S, sorted(losses_s)
    assert max(losses_s) <= LONGEST_LOSS_S, sorted(losses_s)


def recovered(path: Path) -> int:
    """Do what the next start does, and check all of it. Returns how many characters of the answer were kept."""
    look = sqlite3.connect(path)
    assert look.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    look.close()
    database = Database(path)
    try:
        assert database.submit(messages.settle_orphans).result() == 1
        rows = database.submit(
            lambda db: db.execute("SELECT role, status, stop_reason, content FROM message ORDER BY seq").fetchall()
        ).result()
    finally:
        database.close()
    question, answer = rows
    assert (question["status"], question["content"]) == ("complete", "Write a 1000 word essay")
    assert (answer["status"], answer["stop_reason"]) == ("stopped", "crash")
    tokens_in(answer["content"])  # raises if it is no exact prefix of what the model wrote
    return len(answer["content"])
