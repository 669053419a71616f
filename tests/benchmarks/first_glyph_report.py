"""How soon an answer is seen, as a table, for bench.json, and beside what was promised."""

from collections.abc import Sequence
from dataclasses import asdict

from tests.benchmarks.first_glyph import WARM_UPS, FirstGlyphs
from tests.benchmarks.goals import Goal
from tests.benchmarks.tables import number, table

PAINTED_MS = 20.0
HANDSHAKES = 1

_HEADS = (
    *("First byte → first glyph, ms", "n", "disturbed", "in the store: median", "p99"),
    *("painted: median", "p90", "p99", "max", "messages", "connections", "handshakes"),
)
_NOTE = (
    "From the moment in which the server writes the first token. An answer is painted when its row's paintEvent\n"
    "returns. disturbed: the client was ready to run for 1 ms, and no core was free. Connections and handshakes are\n"
    f"those of the whole session: the list of models, {WARM_UPS} messages to warm up, and those that are measured."
)


def goals(all_glyphs: Sequence[FirstGlyphs]) -> list[Goal]:
    found = []
    for of in all_glyphs:
        median = of.painted_ms().median
        what = f"first byte → first glyph, {_how(of)}, ms, median"
        is_met = median < PAINTED_MS
        found.append(Goal(what, f"< {PAINTED_MS:.0f}", median, is_met, of.undisturbed_ms().median))
        if of.tls:
            what = f"TLS handshakes for {of.messages} messages"
            found.append(Goal(what, f"{HANDSHAKES}", of.handshakes, of.handshakes == HANDSHAKES))
    return found


def as_text(all_glyphs: Sequence[FirstGlyphs]) -> str:
    rows = []
    for of in all_glyphs:
        received, painted = of.received_ms(), of.painted_ms()
        values = (
            *(painted.n, painted.n - len(of.undisturbed), received.median, received.p99),
            *(painted.median, painted.p90, painted.p99, painted.max, of.messages, of.connections, of.handshakes),
        )
        rows.append([_how(of), *map(number, values)])
    return table(_HEADS, rows) + "\n\n" + _NOTE


def as_json(all_glyphs: Sequence[FirstGlyphs]) -> list[dict[str, object]]:
    return [
        {
            "tls": of.tls,
            "received_ms": of.received_ms().as_json(),
            "painted_ms": of.painted_ms().as_json(),
            "undisturbed_ms": of.undisturbed_ms().as_json(),
            "messages": of.messages,
            "connections": of.connections,
            "handshakes": of.handshakes,
            "runs": [{name: round(value, 4) for name, value in asdict(glyph).items()} for glyph in of.glyphs],
        }
        for of in all_glyphs
    ]


def _how(of: FirstGlyphs) -> str:
    return "TLS" if of.tls else "plain"
