"""Writes heads of GGUF files, right and wrong ones."""

import struct
from collections.abc import Mapping, Sequence

ALIGNMENT = 32
U32, F32, BOOL, STRING, ARRAY, U64 = 4, 6, 7, 8, 9, 10


def text(words: str | bytes) -> bytes:
    raw = words.encode() if isinstance(words, str) else words
    return struct.pack("<Q", len(raw)) + raw


def value(kind: int, content: object) -> bytes:
    """A value with its kind before it."""
    if kind == STRING:
        assert isinstance(content, str | bytes)
        return struct.pack("<I", STRING) + text(content)
    if kind == ARRAY:
        assert isinstance(content, list)
        if content and isinstance(content[0], str):
            return struct.pack("<IIQ", ARRAY, STRING, len(content)) + b"".join(map(text, content))
        return struct.pack(f"<IIQ{len(content)}I", ARRAY, U32, len(content), *content)
    forms = {U32: "I", F32: "f", BOOL: "?", U64: "Q"}
    return struct.pack(f"<I{forms[kind]}", kind, content)


def head(
    entries: Mapping[str, tuple[int, object]],
    tensors: Sequence[tuple[str, tuple[int, ...]]] = (),
    *,
    version: int = 3,
    counts: tuple[int, int] | None = None,
) -> bytes:
    """A head; each tensor is said to stand 4 KB after the last. `counts` are said instead of the true ones."""
    said_tensors, said_entries = counts or (len(tensors), len(entries))
    made = b"GGUF" + struct.pack("<IQQ", version, said_tensors, said_entries)
    for key, (kind, content) in entries.items():
        made += text(key) + value(kind, content)
    for number, (name, shape) in enumerate(tensors):
        made += text(name) + struct.pack(f"<I{len(shape)}QIQ", len(shape), *shape, 0, number * 4096)
    return made


def whole(entries: Mapping[str, tuple[int, object]], tensors: Sequence[tuple[str, tuple[int, ...]]] = ()) -> bytes:
    """A head with as many bytes of weights as it says."""
    made = head(entries, tensors)
    return made + bytes(-len(made) % ALIGNMENT) + bytes(4096 * len(tensors))
