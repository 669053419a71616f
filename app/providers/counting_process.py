"""
A tokenizer in a child process: building one holds Python's lock for 0.1 to 0.4 s, which would hold up the window.

What it held is given back when it ends. It ends with its parent: its stdin is closed then, on every system.
The protocol: a length (8 bytes) and so many bytes of UTF-8 in, one number (8 bytes) a TextClass out.
"""

import importlib
import os
import struct
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from app.domain.tokens import ClassCounts, TextClass, Vocabulary
from app.providers.bundled import PROGRAM_FOLDER, counting_command

_LENGTH = struct.Struct("!Q")
_COUNTS = struct.Struct(f"!{len(TextClass)}Q")
_NICE = 10
_END_LIMIT_S = 1.0


class CountingProcess:
    """For one thread at a time, which waits for each answer. Nothing of it must be called on the UI thread."""

    def __init__(self, vocabulary: Vocabulary, command: Sequence[str] | None = None) -> None:
        """
        Start it; it loads while the first text is on its way.

        Raises:
            OSError: it can't be started.
        """
        command = counting_command() if command is None else command
        self._child = subprocess.Popen(
            [*command, vocabulary],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=PROGRAM_FOLDER,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )

    @property
    def pid(self) -> int:
        return self._child.pid

    def count(self, text: str) -> ClassCounts:
        """
        Return the tokens of a text by class. Half of a surrogate pair counts as a character that can't be read.

        Raises:
            OSError: the process has ended.
        """
        try:
            data = text.encode()
        except UnicodeEncodeError:
            data = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").encode()
        assert self._child.stdin is not None
        assert self._child.stdout is not None
        try:
            self._child.stdin.write(_LENGTH.pack(len(data)) + data)
            self._child.stdin.flush()
            counts = self._child.stdout.read(_COUNTS.size)
        except ValueError as error:  # closed meanwhile
            raise BrokenPipeError("the process that counts was ended") from error
        if len(counts) < _COUNTS.size:
            raise BrokenPipeError("the process that counts has ended")
        return tuple(_COUNTS.unpack(counts))

    def close(self) -> None:
        """End it, and wait for its end."""
        with suppress(OSError):
            self._child.kill()
        with suppress(subprocess.TimeoutExpired):
            self._child.wait(_END_LIMIT_S)
        for pipe in (self._child.stdin, self._child.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()


def serve_counts(vocabulary: Vocabulary, folder: Path, texts: BinaryIO, counts: BinaryIO) -> None:
    """In the child: answer until `texts` ends."""
    if sys.platform != "win32":
        os.nice(_NICE)
    # Imported here and only here: the parent must not load it.
    tokenizer = importlib.import_module("app.providers.tokenizer").Tokenizer(vocabulary, folder)
    while len(head := texts.read(_LENGTH.size)) == _LENGTH.size:
        (length,) = _LENGTH.unpack(head)
        counts.write(_COUNTS.pack(*tokenizer.count(texts.read(length).decode())))
        counts.flush()
