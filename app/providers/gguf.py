"""
Reads the head of a GGUF file: what the model is, not its weights.

The format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md. Nothing in the file is believed before it was
checked against the file's size, and nothing is kept that is not asked for.
"""

import os
import stat
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO

from app.domain.errors import ModelFileGone, ModelFileUnusable
from app.domain.local_model import ModelFile

MAGIC = b"GGUF"
_VERSIONS = (2, 3)
_MOST_ENTRIES, _MOST_TENSORS, _MOST_DIMENSIONS = 65_536, 262_144, 8
_MOST_TEXTS = 2_097_152  # the largest vocabularies have an eighth of that
_LONGEST_KEY, _LONGEST_TEXT = 1_024, 200
_MOST_HEAD_BYTES = 256 * 1_048_576  # the vocabularies of the largest models take 20 MB

_STRING, _ARRAY, _BOOL = 8, 9, 7
_NUMBERS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", _BOOL: "?", 10: "Q", 11: "q", 12: "d"}
_CACHE_BYTES_PER_VALUE = 2  # keys and values are kept as 16-bit floats

# general.file_type, llama.cpp's enum llama_ftype
_QUANTIZATIONS = {
    0: "F32", 1: "F16", 2: "Q4_0", 3: "Q4_1", 7: "Q8_0", 8: "Q5_0", 9: "Q5_1", 10: "Q2_K", 11: "Q3_K_S", 12: "Q3_K_M",
    13: "Q3_K_L", 14: "Q4_K_S", 15: "Q4_K_M", 16: "Q5_K_S", 17: "Q5_K_M", 18: "Q6_K", 19: "IQ2_XXS", 20: "IQ2_XS",
    21: "Q2_K_S", 22: "IQ3_XS", 23: "IQ3_XXS", 24: "IQ1_S", 25: "IQ4_NL", 26: "IQ3_S", 27: "IQ3_M", 28: "IQ2_S",
    29: "IQ2_M", 30: "IQ4_XS", 31: "IQ1_M", 32: "BF16", 36: "TQ1_0", 37: "TQ2_0", 38: "MXFP4",
}  # fmt: skip

Value = int | float | bool | str | None


def read_model_file(path: Path) -> ModelFile:
    """
    Return what a file says of the model in it. Looks at the disk; 0.1-0.5 s for a large vocabulary.

    Raises:
        ModelFileGone: it is not there, or can't be read.
        ModelFileUnusable: it is no GGUF file, or not a whole one.
    """
    try:
        # Not blocking: to open a pipe would wait for somebody to write into it.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        with os.fdopen(descriptor, "rb") as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise ModelFileUnusable(f"{path.name} is not a file.")
            return _Head(file, path, status.st_size).model_file()
    except OSError as error:
        raise ModelFileGone(f"{path.name}: {error.strerror or error}") from error


