"""Bad beginnings get one clear sentence and lose nothing."""

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fake_provider.process import FakeProvider
from tests.fake_provider.text import answer_text

ROOT = Path(__file__).parents[2]
LIMIT_S = 60
# Prints what is loaded in a real start: connected and idle, after a letter was written, and when the answer is there.
WRITING = """
import json, sys
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from app import main as program, start
from app.domain.conversation import MessageStatus
from app.domain.provider import ProviderPhase
from app.storage.paths import data_folder

HEAVY = ("openai", "pydantic", "httpx2")
begin = program.begin

def tell(moment, **more):
    print(json.dumps({"moment": moment, "loaded": [name for name in HEAVY if name in sys.modules], **more}), flush=True)

def answers(app):
    return [message for each in app.store.conversations for message in app.store.branch(each)
            if message.status is MessageStatus.COMPLETE and message.role == "assistant"]

def begin_and_write(app):
    begin(app)
    composer = app.window.findChild(QWidget, "composerInput")
    steps = iter([
        (lambda: any(state.phase is ProviderPhase.READY for state in app.store.providers.values()),
         lambda: tell("connected", models=[len(state.models) for state in app.store.providers.values()])),
        (lambda: True, lambda: QTest.keyClicks(composer, "H")),
        (lambda: hasattr(sys.modules.get("app.providers.client"), "Client"), lambda: tell("writing")),
        (lambda: True, lambda: QTest.keyClicks(composer, "i")),
        (lambda: True, lambda: QTest.keyClick(composer, Qt.Key.Key_Return)),
        (lambda: answers(app), lambda: tell("answered", text=answers(app)[0].content)),
        (lambda: True, app.window.close),
    ])
    current = [next(steps)]

    def look():
        if current and current[0][0]():
            current.pop()[1]()
            current.extend([step] if (step := next(steps, None)) else [])

    timer = QTimer(app.window)
    timer.timeout.connect(look)
    timer.start(50)

program.begin = begin_and_write
sys.exit(start.run(data_folder(sys.argv[1])))
"""


def start(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run the program to its end. Offscreen, and without an endpoint from the outside."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in {"DISPLAY", "WAYLAND_DISPLAY", "OPENAI_API_KEY"}
    }
    return subprocess.run(
        [sys.executable, "-m", "app", *arguments],
        cwd=ROOT,
        env={**kept, "QT_QPA_PLATFORM": "offscreen", **environ},
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
    )


def test_the_self_test_passes_and_touches_nothing_of_the_users(tmp_path: Path) -> None:
    shown = start("--self-test", HOME=str(tmp_path), XDG_DATA_HOME=str(tmp_path / "share"))
    lines = [json.loads(line) for line in shown.stdout.splitlines()]
    assert shown.returncode == 0, shown.stdout
    assert {line["check"] for line in lines[:-1]} >= {
        "interpreter", "sqlite", "fonts", "image formats", "tls roots", "stream from loopback",
        "stop of the built-in model", "resources", "migrations", "data folder",
    }  # fmt: skip
    assert all(line["ok"] for line in lines[:-1])
    assert lines[-1]["self_test"] == "passed"
    assert not (tmp_path / "share").exists()


def test_the_self_test_fails_where_something_is_broken(tmp_path: Path) -> None:
    broken = tmp_path / "sitecustomize.py"
    broken.write_text(
        "import ssl\nclass Broken:\n    def __init__(self, *a): raise OSError('no roots')\nssl.SSLContext = Broken\n"
    )
    shown = start("--self-test", PYTHONPATH=str(tmp_path))
    assert shown.returncode == 1
    assert '"tls roots"' in shown.stdout.splitlines()[-1]


def test_the_version_is_told() -> None:
    assert start("--version").stdout.startswith("belay-chat 0.")


def test_openai_is_loaded_when_the_user_begins_to_write(tmp_path: Path, provider: FakeProvider) -> None:
    """An idle window does without it, connected or not: 35 MB, and most of a second of a processor."""
    environ = {
        "QT_QPA_PLATFORM": "offscreen",
        "OPENAI_BASE_URL": provider.base_url,
        "OPENAI_API_KEY": "",
        "BELAY_MODEL": "rate=5000&count=20",
    }
    run = subprocess.run(
        [sys.executable, "-c", WRITING, str(tmp_path)],
        cwd=ROOT,
        env=os.environ | environ,
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
    )
    assert run.returncode == 0, run.stderr
    connected, writing, answered = map(json.loads, run.stdout.splitlines())
    assert connected["models"][0] > 1, "the provider has told its models"
    assert connected["loaded"] == []
    assert writing["loaded"] == ["openai", "pydantic", "httpx2"]
    assert answered["text"] == answer_text(20)
    assert len(provider.events("accepted")) == 1, "the list and the message went over one connection"


