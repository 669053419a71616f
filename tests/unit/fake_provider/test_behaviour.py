"""The model's name says how the fake behaves, and a mistake in it is told."""

import pytest

from tests.fake_provider.behaviour import PRESETS, Behaviour, UnknownBehaviour, behaviour_of, model_name


def test_a_query_sets_what_it_names() -> None:
    behaviour = behaviour_of("rate=50&count=7&delay=0.5&headers=1&fault=stall_after:3&size=10")
    assert behaviour == Behaviour(rate=50, count=7, delay_s=0.5, headers_s=1, fault="stall_after:3", size_bytes=10)


def test_model_name_is_read_back() -> None:
    name = model_name(rate=20, key="a b&c", fault="redirect:http://localhost:1/x")
    assert behaviour_of(name) == Behaviour(rate=20, key="a b&c", fault="redirect:http://localhost:1/x")


def test_a_preset_may_be_adjusted() -> None:
    behaviour = behaviour_of("fake-3000&count=5")
    assert behaviour is not None
    assert (behaviour.rate, behaviour.count) == (3000, 5)


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_is_valid(name: str) -> None:
    assert behaviour_of(name) is not None


def test_a_name_that_says_nothing_takes_the_default_or_is_unknown() -> None:
    assert behaviour_of("gpt-9") is None
    assert behaviour_of("gpt-9", default="rate=5") == Behaviour(rate=5)
    assert behaviour_of("count=2", default="rate=5") == Behaviour(rate=5, count=2)


@pytest.mark.parametrize(
    "name",
    [
        "speed=3",
        "rate=fast",
        "rate=0",
        "batch=0",
        "fault=explode",
        "fault=stall_after",
        "fault=status",
        "fault=redirect",
    ],
)
def test_mistakes_are_told(name: str) -> None:
    with pytest.raises(UnknownBehaviour):
        behaviour_of(name)
