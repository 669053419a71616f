"""Whether a line is a fence, asked while the line is still arriving."""

MIN_RUN = 3
MAX_INDENT = 3
TAB_COLUMNS = 4
BLANK = " \t"


class FenceProbe:
    """
    Reads a line from its beginning, for as long as it can be a fence or blank.

    Looks for an opening fence, or for the one that closes `mark` × `run`. The work for a piece
    depends on the piece alone.
    """

    __slots__ = ("_closing_mark", "_closing_run", "_has_rest", "indent", "is_text", "mark", "run")

    def __init__(self, closing_mark: str = "", closing_run: int = MIN_RUN) -> None:
        self._closing_mark = closing_mark
        self._closing_run = closing_run
        self.reset()

    def reset(self) -> None:
        self.indent = 0  # columns
        self.mark = ""  # ` or ~ once seen
        self.run = 0
        self.is_text = False
        self._has_rest = False

    @property
    def is_fence(self) -> bool:
        """Of the line as read so far."""
        return not self.is_text and self.run >= self._closing_run

    def read(self, piece: str) -> bool:
        """Read the next piece. True as soon as the line is neither a fence nor blank: no need to read on."""
        if not self.mark:
            piece = self._read_indent(piece)
        if piece and not self.is_text and not self._has_rest:
            piece = self._read_run(piece)
        if piece and not self.is_text:
            self._read_rest(piece)
        return self.is_text

    def _read_indent(self, piece: str) -> str:
        stripped = piece.lstrip(BLANK)
        blank = piece[: len(piece) - len(stripped)]
        # A tab this early reaches at least column 4, too far for a fence.
        self.indent += len(blank) + (TAB_COLUMNS if "\t" in blank else 0)
        too_far = self.indent > MAX_INDENT
        if stripped and not too_far and stripped[0] in (self._closing_mark or "`~"):
            self.mark = stripped[0]
        elif stripped or (too_far and self._closing_mark):
            self.is_text = True
        return stripped

    def _read_run(self, piece: str) -> str:
        rest = piece.lstrip(self.mark)
        self.run += len(piece) - len(rest)
        if rest:
            self._has_rest = True
            self.is_text = self.run < self._closing_run
        return rest

    def _read_rest(self, piece: str) -> None:
        if self._closing_mark:
            self.is_text = bool(piece.strip(BLANK))
        else:
            self.is_text = self.mark == "`" and "`" in piece


def without_indent(line: str, columns: int) -> str:
    """Take up to `columns` of blanks off the line; what a tab reaches beyond them stays as spaces."""
    column = position = 0
    while column < columns and position < len(line) and line[position] in BLANK:
        column += 1 if line[position] == " " else TAB_COLUMNS - column % TAB_COLUMNS
        position += 1
    return " " * (column - columns) + line[position:]
