"""
Take pictures of the demo conversation in the real window, light and dark, 1x and 2x.

Usage: .venv/bin/python -m tests.pictures FOLDER [--only SCENE]
"""

import argparse
import asyncio
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WINDOW_PX = (1100, 860)
SETTLE_S = 1.2  # formulas and colours come from worker threads

SCENES = ("empty", "top", "middle", "streaming", "stopped", "failed", "selected", "find", "narrow", "models")


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
    from app.main import App  # noqa: PLC0415 - see above
    from tests.pictures.scenes import arrange, with_popup  # noqa: PLC0415 - as above
    from tests.pictures.session import run_session  # noqa: PLC0415 - as above

    async def picture(app: App) -> None:
        for scene in (only,) if only else SCENES:
            look = arrange(app, scene)
            await asyncio.sleep(SETTLE_S)
            look()
            await asyncio.sleep(SETTLE_S)
            name = f"{scene}-{'dark' if dark else 'light'}-{scale}x.png"
            with_popup(app.window).save(str(folder / name))

    run_session(WINDOW_PX, picture, dark=dark)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Take pictures of the demo conversation.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", choices=SCENES)
    parser.add_argument("--scale", help="only this one; with --dark or without")
    parser.add_argument("--dark", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
