"""The first glyph's numbers, table and goals say what was measured."""

import json

import pytest

from tests.benchmarks.contestants.orders import Answer
from tests.benchmarks.first_glyph import WARM_UPS, FirstGlyphs, found_in
from tests.benchmarks.report import as_json, as_text, first_glyph_part
from tests.fake_provider.process import Event


def session(painted_ms: float, *, handshakes: int = 1, own_wait_ms: float = 0.0) -> FirstGlyphs:
    """Those to warm up take 500 ms, and 40 messages `painted_ms` each, over TLS."""
    answers: list[Answer] = []
    events = [Event(0, "accepted", 0, {}), *[Event(1, "tls_done", 1, {})] * handshakes]
    for number in range(WARM_UPS + 40):
        took_ms = 500.0 if number < WARM_UPS else painted_ms
        began_ns = number * 1_000_000_000
        events.append(Event(2 + number, "first_byte", began_ns, {}))
        answers.append(
            {
                "received_ns": began_ns + 1_000_000,
                "painted_ns": began_ns + int(took_ms * 1e6),
                "own_wait_ns": int(own_wait_ms * 1e6),
            }
        )
    return found_in(answers, events, tls=True)


def missed(found: FirstGlyphs) -> list[str]:
    return [goal.what for goal in first_glyph_part([found]).goals if not goal.is_met]


def test_an_answer_counts_from_its_first_byte_and_those_to_warm_up_do_not_count() -> None:
    found = session(7.0)
    assert {(glyph.received_ms, glyph.painted_ms) for glyph in found.glyphs} == {(1.0, 7.0)}
    assert (len(found.glyphs), found.messages, found.connections, found.handshakes) == (40, WARM_UPS + 40, 1, 1)


def test_an_answer_that_the_server_did_not_begin_is_no_measurement() -> None:
    with pytest.raises(RuntimeError, match="1 messages, but the server began 0 answers"):
        found_in([{}], [], tls=False)


def test_goals_are_missed_by_what_is_slower_and_by_a_second_handshake() -> None:
    assert missed(session(19.9)) == []
    assert missed(session(20.1)) == ["first byte → first glyph, TLS, ms, median"]
    assert missed(session(7.0, handshakes=2)) == [f"TLS handshakes for {WARM_UPS + 40} messages"]


def test_what_the_machine_disturbed_is_left_out_beside() -> None:
    assert session(7.0, own_wait_ms=1.0).undisturbed == ()
    assert len(session(7.0, own_wait_ms=0.9).undisturbed) == 40


def test_the_report_shows_the_medians_and_is_json() -> None:
    found = first_glyph_part([session(7.0, own_wait_ms=2.0)])
    row = next(line for line in as_text({"cores": 2}, [found]).splitlines() if line.startswith("TLS "))
    assert row.split() == ["TLS", "40", "40", "1", "1", "7", "7", "7", "7", str(WARM_UPS + 40), "1", "1"]
    entry = json.loads(json.dumps(as_json({"cores": 2}, [found]), allow_nan=False))["first_glyph"][0]
    assert (entry["painted_ms"]["median"], entry["undisturbed_ms"]["n"], len(entry["runs"])) == (7.0, 0, 40)
