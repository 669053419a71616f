"""The built-in model is a child process that is ready soon, obeys at once and never outlives its parent."""

import asyncio
import contextlib
import http.client
import json
import logging
import os
import signal
import socket
import sys
import textwrap
import threading
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from app.domain.abort import AbortSignal
from app.domain.completion import Chunk, CompletionRequest, Delta, Turn
from app.domain.conversation import Role
from app.domain.errors import Fault, LocalModelEnded, LocalModelFailed, ProviderUnreachable, Remedy
from app.domain.model import ModelInfo
from app.domain.provider import Connected, Endpoint
from app.domain.settings import STANDARD_LOCAL_MODEL, LocalModelSettings
from app.providers.local_model import MODEL, LocalModel, ModelFileMissing
from app.providers.resting import REST_AFTER_S, Resting
from app.providers.sources import connect_endpoint

ROOT = Path(__file__).resolve().parents[3]
SERVE = "import sys; from app.providers.local_model_server import serve; serve(sys.argv[1:])"

reads_proc = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


class AddressOnly:
    """A provider that only keeps the address: these tests talk to the child with no client of ours between."""

    def __init__(self, endpoint: Endpoint) -> None:
        self.endpoint = endpoint
        self.closed = False

    def stream(self, request: CompletionRequest, signal: AbortSignal) -> AsyncGenerator[Chunk, None]:
        raise NotImplementedError

    async def list_models(self) -> tuple[ModelInfo, ...]:
        return ()

    async def warm(self) -> None:
        return None

    async def aclose(self) -> None:
        self.closed = True


class Losses:
    """Every fault that `on_lost` was told, on the loop."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self.came = asyncio.Event()

    def __call__(self, fault: Fault) -> None:
        asyncio.get_running_loop()
        self.faults.append(fault)
        self.came.set()


async def keep_address(endpoint: Endpoint) -> AddressOnly:
    return AddressOnly(endpoint)


def served_by(
    python: str,
    *,
    start_limit_s: float = 60.0,
    model_file: Path | None = None,
    settings: LocalModelSettings = STANDARD_LOCAL_MODEL,
    on_progress: Callable[[float], None] | None = None,
    rest_after_s: float = REST_AFTER_S,
) -> LocalModel:
    """Return the model with a child that runs `python` instead of Belay's command line."""
    return LocalModel(
        keep_address,
        settings,
        command=[sys.executable, "-c", textwrap.dedent(python)],
        start_limit_s=start_limit_s,
        model_file=model_file,
        on_progress=on_progress,
        rest_after_s=rest_after_s,
    )


def address_of(found: Connected) -> Endpoint:
    assert isinstance(found.provider, Resting)
    assert isinstance(found.provider.asked, AddressOnly)
    return found.provider.asked.endpoint


@contextlib.asynccontextmanager
async def connected(model: LocalModel, losses: Losses | None = None) -> AsyncIterator[Endpoint]:
    try:
        yield address_of(await model.connect(losses or Losses()))
    finally:
        await model.aclose()


