"""When each token is generated: by the server's clock alone, whatever the network does."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Schedule:
    """
    Token `i` is generated at `t0_ns + i / rate`, until there are `count`.

    Times are `time.monotonic_ns()`, which on Linux all processes share.
    """

    t0_ns: int
    rate: float
    count: int

    def time_of(self, index: int) -> int:
        return self.t0_ns + int(index * 1e9 / self.rate)

    def generated_before(self, t_ns: int) -> int:
        """How many tokens have a generation time strictly before `t_ns`."""
        if t_ns <= self.t0_ns or self.count <= 0:
            return 0
        guess = int((t_ns - self.t0_ns) * self.rate / 1e9)
        while guess > 0 and self.time_of(guess - 1) >= t_ns:
            guess -= 1
        while guess < self.count and self.time_of(guess) < t_ns:
            guess += 1
        return min(guess, self.count)
