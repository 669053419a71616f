"""Any model file of the user's runs in the same child, and whatever is wrong with it is told in one sentence."""

import asyncio
import contextlib
import json
import os
import shutil
import signal
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from app.domain.errors import (
    LocalModelCrashed,
    LocalModelEnded,
    LocalModelFailed,
    LocalModelOutOfMemory,
    ModelFileGone,
    ModelFileUnusable,
)
from app.domain.provider import Endpoint
from app.domain.settings import LocalModelSettings
from app.providers.bundled import find_weights
from app.providers.local_model import LocalModel
from app.providers.local_model_faults import failure_of_exit
from tests.unit.providers.gguf_writing import STRING, text, value
from tests.unit.providers.test_local_model import (
    SERVE,
    Losses,
    address_of,
    ask,
    connected,
    eventually,
    get,
    keep_address,
    processes_with,
    reads_proc,
    served_by,
)

pytestmark = reads_proc


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A real model under another name, as somebody downloaded it."""
    path = tmp_path / "My own model.Q4_1.gguf"
    shutil.copyfile(find_weights(), path)
    return path


def running(file: Path, **settings: int) -> LocalModel:
    return served_by(SERVE, settings=LocalModelSettings(file=str(file), **settings))


async def failure_of(model: LocalModel) -> LocalModelFailed:
    with pytest.raises(LocalModelFailed) as caught:
        await model.connect(Losses())
    await model.aclose()
    return caught.value


async def props(endpoint: Endpoint) -> dict[str, object]:
    found: dict[str, object] = json.loads((await get(endpoint, "/props", endpoint.api_key.reveal()))[1])
    return found


async def test_a_file_of_the_users_answers_under_its_own_name(own: Path) -> None:
    model = running(own, context_tokens=1024, threads=2)
    assert model.note == "My own model.Q4_1.gguf runs on this computer: what you write stays here."
    try:
        found = await model.connect(Losses())
        endpoint = address_of(found)
        assert found.default_model == "My own model.Q4_1"
        assert [(info.id, info.context_tokens) for info in found.models] == [("My own model.Q4_1", 1024)]
        settings = (await props(endpoint))["default_generation_settings"]
        assert isinstance(settings, dict)
        assert settings["n_ctx"] == 1024
        assert "4" in await asyncio.to_thread(ask, endpoint, "What is 2+2?")
    finally:
        await model.aclose()


async def test_threads_are_as_many_as_wished_and_no_more_than_there_are(own: Path, tmp_path: Path) -> None:
    seen = tmp_path / "threads"
    spy = f"""
        import pathlib
        import app.providers.local_model_server as server

        announce = server._announce

        def look_and_announce(stdout, said):
            pathlib.Path({str(seen)!r}).write_text(str(said.get("threads")))
            announce(stdout, said)

        server._announce = look_and_announce
    """
    python = textwrap.dedent(spy) + SERVE
    for wanted, used in ((1, 1), (10_000, os.cpu_count())):
        model = served_by(python, settings=LocalModelSettings(file=str(own), threads=wanted, context_tokens=512))
        async with connected(model):
            assert seen.read_text() == str(used)


async def test_loading_is_told_as_it_goes_on(own: Path) -> None:
    told: list[float] = []
    model = served_by(SERVE, settings=LocalModelSettings(file=str(own)), on_progress=told.append)
    async with connected(model):
        assert told, "nobody was told"
        assert all(0 <= progress < 1 for progress in told)
        assert max(told) > min(told)
    said = len(told)
    await asyncio.sleep(0.15)
    assert len(told) == said


async def test_a_file_that_was_moved_is_told_and_found_again(own: Path) -> None:
    model = running(own)
    async with connected(model):
        pass
    elsewhere = own.rename(own.with_name("elsewhere.gguf"))
    failure = await failure_of(model)
    assert isinstance(failure, ModelFileGone)
    assert "My own model.Q4_1.gguf" in failure.detail
    elsewhere.rename(own)
    async with connected(model):
        pass


def cut(path: Path) -> None:
    os.truncate(path, 50_000_000)


def cut_in_the_head(path: Path) -> None:
    os.truncate(path, 1_000_000)


def empty(path: Path) -> None:
    os.truncate(path, 0)


def fill_with_garbage(path: Path) -> None:
    path.write_bytes(os.urandom(100_000))


def replace_by_a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize("ruin", [cut, cut_in_the_head, empty, fill_with_garbage], ids=lambda deed: deed.__name__)
async def test_a_file_that_is_no_whole_model_is_refused_before_a_process_is_started(
    own: Path, tmp_path: Path, ruin: Callable[[Path], None]
) -> None:
    ruin(own)
    marker = str(tmp_path)
    model = served_by(f"{SERVE}  # {marker}", settings=LocalModelSettings(file=str(own)))
    failure = await failure_of(model)
    assert isinstance(failure, ModelFileUnusable), failure
    assert failure.detail.startswith("My own model.Q4_1.gguf")
    assert processes_with(marker) == []


async def test_a_folder_in_the_place_of_the_file_is_told(own: Path) -> None:
    replace_by_a_folder(own)
    assert isinstance(await failure_of(running(own)), ModelFileGone | ModelFileUnusable)


async def test_a_head_that_lies_about_the_weights_is_told_in_a_sentence(own: Path) -> None:
    """What only llama.cpp can see."""
    content, name = own.read_bytes(), text("general.architecture")
    own.write_bytes(content.replace(name + value(STRING, "llama"), name + value(STRING, "zzama")))
    assert own.read_bytes() != content
    failure = await failure_of(running(own))
    assert isinstance(failure, ModelFileUnusable)
    assert "unknown model architecture" in failure.detail


@pytest.mark.parametrize("limit_mb", [400, 600])
async def test_too_little_memory_is_told_as_that(own: Path, limit_mb: int) -> None:
    limit = f"import resource; resource.setrlimit(resource.RLIMIT_AS, ({limit_mb} << 20, {limit_mb} << 20))"
    failure = await failure_of(served_by(f"{limit}\n{SERVE}", settings=LocalModelSettings(file=str(own))))
    assert isinstance(failure, LocalModelOutOfMemory), failure.detail
    assert "memory" in failure.fault.title


async def test_a_child_that_is_killed_while_it_loads_is_told_and_can_be_started_again(
    own: Path, tmp_path: Path
) -> None:
    once = tmp_path / "once"
    suicide = f"""