class _Head:
    """One file's head, read from its beginning to the end of the list of tensors."""

    def __init__(self, file: BinaryIO, path: Path, size_bytes: int) -> None:
        self._file = file
        self._path = path
        self._size_bytes = size_bytes
        self._at = 0

    def model_file(self) -> ModelFile:
        if self._size_bytes == 0:
            raise ModelFileUnusable(f"{self._path.name} is empty.")
        if self._file.read(len(MAGIC)) != MAGIC:
            raise ModelFileUnusable(f"{self._path.name} is not a GGUF file.")
        self._at = len(MAGIC)
        version = self._number("I")
        if version not in _VERSIONS:
            raise ModelFileUnusable(f"{self._path.name} has a form of GGUF that is not known.")
        tensors, entries = self._number("Q"), self._number("Q")
        if tensors > _MOST_TENSORS or entries > _MOST_ENTRIES:
            raise self._damaged()
        told: dict[str, Value] = {}
        for _ in range(entries):
            key = self._text(_LONGEST_KEY)
            value = self._value()
            if value is not None:
                told[key] = value
        parameters = self._parameters(tensors, _whole(told, "general.alignment") or 32)
        return self._described(told, parameters)

    def _described(self, told: Mapping[str, Value], parameters: int) -> ModelFile:
        architecture = _words(told, "general.architecture")
        file_type = _whole(told, "general.file_type")
        return ModelFile(
            path=str(self._path),
            size_bytes=self._size_bytes,
            name=_words(told, "general.name"),
            architecture=architecture,
            quantization=_QUANTIZATIONS.get(file_type, "") if file_type is not None else "",
            parameters=parameters or None,
            trained_context_tokens=_whole(told, f"{architecture}.context_length"),
            cache_bytes=_cache_bytes(told, architecture),
            parts=_whole(told, "split.count") or 1,
        )

    def _parameters(self, tensors: int, alignment: int) -> int:
        """Count the weights; see that the place of each tensor is inside the file."""
        parameters, last_offset = 0, 0
        for _ in range(tensors):
            self._skip_text()
            dimensions = self._number("I")
            if dimensions > _MOST_DIMENSIONS:
                raise self._damaged()
            weights = 1
            for _ in range(dimensions):
                weights *= self._number("Q")
            parameters += weights
            self._number("I")  # how they are stored
            last_offset = max(last_offset, self._number("Q"))
        begin = -(-self._at // alignment) * alignment
        if tensors and begin + last_offset >= self._size_bytes:
            raise ModelFileUnusable(f"{self._path.name} is not complete: its end is missing.")
        return parameters

    def _value(self) -> Value:
        """Return a number, a truth or a short text. Of an array its largest number if it is short, else None."""
        kind = self._number("I")
        if kind == _STRING:
            return self._text(_LONGEST_TEXT)
        if kind in _NUMBERS:
            return self._number(_NUMBERS[kind])
        if kind != _ARRAY:
            raise self._damaged()
        return self._array()

    def _array(self) -> Value:
        kind, length = self._number("I"), self._number("Q")
        if length > self._size_bytes:
            raise self._damaged()
        if kind == _STRING and length <= _MOST_TEXTS:
            for _ in range(length):
                self._skip_text()
            return None
        if kind not in _NUMBERS:  # arrays of arrays, too: no model has them
            raise self._damaged()
        form = struct.Struct(f"<{_NUMBERS[kind]}")
        if length > _MOST_ENTRIES or not length:
            self._skip(length * form.size)
            return None
        largest: Value = max(value for (value,) in form.iter_unpack(self._bytes(length * form.size)))
        return largest

    def _number(self, form: str) -> int:
        packed = struct.Struct(f"<{form}")
        (value,) = packed.unpack(self._bytes(packed.size))
        return value  # type: ignore[no-any-return]  # what the form says; floats are told apart by who asks

    def _text(self, limit: int) -> str:
        """Return a text; of a longer one its beginning."""
        length = self._number("Q")
        kept = self._bytes(min(length, limit))
        self._skip(length - len(kept))
        return kept.decode(errors="replace")

    def _skip_text(self) -> None:
        self._skip(self._number("Q"))

    def _bytes(self, count: int) -> bytes:
        self._advance(count)
        found = self._file.read(count)
        if len(found) < count:
            raise self._damaged()
        return found

    def _skip(self, count: int) -> None:
        self._advance(count)
        self._file.seek(count, os.SEEK_CUR)

    def _advance(self, count: int) -> None:
        self._at += count
        if self._at > min(self._size_bytes, _MOST_HEAD_BYTES):
            raise self._damaged()

    def _damaged(self) -> ModelFileUnusable:
        return ModelFileUnusable(f"{self._path.name} is damaged or not complete.")


def _whole(told: Mapping[str, Value], key: str) -> int | None:
    value = told.get(key)
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else None


def _words(told: Mapping[str, Value], key: str) -> str:
    value = told.get(key)
    if not isinstance(value, str):
        return ""
    return " ".join("".join(char if char.isprintable() else " " for char in value).split())


def _cache_bytes(told: Mapping[str, Value], architecture: str) -> int | None:
    """What each token of the context takes: keys and values of every layer."""
    layers = _whole(told, f"{architecture}.block_count")
    heads = _whole(told, f"{architecture}.attention.head_count")
    width = _whole(told, f"{architecture}.embedding_length")
    if layers is None or heads is None or width is None:
        return None
    groups = _whole(told, f"{architecture}.attention.head_count_kv") or heads
    keys = _whole(told, f"{architecture}.attention.key_length") or width // heads
    values = _whole(told, f"{architecture}.attention.value_length") or width // heads
    return layers * groups * (keys + values) * _CACHE_BYTES_PER_VALUE
