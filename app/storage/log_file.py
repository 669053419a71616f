"""The log: what happened, never a key, a prompt or a reply."""

import logging
import os
import sys
import threading
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

from app.domain.redaction import Redactor

LOG_BYTES, LOG_FILES = 1_000_000, 3
FORMAT = "%(asctime)s %(levelname)s %(name)s %(message)s"

log = logging.getLogger(__name__)


class PrivateFile(RotatingFileHandler):
    """A log that only its user can read, also after it was begun anew."""

    def _open(self) -> TextIOWrapper:
        def opener(path: str, flags: int) -> int:
            return os.open(path, flags, 0o600)

        return open(self.baseFilename, "a", encoding=self.encoding, opener=opener)


class RedactingFormatter(logging.Formatter):
    """Takes the keys out of the finished text: message, arguments and traceback alike. Loses no record."""

    def __init__(self, redactor: Redactor) -> None:
        super().__init__(FORMAT)
        self._redactor = redactor

    def format(self, record: logging.LogRecord) -> str:
        try:
            text = super().format(record)
        except Exception as error:  # noqa: BLE001 - logging itself would print the arguments as they are
            text = f"{record.levelname} {record.name} {record.msg} (not formatted: {type(error).__name__})"
        return self._redactor.redacted(text)


def keep_log(path: Path, redactor: Redactor) -> None:
    """Log to this file and to stderr, with what nobody caught. Does nothing where the root has handlers already."""
    root = logging.getLogger()
    if root.handlers:
        return
    to_file = PrivateFile(path, maxBytes=LOG_BYTES, backupCount=LOG_FILES, encoding="utf-8", delay=True)
    for handler in (to_file, logging.StreamHandler(sys.stderr)):
        handler.setFormatter(RedactingFormatter(redactor))
        root.addHandler(handler)
    root.setLevel(logging.INFO)
    for noisy in ("httpx2", "httpcore2", "openai", "asyncio", "qasync"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    logging.captureWarnings(True)
    _log_what_nobody_caught()


def _log_what_nobody_caught() -> None:
    """Python would print it to stderr as it is, with the keys that an error's text holds."""

    def on_uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        log.critical("uncaught", exc_info=(kind, error, trace))

    def on_thread(args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            log.critical("uncaught in thread", exc_info=(args.exc_type, args.exc_value, args.exc_traceback))

    def on_unraisable(args: "sys.UnraisableHookArgs") -> None:
        log.error("unraisable", exc_info=args.exc_value)

    sys.excepthook = on_uncaught
    threading.excepthook = on_thread
    sys.unraisablehook = on_unraisable
