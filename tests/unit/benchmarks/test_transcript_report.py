"""The transcript's benchmark shows the same documents every time, and says which goals were missed."""

import json

import pytest

from tests.benchmarks.distribution import Distribution
from tests.benchmarks.report import as_json, as_text, transcript_part
from tests.benchmarks.transcript.documents import Construct, conversation, document
from tests.benchmarks.transcript.measure import BELAY, BROWSER, Frames, LongConversation


def frames(stage: str, first_ms: float, last_ms: float) -> Frames:
    every = Distribution.of([first_ms, last_ms])
    return Frames(stage, Construct.MIXED, every, Distribution.of([first_ms]), Distribution.of([last_ms]))


def opened(stage: str, open_ms: float, scroll_ms: float) -> LongConversation:
    scroll = {step: Distribution.of([scroll_ms]) for step in (20, 200, 800)}
    one = Distribution.of([1.0])
    return LongConversation(stage, 10_000, open_ms, 20.0, scroll, one, one, 5.0, 5.0)


@pytest.mark.parametrize("construct", Construct)
def test_a_document_has_its_length_and_is_the_same_every_time(construct: Construct) -> None:
    text = document(construct, 5_000)
    assert len(text) == 5_000
    assert text == document(construct, 5_000)


def test_a_fence_is_one_fence() -> None:
    assert document(Construct.FENCE, 20_000).count("```") == 1


def test_a_conversation_is_a_chain_of_questions_and_answers() -> None:
    messages = conversation(100)
    assert [message.parent_id for message in messages] == [None, *(message.id for message in messages[:-1])]
    assert {message.role for message in messages[::2]} == {"user"}
    assert {message.role for message in messages[1::2]} == {"assistant"}


def test_goals_of_the_transcript_that_are_missed_are_named() -> None:
    slow = [frames(BELAY, 5.0, 20.0), frames(BROWSER, 50.0, 100.0)]
    missed = {goal.what for goal in transcript_part(slow, [opened(BELAY, 150.0, 20.0)]).goals if not goal.is_met}
    assert len(missed) == 4 + 1 + 3  # of one construct, of opening, of scrolling
    quick = [frames(BELAY, 2.0, 2.1), frames(BROWSER, 50.0, 100.0)]
    assert all(goal.is_met for goal in transcript_part(quick, [opened(BELAY, 40.0, 9.0)]).goals)


def test_the_transcripts_part_is_text_and_json() -> None:
    part = transcript_part([frames(BELAY, 2.0, 2.1), frames(BROWSER, 50.0, 100.0)], [opened(BELAY, 40.0, 9.0)])
    text = as_text({"cores": 2}, [part])
    assert BELAY in text
    assert BROWSER in text
    found = json.loads(json.dumps(as_json({"cores": 2}, [part]), allow_nan=False))
    assert found["transcript"]["conversations"][0]["scroll_ms"]["20"]["p99"] == 9.0
