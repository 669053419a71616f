"""`python -m tests.benchmarks.transcript NAME frames CONSTRUCT CHARACTERS | conversation COUNT`: one measurement."""

import gc
import json
import random
import sys
import time
from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QApplication

from app.domain.conversation import ConversationId, Message, MessageId, MessageStatus, Role
from app.start import GC_THRESHOLD, SWITCH_INTERVAL_S
from tests.benchmarks.transcript.documents import Construct, conversation, document
from tests.benchmarks.transcript.stages import STAGES, Stage

WINDOW_PX = (1000, 760)
# 3,000 tokens a second are 48 tokens of four characters in a frame of 16 ms.
FRAME_CHARACTERS = 192
FRAMES_A_TENTH = 24  # measured at each tenth of what is too slow to be measured all along
SLOW_FRAME_S = 0.03
SCROLL_STEPS = 150
JUMPS = 40
RESIZES = 20
LOOKED_FOR = "Part 3"

Frame = Callable[[], object]


class Bench:
    def __init__(self, name: str) -> None:
        self._qt = QApplication([])
        self._stage: Stage = STAGES[name](self._qt)
        self._stage.area.resize(*WINDOW_PX)
        self._stage.area.show()
        self._qt.processEvents()

    def frames(self, construct: Construct, characters: int) -> dict[str, object]:
        """Milliseconds a frame, for each tenth of the answer."""
        self._stage.begin(_answer())
        text = document(construct, characters)
        tenth = len(text) // 10
        tenths: list[list[float]] = []
        for number in range(10):
            rest = text[number * tenth : (number + 1) * tenth]
            tenths.append(self._tenth(rest))
        return {"tenths_ms": tenths}

    def _tenth(self, text: str) -> list[float]:
        """All frames of it, or, where a frame takes long, what comes before a few of them in one go."""
        pieces = [text[at : at + FRAME_CHARACTERS] for at in range(0, len(text), FRAME_CHARACTERS)]
        first = self._timed(lambda: self._stage.append(pieces[0]))
        if first > SLOW_FRAME_S * 1e3 and len(pieces) > FRAMES_A_TENTH:
            self._stage.append("".join(pieces[1 : -FRAMES_A_TENTH // 6]))
            pieces = pieces[-FRAMES_A_TENTH // 6 :]
        else:
            pieces = pieces[1:]
        return [first, *(self._timed(partial(self._stage.append, piece)) for piece in pieces)]

    def conversation(self, count: int) -> dict[str, object]:
        messages = conversation(count)
        empty_bytes = _resident_bytes()
        found: dict[str, object] = {"open_ms": self._timed(lambda: self._stage.show_messages(messages))}
        self._settle()
        found["memory_mb"] = (_resident_bytes() - empty_bytes) / 1e6
        bar = self._stage.area.verticalScrollBar()
        for step in (20, 200, 800):
            found[f"scroll_{step}_ms"] = self._scroll(step)
        chance = random.Random(1)
        found["jump_ms"] = [
            self._timed(lambda: bar.setValue(chance.randrange(max(1, bar.maximum())))) for _ in range(JUMPS)
        ]
        width, height = WINDOW_PX
        found["resize_ms"] = [
            self._timed(partial(self._stage.area.resize, width - 10 * by, height)) for by in range(1, RESIZES + 1)
        ]
        found["copy_ms"] = self._timed(self._stage.copy_all)
        found["find_ms"] = self._timed(lambda: self._stage.find(LOOKED_FOR))
        return found

    def _scroll(self, step: int) -> list[float]:
        bar = self._stage.area.verticalScrollBar()
        bar.setValue(bar.maximum() * 2 // 3)
        self._settle()
        return [self._timed(lambda: bar.setValue(bar.value() - step)) for _ in range(SCROLL_STEPS)]

    def _timed(self, work: Frame) -> float:
        """Milliseconds of the work and of painting what it changed."""
        began_s = time.perf_counter()
        work()
        self._qt.processEvents()
        return (time.perf_counter() - began_s) * 1e3

    def _settle(self) -> None:
        """What was put off to later frames is not part of the next measurement."""
        until_s = time.monotonic() + 0.3
        while time.monotonic() < until_s:
            self._qt.processEvents()
            time.sleep(0.002)


def _answer() -> Message:
    return Message(
        id=MessageId("answer"),
        conversation_id=ConversationId("benchmark"),
        parent_id=None,
        role=Role.ASSISTANT,
        status=MessageStatus.GENERATING,
        model="small-model",
    )


def _resident_bytes() -> int:
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * 4096


def main() -> int:
    name, what, *details = sys.argv[1:]
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    bench = Bench(name)
    gc.set_threshold(*GC_THRESHOLD)  # as users have it, for all that are measured
    gc.freeze()
    if what == "frames":
        found = bench.frames(Construct(details[0]), int(details[1]))
    else:
        found = bench.conversation(int(details[0]))
    sys.stdout.write(json.dumps(found) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
