"""
A real tokenizer, offline: the vocabularies of OpenAI's models, shipped with Belay.

Imported in a child process only (counting_process): loading takes 0.25 s, for half of which no other thread can run,
and 80 MB (cl100k_base: 0.12 s, 40 MB); 1.4 million characters of code take 0.1 s.
"""

import lzma
import re
from itertools import accumulate, pairwise
from pathlib import Path

import tiktoken

from app.domain.tokens import NO_TOKENS, ClassCounts, TextClass, Vocabulary

# As published with the vocabularies, in tiktoken_ext/openai_public.py of tiktoken 0.14.
_PATTERNS = {
    Vocabulary.O200K: "|".join(
        [
            r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?",
            r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?",
            r"\p{N}{1,3}",
            r" ?[^\s\p{L}\p{N}]+[\r\n/]*",
            r"\s*[\r\n]+",
            r"\s+(?!\S)",
            r"\s+",
        ]
    ),
    Vocabulary.CL100K: (
        r"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}+| ?[^\s\p{L}\p{N}]++[\r\n]*+|\s++$|\s*[\r\n]"
        r"|\s+(?!\S)|\s"
    ),
}

SLICE_CHARACTERS = 20_000  # the ids of one slice are a list: of a megabyte it would hold up the UI thread's turn
LOOKED_BACK = 2_000
# Every pattern splits before the last space of a run, and between a letter and one of these marks, whatever stands
# before or after.
_SAFE_CUT = re.compile(r"[ \t](?=\S)|(?<=[^\W\d_])[\n.,;:!?()，。、；：！？（）]")


class Tokenizer:
    """One vocabulary in memory. Safe to use from one thread at a time, any."""

    def __init__(self, vocabulary: Vocabulary, folder: Path) -> None:
        """
        Read the vocabulary from `folder`.

        Raises:
            OSError, lzma.LZMAError: it is not there, or damaged (the file has a SHA-256 of its own).
        """
        tokens = _read(folder / f"{vocabulary}.xz")
        ranks = {token: rank for rank, token in enumerate(tokens)}
        self._encoding = tiktoken.Encoding(
            vocabulary.value, pat_str=_PATTERNS[vocabulary], mergeable_ranks=ranks, special_tokens={}
        )
        ranks.clear()  # it has been copied: 30 MB of 80
        self._classes = bytes(map(_class_of, tokens))

    def count(self, text: str) -> ClassCounts:
        """
        Count tokens by TextClass; their sum is the model's own number.

        What looks like a special token is counted as the text that it is. A text is cut where every pattern splits;
        only one without such a place within 18,000 characters may come out some tokens too high.
        """
        totals = list(NO_TOKENS)
        begin = 0
        while begin < len(text):
            end = _end_of_slice(text, begin)
            classes = bytes(map(self._classes.__getitem__, self._encoding.encode_ordinary(text[begin:end])))
            for each in TextClass:
                totals[each] += classes.count(each)
            begin = end
        return tuple(totals)

    def close(self) -> None:
        """Nothing to do: it goes with its last reference."""

    def encode(self, text: str) -> list[int]:
        """Return the ids of a short text's tokens."""
        return self._encoding.encode_ordinary(text)


def _end_of_slice(text: str, begin: int) -> int:
    limit = begin + SLICE_CHARACTERS
    if limit >= len(text):
        return len(text)
    last = None
    for last in _SAFE_CUT.finditer(text, limit - LOOKED_BACK, limit):  # noqa: B007 - the last one is wanted
        pass
    return last.start() if last else limit


def _read(path: Path) -> list[bytes]:
    """See packaging/vocabularies.py for the form."""
    data = lzma.decompress(path.read_bytes())
    size = int.from_bytes(data[:4])
    ends = list(accumulate(data[4 : 4 + size], initial=4 + size))
    return [data[begin:end] for begin, end in pairwise(ends)]


def _class_of(token: bytes) -> TextClass:
    """By its first character that is no space."""
    shown = token.lstrip(b" ")
    if not shown or token.isspace():
        return TextClass.SPACES
    lead = shown[0]
    if lead < 0x80:
        return _class_of_ascii(token, shown)
    if lead < 0xE0:
        return next(found for end, found in _LEADS_OF_TWO if lead < end)
    return next(found for end, found in _LEADS_OF_MORE if lead < end)


# What a first byte of UTF-8 below these begins.
_LEADS_OF_TWO = ((0xC0, TextClass.FRAGMENTS), (0xCE, TextClass.ACCENTED), (0xE0, TextClass.ALPHABETS))
_LEADS_OF_MORE = (
    (0xE2, TextClass.OTHER_SCRIPTS),
    (0xE3, TextClass.SYMBOLS),
    (0xE4, TextClass.KANA),
    (0xEA, TextClass.IDEOGRAPHS),
    (0xF0, TextClass.OTHER_SCRIPTS),
    (0x100, TextClass.SYMBOLS),
)


def _class_of_ascii(token: bytes, shown: bytes) -> TextClass:
    if shown[:1].isdigit():
        return TextClass.DIGITS
    if not (shown[:1].isalpha() or shown[1:2].isalpha()):
        return TextClass.MARKS
    if not token.isascii():
        return TextClass.ACCENTED
    first = TextClass.SHORT_WORDS if token[:1] == b" " else TextClass.SHORT_PARTS
    return TextClass(first + (0 if len(shown) <= 3 else 1 if len(shown) <= 6 else 2))
