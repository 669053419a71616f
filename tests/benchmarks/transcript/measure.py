"""Each measurement in a process of its own, ours and Qt's in turns."""

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.benchmarks.distribution import Distribution
from tests.benchmarks.transcript.documents import Construct
from tests.fake_provider.process import ROOT

BELAY, BROWSER, WIDGETS = "Belay", "one QTextBrowser", "a widget per message"
LIMIT_S = 240.0
_LAST_BYTES_SHOWN = 2000


class StageFailed(Exception):
    """It ended without an answer; the message holds the end of its stderr."""


@dataclass(frozen=True, slots=True)
class Plan:
    answer_characters: int
    messages: int


@dataclass(frozen=True, slots=True)
class Frames:
    """An answer streaming in: milliseconds a frame."""

    stage: str
    construct: Construct
    all_ms: Distribution
    first_tenth_ms: Distribution
    last_tenth_ms: Distribution

    @property
    def last_to_first(self) -> float:
        return self.last_tenth_ms.median / self.first_tenth_ms.median


@dataclass(frozen=True, slots=True)
class LongConversation:
    stage: str
    messages: int
    open_ms: float  # to the first paint
    memory_mb: float  # that opening took
    scroll_ms: dict[int, Distribution]  # pixels a frame: milliseconds a frame
    jump_ms: Distribution
    resize_ms: Distribution
    copy_ms: float
    find_ms: float


def measure(plan: Plan, say: Callable[[str], None]) -> tuple[list[Frames], list[LongConversation]]:
    frames = []
    for construct in Construct:
        say(f"an answer streaming in: {construct}")
        frames += [_frames(stage, construct, plan.answer_characters) for stage in (BELAY, BROWSER)]
    conversations = []
    for stage in (BELAY, BROWSER, WIDGETS):
        say(f"{plan.messages:,} messages in {stage}")
        try:
            conversations.append(_conversation(stage, plan.messages))
        except StageFailed as failure:
            if stage == BELAY:
                raise
            say(f"{stage} did not live through it: {failure}")
    return frames, conversations


def _frames(stage: str, construct: Construct, characters: int) -> Frames:
    tenths = _run(stage, "frames", construct, str(characters))["tenths_ms"]
    return Frames(
        stage,
        construct,
        Distribution.of(ms for tenth in tenths for ms in tenth),
        Distribution.of(tenths[0]),
        Distribution.of(tenths[-1]),
    )


def _conversation(stage: str, count: int) -> LongConversation:
    found = _run(stage, "conversation", str(count))
    return LongConversation(
        stage,
        count,
        found["open_ms"],
        found["memory_mb"],
        {step: Distribution.of(found[f"scroll_{step}_ms"]) for step in (20, 200, 800)},
        Distribution.of(found["jump_ms"]),
        Distribution.of(found["resize_ms"]),
        found["copy_ms"],
        found["find_ms"],
    )


def _run(*words: str) -> dict[str, Any]:
    """
    Raises:
        StageFailed: no answer.
    """
    command = [sys.executable, "-m", "tests.benchmarks.transcript", *words]
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, timeout=LIMIT_S)
    except subprocess.TimeoutExpired:
        raise StageFailed(f"{' '.join(words)}: not within {LIMIT_S:.0f} s") from None
    if done.returncode:
        last_words = done.stderr.decode(errors="replace")[-_LAST_BYTES_SHOWN:]
        raise StageFailed(f"{' '.join(words)}: exit {done.returncode}\n{last_words}")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found
