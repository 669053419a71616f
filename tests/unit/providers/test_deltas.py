"""F13: any split of a stream's bytes gives the same deltas, and what is broken in it is an error of ours."""

import json
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import AnswerGarbled, ProviderError
from app.providers.error_map import as_provider_errors
from app.providers.sse import EventLines
from app.providers.wire import decode_chunk


def read(portions: Sequence[bytes]) -> list[str]:
    """The texts of the deltas, as the provider reads them from the bytes."""
    lines, texts = EventLines(), []
    events = [event for portion in portions for event in lines.feed(portion)] + lines.end()
    for event in events:
        if event != b"[DONE]":
            for choice in decode_chunk(event).choices or ():
                part = choice.delta or choice.message
                texts.append((part.content or "") if part is not None else "")
    return texts


def event_of(text: str, newline: bytes, *, is_ascii: bool) -> bytes:
    body = json.dumps({"choices": [{"index": 0, "delta": {"content": text}}]}, ensure_ascii=is_ascii)
    return b"data: " + body.encode() + newline + newline


words = st.text(max_size=20).filter(lambda text: not any(0xD800 <= ord(each) < 0xE000 for each in text))


@given(st.lists(words, max_size=8), st.sampled_from([b"\n", b"\r\n", b"\r"]), st.booleans(), st.data())
def test_any_split_gives_the_same_deltas(texts: list[str], newline: bytes, is_ascii: bool, data: st.DataObject) -> None:
    parts = [event_of(text, newline, is_ascii=is_ascii) for text in texts]
    stream = b": ping" + newline + newline + b"".join(parts) + b"data: [DONE]" + newline + newline
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=12)))
    portions = [stream[a:b] for a, b in zip([0, *cuts], [*cuts, len(stream)], strict=True)]
    assert read(portions) == texts


def test_a_bad_byte_anywhere_is_told_or_changes_nothing_but_its_place() -> None:
    """Bad UTF-8 at every byte of a stream: never an exception of somebody else's, never a silent replacement."""
    stream = event_of("Grüße 🙂", b"\n", is_ascii=False) + event_of("end", b"\n", is_ascii=False)
    good = read([stream])
    told = 0
    for place in range(len(stream)):
        bad = stream[:place] + b"\xff" + stream[place + 1 :]
        try:
            with as_provider_errors((), streaming=True):
                texts = read([bad])
        except AnswerGarbled:
            told += 1
        else:  # in the name of a field, or in what stands before it: that event says nothing
            assert "�" not in "".join(texts)
            assert all(text in (*good, "") or text in "".join(good) for text in texts)
    assert told > len(stream) / 2


@given(st.binary(max_size=400))
def test_no_bytes_raise_what_is_not_ours(noise: bytes) -> None:
    try:
        with as_provider_errors((), streaming=True):
            read([b"data: " + noise + b"\n\n", noise])
    except ProviderError:
        pass


@pytest.mark.parametrize("before", [b"", b'{"a field that is not read": '], ids=["all", "a field"])
@pytest.mark.parametrize("depth", [100, 100_000])
def test_nesting_is_no_way_to_crash(depth: int, before: bytes) -> None:
    with pytest.raises(AnswerGarbled), as_provider_errors((), streaming=True):
        read([b"data: " + before + b"[" * depth + b"\n\n"])
