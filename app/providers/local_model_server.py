"""
The child that serves the built-in model on 127.0.0.1, OpenAI-compatible. Imported in the child only.

stdout: one JSON line, {"base_url": …, "pid": …, "threads": …, "load_s": …} when it is ready,
        or {"error": …} and exit code 1 when it can't be.
stdin:  its end means that the parent is gone, and ends the process, on every system.
key:    from the environment variable BELAY_MODEL_KEY, never from the command line.
"""

import argparse
import ctypes
import json
import os
import signal
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TextIO

_import_error: ImportError | None = None
try:
    import xllamacpp
except ImportError as error:  # a system library is missing; `serve` says so on its line
    _import_error = error

_KEY_VARIABLE = "BELAY_MODEL_KEY"
_NICE = 10
_PR_SET_PDEATHSIG = 1
# A Stop takes effect between two batches of the prompt. 16 tokens take 0.2 s, and 0.6 s at the end of a full
# context; larger batches read no faster on a processor (128: 1.3 to 4.7 s; the default of 2048: 16 s and more).
_BATCH_TOKENS = 16
_PROMPT_CACHE_MIB = 256
_VERBOSITY = 1  # errors


def serve(arguments: Sequence[str]) -> None:
    """Load the model, say so, and serve until stdin ends. Never returns."""
    options = _parse(arguments)
    watcher = _die_with_parent()
    if sys.platform != "win32":
        os.nice(_NICE)
    stdout = _take_stdout()
    started_s = time.monotonic()
    try:
        server, threads = _load(options, os.environ.pop(_KEY_VARIABLE, ""))
    except (ImportError, MemoryError, OSError, RuntimeError, ValueError) as error:
        _announce(stdout, {"error": str(error) or type(error).__name__})
        sys.exit(1)
    load_s = round(time.monotonic() - started_s, 3)
    base_url = f"{server.listening_address}/v1"
    _announce(stdout, {"base_url": base_url, "pid": os.getpid(), "threads": threads, "load_s": load_s})
    watcher.join()  # `server` lives as long as this frame


def _parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="--serve-model")
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--alias", required=True)
    parser.add_argument("--ctx", type=int, default=8192)
    parser.add_argument("--threads", type=int, default=0, help="0: one less than the processor has")
    return parser.parse_args(arguments)


def _die_with_parent() -> threading.Thread:
    if sys.platform == "linux":
        parent = os.getppid()
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it died before the kernel knew that we care
            os._exit(0)
    watcher = threading.Thread(target=_exit_at_end_of_stdin, daemon=True)
    watcher.start()
    return watcher


def _exit_at_end_of_stdin() -> None:
    try:
        while os.read(0, 4096):
            pass
    finally:  # an error on the pipe is an end too
        os._exit(0)


def _take_stdout() -> TextIO:
    """Keep stdout for the one line; what llama.cpp prints goes to stderr from now on."""
    stdout = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return stdout


def _announce(stdout: TextIO, announcement: dict[str, object]) -> None:
    stdout.write(json.dumps(announcement) + "\n")
    stdout.flush()


def _load(options: argparse.Namespace, key: str) -> tuple[Any, int]:
    """
    Return the running server and its number of threads.

    Raises:
        ImportError, MemoryError, OSError, RuntimeError, ValueError: with a sentence that tells why not.
    """
    if _import_error is not None:
        raise ImportError(f"A library of the built-in model can't be loaded: {_import_error}") from _import_error
    if not key:
        raise ValueError(f"{_KEY_VARIABLE} is not set.")
    model: Path = options.model
    with model.open("rb") as file:
        if file.read(4) != b"GGUF":
            raise ValueError(f"{model.name} is not a GGUF file.")
    cores = os.cpu_count() or 2
    threads = min(options.threads, cores) if options.threads > 0 else max(1, cores - 1)
    params = xllamacpp.CommonParams()
    params.model.path = str(model)
    params.model_alias = {options.alias}
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.api_keys = [key]
    params.n_ctx = options.ctx
    params.n_parallel = 1
    params.n_batch = params.n_ubatch = _BATCH_TOKENS
    # With small batches the flash kernel takes up to twice the time deep in the context.
    params.flash_attn_type = xllamacpp.llama_flash_attn_type.LLAMA_FLASH_ATTN_TYPE_DISABLED
    params.sse_ping_interval = 1
    params.cache_ram_mib = _PROMPT_CACHE_MIB
    params.endpoint_metrics = True
    params.ui = False
    params.offline = True
    params.verbosity = _VERBOSITY
    for cpu in (params.cpuparams, params.cpuparams_batch):
        cpu.n_threads = threads
        cpu.poll = 0  # a waiting thread sleeps
    try:
        return xllamacpp.Server(params), threads
    except RuntimeError as error:
        raise RuntimeError(
            f"llama.cpp can't load {model.name}: the file may be damaged, or memory short. It says: {error}"
        ) from error
