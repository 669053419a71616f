"""Counting tokens: in what vocabulary, and how sure one can be of a number."""

from enum import IntEnum, StrEnum

from msgspec import Struct


class Vocabulary(StrEnum):
    """The vocabularies that Belay has: OpenAI's, in the names they were published under."""

    O200K = "o200k_base"  # GPT-4o and all later ones
    CL100K = "cl100k_base"  # GPT-3.5 and GPT-4


class TextClass(IntEnum):
    """
    What a token of O200K is a piece of.

    Other makers' vocabularies differ from OpenAI's, and differently in each of these.
    """

    SPACES = 0  # nothing but white space
    DIGITS = 1
    ACCENTED = 2  # Latin with letters beyond a to z
    SHORT_WORDS = 3  # with the space before: up to 3 letters
    WORDS = 4  # up to 6
    LONG_WORDS = 5
    SHORT_PARTS = 6  # inside a word, or behind a mark: up to 3 letters
    PARTS = 7  # up to 6
    LONG_PARTS = 8
    MARKS = 9  # punctuation
    FRAGMENTS = 10  # the rest of a character that has no token of its own
    ALPHABETS = 11  # Greek, Cyrillic, Hebrew, Arabic
    SYMBOLS = 12  # emoji, arrows, dashes
    KANA = 13  # and Chinese punctuation
    OTHER_SCRIPTS = 14  # Korean, Thai, those of India
    IDEOGRAPHS = 15  # Chinese


ClassCounts = tuple[int, ...]  # tokens by TextClass
NO_TOKENS: ClassCounts = (0,) * len(TextClass)


class TokenCount(Struct, frozen=True):
    """`is_exact`: counted in the model's own vocabulary; everything else is shown with ≈."""

    tokens: int
    is_exact: bool
