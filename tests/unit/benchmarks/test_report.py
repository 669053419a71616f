"""The benchmark's numbers and its table say what was measured."""

import json
import math

import pytest

from tests.benchmarks.contestants.names import Name
from tests.benchmarks.distribution import Distribution
from tests.benchmarks.report import Part, as_json, as_text, stop_part
from tests.benchmarks.stop_clicks import Stop, Stops, dollars_a_year
from tests.benchmarks.streaming import LongAnswer, Streaming
from tests.benchmarks.tables import number, table
from tests.fake_provider.process import Event

QUIET = Stop(0.1, 0.2, 0.1, 0.5, 0, 0.0, 0.0)
DISTURBED = Stop(4.0, 4.1, 0.3, 4.9, 14, 3.0, 0.0)


def results(belay: tuple[Stop, ...]) -> Part:
    """The same stops at each rate, plain and TLS; the others take 40 ms and 120 tokens."""
    slow = Stop(0.1, 0.2, 0.1, 40.0, 120, 0.0, 0.0)
    stops = [
        Stops(name, rate, tls, belay if name is Name.BELAY else (slow,) * 3)
        for tls in (False, True)
        for rate in (50, 300, 3000)
        for name in Name
    ]
    streaming = Streaming(10.0, 3000.0, 0.3, Distribution.of([2.0, 3.0]))
    long_answer = LongAnswer(12.0, (60.0, 66.0))
    return stop_part(stops, streaming, long_answer)


def test_percentiles_are_values_that_were_measured() -> None:
    found = Distribution.of(reversed(range(1, 101)))
    assert (found.n, found.median, found.p90, found.p99, found.max) == (100, 50.5, 90, 99, 100)


@pytest.mark.parametrize("values", [[7.0], [7.0, 7.0]])
def test_one_value_is_every_percentile(values: list[float]) -> None:
    found = Distribution.of(values)
    assert {found.mean, found.median, found.p90, found.p99, found.max} == {7.0}


def test_nothing_measured_is_null_in_json() -> None:
    found = Distribution.of([])
    assert math.isnan(found.median)
    assert found.as_json() == {"n": 0, "mean": None, "median": None, "p90": None, "p99": None, "max": None}


def test_150_tokens_a_stop_cost_what_the_plan_says() -> None:
    assert dollars_a_year(150) == pytest.approx(219_000)


def test_a_stop_counts_from_the_click() -> None:
    answer = {
        "click_ns": 1_000_000_000,
        "noticed_ns": 1_000_100_000,
        "started_ns": 1_000_500_000,
        "ended_ns": 1_000_700_000,
        "own_wait_ns": 0,
        "server_wait_ns": 1_400_000,
    }
    close = Event(0, "close_seen", 1_002_000_000, {"t0_ns": 0, "rate": 3000.0, "count": 100_000})
    stop = Stop.of(answer, close)
    assert (stop.noticed_ms, stop.queued_ms, stop.close_ms) == (0.1, 0.5, 2.0)
    assert stop.handler_ms == pytest.approx(0.2)
    assert stop.tokens_after == 6
    assert stop.is_disturbed


def test_undisturbed_leaves_out_what_the_machine_disturbed() -> None:
    stops = Stops(Name.BELAY, 3000, False, (QUIET, DISTURBED, QUIET))
    assert stops.undisturbed.stops == (QUIET, QUIET)


def test_a_goal_that_is_missed_says_so() -> None:
    missed = {goal.what for goal in results((DISTURBED,) * 5).goals if not goal.is_met}
    assert len(missed) == 2 * 6  # plain and TLS: all of Stop's but click to close, p99
    assert all(goal.is_met for goal in results((QUIET,) * 5).goals)


def test_the_report_shows_everybody_and_is_json() -> None:
    found = results((DISTURBED,))  # and so nothing is left without it
    text = as_text({"cores": 2}, [found])
    assert all(name in text for name in Name)
    assert json.loads(json.dumps(as_json({"cores": 2}, [found]), allow_nan=False))["stop"][0]["disturbed_runs"] == [0]


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0.03124, "0.0312"), (4.271, "4.27"), (38.14, "38.1"), (219_000.0, "219,000"), (0.0, "0"), (math.nan, "–")],
)
def test_a_number_has_three_digits_that_count(value: float, shown: str) -> None:
    assert number(value) == shown


def test_a_table_lines_its_columns_up() -> None:
    assert table(("name", "ms"), [["a", "10"], ["long name", "1"]]).splitlines() == [
        "name       ms",
        "---------  --",
        "a          10",
        "long name   1",
    ]
