"""
The command line: the window, the self-test, or a child process: it serves the built-in model, or counts tokens.

Each is imported only when it is asked for: the children must not load Qt, and Qt must not be loaded
before it is known that its system libraries are there.
"""

import argparse
import gc
import importlib
import os
import sys
from collections.abc import Sequence

from app.storage.paths import data_folder, resources
from app.ui.platform_check import EXIT_CANNOT_START, has_graphical_session, why_window_cannot_open
from app.version import VERSION

SERVE_MODEL = "--serve-model"
COUNT_TOKENS = "--count-tokens"


def main(arguments: Sequence[str] | None = None) -> int:
    arguments = sys.argv[1:] if arguments is None else list(arguments)
    os.umask(0o077)  # what we write is the user's alone
    if arguments and arguments[0] == SERVE_MODEL:
        importlib.import_module("app.providers.local_model_server").serve(arguments[1:])
        return 0
    if arguments and arguments[0] == COUNT_TOKENS:
        counting = importlib.import_module("app.providers.counting_process")
        vocabulary = importlib.import_module("app.domain.tokens").Vocabulary(arguments[1])
        counting.serve_counts(vocabulary, resources() / "tokenizers", sys.stdin.buffer, sys.stdout.buffer)
        return 0
    options = _parser().parse_args(arguments)
    if not options.self_test and not has_graphical_session(os.environ, sys.platform):
        sys.stderr.write("There is no display to open a window on (neither DISPLAY nor WAYLAND_DISPLAY is set).\n")
        sys.stderr.write("Running the self-test on Qt's offscreen platform instead.\n")
        options.self_test = True
    if options.self_test:
        return int(importlib.import_module("app.self_test").run(sys.stdout))
    if (reason := why_window_cannot_open(os.environ, sys.platform)) is not None:
        sys.stderr.write(f"Belay can't open its window. {reason}\n")
        return EXIT_CANNOT_START
    gc.disable()  # there is nothing to collect among modules; `start` enables it
    return int(importlib.import_module("app.start").run(data_folder(options.data_dir)))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="belay-chat", description="A desktop chat client whose Stop is instant.")
    parser.add_argument("--data-dir", metavar="DIR", help="where conversations and settings are kept")
    parser.add_argument("--self-test", action="store_true", help="check this installation, print JSON lines, exit")
    parser.add_argument("--version", action="version", version=f"belay-chat {VERSION}")
    return parser


if __name__ == "__main__":
    sys.exit(main())
