"""Why the built-in model did not run, or runs no more: from what its process said and how it ended, one sentence."""

import signal
from collections.abc import Sequence

from app.domain.errors import (
    LocalModelCrashed,
    LocalModelEnded,
    LocalModelFailed,
    LocalModelOutOfMemory,
    ModelFileUnusable,
)

# What llama.cpp, ggml and the C++ library say. The first word that is found counts.
_SAID: tuple[tuple[str, type[LocalModelFailed]], ...] = (
    ("cannot allocate memory", LocalModelOutOfMemory),
    ("failed to allocate", LocalModelOutOfMemory),
    ("bad_alloc", LocalModelOutOfMemory),
    ("out of memory", LocalModelOutOfMemory),
    ("memoryerror", LocalModelOutOfMemory),
    ("mem_buffer != null", LocalModelOutOfMemory),
    ("resource temporarily unavailable", LocalModelOutOfMemory),
    ("not within the file bounds", ModelFileUnusable),
    ("unknown model architecture", ModelFileUnusable),
    ("missing tensor", ModelFileUnusable),
    ("error loading model", ModelFileUnusable),
)
_CRASHES = ("SIGSEGV", "SIGABRT", "SIGBUS", "SIGILL", "SIGFPE", "SIGSYS", "SIGTRAP")
# What GetExceptionCode of Windows makes of a process's exit code has its highest bits set.
_WINDOWS_CRASH = 0xC000_0000


def failure_of_exit(exit_code: int, last_lines: Sequence[str]) -> LocalModelFailed:
    """Return the failure that tells why the process is no more; `last_lines` are what it said last on stderr."""
    detail = "\n".join([_describe_exit(exit_code), *last_lines])
    said = "\n".join(last_lines).lower()
    for words, kind in _SAID:
        if words in said and exit_code != 0:
            return kind(detail)
    name = _signal_name(exit_code)
    if name == "SIGKILL":
        return LocalModelEnded(detail)
    if name in _CRASHES or exit_code >= _WINDOWS_CRASH:
        return LocalModelCrashed(detail)
    return LocalModelFailed(detail)


def _signal_name(exit_code: int) -> str:
    if exit_code >= 0:
        return ""
    try:
        return signal.Signals(-exit_code).name
    except ValueError:
        return str(-exit_code)


def _describe_exit(exit_code: int) -> str:
    if exit_code >= 0:
        return f"The model's process ended with exit code {exit_code}."
    return f"The model's process was ended by signal {_signal_name(exit_code)}."