def request_bytes(endpoint: Endpoint, **body: object) -> bytes:
    content = json.dumps({"model": MODEL, "temperature": 0, "stream": True, **body}).encode()
    lines = [
        "POST /v1/chat/completions HTTP/1.1",
        f"Host: {urlsplit(endpoint.base_url).netloc}",
        f"Authorization: Bearer {endpoint.api_key.reveal()}",
        "Content-Type: application/json",
        f"Content-Length: {len(content)}",
        "Connection: close",
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + content


def connect_to(endpoint: Endpoint) -> socket.socket:
    address = urlsplit(endpoint.base_url)
    assert address.hostname == "127.0.0.1"
    assert address.port is not None
    return socket.create_connection((address.hostname, address.port), timeout=20)


async def get(endpoint: Endpoint, path: str, key: str | None) -> tuple[int, str]:
    """GET over plain HTTP, on a thread. Returns the status and the body."""

    def ask() -> tuple[int, str]:
        with contextlib.closing(
            http.client.HTTPConnection(urlsplit(endpoint.base_url).netloc, timeout=20)
        ) as connection:
            connection.request("GET", path, headers={"Authorization": f"Bearer {key}"} if key else {})
            response = connection.getresponse()
            return response.status, response.read().decode()

    return await asyncio.to_thread(ask)


async def requests_processing(endpoint: Endpoint) -> int:
    _, metrics = await get(endpoint, "/metrics", endpoint.api_key.reveal())
    (line,) = [line for line in metrics.splitlines() if line.startswith("llamacpp:requests_processing ")]
    return int(line.split()[1])


def ask(endpoint: Endpoint, question: str) -> str:
    """Send one question and return the streamed answer, joined; blocks."""
    with connect_to(endpoint) as connection:
        turns = [{"role": "user", "content": question}]
        connection.sendall(request_bytes(endpoint, messages=turns, max_tokens=24))
        with connection.makefile("rb") as stream:
            events = [line[6:] for line in stream if line.startswith(b"data: {")]
    choices = [choice for event in events for choice in json.loads(event)["choices"]]
    assert len(choices) > 3, "it came in one piece"
    return "".join(choice["delta"].get("content") or "" for choice in choices)


def processes_with(marker: str) -> list[int]:
    """Return the living processes with `marker` on their command line. Zombies have no command line."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):  # it ended while we looked
            if marker.encode() in entry.read_bytes():
                found.append(int(entry.parent.name))
    return found


def exists(pid: int | None) -> bool:
    """Say if the kernel knows `pid`, be it as a zombie."""
    return Path(f"/proc/{pid}").exists()


def is_alive(pid: int) -> bool:
    """Say if `pid` runs; a zombie, which waits for an init process that some containers lack, does not."""
    try:
        return stat_fields(pid)[0] != "Z"
    except OSError:
        return False


def cpu_s(pid: int) -> float:
    """Return the processor time that `pid` has used, in steps of 10 ms."""
    return sum(map(int, stat_fields(pid)[11:13])) / os.sysconf("SC_CLK_TCK")


def stat_fields(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()


async def eventually(holds: Callable[[], bool], limit_s: float = 10) -> None:
    async with asyncio.timeout(limit_s):
        while not holds():  # another process makes it true and tells nobody
            await asyncio.sleep(0.005)


async def test_the_lite_edition_says_that_it_has_no_model(monkeypatch: pytest.MonkeyPatch) -> None:
    """There what runs models is missing."""
    monkeypatch.setattr("app.providers.local_model.has_runtime", lambda: False)
    model = served_by(SERVE)
    assert model.note == ""
    with pytest.raises(ModelFileMissing) as failure:
        await model.connect(Losses())
    assert failure.value.remedy is Remedy.PROVIDERS
    await model.aclose()


async def test_its_port_is_known_while_it_listens_and_not_before(tmp_path: Path) -> None:
    model = served_by(SERVE)
    assert model.port is None
    starting = asyncio.create_task(model.connect(Losses()))
    while model.pid is None:
        await asyncio.sleep(0)
    assert model.port is None
    found = await starting
    assert str(model.port) in address_of(found).base_url
    await model.aclose()
    assert model.port is None


async def test_it_answers_in_pieces_and_only_with_its_key(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    losses = Losses()
    model = served_by(SERVE)
    try:
        found = await model.connect(losses)
        endpoint = address_of(found)
        assert ([model.id for model in found.models], found.default_model) == ([MODEL], MODEL)
        assert found.models[0].context_tokens == 8192
        assert endpoint.is_local
        assert "4" in await asyncio.to_thread(ask, endpoint, "What is 2+2?")
        listed = json.loads((await get(endpoint, "/v1/models", endpoint.api_key.reveal()))[1])
        assert [entry["id"] for entry in listed["data"]] == [MODEL]
        assert (await get(endpoint, "/metrics", None))[0] == 401
        assert (await get(endpoint, "/metrics", "wrong"))[0] == 401
        assert endpoint.api_key.reveal() not in caplog.text
    finally:
        await model.aclose()
    assert isinstance(found.provider, Resting)
    assert isinstance(found.provider.asked, AddressOnly)
    assert found.provider.asked.closed
    assert losses.faults == []


@reads_proc
def test_its_key_is_not_on_the_command_line_and_is_taken_from_the_environment(tmp_path: Path) -> None:
    seen = tmp_path / "environment"
    spy = f"""
        import os
        import pathlib
        import app.providers.local_model_server as server

        announce = server._announce

        def look_and_announce(*arguments):
            pathlib.Path({str(seen)!r}).write_text(repr(dict(os.environ)))
            announce(*arguments)

        server._announce = look_and_announce
    """
    model = served_by(textwrap.dedent(spy) + SERVE)

    async def look() -> str:
        async with connected(model) as endpoint:
            key = endpoint.api_key.reveal()
            assert processes_with(key) == []
            return key

    key = asyncio.run(look())
    assert "PATH" in seen.read_text()
    assert key not in seen.read_text()


@reads_proc
async def test_it_gives_way_to_the_window_and_ctrl_c_does_not_reach_it() -> None:
    model = served_by(SERVE)
    async with connected(model):
        assert model.pid is not None
        assert os.getpriority(os.PRIO_PROCESS, model.pid) == min(19, os.getpriority(os.PRIO_PROCESS, 0) + 10)
        assert os.getpgid(model.pid) != os.getpgid(0)
        # One session: in another, sched_autogroup would give it the same share as the window.
        assert os.getsid(model.pid) == os.getsid(0)


@reads_proc
async def test_closing_ends_it_and_tells_nobody() -> None:
    losses = Losses()
    model = served_by(SERVE)
    async with connected(model, losses):
        pid = model.pid
    assert pid is not None
    assert not exists(pid), "it runs on or is a zombie"
    assert model.pid is None
    await model.aclose()
    assert losses.faults == []


@reads_proc
async def test_connecting_again_ends_the_child_before_and_takes_a_new_key() -> None:
    losses = Losses()
    model = served_by(SERVE)
    async with connected(model, losses) as first:
        pid = model.pid
        async with connected(model, losses) as second:
            assert model.pid != pid
            assert not exists(pid)
            assert first.api_key.reveal() != second.api_key.reveal()
    assert losses.faults == []


@reads_proc
async def test_a_child_that_is_killed_is_told_once_with_the_signal() -> None:
    losses = Losses()
    model = served_by(SERVE)
    async with connected(model, losses):
        assert model.pid is not None
        os.kill(model.pid, signal.SIGKILL)
        async with asyncio.timeout(5):
            await losses.came.wait()
    assert [fault.title for fault in losses.faults] == [LocalModelEnded.title]
    assert "SIGKILL" in losses.faults[0].detail


@reads_proc
@pytest.mark.parametrize("moment", ["at once", "while the model is loaded"])
async def test_a_cancelled_connect_leaves_no_child(tmp_path: Path, moment: str) -> None:
    marker = str(tmp_path)
    model = served_by(f"{SERVE}  # {marker}")
    connecting = asyncio.create_task(model.connect(Losses()))
    await asyncio.sleep(0)
    if moment != "at once":
        await eventually(lambda: bool(processes_with(marker)))
    connecting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await connecting
    await eventually(lambda: not any(thread.name == "child-process" for thread in threading.enumerate()))
    assert processes_with(marker) == []
    await model.aclose()


@reads_proc
async def test_closing_while_it_starts_fails_the_connect_and_leaves_no_child(tmp_path: Path) -> None:
    marker = str(tmp_path)
    model = served_by(f"{SERVE}  # {marker}")
    connecting = asyncio.create_task(model.connect(Losses()))
    await eventually(lambda: bool(processes_with(marker)))
    await model.aclose()
    with pytest.raises(LocalModelFailed):
        await connecting
    assert processes_with(marker) == []


@reads_proc
@pytest.mark.parametrize("rests", [False, True], ids=["awake", "resting"])
async def test_kill_9_of_the_parent_ends_the_child(rests: bool) -> None:
    parent_python = f"""
        import asyncio
        from app.providers.local_model import LocalModel

        async def keep_address(endpoint):
            return endpoint

        async def main():
            command = [{sys.executable!r}, "-c", {SERVE!r}]
            model = LocalModel(keep_address, command=command, rest_after_s={0.0 if rests else REST_AFTER_S})
            await model.connect(print)
            print(model.pid, flush=True)
            await asyncio.Event().wait()

        asyncio.run(main())
    """
    parent = await asyncio.create_subprocess_exec(
        sys.executable, "-c", textwrap.dedent(parent_python), cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    assert parent.stdout is not None
    child_pid = int(await parent.stdout.readline())
    await eventually(lambda: is_stopped(child_pid) if rests else is_alive(child_pid))
    parent.kill()
    await parent.wait()
    await eventually(lambda: not is_alive(child_pid))


def is_stopped(pid: int | None) -> bool:
    return pid is not None and stat_fields(pid)[0] == "T"


def wakes(pid: int) -> int:
    """How often the threads of `pid` have gone to sleep so far."""
    states = [task.read_text() for task in Path(f"/proc/{pid}/task").glob("*/status")]
    return sum(int(state.partition("\nvoluntary_ctxt_switches:")[2].split()[0]) for state in states)


@reads_proc
async def test_nobody_asks_it_and_it_wakes_nobody_until_it_is_asked() -> None:
    """llama.cpp's server looks at its queue each second: stopped, it does not, and answers all the same."""
    model = LocalModel(connect_endpoint, rest_after_s=0.2)
    request = CompletionRequest(model=MODEL, turns=(Turn(Role.USER, "What is 2+2?"),), max_tokens=8)
    try:
        provider = (await model.connect(Losses())).provider
        for _ in range(2):
            await eventually(lambda: is_stopped(model.pid))
            assert model.pid is not None
            await asyncio.sleep(0.3)  # its threads stop one by one
            before = wakes(model.pid)
            await asyncio.sleep(1.5)
            assert wakes(model.pid) == before
            async with asyncio.timeout(30):
                chunks = [chunk async for chunk in provider.stream(request, AbortSignal())]
            assert any(isinstance(chunk, Delta) for chunk in chunks)
        await eventually(lambda: is_stopped(model.pid))
        await provider.warm()
        assert not is_stopped(model.pid)
    finally:
        await model.aclose()


@reads_proc
async def test_it_never_rests_while_it_is_asked() -> None:
    model = LocalModel(connect_endpoint, rest_after_s=0.001)
    request = CompletionRequest(model=MODEL, turns=(Turn(Role.USER, "Count to ten."),), max_tokens=24)
    try:
        provider = (await model.connect(Losses())).provider
        seen = []
        async for _ in provider.stream(request, AbortSignal()):
            await asyncio.sleep(0.005)
            seen.append(is_stopped(model.pid))
        assert len(seen) > 2
        assert not any(seen)
        await eventually(lambda: is_stopped(model.pid))
    finally:
        await model.aclose()


@reads_proc
async def test_one_that_rests_ends_in_order_when_it_is_closed() -> None:
    model = LocalModel(connect_endpoint, rest_after_s=0.0)
    await model.connect(Losses())
    await eventually(lambda: is_stopped(model.pid))
    pid, child = model.pid, model._child
    assert child is not None
    await model.aclose()
    assert not exists(pid)
    assert "exit code 0" in child.ended.result().detail


@reads_proc
async def test_the_end_of_stdin_alone_ends_it() -> None:
    """What kill -9 relies on where there is no PR_SET_PDEATHSIG."""
    hook = "import app.providers.local_model_server as s; s._PR_SET_PDEATHSIG = -1"
    model = served_by(f"{hook}\n{SERVE}")
    losses = Losses()
    async with connected(model, losses):
        assert model._child is not None
        model._child.hang_up()
        async with asyncio.timeout(5):
            await losses.came.wait()
    assert "exit code 0" in losses.faults[0].detail


async def eventually_idle(pid: int, endpoint: Endpoint) -> None:
    """Ask only when it seems idle: llama.cpp puts off its look at the connections with every other answer."""
    async with asyncio.timeout(20):
        while True:
            before_s = cpu_s(pid)
            await asyncio.sleep(0.3)
            if cpu_s(pid) == before_s and await requests_processing(endpoint) == 0:
                return


@reads_proc
async def test_a_stop_while_it_reads_a_long_prompt_makes_it_idle_within_a_second() -> None:
    """
    Counted is the child's processor time after the close, which a busy machine does not lengthen.

    llama.cpp looks for a closed connection when it has something to send, else once a second; hence
    `return_progress`, with which it has after every batch. Its own batch of 2048 tokens takes 16 s.
    """
    model = served_by(SERVE)
    async with connected(model) as endpoint:
        assert model.pid is not None
        pid = model.pid
        with connect_to(endpoint) as connection:
            turns = [{"role": "user", "content": "The quick brown fox jumps over the lazy dog. " * 700}]
            connection.sendall(request_bytes(endpoint, messages=turns, max_tokens=8, return_progress=True))
            reading_s = cpu_s(pid) + 1.0
            await eventually(lambda: cpu_s(pid) > reading_s, limit_s=20)
            assert await requests_processing(endpoint) == 1
            used_s = cpu_s(pid)
        await eventually_idle(pid, endpoint)
        assert cpu_s(pid) - used_s < 1.0
        assert "4" in await asyncio.to_thread(ask, endpoint, "What is 2+2?")


async def failure_of(model: LocalModel) -> LocalModelFailed:
    with pytest.raises(LocalModelFailed) as caught:
        await model.connect(Losses())
    await model.aclose()
    return caught.value


async def test_a_file_that_is_no_model_is_named(tmp_path: Path) -> None:
    (tmp_path / "letter.gguf").write_bytes(b"Dear Sir or Madam")
    failure = await failure_of(served_by(SERVE, model_file=tmp_path / "letter.gguf"))
    assert failure.detail.splitlines()[0] == "letter.gguf is not a GGUF file."


async def test_a_damaged_model_is_named_with_the_words_of_llama_cpp(tmp_path: Path) -> None:
    (tmp_path / "half.gguf").write_bytes(b"GGUF" + bytes(1000))
    failure = await failure_of(served_by(SERVE, model_file=tmp_path / "half.gguf"))
    assert "can't load half.gguf: the file may be damaged" in failure.detail
    assert "failed to load model" in failure.detail
    assert "exit code 1" in failure.detail


async def test_an_edition_without_weights_says_so(tmp_path: Path) -> None:
    failure = await failure_of(served_by(SERVE, model_file=tmp_path / "weights.gguf"))
    assert isinstance(failure, ModelFileMissing)
    assert "built-in model" in failure.fault.title
    assert "weights.gguf was not found" in failure.fault.detail


async def test_a_missing_library_is_named() -> None:
    failure = await failure_of(served_by(f"import sys; sys.modules['xllamacpp'] = None\n{SERVE}"))
    assert "xllamacpp" in failure.detail.splitlines()[0]
    assert "exit code 1" in failure.detail


async def test_a_program_that_is_not_there_is_a_failure() -> None:
    model = LocalModel(keep_address, command=["/nowhere/belay-chat"])
    assert "could not be started" in (await failure_of(model)).detail


async def test_a_child_that_is_never_ready_is_given_up() -> None:
    failure = await failure_of(served_by("import sys; sys.stdin.read()", start_limit_s=0.2))
    assert "not ready within 0.2 s" in failure.detail


@pytest.mark.parametrize("line", ["Segmentation fault", "[]", '{"base_url": 5}'])
async def test_a_first_line_that_makes_no_sense_is_a_failure(line: str) -> None:
    failure = await failure_of(served_by(f"import sys; print({line!r}, flush=True); sys.stdin.read()"))
    assert "not understood" in failure.detail


async def test_a_talkative_child_is_not_held_up_and_its_last_lines_are_kept() -> None:
    failure = await failure_of(
        served_by(
            "import sys; sys.stderr.write('x' * 1_000_000 + ''.join(f'\\nline {n}' for n in range(30))); sys.exit(3)"
        )
    )
    assert failure.detail.splitlines() == ["The model's process ended with exit code 3."] + [
        f"line {n}" for n in range(10, 30)
    ]


@reads_proc
async def test_a_child_that_ignores_every_request_to_end_is_killed() -> None:
    losses = Losses()
    stubborn = """
        import json, signal
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        print(json.dumps({"base_url": "http://127.0.0.1:1/v1"}), flush=True)
        while True:
            signal.pause()
    """
    model = served_by(stubborn)
    async with connected(model, losses):
        pid = model.pid
    assert not exists(pid)
    assert losses.faults == []


@reads_proc
async def test_a_child_that_cannot_be_asked_is_killed(tmp_path: Path) -> None:
    async def unreachable(endpoint: Endpoint) -> AddressOnly:
        raise ProviderUnreachable

    marker = str(tmp_path)
    python = f'import sys; print(\'{{"base_url": "http://127.0.0.1:1/v1"}}\', flush=True); sys.stdin.read()  # {marker}'
    model = LocalModel(unreachable, command=[sys.executable, "-c", python])
    with pytest.raises(ProviderUnreachable):
        await model.connect(Losses())
    await eventually(lambda: processes_with(marker) == [])
    await model.aclose()


@reads_proc
async def test_a_child_that_dies_while_it_is_being_asked_fails_the_connect() -> None:
    async def kill_first(endpoint: Endpoint) -> AddressOnly:
        assert model.pid is not None
        assert model._child is not None
        os.kill(model.pid, signal.SIGKILL)
        await model._child.wait()
        return AddressOnly(endpoint)

    losses = Losses()
    model = LocalModel(kill_first, command=[sys.executable, "-c", SERVE])
    with pytest.raises(LocalModelFailed, match="SIGKILL"):
        await model.connect(losses)
    await model.aclose()
    assert losses.faults == []