def test_without_a_display_it_says_so_and_runs_the_self_test() -> None:
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"}
    }
    shown = subprocess.run(
        [sys.executable, "-m", "app"], cwd=ROOT, env=kept, capture_output=True, text=True, timeout=LIMIT_S
    )
    assert "no display" in shown.stderr
    assert json.loads(shown.stdout.splitlines()[-1])["self_test"] == "passed"
    assert shown.returncode == 0


@pytest.mark.skipif(sys.platform != "linux", reason="a folder that not even root can write")
def test_an_unwritable_folder_is_told() -> None:
    shown = start("--data-dir", "/proc/belay")
    assert shown.returncode == 3
    assert "The conversations can't be opened. Choose another data folder with --data-dir. /proc/belay:" in shown.stderr


def test_a_folder_that_is_a_file_is_told(tmp_path: Path) -> None:
    blocker = tmp_path / "data"
    blocker.write_text("mine")
    shown = start("--data-dir", str(blocker))
    assert shown.returncode == 3
    assert shown.stderr.strip().splitlines()[-1].startswith("Belay can't start. The conversations can't be opened.")
    assert blocker.read_text() == "mine"


def test_a_newer_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    from_the_future = sqlite3.connect(tmp_path / "belay.db")
    from_the_future.execute("PRAGMA application_id = 0x42454C59")
    from_the_future.execute("PRAGMA user_version = 999")
    from_the_future.execute("CREATE TABLE later (a)")
    from_the_future.commit()
    from_the_future.close()
    shown = start("--data-dir", str(tmp_path))
    assert shown.returncode == 3
    assert "newer Belay" in shown.stderr


def start_with(change: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run `app.start` after a change to it."""
    script = (
        "import sys; from pathlib import Path; import app.start as start; from app.storage.paths import DataFolder\n"
        f"{change}\nsys.exit(start.run(DataFolder(Path({str(folder)!r}))))"
    )
    return subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
    )


CLOSED_AT_ONCE = """
new_window = start.new_window
def closed_at_once(qt, folder):
    window = new_window(qt, folder)
    window.first_painted.connect(window.close)
    return window
start.new_window = closed_at_once
"""


def test_a_window_that_is_closed_before_anything_is_in_it_ends_the_program(tmp_path: Path) -> None:
    shown = start_with(CLOSED_AT_ONCE, tmp_path)
    assert (shown.returncode, shown.stderr) == (0, "")
    assert not (tmp_path / "belay.db").exists(), "nothing was begun"


def test_what_cannot_be_loaded_is_told(tmp_path: Path) -> None:
    shown = start_with('start.LOADED_LATER = "app.not_there"', tmp_path)
    assert shown.returncode == 1
    assert shown.stderr.strip().splitlines()[-1] == "ModuleNotFoundError: No module named 'app.not_there'"


NEVER_PAINTED = """
from app.ui.main_window import MainWindow
MainWindow.paintEvent = lambda self, event: None
import app.session
app.session.run = lambda qt, folder, window, lock, first_paint_s: print("loaded", first_paint_s) or 0
"""


def test_a_window_that_nobody_sees_gets_ready_all_the_same(tmp_path: Path) -> None:
    assert start_with(NEVER_PAINTED, tmp_path).stdout == "loaded nan\n"


FIRST_PAINT = """
import PySide6.QtCore
def loaded(module, painted):
    painted.connect(lambda: (print("Qt" in vars(PySide6.QtCore)), sys.stdout.flush(), start.QApplication.exit(0)))
    return type("Never", (), {"wait": lambda self, qt: qt.exec() and None or sys.exit(0)})()
start.Loading = lambda module, painted: loaded(module, painted)
"""


def test_the_first_paint_does_without_the_namespace_qt(tmp_path: Path) -> None:
    """PySide6 makes all its enums when one is named: 25 ms, with which many a call of QPainter begins."""
    assert start_with(FIRST_PAINT, tmp_path).stdout == "False\n"
