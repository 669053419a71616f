"""What Belay adds before an answer is seen: from the first token's bytes leaving the server to its first glyph."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.benchmarks.contestants.names import Name
from tests.benchmarks.contestants.orders import Answer
from tests.benchmarks.contestants.process import Contestant
from tests.benchmarks.distribution import Distribution
from tests.benchmarks.server import LoggedProvider
from tests.fake_provider.process import Event

# The first token comes after 0.3 s and alone: by then all that sending took is over.
MODEL = "fake-few-words"
QUIET_AFTER_S = 0.2
WARM_UPS = 3
DISTURBED_FROM_MS = 1.0

_NS_PER_MS = 1e6


@dataclass(frozen=True, slots=True)
class FirstGlyph:
    """One answer. Times count from the moment in which the server writes the first token."""

    received_ms: float  # until the store has it
    painted_ms: float  # until the window has painted it
    own_wait_ms: float  # ready to run, and no core free

    @property
    def is_disturbed(self) -> bool:
        """Whether the machine kept the client from running in that time."""
        return self.own_wait_ms >= DISTURBED_FROM_MS

    @classmethod
    def of(cls, answer: Answer, first_byte: Event) -> "FirstGlyph":
        return cls(
            received_ms=(answer["received_ns"] - first_byte.t_ns) / _NS_PER_MS,
            painted_ms=(answer["painted_ns"] - first_byte.t_ns) / _NS_PER_MS,
            own_wait_ms=answer["own_wait_ns"] / _NS_PER_MS,
        )


@dataclass(frozen=True, slots=True)
class FirstGlyphs:
    """All answers under the same conditions, one after the other."""

    tls: bool
    glyphs: tuple[FirstGlyph, ...]
    messages: int  # all that were sent, those to warm up too
    connections: int  # accepted in the whole session, the list of models included
    handshakes: int  # of TLS, finished

    @property
    def undisturbed(self) -> tuple[FirstGlyph, ...]:
        return tuple(glyph for glyph in self.glyphs if not glyph.is_disturbed)

    def received_ms(self) -> Distribution:
        return Distribution.of(glyph.received_ms for glyph in self.glyphs)

    def painted_ms(self) -> Distribution:
        return Distribution.of(glyph.painted_ms for glyph in self.glyphs)

    def undisturbed_ms(self) -> Distribution:
        """Until it is painted."""
        return Distribution.of(glyph.painted_ms for glyph in self.undisturbed)


def measure(messages: int, *, tls: bool, say: Callable[[str], None]) -> FirstGlyphs:
    """
    Send `messages` one after the other from a window that is on screen.

    Raises:
        ContestantFailed: an answer was not painted.
    """
    say(f"the first glyph: {'TLS' if tls else 'plain'}")
    with LoggedProvider(tls=tls) as server, Contestant(Name.BELAY, server) as belay:
        belay.until_ready()
        answers = [
            belay.order("first_glyph", model=MODEL, quiet_after_s=QUIET_AFTER_S) for _ in range(WARM_UPS + messages)
        ]
        events = server.take_events("first_byte", "accepted", "tls_done")
    return found_in(answers, events, tls=tls)


def found_in(answers: list[Answer], events: list[Event], *, tls: bool) -> FirstGlyphs:
    """
    Put what the client says beside what the server says; those to warm up come first.

    Raises:
        RuntimeError: the server began another number of answers.
    """
    first_bytes = [event for event in events if event.kind == "first_byte"]
    if len(first_bytes) != len(answers):
        raise RuntimeError(f"{len(answers)} messages, but the server began {len(first_bytes)} answers")
    pairs = list(zip(answers, first_bytes, strict=True))
    return FirstGlyphs(
        tls=tls,
        glyphs=tuple(FirstGlyph.of(answer, first_byte) for answer, first_byte in pairs[WARM_UPS:]),
        messages=len(answers),
        connections=sum(event.kind == "accepted" for event in events),
        handshakes=sum(event.kind == "tls_done" for event in events),
    )
