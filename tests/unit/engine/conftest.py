"""Worlds that are closed after the test."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from app.engine.texts import KEPT_CHARACTERS
from tests.world import Step, World, build_world, close_world

Build = Callable[..., Awaitable[World]]


@pytest.fixture
async def build(tmp_path: Path) -> AsyncIterator[Build]:
    """Build a world whose provider is connected and follows the script."""
    built: list[World] = []

    async def builder(*script: Step, flush_interval_s: float = 0.002, kept_characters: int = KEPT_CHARACTERS) -> World:
        path = tmp_path / f"belay-{len(built)}.db"
        world = build_world(path, script, flush_interval_s=flush_interval_s, kept_characters=kept_characters)
        built.append(world)
        await world.connect()
        return world

    yield builder
    for world in built:
        await close_world(world)
