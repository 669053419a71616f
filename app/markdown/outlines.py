"""What a formula looks like, whoever draws it."""

from msgspec import Struct

Step = tuple[str, tuple[float, ...]]  # M, L, Q or C with its points, Z without: as in the paths of SVG
Figure = tuple[Step, ...]  # filled where its steps go around it more often in one direction than in the other


class NotTypeset(Exception):
    """It is no formula, or one that takes more than any should: its source is all there is to show."""


class Label(Struct, frozen=True):
    """A text in a script that the formula's font lacks. Its size `px` and the left end of its baseline in ems."""

    text: str
    left: float
    baseline: float
    px: float


class Outlines(Struct, frozen=True):
    """All in ems, y growing downwards from the baseline, x from the left end."""

    width: float
    ascent: float
    descent: float
    figures: tuple[Figure, ...]
    labels: tuple[Label, ...] = ()
