"""The log holds no key, loses no line, and hears what nobody caught."""

import logging
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from app.storage.log_file import PrivateFile

ROOT = Path(__file__).parents[3]
KEY = "canary0123456789"  # looks like no key

PROGRAM = f"""
import logging, sys, threading, warnings
from pathlib import Path
from app.domain.provider import Secret
from app.domain.redaction import Redactor
from app.storage.log_file import keep_log

redactor = Redactor()
keep_log(Path(sys.argv[1]), redactor)
redactor.learn(Secret("{KEY}"))
log = logging.getLogger("somebody")

class Rude:
    def __repr__(self):
        raise ValueError("{KEY}")

def fail():
    raise RuntimeError("the server said {KEY}")

log.info("in the message {KEY} end-1")
log.info("in an argument %s end-2", {{"key": "{KEY}"}})
log.info("too many arguments {KEY} end-3", "{KEY}")
log.info("an argument that fails %s end-4", Rude())
try:
    fail()
except RuntimeError:
    log.exception("in a traceback end-5")
log.info("with a stack end-6", stack_info=True)
warnings.warn("a warning {KEY} end-7")
thread = threading.Thread(target=fail, name="end-8")
thread.start()
thread.join()

class Dying:
    def __del__(self):
        fail()

Dying()
log.info("bytes %r end-9", b"{KEY}")
fail()
"""


def test_no_way_of_logging_shows_a_key_and_none_loses_a_line(tmp_path: Path) -> None:
    path = tmp_path / "belay.log"
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(path)], cwd=ROOT, capture_output=True, text=True, env=dict(os.environ)
    )
    assert done.returncode == 1, "the last exception was not raised"
    logged = path.read_text(encoding="utf-8")
    for text in (logged, done.stderr):
        assert KEY not in text
        for number in (1, 2, 3, 4, 5, 6, 7, 9):
            assert f"end-{number}" in text
        assert "not formatted: TypeError" in text
        assert "not formatted: ValueError" in text
        assert text.count("RuntimeError: the server said …") == 4  # caught, in a thread, in a destructor, at the end
        assert "uncaught in thread" in text
        assert text.rstrip().endswith("RuntimeError: the server said …")


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
def test_nobody_else_can_read_it_also_when_it_was_begun_anew(tmp_path: Path) -> None:
    path = tmp_path / "belay.log"
    handler = PrivateFile(path, maxBytes=100, backupCount=2)
    for _ in range(5):
        handler.emit(logging.LogRecord("n", logging.INFO, "p", 1, "x" * 60, (), None))
    handler.close()
    modes = {each.name: stat.S_IMODE(each.stat().st_mode) for each in tmp_path.iterdir()}
    assert modes == {"belay.log": 0o600, "belay.log.1": 0o600, "belay.log.2": 0o600}
