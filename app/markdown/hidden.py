"""
Characters that an eye does not see and that change what it reads, or carry what nobody reads.

They are marked on screen. Some of them make emoji and scripts what they are: where they do, they are left alone.
"""

import re
from functools import cache
from typing import NamedTuple

PLACEHOLDER = "\ufffd"
# Controls but for tab and newline; marks and embeddings of direction; what has no width; letters without a shape;
# selectors of variants; tags; halves of pairs.
_SUSPECTS = (
    r"\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e"
    r"\u2060-\u206f\u3164\ud800-\udfff\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001d173-\U0001d17a"
    r"\U000e0000-\U000e0fff"
)
_EMOJI = r"\u2139\u2190-\u2bff\u3030\u303d\u3297\u3299\ufe0f\u20e3\U0001f000-\U0001faff\U000e007f"
# Arabic and its like, Indic scripts, Tibetan to Myanmar, Khmer, Mongolian, Phags-pa.
_JOINED_SCRIPTS = (
    r"\u0600-\u0603\u0610-\u061a\u0620-\u08ff\u0900-\u0dff\u0f00-\u109f\u1780-\u17b3\u17b6-\u17ff\u1820-\u18af"
    r"\ua840-\ua87f\ufb50-\ufdff\ufe70-\ufefc\U00010a00-\U00011fff"
)
_IDEOGRAPHS = r"\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
# England, Scotland, Wales: the flags that are spelt in tags.
_SPELT_FLAG = "\U0001f3f4(?:{})\U000e007f".format(
    "|".join("".join(chr(0xE0000 + ord(letter)) for letter in name) for name in ("gbeng", "gbsct", "gbwls"))
)
_PROPER = (
    rf"{_SPELT_FLAG}"
    rf"|(?<=[{_EMOJI}])\u200d(?=[{_EMOJI}])"
    rf"|(?<=[{_JOINED_SCRIPTS}])[\u200c\u200d]"
    rf"|(?<=[0-9#*])\ufe0f(?=\u20e3)"
    rf"|(?<=[^\x00-\x7f\s{_SUSPECTS}])[\ufe00-\ufe0f]"
    rf"|(?<=[{_IDEOGRAPHS}])[\U000e0100-\U000e01ef]"
    r"|(?<=[\u1820-\u18af])[\u180b-\u180f]"
)
_suspect = re.compile(f"[{_SUSPECTS}]")
_NAMES = {
    0x00: "NUL", 0x07: "BEL", 0x08: "BS", 0x0B: "VT", 0x0C: "FF", 0x0D: "CR", 0x1B: "ESC", 0x7F: "DEL", 0x85: "NEL",
    0xAD: "SHY", 0x34F: "CGJ", 0x61C: "ALM", 0x180E: "MVS", 0x200B: "ZWSP", 0x200C: "ZWNJ", 0x200D: "ZWJ",
    0x200E: "LRM", 0x200F: "RLM", 0x2028: "LSEP", 0x2029: "PSEP", 0x202A: "LRE", 0x202B: "RLE", 0x202C: "PDF",
    0x202D: "LRO", 0x202E: "RLO", 0x2060: "WJ", 0x2066: "LRI", 0x2067: "RLI", 0x2068: "FSI", 0x2069: "PDI",
    0xFEFF: "BOM",
}  # fmt: skip


@cache
def _proper_or_hidden() -> re.Pattern[str]:
    """Compiled when something of the kind is met: 6 ms that most starts don't need."""
    return re.compile(f"{_PROPER}|([{_SUSPECTS}])")


class Hidden(NamedTuple):
    """A character's place in its text, and its short name."""

    position: int
    name: str


def hidden_in(text: str) -> list[Hidden]:
    """In the order of the text."""
    if not _suspect.search(text):
        return []
    return [Hidden(found.start(), name_of(found[0])) for found in _proper_or_hidden().finditer(text) if found[1]]


def shown(text: str) -> str:
    """The text with a sign in the place of each; as long as before."""
    if not _suspect.search(text):
        return text
    return _proper_or_hidden().sub(lambda found: PLACEHOLDER if found[1] else found[0], text)


def name_of(character: str) -> str:
    code = ord(character)
    return _NAMES.get(code) or f"U+{code:04X}"
