"""
Take pictures of the settings, light and dark: every page, and the providers in every state.

Usage: .venv/bin/python -m tests.pictures.settings FOLDER [--dark] [--small] [--only NAME]
"""

import argparse
import asyncio
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

SETTLE_S = 0.25


def main() -> int:
    parser = argparse.ArgumentParser(description="Take pictures of the settings.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--dark", action="store_true")
    parser.add_argument("--small", action="store_true", help="the smallest window")
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    options.folder.mkdir(parents=True, exist_ok=True)
    _take(options)
    return 0


def _take(options: argparse.Namespace) -> None:
    # Qt reads the platform and the scale when it is loaded: not before the environment is set.
    from app import main as program  # noqa: PLC0415 - see above
    from app.domain.settings import ColorScheme  # noqa: PLC0415 - see above
    from app.engine.threads import DaemonThreads  # noqa: PLC0415 - see above
    from app.storage.paths import DataFolder  # noqa: PLC0415 - see above
    from app.ui.application import new_application  # noqa: PLC0415 - see above
    from app.ui.event_loop import new_event_loop  # noqa: PLC0415 - see above
    from tests.pictures.settings_scenes import scenes  # noqa: PLC0415 - see above

    qt = new_application()
    loop = new_event_loop(qt)
    loop.set_default_executor(DaemonThreads())
    asyncio.set_event_loop(loop)
    look = ("dark" if options.dark else "light") + ("-small" if options.small else "")

    async def session(folder: Any) -> None:
        app = program.build(qt, folder, ())
        app.preferences.change(color_scheme=ColorScheme.DARK if options.dark else ColorScheme.LIGHT)
        if options.small:
            app.preferences.change(settings_width=640, settings_height=460)
        app.window.show()
        for name, arrange in scenes(app):
            if options.only and options.only not in name:
                continue
            dialog = arrange()
            await asyncio.sleep(SETTLE_S)
            dialog.grab().save(str(options.folder / f"{name}-{look}.png"))
        app.window.close()
        await program.close(app)
        app.database.close()

    with tempfile.TemporaryDirectory(prefix="belay-pictures-") as name:
        folder = DataFolder(Path(name))
        folder.prepare()
        loop.run_until_complete(session(folder))
    loop.close()


if __name__ == "__main__":
    sys.exit(main())