import os, pathlib, signal
if not pathlib.Path({str(once)!r}).exists():
    pathlib.Path({str(once)!r}).touch()
    os.kill(os.getpid(), signal.SIGKILL)
"""
    model = served_by(suicide + SERVE, settings=LocalModelSettings(file=str(own)))
    failure = await failure_of(model)
    assert isinstance(failure, LocalModelEnded)
    assert "SIGKILL" in failure.detail
    async with connected(model):
        pass


async def test_a_child_that_is_killed_while_it_answers_is_told_once(own: Path) -> None:
    losses = Losses()
    model = running(own)
    async with connected(model, losses) as endpoint:
        answering = asyncio.create_task(asyncio.to_thread(ask_for_long, endpoint))
        await asyncio.sleep(0.3)
        assert model.pid is not None
        os.kill(model.pid, signal.SIGKILL)
        async with asyncio.timeout(5):
            await losses.came.wait()
            await answering
    assert [fault.title for fault in losses.faults] == [LocalModelEnded.title]


def ask_for_long(endpoint: Endpoint) -> None:
    with contextlib.suppress(OSError, AssertionError):  # the connection ends with the child
        ask(endpoint, "Write a very long story about the sea.")


async def test_a_stop_while_a_large_file_is_loaded_ends_the_child_at_once(own: Path, tmp_path: Path) -> None:
    marker = str(tmp_path)
    slow = f"import time; time.sleep(60)  # {marker}"
    model = served_by(slow, settings=LocalModelSettings(file=str(own)))
    connecting = asyncio.create_task(model.connect(Losses()))
    await eventually(lambda: bool(processes_with(marker)))
    connecting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await connecting
    await eventually(lambda: processes_with(marker) == [], limit_s=1)
    await model.aclose()


@pytest.mark.parametrize(
    ("exit_code", "said", "kind"),
    [
        (1, "failed to allocate buffer of size 99", LocalModelOutOfMemory),
        (-6, "terminate called after throwing an instance of 'std::bad_alloc'", LocalModelOutOfMemory),
        (1, "mmap failed: Cannot allocate memory", LocalModelOutOfMemory),
        (1, "tensor 'x' data is not within the file bounds, model is corrupted", ModelFileUnusable),
        (-6, "ggml.c:1644: GGML_ASSERT(ctx->mem_buffer != NULL) failed", LocalModelOutOfMemory),
        (-9, "", LocalModelEnded),
        (-11, "", LocalModelCrashed),
        (-4, "", LocalModelCrashed),
        (-6, "GGML_ASSERT(n > 0) failed", LocalModelCrashed),
        (0xC000_0005, "", LocalModelCrashed),
        (0, "failed to allocate", LocalModelFailed),
        (3, "", LocalModelFailed),
        (-15, "", LocalModelFailed),
    ],
)
def test_how_the_process_ended_tells_what_happened(exit_code: int, said: str, kind: type[LocalModelFailed]) -> None:
    failure = failure_of_exit(exit_code, [said])
    assert type(failure) is kind
    assert failure.detail.startswith("The model's process")


async def test_a_file_name_with_odd_characters_is_shown_without_them(tmp_path: Path) -> None:
    odd = tmp_path / ("bad\n\u202ename" + "x" * 150 + ".gguf")
    model = LocalModel(keep_address, LocalModelSettings(file=str(odd)), command=[sys.executable, "-c", SERVE])
    assert model.model.startswith("badnamexxx")
    assert len(model.model) == 100
    assert "\n" not in model.note
