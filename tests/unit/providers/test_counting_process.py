"""Tokens are counted in a process of their own, which ends with whoever started it."""

import asyncio
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.tokens import Vocabulary
from app.providers.counting_process import CountingProcess
from tests.world import tokenizer

ROOT = Path(__file__).parents[3]
ENDS_WITHIN_S = 20.0


@pytest.fixture
def process() -> Iterator[CountingProcess]:
    started = CountingProcess(Vocabulary.O200K)
    yield started
    started.close()


def test_it_counts_as_the_tokenizer_does(process: CountingProcess) -> None:
    for text in ("hello world", "", "中文 😀", "x" * 300_000, "half a pair \ud83d"):
        assert process.count(text) == tokenizer(Vocabulary.O200K).count(text)


def test_one_that_was_ended_says_so(process: CountingProcess) -> None:
    process.count("a")
    process.close()
    with pytest.raises(BrokenPipeError):
        process.count("b")


def test_one_that_can_not_count_says_so() -> None:
    broken = CountingProcess(Vocabulary.O200K, [sys.executable, "-c", "raise SystemExit(1)"])
    with pytest.raises(BrokenPipeError):
        broken.count("text")
    broken.close()


def test_it_ends_with_its_parent() -> None:
    """However that ends: its stdin is closed then."""
    script = (
        "from app.domain.tokens import Vocabulary; from app.providers.counting_process import CountingProcess\n"
        "import os, signal\n"
        "started = CountingProcess(Vocabulary.O200K); started.count('a'); print(started.pid, flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    parent = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True)
    child = Path("/proc") / parent.stdout.strip()
    until_s = time.monotonic() + ENDS_WITHIN_S
    while child.exists() and "Z" not in (child / "stat").read_text().split(")")[1][:3]:
        assert time.monotonic() < until_s, "it outlived its parent"
        time.sleep(0.02)


async def test_a_thread_that_counts_holds_nobody_up(process: CountingProcess) -> None:
    """Loading it in this process would: for 0.1 to 0.4 s no other thread runs."""
    counting = asyncio.create_task(asyncio.to_thread(process.count, "some text " * 100_000))
    beats = 0
    while not counting.done():
        await asyncio.sleep(0.001)
        beats += 1
    assert beats > 50
    assert sum(await counting) == sum(tokenizer(Vocabulary.O200K).count("some text " * 100_000))
