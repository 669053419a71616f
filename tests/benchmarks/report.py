"""The results as a table for people, and as bench.json."""

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from tests.benchmarks import first_glyph_report
from tests.benchmarks.contestants.names import Name
from tests.benchmarks.first_glyph import FirstGlyphs
from tests.benchmarks.goals import Goal, goals
from tests.benchmarks.start import report as start
from tests.benchmarks.start.measure import Found
from tests.benchmarks.stop_clicks import Stop, Stops
from tests.benchmarks.streaming import LongAnswer, Streaming
from tests.benchmarks.tables import number, table
from tests.benchmarks.transcript import report as transcript
from tests.benchmarks.transcript.measure import Frames, LongConversation

POLL_TOKENS_DOLLARS = 219_000

_HEADS = ("n", "disturbed", "handler ms: median", "p99", "close ms: median", "p90", "p99", "max")
_TOKEN_HEADS = ("tokens: median", "mean", "p90", "p99", "max", "$ a year")


@dataclass(frozen=True, slots=True)
class Part:
    """What one part of the benchmark found: its tables, its entries for bench.json, its goals."""

    text: str
    json: Mapping[str, object]
    goals: Sequence[Goal]


def stop_part(stops: Sequence[Stops], streaming: Streaming, long_answer: LongAnswer) -> Part:
    tables = (_stop_tables(stops), _where_it_went(stops), _waste(stops), _streaming(streaming, long_answer))
    entries = {
        "stop": [_stops_json(of) for of in stops],
        "streaming": {**asdict(streaming), "gap_ms": streaming.gap_ms.as_json()},
        "long_answer": {**asdict(long_answer), "last_to_first": long_answer.last_to_first},
    }
    return Part("\n\n".join(tables), entries, goals(stops, streaming, long_answer))


def transcript_part(frames: Sequence[Frames], conversations: Sequence[LongConversation]) -> Part:
    text, entries = transcript.as_text(frames, conversations), transcript.as_json(frames, conversations)
    return Part(text, {"transcript": entries}, transcript.goals(frames, conversations))


def first_glyph_part(glyphs: Sequence[FirstGlyphs]) -> Part:
    text, entries = first_glyph_report.as_text(glyphs), first_glyph_report.as_json(glyphs)
    return Part(text, {"first_glyph": entries}, first_glyph_report.goals(glyphs))


def start_part(found: Found) -> Part:
    return Part(start.as_text(found), {"start": start.as_json(found)}, start.goals(found))


def as_text(machine: Mapping[str, object], parts: Sequence[Part]) -> str:
    facts = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in machine.items())
    reached = [goal for part in parts for goal in part.goals]
    return "\n\n".join([facts, *(part.text for part in parts), _goals(reached)]) + "\n"


def as_json(machine: Mapping[str, object], parts: Sequence[Part]) -> dict[str, object]:
    found: dict[str, object] = {"machine": dict(machine)}
    for part in parts:
        found |= part.json
    return found | {"goals": [_goal(goal) for part in parts for goal in part.goals]}


def _stop_tables(all_stops: Sequence[Stops]) -> str:
    parts = []
    for (tls, rate), group in itertools.groupby(all_stops, lambda stops: (stops.tls, stops.rate)):
        rows = [_stop_row(stops) for stops in group]
        parts.append(table((f"Stop at {rate:,} tokens/s, {'TLS' if tls else 'plain'}", *_HEADS, *_TOKEN_HEADS), rows))
    note = (
        "Times count from the click, a moment chosen beforehand: waiting in the event loop is in them.\n"
        "close: until the server sees it. disturbed: the client was ready to run for 0.3 ms, or the server for 1 ms,\n"
        "and no core was free; these runs are in all figures, and the goals below are given without them too."
    )
    return "\n\n".join([*parts, note])


def _stop_row(stops: Stops) -> list[str]:
    handler, close, tokens = stops.handler_ms(), stops.close_ms(), stops.tokens_after()
    values = [
        *(stops.n, stops.n - stops.undisturbed.n, handler.median, handler.p99),
        *(close.median, close.p90, close.p99, close.max),
        *(tokens.median, tokens.mean, tokens.p90, tokens.p99, tokens.max, round(stops.dollars_a_year())),
    ]
    return [stops.name, *map(number, values)]


