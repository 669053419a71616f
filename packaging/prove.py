"""
Proves what lies in dist: each frozen folder and each package runs --self-test, unpacked and read-only.

`python packaging/prove.py [DIST]`, with the Python of build/package-venv or .venv. Each program runs twice: with an
open keyring on a bus of its own, into which it must put a key; then as an ordinary user (if root asks) without a bus.
It must run the checks that the source runs, and stop the built-in model in the middle of its answer, unless it is
lite. A line for each run. Exit code 1 if one failed.
"""

import argparse
import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path[:0] = [str(ROOT), str(HERE)]

from linux.tree import NAME  # noqa: E402  the path has to be set first

from app.self_test import STOP_AFTER_CHARS  # noqa: E402  as above
from tests.secret_service import MISSING, WHY_SKIPPED, SecretService  # noqa: E402  as above

LIMIT_S = 180
NOBODY = 65534
OF_THE_MODEL = "stop of the built-in model"
Check = dict[str, Any]


class NotProven(Exception):
    """Says what is not as it should be."""


@dataclass(frozen=True, slots=True)
class Found:
    """Something that users run, and how it is unpacked into a folder; returns the program in it."""

    file: Path
    unpack: Callable[[Path, Path], Path]

    @property
    def is_full(self) -> bool:
        return "lite" not in self.file.name and self.file.parent.name != "lite"


def main() -> int:
    parser = argparse.ArgumentParser(description="Run the self-test of all that lies in dist.")
    parser.add_argument("dist", nargs="?", type=Path, default=ROOT / "dist")
    found = list(all_in(parser.parse_args().dist.resolve()))
    if not found:
        print("nothing to prove: make package")
        return 1
    of_source = checks_of([sys.executable, "-m", "app"], dict(os.environ), cwd=ROOT)
    failed = 0
    for each in found:
        expected = of_source.keys() - (set() if each.is_full else {OF_THE_MODEL})
        with unpacked(each) as program:
            for way, run in (("with a keyring", with_keyring), ("as a user, without a bus", as_user)):
                try:
                    words = run(program, expected)
                except NotProven as error:
                    failed, words = failed + 1, f"FAILED: {error}"
                print(f"{each.file.name}, {way}: {words}", flush=True)
    return 1 if failed else 0


def all_in(dist: Path) -> Iterator[Found]:
    for edition in ("full", "lite"):
        if (dist / edition / NAME).is_dir():
            yield Found(dist / edition / NAME, _copied)
    for pattern, unpack in (("*.tar.zst", _from_archive), ("*.deb", _from_deb), ("*.rpm", _from_rpm)):
        for file in sorted(dist.glob(pattern)):
            yield Found(file, unpack)


@contextlib.contextmanager
def unpacked(found: Found) -> Iterator[Path]:
    """The program, where everybody may read and nobody write."""
    folder = Path(tempfile.mkdtemp(prefix="belay-proof-"))
    folder.chmod(0o755)
    try:
        program = found.unpack(found.file, folder)
        subprocess.run(["chmod", "-R", "a-w", str(folder)], check=True)
        yield program
    finally:
        subprocess.run(["chmod", "-R", "u+w", str(folder)], check=True)
        shutil.rmtree(folder)


def _copied(frozen: Path, folder: Path) -> Path:
    shutil.copytree(frozen, folder / NAME, symlinks=True)
    return folder / NAME / NAME


def _from_archive(file: Path, folder: Path) -> Path:
    _shell('zstd -dc "$1" | tar -x -C "$2"', file, folder)
    (program,) = folder.glob(f"*/{NAME}")
    return program


def _from_deb(file: Path, folder: Path) -> Path:
    _shell('dpkg-deb -x "$1" "$2"', file, folder)
    return folder / "usr" / "bin" / NAME


def _from_rpm(file: Path, folder: Path) -> Path:
    _shell('rpm2cpio "$1" | (cd "$2" && cpio -idm --quiet)', file, folder)
    return folder / "usr" / "bin" / NAME


def _shell(command: str, *arguments: Path) -> None:
    subprocess.run(["bash", "-euo", "pipefail", "-c", command, "-", *map(str, arguments)], check=True)


def with_keyring(program: Path, expected: set[str]) -> str:
    if MISSING:
        raise NotProven(WHY_SKIPPED)
    with SecretService() as service, tempfile.TemporaryDirectory() as home:
        checks = checks_of([str(program)], _environ(home, service.environ))
        left, prompts = service.entries(), service.prompts
    _compare(checks, expected)
    if checks["keyring"].get("key") != "stored, read and removed" or left or prompts:
        raise NotProven(f"{checks['keyring']}; {len(left)} entries left, {prompts} prompts")
    return _words(checks)


def as_user(program: Path, expected: set[str]) -> str:
    with tempfile.TemporaryDirectory() as home:
        rights: dict[str, Any] = {}
        if os.geteuid() == 0:
            os.chown(home, NOBODY, NOBODY)
            rights = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
        checks = checks_of([str(program)], _environ(home, {}), **rights)
    _compare(checks, expected)
    if (checks["keyring"].get("state"), checks["keyring"].get("key")) != ("missing", "not tried"):
        raise NotProven(str(checks["keyring"]))
    return _words(checks)


def _environ(home: str, more: Mapping[str, str]) -> dict[str, str]:
    """What a fresh session has: nothing of this one's keyring, display or Python."""
    return {"PATH": "/usr/bin:/bin", "HOME": home, "LANG": "C.UTF-8", **more}


def checks_of(command: list[str], environ: dict[str, str], **options: Any) -> dict[str, Check]:
    """
    Return what --self-test says, by the names of its checks.

    Raises:
        NotProven: it failed.
    """
    options = {"cwd": "/", **options}
    done = subprocess.run(
        [*command, "--self-test"], env=environ, capture_output=True, text=True, timeout=LIMIT_S, check=False, **options
    )
    try:
        *checks, verdict = [json.loads(line) for line in done.stdout.splitlines()]
    except ValueError:
        raise NotProven(f"exit {done.returncode}: {done.stdout}{done.stderr}") from None
    if done.returncode != 0 or verdict["self_test"] != "passed":
        raise NotProven(f"exit {done.returncode}: {[check for check in checks if not check['ok']]}")
    return {check["check"]: check for check in checks}


def _compare(checks: dict[str, Check], expected: set[str]) -> None:
    if checks.keys() != expected:
        raise NotProven(f"other checks than the source's: {sorted(checks.keys() ^ expected)}")
    if OF_THE_MODEL in expected and checks[OF_THE_MODEL]["characters_kept"] < STOP_AFTER_CHARS:
        raise NotProven(str(checks[OF_THE_MODEL]))


def _words(checks: dict[str, Check]) -> str:
    keyring = checks["keyring"]
    model = f", {checks[OF_THE_MODEL]['characters_kept']} characters of the model" if OF_THE_MODEL in checks else ""
    return f"{len(checks)} checks, keyring {keyring['state']}, key {keyring['key']}{model}"


if __name__ == "__main__":
    sys.exit(main())
