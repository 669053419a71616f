"""The real program, which says on stdout that it waits for the keyring: `main(FOLDER, "hung" or "prompting")`."""

import asyncio
import sys
from pathlib import Path

from app import main as program
from app import start
from app.domain.keys import KeyringState
from app.domain.model import ProviderId
from app.domain.provider import ProviderPhase
from app.main import App
from app.storage.paths import DataFolder

MINE = ProviderId("mine")


def main(folder: str, trouble: str) -> None:
    begin = program.begin

    def begin_and_say(app: App) -> None:
        begin(app)
        app.tasks.start(say(app), name="say")

    async def say(app: App) -> None:
        is_hung = trouble == "hung"
        wanted = KeyringState.UNKNOWN if is_hung else KeyringState.LOCKED
        phase = ProviderPhase.STARTING if is_hung else ProviderPhase.FAILED
        while (state := app.store.providers.get(MINE)) is None or (state.phase, app.store.known.keyring) != (
            phase,
            wanted,
        ):
            await asyncio.sleep(0.005)
        if not is_hung:
            app.providers.unlock_keyring()
        await asyncio.sleep(0.3)  # the question is put
        sys.stdout.write("waiting\n")
        sys.stdout.flush()

    program.begin = begin_and_say  # session.serve finds it by this name
    sys.exit(start.run(DataFolder(Path(folder))))
