"""Reads a growing text into blocks, some of it at a time."""

from app.markdown.blocks import Block, Paragraph
from app.markdown.references import References
from app.markdown.stream import BlockStream

SLICE_CHARACTERS = 1_000  # under 1 ms, or 10 ms of the shortest blocks there are


class BlockReader:
    """`pieces` are appended to and never changed. `is_verbatim`: all of it is one paragraph, shown as written."""

    def __init__(self, pieces: list[str], *, is_verbatim: bool = False) -> None:
        self.is_verbatim = is_verbatim
        self._pieces = pieces
        self._stream = BlockStream()
        self._verbatim: list[Block] = []
        self.is_finished = False
        self._taken_pieces = 0
        self._unread = ""
        self._unread_from = 0

    @property
    def blocks(self) -> list[Block]:
        return self._verbatim if self.is_verbatim else self._stream.blocks

    @property
    def references(self) -> References:
        return self._stream.references

    @property
    def has_more(self) -> bool:
        return bool(self._unread) or self._taken_pieces < len(self._pieces)

    def take_touched(self) -> int:
        """The first block that is new or another than when this was last asked; how many there are if none is."""
        return 0 if self.is_verbatim else self._stream.take_touched()

    def finish(self) -> None:
        """No more will come."""
        self.is_finished = True
        self._stream.finish()

    def read_slice(self) -> None:
        if not self._unread:
            self._unread = "".join(self._pieces[self._taken_pieces :])
            self._taken_pieces = len(self._pieces)
        end = self._unread_from + SLICE_CHARACTERS
        text = self._unread[self._unread_from : end]
        self._unread_from = end
        if end >= len(self._unread):
            self._unread, self._unread_from = "", 0
        if self.is_verbatim:
            self._feed_verbatim(text)
        else:
            self._stream.feed(text)

    def _feed_verbatim(self, text: str) -> None:
        if not self._verbatim:
            self._verbatim.append(Paragraph(0))
        block = self._verbatim[0]
        assert isinstance(block, Paragraph)
        block.pieces.append(text)
