"""Whatever the chunks and however they are cut, the body stays the same."""

import h11
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.providers.chunk_joiner import ChunkJoiner

HEAD = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


def framed(payloads: list[bytes], extension: bytes = b"") -> bytes:
    return b"".join(b"%x%s\r\n%s\r\n" % (len(part), extension, part) for part in payloads if part) + b"0\r\n\r\n"


def parsed(portions: list[bytes]) -> tuple[bytes, int]:
    """The body as h11 reads it, and in how many pieces."""
    connection = h11.Connection(our_role=h11.CLIENT)
    connection.send(h11.Request(method="GET", target="/", headers=[("Host", "x")]))
    connection.send(h11.EndOfMessage())
    body, pieces = b"", 0
    for portion in (HEAD, *portions):
        if portion:
            connection.receive_data(portion)
        while (event := connection.next_event()) is not h11.NEED_DATA:
            if isinstance(event, h11.Data):
                body += bytes(event.data)
                pieces += 1
            elif isinstance(event, h11.EndOfMessage):
                return body, pieces
            assert event is not h11.PAUSED
    raise AssertionError("the body did not end")


@given(
    st.lists(st.binary(max_size=40), max_size=12),
    st.sampled_from([b"", b";name=value", b" "]),
    st.lists(st.integers(0, 600), max_size=8),
    st.integers(0, 600),
)
def test_the_body_stays_the_same(payloads: list[bytes], extension: bytes, cuts: list[int], seen: int) -> None:
    """From any point on, in any portions."""
    stream = framed(payloads, extension)
    seen = min(seen, len(stream))
    rest = stream[seen:]
    cuts = sorted(min(cut, len(rest)) for cut in cuts)
    portions = [rest[a:b] for a, b in zip([0, *cuts], [*cuts, len(rest)], strict=True)]
    joiner = ChunkJoiner()
    joiner.skip(stream[:seen])
    body, _ = parsed([stream[:seen], *(joiner.join(portion) for portion in portions if portion)])
    assert body == b"".join(payloads)


def test_the_chunks_of_one_read_become_one() -> None:
    payloads = [b"data: %d\n\n" % number for number in range(100)]
    assert parsed([framed(payloads)])[1] == 100
    assert parsed([ChunkJoiner().join(framed(payloads))]) == (b"".join(payloads), 1)


def test_byte_by_byte_nothing_is_lost() -> None:
    payloads = [b"data: %d\n\n" % number for number in range(20)]
    joiner = ChunkJoiner()
    stream = framed(payloads)
    assert parsed([joiner.join(stream[at : at + 1]) for at in range(len(stream))])[0] == b"".join(payloads)


@pytest.mark.parametrize(
    "broken", [b"zz\r\nabc\r\n", b"-1\r\nabc\r\n", b"\r\n", b"3\nabc\n", b"f" * 200, b"2\r\nabc\r\n"]
)
def test_what_is_no_chunk_is_left_to_the_parser(broken: bytes) -> None:
    joiner = ChunkJoiner()
    whole = framed([b"one", b"two"])[:-5]
    out = joiner.join(whole + broken) + joiner.join(b"more")
    assert out.endswith(broken + b"more")
    assert b"onetwo" in out


def test_what_comes_after_the_last_chunk_is_left_alone() -> None:
    joiner = ChunkJoiner()
    stream = framed([b"one", b"two"])
    assert joiner.join(stream).endswith(b"0\r\n\r\n")
    assert joiner.join(b"HTTP/1.1 200 OK\r\n") == b"HTTP/1.1 200 OK\r\n"
