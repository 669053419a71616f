"""Starts programs in turns, so that what disturbs one disturbs all, and watches what they do afterwards."""

import os
import re
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from tests.benchmarks.distribution import Distribution
from tests.benchmarks.start.programs import Program, Run, a_screen, packages, programs, running
from tests.fake_provider.process import ROOT

CACHES = Path("/proc/sys/vm/drop_caches")
LATER = ("openai", "pydantic", "httpx2", "keyring", "pygments", "ziamath", "asyncio", "sqlite3", "app.session")

_FIRST, _READY = re.compile(r"first_paint_s=([\d.]+)"), re.compile(r"ready at_s=([\d.]+)")
_IMPORT = re.compile(r"import time:\s+(\d+) \|\s+\d+ \|\s+(\S+)")
_TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")
_LISTED = 12


@dataclass(frozen=True, slots=True)
class Plan:
    warm: int
    cold: int
    settle_s: float
    watch_s: float


@dataclass(slots=True)
class Starts:
    """Milliseconds from the fork until the window is painted, and until all it shows is; warm and with a cold disk."""

    program: str
    first_ms: list[float] = field(default_factory=list)
    ready_ms: list[float] = field(default_factory=list)
    cold_first_ms: list[float] = field(default_factory=list)
    cold_ready_ms: list[float] = field(default_factory=list)

    @property
    def first(self) -> Distribution:
        return Distribution.of(self.first_ms)

    @property
    def ready(self) -> Distribution:
        return Distribution.of(self.ready_ms)

    @property
    def cold_first(self) -> Distribution:
        return Distribution.of(self.cold_first_ms)

    @property
    def cold_ready(self) -> Distribution:
        return Distribution.of(self.cold_ready_ms)


@dataclass(frozen=True, slots=True)
class Idle:
    """One process, when nothing happens. `share` is of a core. `name` says whose it is."""

    name: str
    resident_mb: float
    private_mb: float
    share: float
    wakes_per_s: float


@dataclass(frozen=True, slots=True)
class Found:
    screen: str
    starts: Sequence[Starts]
    idle: Sequence[Idle]
    installed_mb: dict[str, float]
    package_mb: dict[str, float]
    import_ms: dict[str, dict[str, float]]  # by what is imported, and whose modules take the time
    early: Sequence[str]  # of LATER, what is loaded before the first paint


def measure(plan: Plan, say: Callable[[str], None]) -> Found:
    with a_screen() as screen, programs() as found:
        starts = {program.name: Starts(program.name) for program in found}
        for number in range(plan.warm + 1):
            say(f"start {number} of {plan.warm}")
            for program in found:
                _start_once(program, starts[program.name], is_kept=number > 0)
        if os.access(CACHES, os.W_OK):
            for number in range(1, plan.cold + 1):
                say(f"cold start {number} of {plan.cold}")
                for program in found:
                    _forget_the_disk()
                    _start_once(program, starts[program.name], is_cold=True)
        say(f"what they do when nothing happens, for {plan.settle_s + plan.watch_s:.0f} s")
        idle = _idle([program for program in found if ".deb" not in program.name], plan)
        installed = {program.name: _folder_mb(program.folder) for program in found if program.folder is not None}
    sizes = {file.name: file.stat().st_size / 1e6 for file in packages()}
    say("imports")
    imports = {name: _import_ms(name) for name in ("app.start", "app.session")}
    return Found(screen, list(starts.values()), idle, installed, sizes, imports, _early())


def _start_once(program: Program, starts: Starts, *, is_kept: bool = True, is_cold: bool = False) -> None:
    began_s = time.monotonic()
    with running(program) as run:
        first_s, ready_s = _moments(run)
    if not is_kept:
        return
    first, ready = (starts.cold_first_ms, starts.cold_ready_ms) if is_cold else (starts.first_ms, starts.ready_ms)
    first.append((first_s - began_s) * 1e3)
    ready.append((ready_s - began_s) * 1e3)


