"""
Take the README's picture: the real program, the real built-in model, a real Stop.

Usage: .venv/bin/python packaging/screenshot.py [--dark] [--scale 2] FILE.png
"""

import argparse
import asyncio
import os
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PROMPT = "Write a short story about a sailor who ties a knot."
STOP_AFTER_CHARS = 560


def main() -> int:
    options = _options()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ["QT_SCALE_FACTOR"] = str(options.scale)
    sys.path.insert(0, str(ROOT))
    return _take(options.file, dark=options.dark)


def _take(file: Path, *, dark: bool) -> int:
    # Qt reads the platform and the scale when it is loaded: not before the environment is set.
    from app import main as program  # noqa: PLC0415 - see above
    from app.domain.settings import ColorScheme  # noqa: PLC0415 - as above
    from app.engine.threads import DaemonThreads  # noqa: PLC0415 - as above
    from app.storage.paths import DataFolder  # noqa: PLC0415 - as above
    from app.ui.event_loop import new_event_loop  # noqa: PLC0415 - as above

    qt = program.new_application()
    loop = new_event_loop(qt)
    loop.set_default_executor(DaemonThreads())
    asyncio.set_event_loop(loop)

    async def session(folder: DataFolder) -> None:
        app = program.build(qt, folder, program.model_sources({}))
        app.theme.follow(ColorScheme.DARK if dark else ColorScheme.LIGHT)
        app.window.resize(1100, 720)
        app.window.show()
        program.begin(app)
        async with asyncio.timeout(120):
            while app.store.selected_model is None or not app.store.selected_model.model:
                await asyncio.sleep(0.02)
            app.window.composer.send_requested.emit(PROMPT)
            (answer,) = app.store.generating()
            while app.store.generating() and len(app.store.text_of(answer)) < STOP_AFTER_CHARS:
                await asyncio.sleep(0.01)
            app.window.composer.stop_requested.emit()
            while len(app.active):
                await asyncio.sleep(0.02)
        await asyncio.sleep(0.5)
        app.window.grab().save(str(file))
        app.window.close()
        await program.close(app)
        app.database.close()

    with tempfile.TemporaryDirectory(prefix="belay-screenshot-") as name:
        folder = DataFolder(Path(name))
        folder.prepare()
        loop.run_until_complete(session(folder))
    loop.close()
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Take a picture of Belay, just stopped.")
    parser.add_argument("file", type=Path)
    parser.add_argument("--dark", action="store_true")
    parser.add_argument("--scale", type=float, default=1.0)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
