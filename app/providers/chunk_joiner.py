"""
Many small HTTP chunks to one, before the HTTP parser sees them.

A model's server sends each token as a chunk of its own, and h11, httpcore2 and httpx2 carry each one
through five layers: more than half of what a token cost the UI thread. The bytes of the body stay
the same; only the framing between the chunks of one read is taken out.
"""

from enum import Enum, auto

LONGEST_SIZE_LINE = 64


class _At(Enum):
    SIZE = auto()  # in a chunk's size line, of which `_line` has come
    DATA = auto()  # in its data or the line end after them; `_left` bytes to go
    RAW = auto()  # after the last chunk, or after something that is no chunk: the parser's business


class ChunkJoiner:
    """Follows a chunked body from any point on. What it returns is another framing of the same body."""

    def __init__(self) -> None:
        self._at = _At.SIZE
        self._line = b""
        self._left = 0

    def skip(self, seen: bytes) -> None:
        """Take note of what the parser has already got of the body."""
        self._finish_open(seen, 0)

    def join(self, data: bytes) -> bytes:
        """Return `data` with its whole chunks made one; what is cut off at either end is left as it is."""
        start = self._to_boundary(data)
        if self._at is not _At.SIZE or self._line or start >= len(data):
            return data
        payloads: list[bytes] = []
        position = start
        while (span := _whole_chunk(data, position)) is not None:
            first, last = span
            payloads.append(data[first:last])
            position = last + 2
        self._finish_open(data, position)
        if len(payloads) < 2:
            return data
        joined = b"".join(payloads)
        return b"%s%x\r\n%s\r\n%s" % (data[:start], len(joined), joined, data[position:])

    def _to_boundary(self, data: bytes) -> int:
        """Follow the chunk that is open at the start of `data`. Returns where the next one begins."""
        if self._at is _At.SIZE and self._line:
            return self._finish_open(data, 0, only_one=True)
        if self._at is _At.DATA:
            return self._finish_open(data, 0, only_one=True)
        return 0

    def _finish_open(self, data: bytes, position: int, *, only_one: bool = False) -> int:
        """Follow the framing to the end of `data`, or of the chunk that is open. Returns how far it came."""
        while position < len(data) and self._at is not _At.RAW:
            if self._at is _At.DATA:
                step = min(self._left, len(data) - position)
                self._left -= step
                position += step
                if self._left == 0:
                    self._at = _At.SIZE
                    if only_one:
                        return position
                continue
            end = data.find(b"\n", position)
            self._line += data[position : len(data) if end < 0 else end + 1]
            if end < 0:
                if len(self._line) > LONGEST_SIZE_LINE:
                    self._at = _At.RAW
                return len(data)
            position = end + 1
            size, self._line = _size_of(self._line), b""
            if not size:
                self._at = _At.RAW
            else:
                self._at, self._left = _At.DATA, size + 2
        return position


def _whole_chunk(data: bytes, position: int) -> tuple[int, int] | None:
    """Return where the data of the chunk at `position` begin and end, None if it is not all there or the last."""
    end = data.find(b"\n", position, position + LONGEST_SIZE_LINE)
    if end < 0:
        return None
    size = _size_of(data[position : end + 1])
    first = end + 1
    if not size or len(data) < first + size + 2 or data[first + size : first + size + 2] != b"\r\n":
        return None
    return first, first + size


def _size_of(line: bytes) -> int | None:
    """Return the size a size line names: 0 for the last chunk, None if it is none."""
    if not line.endswith(b"\r\n"):
        return None
    digits = line[:-2].split(b";", 1)[0].strip()
    try:
        return int(digits, 16) if digits and digits[:1] not in b"+-" else None
    except ValueError:
        return None
