"""Who takes part."""

from enum import StrEnum


class Name(StrEnum):
    BELAY = "Belay"
    POLL_DATABASE = "database polled, 50 ms"
    POLL_FLAG = "flag polled, 10 ms"
    CANCEL = "task.cancel(), SDK"
    FLOOR = "raw socket (floor)"
