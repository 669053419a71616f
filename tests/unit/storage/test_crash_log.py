"""A crash leaves the names of functions, and nothing of what they held."""

import stat
import subprocess
import sys
from pathlib import Path

from app.domain.provider import Secret
from app.domain.redaction import Redactor
from app.storage.crash_log import CrashLog

ROOT = Path(__file__).parents[3]
SECRET = "sk-canary-0123456789abcdef"
_CRASH = """
import faulthandler, sys
from pathlib import Path
from app.domain.redaction import Redactor
from app.storage.crash_log import CrashLog
def holds_the_key(key):
    {act}
log = CrashLog(Path(sys.argv[1]), Redactor(), "1.2.3")
holds_the_key("sk-canary-0123456789abcdef")
log.close()
"""


def run(path: Path, act: str) -> int:
    script = _CRASH.format(act=act)
    return subprocess.run([sys.executable, "-c", script, str(path)], cwd=ROOT, capture_output=True).returncode


def test_the_next_start_has_the_functions_of_the_crash_and_no_values(tmp_path: Path) -> None:
    path = tmp_path / "crash.log"
    assert run(path, "faulthandler._sigsegv()") < 0
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    found = CrashLog(path, Redactor(), "1.2.3")
    found.close()
    assert "holds_the_key" in found.report
    assert found.report.startswith("Belay 1.2.3, Python 3.")
    assert SECRET not in found.report


def test_an_orderly_end_and_a_kill_leave_nothing_to_report(tmp_path: Path) -> None:
    path = tmp_path / "crash.log"
    assert run(path, "pass") == 0
    assert not path.exists()
    assert run(path, "import os; os.kill(os.getpid(), 9)") < 0
    found = CrashLog(path, Redactor(), "1")
    found.close()
    assert found.report == ""


def test_a_report_names_neither_the_home_folder_nor_a_key(tmp_path: Path) -> None:
    path = tmp_path / "crash.log"
    redactor = Redactor()
    redactor.learn(Secret("my-own-kind-of-key"))
    path.write_text(f'File "{Path.home()}/x/my-own-kind-of-key.py", line 1 in f')
    found = CrashLog(path, redactor, "1")
    found.close()
    assert 'File "~/x/….py", line 1 in f' in found.report


def test_a_disk_that_refuses_does_not_keep_the_program_from_starting(tmp_path: Path) -> None:
    found = CrashLog(tmp_path / "missing" / "crash.log", Redactor(), "1")
    found.close()
    assert found.report == ""