def _moments(run: Run) -> tuple[float, float]:
    """
    Raises:
        RuntimeError: it ended without saying them.
    """
    first_s, said = 0.0, []
    for line in run.lines():
        said.append(line)
        if found := _FIRST.search(line):
            first_s = float(found[1])
        if (found := _READY.search(line)) and first_s:
            return first_s, float(found[1])
    raise RuntimeError(f"{run.process.args!r} never said that it is ready:\n{''.join(said)}")


def _forget_the_disk() -> None:
    os.sync()
    CACHES.write_text("3\n", encoding="ascii")


def _idle(found: Sequence[Program], plan: Plan) -> list[Idle]:
    """All at once: they do nothing, and cannot disturb each other."""
    with ExitStack() as stack:
        runs = [(program, stack.enter_context(running(program))) for program in found]
        for _, run in runs:
            _moments(run)
        time.sleep(plan.settle_s)
        pids = {run.process.pid: program.name for program, run in runs}
        for pid, name in tuple(pids.items()):
            pids |= {child: f"{name}: child, {_what(child)}" for child in _children(pid)}
        before = {pid: (_ticks(pid), _wakes(pid)) for pid in pids}
        time.sleep(plan.watch_s)
        return [_idle_of(pid, name, *before[pid], plan.watch_s) for pid, name in pids.items() if _is_there(pid)]


def _idle_of(pid: int, name: str, ticks: int, wakes: int, seconds: float) -> Idle:
    memory = {
        line.split()[0]: int(line.split()[1]) / 1e3
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()[1:]
    }
    return Idle(
        name,
        resident_mb=memory["Rss:"],
        private_mb=memory["Private_Clean:"] + memory["Private_Dirty:"],
        share=(_ticks(pid) - ticks) / _TICKS_A_SECOND / seconds,
        wakes_per_s=(_wakes(pid) - wakes) / seconds,
    )


def _is_there(pid: int) -> bool:
    return Path(f"/proc/{pid}").is_dir()


def _children(pid: int) -> list[int]:
    return [
        int(child)
        for thread in Path(f"/proc/{pid}/task").iterdir()
        for child in (thread / "children").read_text(encoding="ascii").split()
    ]


def _what(pid: int) -> str:
    words = Path(f"/proc/{pid}/cmdline").read_text(encoding="utf-8").split("\0")
    return next((word.removeprefix("--") for word in words if word.startswith("--")), "?")


def _ticks(pid: int) -> int:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()
    return int(fields[11]) + int(fields[12])


def _wakes(pid: int) -> int:
    """How often any of its threads went to sleep, which is how often one was woken."""
    total = 0
    for thread in Path(f"/proc/{pid}/task").iterdir():
        for line in (thread / "status").read_text(encoding="utf-8").splitlines():
            if line.startswith("voluntary_ctxt_switches"):
                total += int(line.split()[1])
    return total


def _folder_mb(folder: Path) -> float:
    return sum(path.lstat().st_size for path in folder.rglob("*") if path.is_file() and not path.is_symlink()) / 1e6


def _import_ms(module: str) -> dict[str, float]:
    """Milliseconds of each package's modules, the most expensive first. Measuring makes them slower."""
    shown = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", f"import {module}"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    spent: dict[str, float] = defaultdict(float)
    for line in shown.stderr.splitlines():
        if found := _IMPORT.match(line):
            name = found[2]
            spent[".".join(name.split(".")[:2]) if name.startswith("app.") else name.split(".")[0]] += (
                int(found[1]) / 1e3
            )
    ordered = sorted(spent.items(), key=lambda item: -item[1])
    rest = sum(ms for _, ms in ordered[_LISTED:])
    return {"all": sum(spent.values()), **dict(ordered[:_LISTED]), "others": rest}


def _early() -> list[str]:
    script = f"import sys, app.__main__, app.start; print(*[name for name in {LATER!r} if name in sys.modules])"
    shown = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    return shown.stdout.split()