def _where_it_went(all_stops: Sequence[Stops]) -> str:
    """Belay's medians from click to close, in parts, and what of them the floor takes too."""
    rows = []
    for belay, floor in _pairs(all_stops, Name.BELAY, Name.FLOOR):
        noticed, queued, handler = belay.noticed_ms(), belay.queued_ms().median, belay.handler_ms().median
        shutdown, floor_close = floor.handler_ms().median, floor.close_ms().median
        values = (
            *(noticed.median, noticed.p99, queued - noticed.median, handler, shutdown, handler - shutdown),
            *(belay.close_ms().median, floor_close, belay.close_ms().median - floor_close),
        )
        rows.append([f"{belay.rate:,} tokens/s, {'TLS' if belay.tls else 'plain'}", *map(number, values)])
    heads = (
        *("Where Belay's time goes, ms", "loop: median", "p99", "Qt's button", "handler", "floor's", "without it"),
        *("click → close", "floor's", "without it"),
    )
    return table(heads, rows)


def _pairs(all_stops: Sequence[Stops], one: Name, other: Name) -> list[tuple[Stops, Stops]]:
    found = {(stops.name, stops.tls, stops.rate): stops for stops in all_stops}
    return [(stops, found[other, tls, rate]) for (name, tls, rate), stops in found.items() if name is one]


def _waste(all_stops: Sequence[Stops]) -> str:
    rates = sorted({stops.rate for stops in all_stops})
    rows = []
    for name in Name:
        costs = []
        for rate in rates:
            stops = tuple(stop for of in all_stops if of.name is name and of.rate == rate for stop in of.stops)
            costs.append(f"{Stops(name, rate, False, stops).dollars_a_year():,.0f}")
        rows.append([name, *costs])
    heads = ("Waste, $ a year (plain and TLS)", *(f"{rate:,} tokens/s" for rate in rates))
    note = (
        "10,000 users, 5 stops a day, $0.08 per 1,000 tokens, mean of what was measured. "
        f"150 tokens a stop are ${POLL_TOKENS_DOLLARS:,}; the goal is $5,000."
    )
    return table(heads, rows) + "\n\n" + note


def _streaming(streaming: Streaming, long_answer: LongAnswer) -> str:
    gap = streaming.gap_ms
    tenths = " ".join(f"{us:.0f}" for us in long_answer.us_per_token)
    return (
        f"Streaming for {streaming.seconds:.0f} s at {streaming.tokens_per_s:,.0f} tokens/s into the window\n"
        f"  UI thread: {streaming.thread_share:.1%} of a core\n"
        f"  gaps between beats of a 2 ms timer, ms: median {gap.median:.2f}, p90 {gap.p90:.2f}, p99 {gap.p99:.2f}, "
        f"max {gap.max:.2f}, n {gap.n:,}\n"
        f"An answer of 100,000 tokens in {long_answer.seconds:.1f} s\n"
        f"  UI thread, µs a token, by tenths: {tenths}; last to first {long_answer.last_to_first:.2f}×"
    )


def _goals(reached: Sequence[Goal]) -> str:
    rows = [
        [
            goal.what, goal.limit, number(goal.measured), "met" if goal.is_met else "MISSED",
            "" if goal.undisturbed is None else number(goal.undisturbed),
        ]
        for goal in reached
    ]  # fmt: skip
    return table(("Goal", "limit", "measured", "", "undisturbed"), rows)


def _stops_json(stops: Stops) -> dict[str, object]:
    return {
        "contestant": stops.name,
        "rate": stops.rate,
        "tls": stops.tls,
        "all": _summary(stops),
        "undisturbed": _summary(stops.undisturbed),
        "disturbed_runs": [index for index, stop in enumerate(stops.stops) if stop.is_disturbed],
        "runs": [_run(stop) for stop in stops.stops],
    }


def _summary(stops: Stops) -> dict[str, object]:
    return {
        "n": stops.n,
        "noticed_ms": stops.noticed_ms().as_json(),
        "queued_ms": stops.queued_ms().as_json(),
        "handler_ms": stops.handler_ms().as_json(),
        "close_ms": stops.close_ms().as_json(),
        "tokens_after": stops.tokens_after().as_json(),
        "dollars_a_year": round(stops.dollars_a_year()) if stops.n else None,
    }


def _goal(goal: Goal) -> dict[str, object]:
    fields = asdict(goal)
    return {**fields, "undisturbed": None} if goal.undisturbed is not None and math.isnan(goal.undisturbed) else fields


def _run(stop: Stop) -> dict[str, float]:
    return {name: round(value, 4) for name, value in asdict(stop).items()}
