"""The head of a model file is read without its weights, and no file can make that go wrong in another way than told."""

import os
import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.errors import LocalModelFailed, ModelFileGone, ModelFileUnusable
from app.domain.local_model import ModelFile, context_tokens, needed_bytes
from app.domain.settings import LocalModelSettings
from app.providers.bundled import find_weights
from app.providers.gguf import read_model_file
from app.providers.memory import free_memory_bytes
from tests.unit.providers.gguf_writing import ARRAY, BOOL, F32, STRING, U32, U64, head, text, whole

NOBODY = 65_534
LLAMA = {
    "general.architecture": (STRING, "llama"),
    "general.name": (STRING, "My  Model\n\x00\u202e7B"),
    "general.file_type": (U32, 15),
    "llama.context_length": (U32, 32_768),
    "llama.block_count": (U32, 32),
    "llama.embedding_length": (U32, 4096),
    "llama.attention.head_count": (U32, 32),
    "llama.attention.head_count_kv": (U32, 8),
    "llama.rope.freq_base": (F32, 10_000.0),
    "tokenizer.ggml.add_bos": (BOOL, True),
    "tokenizer.ggml.tokens": (ARRAY, ["<s>", "</s>", "ü", "x" * 500]),
    "tokenizer.ggml.token_type": (ARRAY, [1, 2, 3]),
    "some.size": (U64, 1 << 60),
}
TENSORS = (("token_embd.weight", (4096, 1000)), ("output_norm.weight", (4096,)))


def written(folder: Path, content: bytes) -> Path:
    path = folder / "model.gguf"
    path.write_bytes(content)
    return path


@contextmanager
def as_somebody() -> Iterator[None]:
    """Root may read everything: be somebody else for a moment."""
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    if is_root:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        if is_root:
            os.seteuid(0)


def failure(path: Path) -> LocalModelFailed:
    with pytest.raises(LocalModelFailed) as caught:
        read_model_file(path)
    return caught.value


def test_the_weights_that_come_with_belay_are_described() -> None:
    file = read_model_file(find_weights())
    assert file.name.startswith("Smollm2 135M")
    assert (file.architecture, file.quantization, file.parameters) == ("llama", "Q4_1", 134_515_008)
    assert file.trained_context_tokens == 8192
    # llama.cpp allocates 180 MiB for a context of 8,192 tokens.
    assert file.cache_bytes is not None
    assert file.cache_bytes * 8192 == 180 * 1_048_576
    assert file.size_bytes == find_weights().stat().st_size


def test_what_a_file_says_is_told_in_plain_words(tmp_path: Path) -> None:
    file = read_model_file(written(tmp_path, whole(LLAMA, TENSORS)))
    assert file.name == "My Model 7B", "no line ends, control or direction characters"
    assert (file.quantization, file.parameters, file.trained_context_tokens) == ("Q4_K_M", 4096 * 1001, 32_768)
    assert file.cache_bytes == 32 * 8 * (128 + 128) * 2


def test_heads_that_differ_by_layer_count_as_the_largest(tmp_path: Path) -> None:
    entries = {**LLAMA, "llama.attention.head_count_kv": (ARRAY, [0, 4, 2])}
    assert read_model_file(written(tmp_path, whole(entries, TENSORS))).cache_bytes == 32 * 4 * (128 + 128) * 2


def test_what_a_file_does_not_say_is_not_known(tmp_path: Path) -> None:
    file = read_model_file(written(tmp_path, whole({})))
    assert (file.name, file.quantization, file.parameters, file.trained_context_tokens, file.cache_bytes) == (
        "", "", None, None, None,
    )  # fmt: skip


def test_an_empty_file_a_letter_and_a_folder_are_no_models(tmp_path: Path) -> None:
    assert failure(written(tmp_path, b"")).detail == "model.gguf is empty."
    assert failure(written(tmp_path, b"Dear Sir or Madam")).detail == "model.gguf is not a GGUF file."
    assert isinstance(failure(written(tmp_path, b"GG")), ModelFileUnusable)
    assert isinstance(failure(tmp_path), LocalModelFailed)


