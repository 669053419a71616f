"""Server-sent events: bytes in any portions to the data of whole events."""

from app.domain.errors import AnswerTooLarge

MAX_LINE_BYTES = 1024 * 1024
MAX_ANSWER_BYTES = 64 * 1024 * 1024


class EventLines:
    """
    Splits a stream into events. Lines may end in LF, CRLF or CR; comments and other fields are passed over.

    The same data come out however the bytes are cut.
    """

    def __init__(self) -> None:
        self._rest = b""
        self._total_bytes = 0
        self._data: list[bytes] = []
        self._after_cr = False

    def feed(self, portion: bytes) -> list[bytes]:
        """
        Return the data of the events that are whole now.

        Raises:
            AnswerTooLarge: a line over MAX_LINE_BYTES, or more than MAX_ANSWER_BYTES in all.
        """
        self._total_bytes += len(portion)
        if self._total_bytes > MAX_ANSWER_BYTES:
            raise AnswerTooLarge(f"more than {MAX_ANSWER_BYTES >> 20} MB")
        if self._after_cr and portion.startswith(b"\n"):
            portion = portion[1:]
        if portion:
            self._after_cr = portion.endswith(b"\r")
        if b"\r" in portion:
            portion = portion.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        lines = (self._rest + portion if self._rest else portion).split(b"\n")
        self._rest = lines.pop()
        if len(self._rest) > MAX_LINE_BYTES:
            raise AnswerTooLarge(f"a line over {MAX_LINE_BYTES >> 10} KB")
        events: list[bytes] = []
        for line in lines:
            if not line:
                self._dispatch(events)
            elif line.startswith(b"data:"):
                if len(line) > MAX_LINE_BYTES:
                    raise AnswerTooLarge(f"a line over {MAX_LINE_BYTES >> 10} KB")
                self._data.append(line[6:] if line[5:6] == b" " else line[5:])
        return events

    def end(self) -> list[bytes]:
        """Return the event that the stream ended in the middle of: many servers leave out its blank line."""
        events = self.feed(b"\n") if self._rest else []
        self._dispatch(events)
        return events

    def _dispatch(self, events: list[bytes]) -> None:
        if self._data:
            events.append(self._data[0] if len(self._data) == 1 else b"\n".join(self._data))
            self._data.clear()
