"""
Take the README's picture: the real program, the real built-in model, a real Stop.

Usage: .venv/bin/python packaging/screenshot.py [--dark] [--scale 2] FILE.png
"""

import argparse
import asyncio
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PROMPT = "Write a short story about a sailor who ties a knot."
STOP_AFTER_CHARS = 560
ANSWER_LIMIT_S = 120


def main() -> int:
    options = _options()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ["QT_SCALE_FACTOR"] = str(options.scale)
    sys.path.insert(0, str(ROOT))
    return _take(options.file, dark=options.dark)


def _take(file: Path, *, dark: bool) -> int:
    # Qt reads the platform and the scale when it is loaded: not before the environment is set.
    from app.main import App  # noqa: PLC0415 - see above
    from tests.pictures.session import run_session  # noqa: PLC0415 - as above

    async def picture(app: App) -> None:
        async with asyncio.timeout(ANSWER_LIMIT_S):
            app.workspace.composer.send_requested.emit(PROMPT)
            (answer,) = app.store.generating()
            while app.store.generating() and len(app.store.text_of(answer)) < STOP_AFTER_CHARS:
                await asyncio.sleep(0.01)
            app.workspace.composer.stop_requested.emit()
            while len(app.active):
                await asyncio.sleep(0.02)
        await asyncio.sleep(0.5)
        app.window.grab().save(str(file))

    run_session((1100, 720), picture, dark=dark)
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Take a picture of Belay, just stopped.")
    parser.add_argument("file", type=Path)
    parser.add_argument("--dark", action="store_true")
    parser.add_argument("--scale", type=float, default=1.0)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
