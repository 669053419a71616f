"""Streaming into the window: the UI thread's share of a core, its heartbeat, and what a token costs."""

from dataclasses import dataclass
from itertools import pairwise

from tests.benchmarks.contestants.names import Name
from tests.benchmarks.contestants.process import Contestant
from tests.benchmarks.distribution import Distribution
from tests.benchmarks.server import LoggedProvider

STREAM_MODEL = "fake-3000"
LONG_MODEL = "fake-10000"  # 100,000 tokens, as fast as the client takes them
MARK_EVERY_TOKENS = 10_000
LIMIT_S = 120.0


@dataclass(frozen=True, slots=True)
class Streaming:
    seconds: float
    tokens_per_s: float
    thread_share: float  # of one core; at 1.0 the window is stuck
    gap_ms: Distribution  # between the beats of a 2 ms timer


@dataclass(frozen=True, slots=True)
class LongAnswer:
    """The UI thread's CPU time per token, for each tenth of the answer."""

    seconds: float
    us_per_token: tuple[float, ...]

    @property
    def last_to_first(self) -> float:
        return self.us_per_token[-1] / self.us_per_token[0]


def measure(*, seconds: float) -> tuple[Streaming, LongAnswer]:
    """Stream for `seconds`, then receive a whole long answer, in a fresh window that is on screen."""
    with LoggedProvider(tls=False) as server, Contestant(Name.BELAY, server) as belay:
        belay.until_ready()
        answer = belay.order("stream", model=STREAM_MODEL, seconds=seconds, limit_s=seconds + LIMIT_S)
        streamed_s = answer["wall_ns"] / 1e9
        streaming = Streaming(
            seconds=streamed_s,
            tokens_per_s=answer["tokens"] / streamed_s,
            thread_share=answer["thread_ns"] / answer["wall_ns"],
            gap_ms=Distribution.of((late - early) / 1e6 for early, late in pairwise(answer["beats_ns"])),
        )
        answer = belay.order("long_answer", model=LONG_MODEL, mark_every=MARK_EVERY_TOKENS, limit_s=LIMIT_S)
        tenths = tuple((late - early) / 1e3 / MARK_EVERY_TOKENS for early, late in pairwise(answer["thread_ns_at"]))
        return streaming, LongAnswer(answer["wall_ns"] / 1e9, tenths)
