"""
S12 and R-16: no file that the program writes holds a key.

The program is led through everything that touches keys, with all logs down to DEBUG, ended in order or by a crash,
and then every byte it left is searched: data folder, log, WAL, settings, crash dump, temporary files, home, output.
"""

import base64
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from tests.e2e.canary_driver import GATEWAY_TOKEN
from tests.fake_provider.process import FakeProvider
from tests.fake_provider.report import fingerprint

if TYPE_CHECKING:
    from tests.secret_service import SecretService

ROOT = Path(__file__).parents[2]
LIMIT_S = 90
# Only the first looks like a key of a provider; each changes when it is encoded.
CANARIES = {
    "key": "sk-canary+1/aaaaaaaaaaaaaaaaaaaa",
    "session_key": "canary=2/bbbbbbbbbbbbbbbbbbbb",
    "command_key": "canary+3/cccccccccccccccccccc",
    "environment_key": "canary/4+dddddddddddddddddddd",
}


def forms(value: str) -> Iterator[bytes]:
    """How a key could be found in a file."""
    data = value.encode()
    yield data
    yield data[4:-4]  # cut, as by a limit on the length
    yield quote(value, safe="").encode()
    yield json.dumps(value)[1:-1].replace("/", "\\/").encode()
    yield value.encode("utf-16-le")
    yield data.hex().encode()
    for before in range(3):
        yield base64.b64encode(bytes(before) + data)[4:-4]
        yield base64.urlsafe_b64encode(bytes(before) + data)[4:-4]


def found_in(folder: Path) -> list[str]:
    """Every file below, with the canary that it holds."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    secrets = {**CANARIES, "gateway_token": GATEWAY_TOKEN}
    return [
        f"{path.relative_to(folder)}: {name}"
        for path in files
        for name, value in secrets.items()
        if any(form in path.read_bytes() for form in forms(value))
        and (path.name, name) != ("settings.json", "gateway_token")
    ]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """All that the program may write to: searched as a whole."""
    made = tmp_path / "home"
    for name in ("data", "tmp", "config", "cache", "share", "run"):
        (made / name).mkdir(parents=True, mode=0o700)
    return made


def environ(home: Path, provider: FakeProvider) -> Mapping[str, str]:
    return {
        **os.environ,
        "QT_QPA_PLATFORM": "offscreen",
        "HOME": str(home),
        "TMPDIR": str(home / "tmp"),
        "XDG_CONFIG_HOME": str(home / "config"),
        "XDG_CACHE_HOME": str(home / "cache"),
        "XDG_DATA_HOME": str(home / "share"),
        "XDG_RUNTIME_DIR": str(home / "run"),
        "OPENAI_BASE_URL": provider.base_url,
        "OPENAI_API_KEY": CANARIES["environment_key"],
    }


def run(home: Path, provider: FakeProvider, outside: Path, *, dies: bool) -> subprocess.CompletedProcess[bytes]:
    printed = outside / "printed"
    printed.write_text(CANARIES["command_key"] + "\nlogin: me\n")
    job = {
        "folder": str(home / "data"),
        "base_url": provider.base_url,
        "key": CANARIES["key"],
        "session_key": CANARIES["session_key"],
        "command": f"cat {printed}",
        "command_key": CANARIES["command_key"],
        "dies": dies,
    }
    # The job holds the keys; this is the test's own command line, and no file.
    command = [sys.executable, "-X", "dev", "-m", "tests.e2e.canary_driver", json.dumps(job)]
    done = subprocess.run(command, cwd=ROOT, env=environ(home, provider), capture_output=True, timeout=LIMIT_S)
    (home / "stdout.txt").write_bytes(done.stdout)
    (home / "stderr.txt").write_bytes(done.stderr)
    return done


def assert_everything_happened(done: subprocess.CompletedProcess[bytes], provider: FakeProvider, home: Path) -> None:
    """A scenario that did nothing would leave no key either."""
    said = done.stdout.decode().splitlines()
    assert said[0] == "seen tested True", done.stderr.decode()[-3000:]
    assert [line.split()[1] for line in said[1:]] == [
        "complete", "failed", "stopped", "failed", "failed", "failed", "failed", "careless",
    ]  # fmt: skip
    assert sum("rejected your API key" in line for line in said) == 3
    sent = {event["headers"].get("authorization") for event in provider.events("request")}
    assert sent == {fingerprint(f"Bearer {value}") for value in CANARIES.values()}
    assert "Keyring" in (home / "data" / "diagnosis.txt").read_text(encoding="utf-8")
    log = (home / "data" / "belay.log").read_text(encoding="utf-8")
    for mark in ("httpcore2", "send_request_headers", "careless key=…", "RuntimeError: the server said …"):
        assert mark in log, mark
    settings = (home / "data" / "settings.json").read_text(encoding="utf-8")
    assert '"keyring"' in settings
    assert '"session"' in settings


def test_the_search_finds_a_key_in_every_form(home: Path) -> None:
    for number, form in enumerate(forms(CANARIES["session_key"])):
        (home / "tmp" / str(number)).write_bytes(b"x" * 100 + form + b"y" * 100)
    assert len(found_in(home)) == len(list(forms(CANARIES["session_key"])))


def test_no_file_holds_a_key(
    home: Path, tmp_path: Path, provider: FakeProvider, secret_service: "SecretService"
) -> None:
    done = run(home, provider, tmp_path, dies=False)
    assert_everything_happened(done, provider, home)
    assert done.returncode == 0, done.stderr.decode()[-3000:]
    assert secret_service.entries()[f"kept {provider.base_url.removesuffix('/v1')}"] == CANARIES["key"]
    assert found_in(home) == []


def test_no_file_holds_a_key_after_a_crash(
    home: Path, tmp_path: Path, provider: FakeProvider, secret_service: "SecretService"
) -> None:
    done = run(home, provider, tmp_path, dies=True)
    assert_everything_happened(done, provider, home)
    assert done.returncode < 0
    assert "Fatal Python error: Aborted" in (home / "data" / "crash.log").read_text()
    assert (home / "data" / "belay.db-wal").stat().st_size > 0, "the write-ahead log is searched, too"
    assert found_in(home) == []


def test_no_file_holds_a_key_where_there_is_no_keyring(home: Path, tmp_path: Path, provider: FakeProvider) -> None:
    done = run(home, provider, tmp_path, dies=False)
    assert_everything_happened(done, provider, home)
    assert found_in(home) == []
