"""Characters that an eye does not see and that change what it reads: they are marked on screen."""

import re
import unicodedata
from typing import NamedTuple

PLACEHOLDER = "\ufffd"
_NAMES = {
    0x061C: "ALM", 0x00AD: "SHY", 0x180E: "MVS", 0x200B: "ZWSP", 0x200E: "LRM", 0x200F: "RLM", 0x202A: "LRE",
    0x202B: "RLE", 0x202C: "PDF", 0x202D: "LRO", 0x202E: "RLO", 0x2060: "WJ", 0x2066: "LRI", 0x2067: "RLI",
    0x2068: "FSI", 0x2069: "PDI", 0xFEFF: "BOM", 0x1B: "ESC", 0x7F: "DEL",
}  # fmt: skip
# The joiners ZWNJ and ZWJ stay: emoji and scripts need them. A soft hyphen is one that is not seen.
_HIDDEN = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    r"\ufff9-\ufffb\U000e0000-\U000e007f]"
)


class Hidden(NamedTuple):
    """A character's place in its text, and its short name."""

    position: int
    name: str


def hidden_in(text: str) -> list[Hidden]:
    return [Hidden(found.start(), name_of(found[0])) for found in _HIDDEN.finditer(text)]


def shown(text: str) -> str:
    """The text with a sign in the place of each; as long as before."""
    return _HIDDEN.sub(PLACEHOLDER, text)


def name_of(character: str) -> str:
    code = ord(character)
    return _NAMES.get(code) or (f"U+{code:04X}" if unicodedata.category(character) != "Zl" else "LSEP")
