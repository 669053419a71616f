"""Stop, clicked at a random moment of a stream: what it costs every contestant, side by side."""

import random
import time
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass

from tests.benchmarks.contestants.names import Name
from tests.benchmarks.contestants.orders import Answer
from tests.benchmarks.contestants.process import Contestant
from tests.benchmarks.distribution import Distribution
from tests.benchmarks.server import LoggedProvider
from tests.fake_provider.process import Event

RATES = (50, 300, 3000)
FIRST_CLICK_S, LAST_CLICK_S = 0.1, 0.4  # after the first chunk
LOG_SETTLE_S = 0.1
WARM_UPS = 3
# Waking a core that sleeps takes up to 0.2 ms in a virtual machine. On two cores the server also waits some 0.3 ms
# behind the client's own threads; only more than that is somebody else's work.
CLIENT_DISTURBED_FROM_MS, SERVER_DISTURBED_FROM_MS = 0.3, 1.0

USERS, STOPS_A_DAY, DAYS = 10_000, 5, 365
DOLLARS_PER_1000_TOKENS = 0.08

_NS_PER_MS = 1e6


@dataclass(frozen=True, slots=True)
class Stop:
    """One click. Times count from the click, which is the moment chosen for it."""

    noticed_ms: float  # until the event loop took it up
    queued_ms: float  # until the handler began: Qt has repainted the button twice
    handler_ms: float
    close_ms: float  # until the server saw the close
    tokens_after: int  # generated from the click to the close
    own_wait_ms: float  # ready to run, and no core free, from the click to the end of the handler
    server_wait_ms: float  # to 2 ms after it

    @property
    def is_disturbed(self) -> bool:
        """Whether the machine kept the client or the server from running in that time."""
        return self.own_wait_ms >= CLIENT_DISTURBED_FROM_MS or self.server_wait_ms >= SERVER_DISTURBED_FROM_MS

    @classmethod
    def of(cls, answer: Answer, close: Event) -> "Stop":
        click_ns: int = answer["click_ns"]
        return cls(
            noticed_ms=(answer["noticed_ns"] - click_ns) / _NS_PER_MS,
            queued_ms=(answer["started_ns"] - click_ns) / _NS_PER_MS,
            handler_ms=(answer["ended_ns"] - answer["started_ns"]) / _NS_PER_MS,
            close_ms=(close.t_ns - click_ns) / _NS_PER_MS,
            tokens_after=close.generated_after(click_ns),
            own_wait_ms=answer["own_wait_ns"] / _NS_PER_MS,
            server_wait_ms=answer["server_wait_ns"] / _NS_PER_MS,
        )


@dataclass(frozen=True, slots=True)
class Stops:
    """All clicks of one contestant under the same conditions."""

    name: Name
    rate: int
    tls: bool
    stops: tuple[Stop, ...]

    @property
    def undisturbed(self) -> "Stops":
        return Stops(self.name, self.rate, self.tls, tuple(stop for stop in self.stops if not stop.is_disturbed))

    @property
    def n(self) -> int:
        return len(self.stops)

    def noticed_ms(self) -> Distribution:
        return Distribution.of(stop.noticed_ms for stop in self.stops)

    def queued_ms(self) -> Distribution:
        return Distribution.of(stop.queued_ms for stop in self.stops)

    def handler_ms(self) -> Distribution:
        return Distribution.of(stop.handler_ms for stop in self.stops)

    def close_ms(self) -> Distribution:
        return Distribution.of(stop.close_ms for stop in self.stops)

    def tokens_after(self) -> Distribution:
        return Distribution.of(stop.tokens_after for stop in self.stops)

    def dollars_a_year(self) -> float:
        return dollars_a_year(self.tokens_after().mean)


@dataclass(frozen=True, slots=True)
class Clicks:
    """How many clicks each gets, by rate: Belay, and each of the others."""

    belay: dict[int, int]
    others: dict[int, int]

    def of(self, name: Name, rate: int) -> int:
        return (self.belay if name is Name.BELAY else self.others)[rate]


def dollars_a_year(tokens_a_stop: float) -> float:
    """What the waste costs: 150 tokens a stop are $219,000."""
    return USERS * STOPS_A_DAY * DAYS * tokens_a_stop * DOLLARS_PER_1000_TOKENS / 1000


def measure(clicks: Clicks, *, tls: bool, say: Callable[[str], None]) -> list[Stops]:
    """Let all contestants take turns at one server, at each rate."""
    with ExitStack() as stack:
        server = stack.enter_context(LoggedProvider(tls=tls))
        contestants = [stack.enter_context(Contestant(name, server)) for name in Name]
        for contestant in contestants:
            contestant.until_ready()
        for contestant in contestants:
            for _ in range(WARM_UPS):
                _click(contestant, RATES[0])
        found = []
        for rate in RATES:
            say(f"stop: {rate} tokens/s, {'TLS' if tls else 'plain'}")
            found += _at_rate(contestants, server, rate, clicks, tls=tls)
        return found


def _at_rate(
    contestants: Iterable[Contestant], server: LoggedProvider, rate: int, clicks: Clicks, *, tls: bool
) -> list[Stops]:
    server.take_events("close_seen")
    answers: dict[Name, list[Answer]] = {name: [] for name in Name}
    order: list[Name] = []
    for contestant in _turns(contestants, rate, clicks):
        answers[contestant.name].append(_click(contestant, rate))
        order.append(contestant.name)
    time.sleep(LOG_SETTLE_S)
    # An idle connection that is closed has no request.
    closes = [event for event in server.take_events("close_seen") if event["request"] is not None]
    if len(closes) != len(order):
        raise RuntimeError(f"{len(order)} clicks, but the server saw {len(closes)} streams closed")
    stops: dict[Name, list[Stop]] = {name: [] for name in Name}
    for name, close in zip(order, closes, strict=True):
        stops[name].append(Stop.of(answers[name][len(stops[name])], close))
    return [Stops(name, rate, tls, tuple(stops[name])) for name in Name]


def _turns(contestants: Iterable[Contestant], rate: int, clicks: Clicks) -> list[Contestant]:
    """In random order, so that whatever else the machine does meets all alike."""
    turns = [contestant for contestant in contestants for _ in range(clicks.of(contestant.name, rate))]
    random.shuffle(turns)
    return turns


def _click(contestant: Contestant, rate: int) -> Answer:
    click_after_s = random.uniform(FIRST_CLICK_S, LAST_CLICK_S)
    return contestant.order("stop", model=f"fake-{rate}", click_after_s=click_after_s)
