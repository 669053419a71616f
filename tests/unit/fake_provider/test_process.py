"""The child starts when asked, tells what it sees, and never outlives the test."""

import subprocess
import sys
import threading

import pytest

from tests.fake_provider.process import ROOT, FakeProvider, NotSeen
from tests.unit.fake_provider.client import ask, connected


def test_nothing_is_left_behind() -> None:
    with FakeProvider() as provider:
        process = provider._process
    assert process.poll() is not None
    assert process.stdin is not None
    assert process.stdin.closed
    assert not [thread for thread in threading.enumerate() if thread is provider._reader]


def test_the_child_ends_when_its_stdin_does() -> None:
    """As it does when the test's process dies."""
    command = [sys.executable, "-S", "-m", "tests.fake_provider"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert child.stdin is not None
        assert b'"ready"' in child.stdout.readline()
        child.stdin.close()
        assert child.wait(timeout=5) == 0


def test_waiting_in_vain_shows_what_was_seen() -> None:
    with FakeProvider() as provider, connected(provider) as connection:
        ask(connection, "fake-short")
        with pytest.raises(NotSeen, match=r"'close_seen' connection=1: not within 0.05 s(.|\n)*request .*fake-short"):
            provider.wait_for("close_seen", 0.05, connection=1)


def test_a_child_that_cannot_start_says_why() -> None:
    with FakeProvider() as provider, pytest.raises(NotSeen, match=r"the process ended(.|\n)*[Aa]ddress already in use"):
        FakeProvider(flags=f"--port {provider.port}").__enter__()


def test_after_skips_what_came_before(provider: FakeProvider) -> None:
    model = "fake-short&key=after"
    with connected(provider) as connection:
        ask(connection, model)
        first = provider.wait_for("request", model=model)
        with pytest.raises(NotSeen):
            provider.wait_for("request", 0.01, after=first, model=model)
        assert provider.find("request", after=first, model=model) is None
        ask(connection, model)
    second = provider.wait_for("request", after=first, predicate=lambda event: bool(event["model"] == model))
    assert second.t_ns > first.t_ns
    assert provider.find("request", lambda event: bool(event["model"] == model)) == first
