"""What was measured of the transcript, as tables, as goals and as JSON."""

from collections.abc import Sequence
from dataclasses import asdict

from tests.benchmarks.distribution import Distribution
from tests.benchmarks.goals import Goal
from tests.benchmarks.tables import number, table
from tests.benchmarks.transcript.measure import BELAY, BROWSER, Frames, LongConversation

FRAME_MS, FRAME_P99_MS = 4.0, 16.0
LAST_TO_FIRST = 1.2
OPEN_MS = 100.0
SCROLL_P99_MS = 16.0
TIMES_FASTER = 20


def as_text(frames: Sequence[Frames], conversations: Sequence[LongConversation]) -> str:
    return f"{_frames(frames)}\n\n{_conversations(conversations)}"


def as_json(frames: Sequence[Frames], conversations: Sequence[LongConversation]) -> dict[str, object]:
    return {"frames": [_json(of) for of in frames], "conversations": [_json(of) for of in conversations]}


def goals(frames: Sequence[Frames], conversations: Sequence[LongConversation]) -> list[Goal]:
    ours = [of for of in frames if of.stage == BELAY]
    stock = {of.construct: of for of in frames if of.stage == BROWSER}
    found = []
    for of in ours:
        median, p99, growth = of.all_ms.median, of.all_ms.p99, of.last_to_first
        better = stock[of.construct].last_tenth_ms.median / of.last_tenth_ms.median
        what = f"streaming, {of.construct}"
        found += [
            Goal(f"{what}: frame, ms, median", f"< {FRAME_MS:.0f}", median, median < FRAME_MS),
            Goal(f"{what}: frame, ms, p99", f"< {FRAME_P99_MS:.0f}", p99, p99 < FRAME_P99_MS),
            Goal(f"{what}: last tenth to first", f"≤ {LAST_TO_FIRST}", growth, growth <= LAST_TO_FIRST),
            Goal(f"{what}: times faster than setMarkdown", f"≥ {TIMES_FASTER}", better, better >= TIMES_FASTER),
        ]
    for long in (of for of in conversations if of.stage == BELAY):
        name = f"{long.messages:,} messages"
        found.append(Goal(f"{name} to first paint, ms", f"< {OPEN_MS:.0f}", long.open_ms, long.open_ms < OPEN_MS))
        for step, ms in long.scroll_ms.items():
            what = f"{name}, scrolling {step} px a frame, ms, p99"
            found.append(Goal(what, f"< {SCROLL_P99_MS:.0f}", ms.p99, ms.p99 < SCROLL_P99_MS))
    return found


def _frames(frames: Sequence[Frames]) -> str:
    rows = []
    for of in frames:
        values = (of.all_ms.median, of.all_ms.p99, of.first_tenth_ms.median, of.last_tenth_ms.median, of.last_to_first)
        rows.append([f"{of.construct}: {of.stage}", f"{of.all_ms.n}", *map(number, values)])
    heads = (
        "A frame of an answer streaming in, ms",
        "n",
        "median",
        "p99",
        "first tenth",
        "last tenth",
        "last to first",
    )
    note = "192 characters a frame; where a frame takes over 30 ms, a few at the beginning and end of each tenth."
    return table(heads, rows) + "\n\n" + note


def _conversations(conversations: Sequence[LongConversation]) -> str:
    rows = []
    for of in conversations:
        scrolled = [value for ms in of.scroll_ms.values() for value in (ms.median, ms.p99)]
        values = (
            *(of.open_ms, of.memory_mb, *scrolled, of.jump_ms.median, of.jump_ms.p99),
            *(of.resize_ms.median, of.copy_ms, of.find_ms),
        )
        rows.append([f"{of.messages:,} messages: {of.stage}", *map(number, values)])
    scroll_heads = [f"scroll {step}: {what}" for step in (20, 200, 800) for what in ("median", "p99")]
    heads = ("ms", "open", "MB", *scroll_heads, "jump: median", "p99", "resize", "copy all", "find all")
    return table(heads, rows)


def _json(of: Frames | LongConversation) -> dict[str, object]:
    fields: dict[str, object] = asdict(of)
    for name in fields:
        value = getattr(of, name)
        if isinstance(value, Distribution):
            fields[name] = value.as_json()
    if isinstance(of, LongConversation):
        fields["scroll_ms"] = {str(step): ms.as_json() for step, ms in of.scroll_ms.items()}
    return fields
