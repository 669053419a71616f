"""What cells are made with."""

from weakref import WeakSet

from msgspec import Struct, field

from app.markdown.blocks import Code
from app.ui.icons import Icons
from app.ui.transcript.formulas import Formulas
from app.ui.transcript.highlighting import Highlighting
from app.ui.transcript.style import Style


class Materials(Struct, frozen=True):
    """Another `style` for every theme and every zoom; the rest lives as long as the transcript."""

    style: Style
    icons: Icons
    formulas: Formulas
    highlighting: Highlighting
    wrapped: WeakSet[Code] = field(default_factory=WeakSet)  # the blocks whose long lines the user wants to see whole
