"""A test of a set-up always has a result."""

from app.domain.errors import ProviderUnreachable, UnexpectedFault
from app.domain.provider import Connected, LossListener
from app.engine.connection_test import try_set_up
from tests.world import DONE, ScriptedProvider, ScriptedSource


class Broken(ScriptedSource):
    def __init__(self, error: Exception) -> None:
        super().__init__(ScriptedProvider())
        self._error = error

    async def connect(self, on_lost: LossListener) -> Connected:
        raise self._error


async def test_one_that_answers_is_told_with_its_models_and_asked_for_one_token() -> None:
    provider = ScriptedProvider((DONE,))
    tested = await try_set_up(ScriptedSource(provider), ())
    assert tested.fault is None
    assert [model.id for model in tested.models] == ["m"]
    assert [request.max_tokens for request in provider.asked] == [1]
    assert (provider.opened, provider.closed) == (1, 1)


async def test_one_that_can_not_be_reached_is_told_with_its_reason() -> None:
    tested = await try_set_up(Broken(ProviderUnreachable("refused")), ())
    assert tested.fault == ProviderUnreachable("refused").fault


async def test_a_bug_is_told_too_and_nobody_waits_for_ever() -> None:
    tested = await try_set_up(Broken(IndexError("no models")), ())
    assert tested.fault is not None
    assert tested.fault.title == UnexpectedFault.title
