"""What the height of a message on screen depends on, beside the message."""

from typing import NamedTuple


class RowShape(NamedTuple):
    """A height that was measured in one shape is an estimate in another."""

    column_width: int  # pixels
    style: str  # names fonts and zoom: two heights can be compared only within one
