"""The list of blocks while it grows, and since where it is no longer what it was."""

from app.markdown.blocks import Block


class BlockList:
    """Remembers the first block that is new, has grown or was revised or removed since it was last asked."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._touched = 0

    def add(self, block: Block) -> None:
        if not self.blocks:
            block.start = 0  # blank lines before the first block are its own
        self.blocks.append(block)

    def remove_last(self) -> None:
        self.touch_last()
        self.blocks.pop()

    def touch_last(self) -> None:
        """The last block has changed; if it has not been listed yet, it counts as new when it is."""
        last = len(self.blocks) - 1
        if last < self._touched:
            self._touched = last

    def take_touched(self) -> int:
        touched = max(0, self._touched)
        self._touched = len(self.blocks)
        return touched
