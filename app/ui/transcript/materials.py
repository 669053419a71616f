"""What cells are made with."""

from dataclasses import dataclass, field
from weakref import WeakSet

from app.markdown.blocks import Code
from app.ui.icons import Icons
from app.ui.transcript.formulas import Formulas
from app.ui.transcript.highlighting import Highlighting
from app.ui.transcript.style import Style


@dataclass(frozen=True, slots=True)
class Materials:
    """Another `style` for every theme and every zoom; the rest lives as long as the transcript."""

    style: Style
    icons: Icons
    formulas: Formulas
    highlighting: Highlighting
    wrapped: WeakSet[Code] = field(default_factory=WeakSet)  # the blocks whose long lines the user wants to see whole
