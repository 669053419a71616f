"""
How the fake should behave, as said by the model's name.

A name is a preset (`fake-300`), a query (`rate=300&count=1000&fault=reset_after:20`) or
a preset and then a query (`fake-300&seed=7`); the server's `--default` comes before both.
"""

from dataclasses import dataclass, fields, replace
from urllib.parse import parse_qsl, urlencode

from tests.fake_provider.faults import Fault

PRESETS = {
    "fake-50": "rate=50&count=1000",
    "fake-300": "rate=300&count=2000",
    "fake-3000": "rate=3000&count=100000",
    "fake-10000": "rate=10000&count=100000",
    "fake-slow-start": "rate=100&count=500&delay=2",
    "fake-reasoning": "rate=100&count=300&reasoning=200",
    "fake-short": "rate=300&count=12",
    "fake-few-words": "rate=100&count=4&delay=0.3",
}


class UnknownBehaviour(ValueError):
    """A parameter or a fault that the fake does not know: the test's mistake."""


@dataclass(frozen=True, slots=True)
class Behaviour:
    """The names in a query are these, without the unit: `delay=0.5`, `size=1000`."""

    rate: float = 300.0  # tokens a second
    count: int = 1000  # tokens of the answer; the request's max_tokens may lower it
    batch: int = 1  # tokens an SSE event
    headers_s: float = 0.0  # request read → response headers
    delay_s: float = 0.0  # response headers → first token
    seed: int = 0
    reasoning: int = 0  # reasoning tokens before the answer, on the same schedule
    split: int = 0  # cut the body into HTTP chunks of this many bytes; 0: one chunk an event
    finish: str = "stop"  # the finish_reason
    fault: str = ""  # a name of `faults`, with its argument: `stall_after:20`
    times: int = 0  # only the first requests of this `key` meet the fault; 0: all
    key: str = ""  # what `times` counts by; the model's name if empty
    retry_after: str = ""  # the header of that name, in an error status
    ping_s: float = 0.05  # between SSE comments
    size_bytes: int = 8_000_000  # of long_line and gzip_bomb
    tick_s: float = 0.001  # due tokens are written together at most this often


_UNITS = ("_s", "_bytes")
_FIELDS = {
    next((f.name.removesuffix(unit) for unit in _UNITS if f.name.endswith(unit)), f.name): f for f in fields(Behaviour)
}


def behaviour_of(model: str, default: str | None = None) -> Behaviour | None:
    """
    None where the model is unknown: not a preset, not a query, and there is no `default`.

    Raises:
        UnknownBehaviour: the query says something that the fake does not know.
    """
    name, _, query = model.partition("&")
    if "=" in name:
        query = model
    elif name in PRESETS:
        query = f"{PRESETS[name]}&{query}"
    elif default is None:
        return None
    found = _with_query(_with_query(Behaviour(), default or ""), query)
    if found.rate <= 0 or found.batch < 1:
        raise UnknownBehaviour("rate and batch must be positive")
    return found


def model_name(**parameters: object) -> str:
    """The name that asks for these: `model_name(rate=300, fault="reset_after:20")`."""
    return urlencode(parameters, safe=":/")


def _with_query(behaviour: Behaviour, query: str) -> Behaviour:
    changes: dict[str, object] = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        field = _FIELDS.get(name)
        if field is None:
            raise UnknownBehaviour(f"unknown parameter {name!r}; known: {', '.join(_FIELDS)}")
        try:
            changes[field.name] = type(getattr(behaviour, field.name))(value)
        except ValueError:
            raise UnknownBehaviour(f"{name}={value!r} is not a number") from None
    if fault := changes.get("fault"):
        try:
            Fault.parse(str(fault))
        except ValueError as error:
            raise UnknownBehaviour(str(error)) from None
    return replace(behaviour, **changes)  # type: ignore[arg-type]  # each value has just got its field's type
