"""The real program with its built-in model, ready to be pictured, in a data folder of its own."""

import asyncio
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

from app import main as program
from app.domain.redaction import Redactor
from app.domain.settings import ColorScheme
from app.engine.threads import DaemonThreads
from app.main import App
from app.storage.paths import DataFolder
from app.ui.application import new_application
from app.ui.event_loop import new_event_loop

READY_LIMIT_S = 120


def run_session(size_px: tuple[int, int], picture: Callable[[App], Awaitable[None]], *, dark: bool) -> None:
    """Show the window, wait for the model, let `picture` do its work, and close."""
    qt = new_application()
    loop = new_event_loop(qt)
    loop.set_default_executor(DaemonThreads())
    asyncio.set_event_loop(loop)

    async def session(folder: DataFolder) -> None:
        app = program.build(qt, folder, program.model_sources({}, Redactor()))
        app.preferences.change(color_scheme=ColorScheme.DARK if dark else ColorScheme.LIGHT)
        app.window.resize(*size_px)
        app.window.show()
        program.begin(app)
        async with asyncio.timeout(READY_LIMIT_S):
            while app.store.selected_model is None or not app.store.selected_model.model:
                await asyncio.sleep(0.02)
        await picture(app)
        app.window.close()
        await program.close(app)
        app.database.close()

    with tempfile.TemporaryDirectory(prefix="belay-pictures-") as name:
        folder = DataFolder(Path(name))
        folder.prepare()
        loop.run_until_complete(session(folder))
    loop.close()
