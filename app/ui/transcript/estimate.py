"""How high a message will be, before anybody has looked at it."""

from app.domain.conversation import KnownMessage, Message
from app.ui.transcript.style import Style

ROW_PX = 66  # around the text
CHARACTER_PX = 8
FEWEST_IN_A_LINE = 20
BLANK_SHARE = 1.4  # of a text whose line ends nobody has counted


class Estimate:
    """In one shape. Cheap: 10,000 are asked for at once."""

    def __init__(self, style: Style, width: int) -> None:
        self._row_px = style.px(ROW_PX)
        self._line_px = style.body.line_px
        self._in_a_line = max(FEWEST_IN_A_LINE, int(width / style.zoom / CHARACTER_PX))
        self._blank_in_a_line = int(self._in_a_line / BLANK_SHARE)

    def of(self, message: KnownMessage) -> int:
        if isinstance(message, Message):
            lines = len(message.content) // self._in_a_line + message.content.count("\n") + 1
            return self._row_px + self._line_px * lines
        return self._row_px + self._line_px * (message.characters // self._blank_in_a_line + 1)
