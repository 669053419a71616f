"""Bytes in any portions give the same events."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import AnswerTooLarge
from app.providers import sse
from app.providers.sse import EventLines


def events_of(portions: list[bytes]) -> list[bytes]:
    lines = EventLines()
    found = [event for portion in portions for event in lines.feed(portion)]
    return found + lines.end()


@pytest.mark.parametrize(
    ("stream", "events"),
    [
        (b"data: a\n\ndata: b\n\n", [b"a", b"b"]),
        (b"data:a\r\n\r\ndata:b\r\n\r\n", [b"a", b"b"]),
        (b"data: a\r\rdata: b\r\r", [b"a", b"b"]),
        (b": ping\n\ndata: a\n\n: ping\n\n", [b"a"]),
        (b"event: x\nid: 1\ndata: a\nretry: 5\n\n", [b"a"]),
        (b"data: a\ndata: b\n\n", [b"a\nb"]),
        (b"data: a\n\ndata: [DONE]", [b"a", b"[DONE]"]),
        (b"data: a\n", [b"a"]),
        (b"", []),
        (b"\n\n\n", []),
        (b"data:  two spaces\n\n", [b" two spaces"]),
    ],
)
def test_events_are_told_apart_however_they_are_cut(stream: bytes, events: list[bytes]) -> None:
    assert events_of([stream]) == events
    assert events_of([bytes([byte]) for byte in stream]) == events
    for cut in range(len(stream)):
        assert events_of([stream[:cut], stream[cut:]]) == events, cut


@given(
    st.lists(st.text(alphabet="a:é🙂 {}\n\r", max_size=12).map(str.encode), max_size=8),
    st.sampled_from([b"\n", b"\r\n", b"\r"]),
    st.data(),
)
def test_any_split_gives_the_same_events(texts: list[bytes], newline: bytes, data: st.DataObject) -> None:
    lines = [line for text in texts for line in (b"data: " + text.replace(b"\n", b"").replace(b"\r", b""), b"")]
    stream = newline.join(lines) + newline
    whole = events_of([stream])
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=10)))
    portions = [stream[a:b] for a, b in zip([0, *cuts], [*cuts, len(stream)], strict=True)]
    assert events_of(portions) == whole


def test_a_line_that_never_ends_is_refused() -> None:
    with pytest.raises(AnswerTooLarge):
        events_of([b"x" * 64 * 1024] * 40)


def test_an_answer_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sse, "MAX_ANSWER_BYTES", 1000)
    with pytest.raises(AnswerTooLarge):
        events_of([b"data: some\n\n"] * 100)
