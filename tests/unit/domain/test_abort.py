"""The first abort wins, and everyone hears it before it returns."""

import pytest

from app.domain.abort import AbortReason, AbortSignal


def test_the_first_abort_wins() -> None:
    signal = AbortSignal()
    heard: list[str] = []
    signal.on_abort(lambda: heard.append("a"))
    assert signal.abort(AbortReason.USER)
    assert not signal.abort(AbortReason.QUIT)
    assert (signal.reason, heard) == (AbortReason.USER, ["a"])


def test_a_late_listener_hears_at_once() -> None:
    signal = AbortSignal()
    signal.abort(AbortReason.USER)
    heard: list[str] = []
    signal.on_abort(lambda: heard.append("a"))
    assert heard == ["a"]


def test_a_listener_that_was_forgotten_does_not_hear() -> None:
    signal = AbortSignal()
    heard: list[str] = []
    forget = signal.on_abort(lambda: heard.append("a"))
    forget()
    forget()
    signal.abort(AbortReason.USER)
    assert heard == []


def test_a_listener_that_raises_does_not_keep_the_others_from_hearing() -> None:
    signal = AbortSignal()
    heard: list[str] = []

    def broken() -> None:
        raise OSError("gone")

    signal.on_abort(broken)
    signal.on_abort(lambda: heard.append("a"))
    with pytest.raises(OSError, match="gone"):
        signal.abort(AbortReason.USER)
    assert heard == ["a"]
    assert signal.aborted


def test_an_abort_from_inside_a_listener_does_nothing() -> None:
    signal = AbortSignal()
    answers: list[bool] = []
    signal.on_abort(lambda: answers.append(signal.abort(AbortReason.QUIT)))
    assert signal.abort(AbortReason.USER)
    assert answers == [False]
