"""What the program was doing when it crashed: the functions on each thread, and nothing of what they held."""

import contextlib
import faulthandler
import os
import platform
from io import TextIOWrapper
from pathlib import Path

from app.domain.redaction import Redactor

LONGEST_REPORT_CHARACTERS = 20_000


class CrashLog:
    """
    faulthandler writes here when the process dies of a signal: names of files and functions, no values.

    A kill -9, a power loss and an orderly end leave nothing.
    """

    def __init__(self, path: Path, redactor: Redactor, version: str) -> None:
        """Take what the last crash left, and begin anew. A disk that refuses costs the log, not the start."""
        self._path = path
        self._file: TextIOWrapper | None = None
        self.report = _report(path, redactor, version)
        with contextlib.suppress(OSError):
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            self._file = os.fdopen(descriptor, "w", encoding="utf-8")
            faulthandler.enable(self._file, all_threads=True)

    def close(self) -> None:
        """The program ends in good order."""
        if self._file is not None:
            faulthandler.disable()
            self._file.close()
            with contextlib.suppress(OSError):
                self._path.unlink(missing_ok=True)


def _report(path: Path, redactor: Redactor, version: str) -> str:
    """Return what the last crash left, in a form that can be shown to others; empty if there was none."""
    try:
        text = path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""
    if not text:
        return ""
    text = redactor.redacted(text).replace(str(Path.home()), "~")[:LONGEST_REPORT_CHARACTERS]
    return f"Belay {version}, Python {platform.python_version()}, {platform.platform()}\n\n{text}\n"
