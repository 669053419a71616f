"""
The colours of code, by Pygments: a line at a time while it is written, or all of it at once.

Importing this loads Pygments: for a worker thread, when the first code is seen.
"""

from collections.abc import Iterable, Iterator, Sequence

from pygments.lexer import ExtendedRegexLexer, Lexer, LexerMeta, RegexLexer
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

from app.markdown.lexing import Deadline, RuleLexer, Token
from app.markdown.line_reading import ContextLines, LineReader, LineState, LoneLines, RuleLines, first_stack
from app.markdown.syntax import NO_COLORS, PLAIN, Colors, LexingFailed
from app.markdown.token_colors import LineColors, colors_by_lines

LONGEST_LINE = 5_000  # characters; a longer one has no colours
LONGEST_LINE_ELSEWHERE = 1_000  # for lexers that have no rules, but programs that cannot be stopped
LINE_LIMIT_S = 0.03
WHOLE_LIMIT_S = 5.0

_LONE = ("json", "console", "make")
# What people write and Pygments does not know.
_OTHER_NAMES = {
    word: name
    for name, words in {
        "arduino": "ino", "bash": "env dotenv", "bat": "cmd", "c": "h", "c++": "cc hpp", "console": "terminal session",
        "diff": "patch", "gherkin": "feature", "graphql": "gql", "groovy": "gradle", "handlebars": "hbs",
        "html": "html5 xhtml svelte", "ini": "conf", "javascript": "mjs cjs", "jinja": "jinja2",
        "json": "jsonc jsonl ndjson", "kotlin": "kt kts", "markdown": "mdx", "nasm": "assembly", "ocaml": "ml",
        "postgresql": "pgsql", "python": "ipython", "solidity": "sol", "sql": "sqlite", "typescript": "mts cts",
        "vb.net": "vb", "vim": "viml", "wast": "wasm", "xml": "svg",
    }.items()
    for word in words.split()
}  # fmt: skip


class Language:
    """One thread may read lines while another reads whole texts; neither may be done by two."""

    def __init__(self, lines: LineReader | None, whole: Lexer, *, is_php: bool) -> None:
        self._lines = lines
        self._whole = whole
        self._whole_rules = _rule_lexer(whole)
        self._is_php = is_php
        is_quick = self._whole_rules is not None or "json" in whole.aliases
        self.longest_line = LONGEST_LINE if is_quick else LONGEST_LINE_ELSEWHERE

    @property
    def name(self) -> str:
        """Its own, whatever a fence calls it."""
        return self._whole.name

    @property
    def reads_lines(self) -> bool:
        """If not, there are no colours before all of the text is read."""
        return self._lines is not None

    def first_state(self, first_line: str) -> LineState:
        return self._lines.first_state(first_line) if self._lines is not None else LineState()

    def read_line(self, line: str, state: LineState) -> tuple[Colors, LineState]:
        """
        The colours of a line, and the state of the next one.

        Raises:
            LexingFailed: this line is beyond the lexer.
        """
        if self._lines is None or len(line) > self.longest_line:
            return NO_COLORS, state
        deadline = Deadline(LINE_LIMIT_S)
        colors = LineColors()
        try:
            after = self._lines.read(line, state, colors, deadline)
            deadline.check()
        except Exception as error:  # noqa: BLE001 - one of the many that 600 lexers may have
            raise _failed(error) from None
        return colors.packed, after

    def read_all(self, lines: Sequence[str], limit_s: float = WHOLE_LIMIT_S) -> list[Colors]:
        """
        The colours of each line.

        Raises:
            LexingFailed: this text is beyond the lexer, or not to be done within `limit_s` of this thread's time.
        """
        kept = [line if len(line) <= self.longest_line else "" for line in lines]
        deadline = Deadline(limit_s)
        try:
            return colors_by_lines(self._tokens(kept, deadline), kept, deadline)
        except Exception as error:  # noqa: BLE001 - one of the many that 600 lexers may have
            raise _failed(error) from None

    def _tokens(self, lines: Sequence[str], deadline: Deadline) -> Iterable[Token]:
        text = "\n".join((*lines, ""))
        if self._whole_rules is None:
            return self._whole.get_tokens_unprocessed(text)
        stack = list(first_stack(lines[0] if lines else "", is_php=self._is_php))
        return self._whole_rules.tokens(text, stack, limit=len(text), deadline=deadline)


def language_named(name: str) -> Language | None:
    """As a fence names it, in lower case. None for plain text and for what nobody knows."""
    if name in PLAIN:
        return None
    known_name = _OTHER_NAMES.get(name, name)
    try:
        # Two, because a lexer may keep something in itself while it reads.
        lexer, whole = (get_lexer_by_name(known_name, startinline=True) for _ in range(2))
    except ClassNotFound:
        return None
    for other in set(_lexers_in(lexer)):
        other()  # its rules are compiled here, not while a line is read
    is_php = known_name == "php"
    return Language(_line_reader(lexer, is_php=is_php), whole, is_php=is_php)


def _line_reader(lexer: Lexer, *, is_php: bool) -> LineReader | None:
    if isinstance(lexer, ExtendedRegexLexer):
        return ContextLines(lexer)
    if isinstance(lexer, RegexLexer):
        return RuleLines(lexer, is_php=is_php)
    return LoneLines(lexer) if any(name in lexer.aliases for name in _LONE) else None


def _rule_lexer(lexer: Lexer) -> RuleLexer | None:
    is_of_rules = isinstance(lexer, RegexLexer) and not isinstance(lexer, ExtendedRegexLexer)
    return RuleLexer(lexer) if is_of_rules else None


def _lexers_in(lexer: Lexer) -> Iterator[LexerMeta]:
    """The lexers that its rules hand parts of the text to, such as those of scripts and styles in HTML."""
    for rules in getattr(lexer, "_tokens", {}).values():
        for _, action, _ in rules:
            yield from _lexers_of(action)


def _lexers_of(action: object) -> Iterator[LexerMeta]:
    for cell in getattr(action, "__closure__", None) or ():
        content = cell.cell_contents
        for part in content if isinstance(content, tuple) else (content,):
            if isinstance(part, LexerMeta):
                yield part
            else:
                yield from _lexers_of(part)


def _failed(error: Exception) -> LexingFailed:
    """Its message may hold the text: only its kind is told."""
    return error if isinstance(error, LexingFailed) else LexingFailed(type(error).__name__)
