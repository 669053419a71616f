"""
Take pictures of the demo conversation in the real window, light and dark, 1x and 2x.

Usage: .venv/bin/python -m tests.pictures FOLDER [--only SCENE]
"""

import argparse
import asyncio
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WINDOW_PX = (1100, 860)
SETTLE_S = 1.2  # formulas and colours come from worker threads

SCENES = ("empty", "top", "middle", "streaming", "stopped", "failed", "selected", "find", "narrow")


def main() -> int:
    options = _options()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    options.folder.mkdir(parents=True, exist_ok=True)
    if options.scale is None:
        return _take_all(options)
    os.environ["QT_SCALE_FACTOR"] = options.scale
    _take(options.folder, options.only, dark=options.dark, scale=options.scale)
    return 0


def _take_all(options: argparse.Namespace) -> int:
    """Qt reads the scale once, so that each look has a process of its own."""
    for scale in ("1", "2"):
        for scheme in ((), ("--dark",)):
            command = [sys.executable, "-m", "tests.pictures", str(options.folder.resolve()), "--scale", scale, *scheme]
            if options.only:
                command += ["--only", options.only]
            subprocess.run(command, check=True, cwd=ROOT)
    return 0


def _take(folder: Path, only: str | None, *, dark: bool, scale: str) -> None:
    # Qt reads the platform and the scale when it is loaded: not before the environment is set.
    from app import main as program  # noqa: PLC0415 - see above
    from app.domain.settings import ColorScheme  # noqa: PLC0415 - as above
    from app.engine.threads import DaemonThreads  # noqa: PLC0415 - as above
    from app.storage.paths import DataFolder  # noqa: PLC0415 - as above
    from app.ui.event_loop import new_event_loop  # noqa: PLC0415 - as above
    from tests.pictures.scenes import arrange  # noqa: PLC0415 - as above

    qt = program.new_application()
    loop = new_event_loop(qt)
    loop.set_default_executor(DaemonThreads())
    asyncio.set_event_loop(loop)

    async def session(data: DataFolder) -> None:
        app = program.build(qt, data, program.model_sources({}))
        app.theme.follow(ColorScheme.DARK if dark else ColorScheme.LIGHT)
        app.window.resize(*WINDOW_PX)
        app.window.show()
        program.begin(app)
        async with asyncio.timeout(120):
            while app.store.selected_model is None or not app.store.selected_model.model:
                await asyncio.sleep(0.02)
        for scene in (only,) if only else SCENES:
            look = arrange(app, scene)
            await asyncio.sleep(SETTLE_S)
            look()
            await asyncio.sleep(SETTLE_S)
            name = f"{scene}-{'dark' if dark else 'light'}-{scale}x.png"
            app.window.grab().save(str(folder / name))
        app.window.close()
        await program.close(app)
        app.database.close()

    with tempfile.TemporaryDirectory(prefix="belay-demo-") as name:
        data = DataFolder(Path(name))
        data.prepare()
        loop.run_until_complete(session(data))
    loop.close()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Take pictures of the demo conversation.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", choices=SCENES)
    parser.add_argument("--scale", help="only this one; with --dark or without")
    parser.add_argument("--dark", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