def test_a_file_that_is_gone_or_not_ours_to_read_says_so(tmp_path: Path) -> None:
    assert isinstance(failure(tmp_path / "nowhere.gguf"), ModelFileGone)
    path = written(tmp_path, whole(LLAMA))
    path.chmod(0)
    with as_somebody():
        assert isinstance(failure(path), ModelFileGone)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names here")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.gguf")
    began_s = time.monotonic()
    assert "is not a file" in failure(tmp_path / "pipe.gguf").detail
    assert time.monotonic() - began_s < 1


def test_a_file_that_was_cut_anywhere_is_told(tmp_path: Path) -> None:
    complete = whole(LLAMA, TENSORS)
    for length in range(4, len(complete) - 4096, 7):
        assert isinstance(failure(written(tmp_path, complete[:length])), ModelFileUnusable), length


@pytest.mark.parametrize(
    "content",
    [
        head(LLAMA, version=1),
        head(LLAMA, version=4),
        head(LLAMA, counts=(0, 1 << 63)),
        head(LLAMA, counts=(1 << 63, 1)),
        b"GGUF" + struct.pack("<IQQ", 3, 0, 1) + struct.pack("<Q", 1 << 62),
        b"GGUF" + struct.pack("<IQQ", 3, 0, 1) + text("k") + struct.pack("<IQ", STRING, (1 << 64) - 1),
        b"GGUF" + struct.pack("<IQQ", 3, 0, 1) + text("k") + struct.pack("<IIQ", ARRAY, U32, 1 << 62),
        b"GGUF" + struct.pack("<IQQ", 3, 0, 1) + text("k") + struct.pack("<IIQ", ARRAY, ARRAY, 1) + bytes(64),
        b"GGUF" + struct.pack("<IQQ", 3, 0, 1) + text("k") + struct.pack("<I", 99) + bytes(64),
        b"GGUF" + struct.pack("<IQQ", 3, 1, 0) + text("t") + struct.pack("<I", 1 << 31) + bytes(64),
        b"GGUF" + struct.pack("<IQQ", 3, 1, 0) + text("t") + struct.pack("<IQIQ", 1, 1, 0, 1 << 63),
    ],
    ids=range(11),
)
def test_a_hostile_head_is_refused_at_once(tmp_path: Path, content: bytes) -> None:
    began_s = time.monotonic()
    assert isinstance(failure(written(tmp_path, content)), ModelFileUnusable)
    assert time.monotonic() - began_s < 1


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.integers(0, 600), noise=st.binary(min_size=1, max_size=24))
def test_damage_anywhere_is_read_or_refused(tmp_path: Path, at: int, noise: bytes) -> None:
    content = bytearray(whole(LLAMA, TENSORS))
    content[at : at + len(noise)] = noise
    path = written(tmp_path, bytes(content))
    try:
        file = read_model_file(path)
    except LocalModelFailed:
        return
    assert file.name.isprintable()
    assert len(file.name) <= 200


@pytest.mark.parametrize(
    ("wanted", "trained", "used"),
    [(0, 8192, 8192), (0, 131_072, 8192), (0, 2048, 2048), (0, None, 8192), (16_384, 8192, 16_384), (3, 8192, 512)],
)
def test_the_context_is_the_users_or_one_that_the_model_knows(wanted: int, trained: int | None, used: int) -> None:
    file = ModelFile(path="m", size_bytes=1, trained_context_tokens=trained)
    assert context_tokens(LocalModelSettings(context_tokens=wanted), file) == used


def test_what_a_model_needs_is_near_what_it_takes() -> None:
    """SmolLM2 with a context of 8,192 tokens: 347 MB resident when it is loaded, measured."""
    assert 0.9 < needed_bytes(read_model_file(find_weights()), 8192) / 347e6 < 1.25


@pytest.mark.skipif(not Path("/proc/meminfo").exists(), reason="reads /proc")
def test_free_memory_is_between_nothing_and_all_there_is() -> None:
    free = free_memory_bytes()
    assert free is not None
    assert 0 < free < os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
