"""What was measured of starting, as tables, as goals and as JSON."""

import math
from dataclasses import asdict

from tests.benchmarks.goals import Goal
from tests.benchmarks.start.measure import Found, Idle, Starts
from tests.benchmarks.start.programs import EMPTY
from tests.benchmarks.tables import number, table

TIMES_START = 1.5
TIMES_MEMORY = 1.6
LITE_MB = 50.0

_NOTE = (
    "From the fork to the moment at which the window's first paint is over, and all of its content's. Cold: the\n"
    "system has forgotten what it read of the disk. Programs take turns; × is the ratio to the empty window of the\n"
    "same run."
)


def as_text(found: Found) -> str:
    parts = [_starts(found), _NOTE, _idle(found), _sizes(found), _imports(found)]
    early = ", ".join(found.early) or "none of them"
    parts.append(f"Loaded before the first paint, of what is loaded later: {early}")
    return "\n\n".join(part for part in parts if part)


def as_json(found: Found) -> dict[str, object]:
    return asdict(found)


def goals(found: Found) -> list[Goal]:
    empty = _empty(found)
    reached = []
    for of in found.starts:
        if of.program == EMPTY:
            continue
        times = of.first.median / empty.first.median
        reached.append(
            Goal(
                f"start to first paint, {of.program}: times an empty window",
                f"≤ {TIMES_START}",
                times,
                times <= TIMES_START,
            )
        )
    still = _still(found)
    for process in found.idle:
        if process.name == EMPTY:
            continue
        if "child" not in process.name:
            times = process.resident_mb / still.resident_mb
            what = f"idle memory, {process.name}: times an empty window"
            reached.append(Goal(what, f"≤ {TIMES_MEMORY}", times, times <= TIMES_MEMORY))
        reached += _stillness(process)
    for name, size_mb in found.package_mb.items():
        if "lite" in name and name.endswith(".deb"):
            reached.append(Goal(f"{name}, MB", f"≤ {LITE_MB:.0f}", size_mb, size_mb <= LITE_MB))
    reached.append(Goal("loaded too early", "0", len(found.early), not found.early))
    return reached


def _stillness(process: Idle) -> list[Goal]:
    return [
        Goal(f"idle CPU, {process.name}, %", "0.0", process.share * 100, round(process.share * 100, 1) == 0.0),
        Goal(f"wake-ups a second, {process.name}", "0", process.wakes_per_s, round(process.wakes_per_s, 1) == 0.0),
    ]


def _empty(found: Found) -> Starts:
    (empty,) = [of for of in found.starts if of.program == EMPTY]
    return empty


def _still(found: Found) -> Idle:
    (still,) = [of for of in found.idle if of.name == EMPTY]
    return still


def _starts(found: Found) -> str:
    empty = _empty(found)
    rows = []
    for of in found.starts:
        values: list[float] = [of.first.n, of.first.median, of.first.p90, of.first.median / empty.first.median]
        values += [of.ready.median, of.ready.median / empty.first.median, of.cold_first.n]
        values += [
            of.cold_first.median,
            of.cold_first.median / empty.cold_first.median if of.cold_first.n else math.nan,
        ]
        values += [of.cold_ready.median]
        rows.append([of.program, *map(number, values)])
    heads = (
        *(f"Start, ms ({found.screen})", "n", "first paint: median", "p90", "×", "content: median", "×"),
        *("cold: n", "first paint: median", "×", "content: median"),
    )
    return table(heads, rows)


def _idle(found: Found) -> str:
    still = _still(found)
    rows = []
    for of in found.idle:
        values = (of.resident_mb, of.resident_mb / still.resident_mb, of.private_mb, of.share * 100, of.wakes_per_s)
        rows.append([of.name, *map(number, values)])
    return table(("When nothing happens", "resident MB", "×", "private MB", "CPU %", "wake-ups a second"), rows)


def _sizes(found: Found) -> str:
    rows = [[f"{name}, installed", number(size)] for name, size in found.installed_mb.items()]
    rows += [[name, number(size)] for name, size in found.package_mb.items()]
    if not rows:
        return "Nothing is packaged here: `make package` first, to have it measured."
    return table(("Size", "MB"), rows)


def _imports(found: Found) -> str:
    lines = []
    for module, spent in found.import_ms.items():
        told = ", ".join(f"{name} {number(ms)}" for name, ms in spent.items())
        lines.append(f"import {module}, ms (-X importtime): {told}")
    return "\n".join(lines)
