"""What a text defines for all of it: where link labels lead, and which footnotes there are."""

from msgspec import Struct, field


class References(Struct):
    """
    Filled while the blocks are read. Labels are normalised as CommonMark wants it.

    `version` counts the definitions: an InlineText that asked for a label in vain compares it.
    """

    links: dict[str, tuple[str, str]] = field(default_factory=dict)  # label: address, title
    footnotes: dict[str, int] = field(default_factory=dict)  # label: number, in the order of their definitions
    version: int = 0

    def define_link(self, label: str, address: str, title: str) -> None:
        """The first definition of a label counts."""
        if label not in self.links:
            self.links[label] = (address, title)
            self.version += 1

    def define_footnote(self, label: str) -> None:
        """The first definition of a label counts."""
        if label not in self.footnotes:
            self.footnotes[label] = len(self.footnotes) + 1
            self.version += 1
