"""What was promised, beside what was measured."""

from collections.abc import Sequence
from dataclasses import dataclass

from tests.benchmarks.contestants.names import Name
from tests.benchmarks.stop_clicks import Stops
from tests.benchmarks.streaming import LongAnswer, Streaming

FAST = 3000
HANDLER_MS = 0.25
CLOSE_MS, CLOSE_P99_MS = 1.0, 5.0
TOKENS, TOKENS_P99 = 0, 5
TIMES_BETTER = 30
THREAD_SHARE = 0.4
GAP_P99_MS = 16.0
LAST_TO_FIRST = 1.2
DOLLARS_A_YEAR = 5_000


@dataclass(frozen=True, slots=True)
class Goal:
    """`undisturbed` is the same number without the runs that the machine disturbed; None where there are none."""

    what: str
    limit: str
    measured: float
    is_met: bool
    undisturbed: float | None = None


def goals(stops: Sequence[Stops], streaming: Streaming, long_answer: LongAnswer) -> list[Goal]:
    found: list[Goal] = []
    for tls in (False, True):
        fast = {of.name: of for of in stops if of.rate == FAST and of.tls == tls}
        found += _stop_goals(fast, "TLS" if tls else "plain")
    share, gap, growth = streaming.thread_share, streaming.gap_ms.p99, long_answer.last_to_first
    found += [
        Goal("UI thread at 3,000/s, share of a core", f"< {THREAD_SHARE}", share, share < THREAD_SHARE),
        Goal("heartbeat gap at 3,000/s, ms, p99", f"< {GAP_P99_MS:.0f}", gap, gap < GAP_P99_MS),
        Goal("cost per token, last tenth to first", f"≤ {LAST_TO_FIRST}", growth, growth <= LAST_TO_FIRST),
    ]
    return found


def _stop_goals(fast: dict[Name, Stops], how: str) -> list[Goal]:
    belay, poll = fast[Name.BELAY], fast[Name.POLL_DATABASE]
    quiet = belay.undisturbed
    at = f"at 3,000/s, {how}"
    handler, close, tokens = belay.handler_ms(), belay.close_ms(), belay.tokens_after()
    better = poll.close_ms().median / close.median
    dollars = belay.dollars_a_year()
    return [
        Goal(
            f"time in the handler {at}, ms, median", f"< {HANDLER_MS}",
            handler.median, handler.median < HANDLER_MS, quiet.handler_ms().median,
        ),
        Goal(
            f"click → close {at}, ms, median", f"< {CLOSE_MS:.0f}",
            close.median, close.median < CLOSE_MS, quiet.close_ms().median,
        ),
        Goal(
            f"click → close {at}, ms, p99", f"< {CLOSE_P99_MS:.0f}",
            close.p99, close.p99 < CLOSE_P99_MS, quiet.close_ms().p99,
        ),
        Goal(
            f"tokens after the click {at}, median", f"{TOKENS}",
            tokens.median, tokens.median <= TOKENS, quiet.tokens_after().median,
        ),
        Goal(
            f"tokens after the click {at}, p99", f"≤ {TOKENS_P99}",
            tokens.p99, tokens.p99 <= TOKENS_P99, quiet.tokens_after().p99,
        ),
        Goal(
            f"times faster than the 50 ms poll {at}, median", f"≥ {TIMES_BETTER}",
            better, better >= TIMES_BETTER, poll.close_ms().median / quiet.close_ms().median,
        ),
        Goal(
            f"waste {at}, $ a year", f"≤ {DOLLARS_A_YEAR:,}",
            dollars, dollars <= DOLLARS_A_YEAR, quiet.dollars_a_year(),
        ),
    ]  # fmt: skip
