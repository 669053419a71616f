"""An answer for the ear: its finished sentences, and of what is no text only what it is."""

import time
from collections.abc import Callable

from app.markdown.blocks import Block, Code, Formula, Paragraph, Rule, Table
from app.markdown.inline import InlineText
from app.markdown.runs import Run, RunKind
from app.markdown.stream import BlockStream
from app.ui.transcript.sentences import finished_sentences

INTERVAL_S = 2.0
LONGEST_CHARACTERS = 2_000  # told at once; who wants more reads the message
_LANGUAGES = {
    "py": "Python", "python": "Python", "js": "JavaScript", "javascript": "JavaScript", "ts": "TypeScript",
    "typescript": "TypeScript", "rs": "Rust", "rust": "Rust", "cpp": "C++", "c++": "C++", "cs": "C sharp",
    "csharp": "C sharp", "sh": "shell", "bash": "shell", "zsh": "shell", "html": "HTML", "css": "CSS", "json": "JSON",
    "sql": "SQL", "yaml": "YAML", "yml": "YAML", "xml": "XML", "md": "Markdown", "rb": "Ruby", "kt": "Kotlin",
}  # fmt: skip
SKIPPED = "Some text was left out."


class Narration:
    """Feed it an answer's Markdown; `take` what can be told by now. Costs next to nothing until then."""

    def __init__(self) -> None:
        self._stream = BlockStream()
        self._is_whole = False
        self._number = 0  # of the block that is being told
        self._paragraph: InlineText | None = None
        self._read_pieces = 0
        self._told_characters = 0

    def feed(self, text: str) -> None:
        self._stream.feed(text)

    def finish(self) -> None:
        """No more comes: what is there is told to its last word."""
        self._stream.finish()
        self._is_whole = True

    def take(self) -> list[str]:
        """Return what was not told before, a sentence each."""
        blocks = self._stream.blocks
        told: list[str] = []
        while self._number < len(blocks):
            block = blocks[self._number]
            is_done = self._is_whole or block.is_closed or self._number + 1 < len(blocks)
            told += self._take_from(block, is_done=is_done)
            if not is_done:
                break
            self._number += 1
            self._paragraph, self._read_pieces, self._told_characters = None, 0, 0
        return told

    def _take_from(self, block: Block, *, is_done: bool) -> list[str]:
        if isinstance(block, Paragraph):
            return self._take_sentences(block, is_done=is_done)
        return [_in_words(block)] if is_done and not isinstance(block, Rule) else []

    def _take_sentences(self, block: Paragraph, *, is_done: bool) -> list[str]:
        if self._paragraph is None:
            self._paragraph = InlineText(self._stream.references)
        self._paragraph.feed("".join(block.pieces[self._read_pieces :]))
        self._read_pieces = len(block.pieces)
        if is_done:
            self._paragraph.finish()
        text = "".join(map(_spoken, (*self._paragraph.settled, *self._paragraph.open_runs())))
        found = finished_sentences(text[self._told_characters :], is_whole=is_done)
        self._told_characters += found.length
        return found.sentences


class Narrator:
    """Tells at most every INTERVAL_S what came meanwhile, and at the end the rest at once."""

    def __init__(self, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._narration = Narration()
        self._told_at: float | None = None

    def feed(self, text: str) -> None:
        self._narration.feed(text)

    @property
    def waits_s(self) -> float:
        """How long it is until something may be told again."""
        if self._told_at is None:
            return 0.0
        return max(0.0, self._told_at + INTERVAL_S - self._monotonic())

    def take(self) -> str:
        """Return the sentences that are finished, as one text; empty if none is, or if it is too early."""
        if self.waits_s:
            return ""
        told = _joined(self._narration.take())
        if told:
            self._told_at = self._monotonic()
        return told

    def finish(self, outcome: str) -> str:
        """Return the rest, and how it ended."""
        self._narration.finish()
        return _joined([*self._narration.take()], outcome)


def _joined(sentences: list[str], outcome: str = "") -> str:
    kept: list[str] = []
    length = 0
    for sentence in sentences:
        length += len(sentence) + 1
        if length > LONGEST_CHARACTERS:
            kept.append(SKIPPED)
            break
        kept.append(sentence)
    return " ".join([*kept, outcome] if outcome else kept)


def _spoken(run: Run) -> str:
    match run.kind:
        case RunKind.IMAGE:
            return f"Image: {run.text}" if run.text else "Image"
        case RunKind.FOOTNOTE:
            return ""
    return run.text


def _in_words(block: Code | Table | Formula | Rule) -> str:
    match block:
        case Code():
            count = len(block.lines) + bool(block.open_pieces)
            language = _LANGUAGES.get(block.language.lower(), block.language)
            in_language = f" in {language}" if language else ""
            return f"Code block{in_language}, {_counted(count, 'line')}."
        case Table():
            rows = len(block.rows) + bool(block.open_row)
            return f"Table, {_counted(len(block.header), 'column')}, {_counted(rows, 'row')}."
        case Formula():
            return f"Formula: {block.tex}."
    return ""


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
