"""The rest of a line, and the column it begins at: tabs reach to the next multiple of four."""

TAB_COLUMNS = 4
BLANK = " \t"


class Line:
    """What is left of a line after the marks of its containers were taken off."""

    __slots__ = ("column", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.column = 0

    @property
    def is_blank(self) -> bool:
        return not self.text.strip(BLANK)

    @property
    def indent(self) -> int:
        """Columns of blanks at its beginning."""
        column = self.column
        for character in self.text:
            if character == " ":
                column += 1
            elif character == "\t":
                column += TAB_COLUMNS - column % TAB_COLUMNS
            else:
                break
        return column - self.column

    @property
    def content(self) -> str:
        return self.text.lstrip(BLANK)

    def take_columns(self, columns: int) -> None:
        """Take off up to so many columns of blanks; what a tab reaches beyond them stays as spaces."""
        goal = self.column + columns
        position = 0
        column = self.column
        while column < goal and position < len(self.text) and self.text[position] in BLANK:
            column += 1 if self.text[position] == " " else TAB_COLUMNS - column % TAB_COLUMNS
            position += 1
        self.text = " " * max(0, column - goal) + self.text[position:]
        self.column = min(column, goal)

    def take_mark(self, characters: int, *, blanks: int = 1) -> None:
        """Take off the indent, a mark of so many characters, and up to so many columns of blanks behind it."""
        self.take_columns(self.indent)
        self.text = self.text[characters:]
        self.column += characters
        self.take_columns(blanks)

    def blanks_behind(self, characters: int) -> int:
        """Columns of blanks behind a mark of so many characters."""
        rest = Line(self.content[characters:])
        rest.column = self.column + self.indent + characters
        return rest.indent
