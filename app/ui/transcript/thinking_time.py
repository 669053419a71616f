"""How long a model thought before it answered, as far as it was seen."""

import time

from app.domain.conversation import Message

FIRST_WORDS_CHARACTERS = 400  # more of them at once: it has begun before anybody looked

_MINUTE_S = 60


class ThinkingTime:
    """Ask it to look whenever something of the answer has come."""

    def __init__(self) -> None:
        self._began: float | None = None
        self._has_looked = False
        self.elapsed_s: float | None = None  # once it is over

    def look(self, thoughts: list[str], *, is_over: bool) -> None:
        """`is_over`: the answer has begun, or will not come."""
        if not self._has_looked and thoughts:
            self._has_looked = True
            if not is_over and sum(map(len, thoughts)) <= FIRST_WORDS_CHARACTERS:
                self._began = time.monotonic()
        if is_over and self._began is not None and self.elapsed_s is None:
            self.elapsed_s = time.monotonic() - self._began


def title_of_thoughts(message: Message, seen_s: float | None) -> str:
    """
    `seen_s` is how long they took as far as that was seen, for an answer that is still being written.

    Of an answer of an older Belay that was not noted.
    """
    timing = message.timing
    is_noted = timing.answer_ms is not None or not message.content
    if is_noted and timing.thinking_ms is not None:
        return _title(timing.thinking_ms / 1000)
    return _title(seen_s) if seen_s is not None else "Thought"


def _title(elapsed_s: float) -> str:
    minutes, seconds = divmod(max(1, round(elapsed_s)), _MINUTE_S)
    return f"Thought for {minutes} min {seconds} s" if minutes else f"Thought for {seconds} s"
