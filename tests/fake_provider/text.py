"""What the fake says: text that a test can work out for itself from (index, seed)."""

# Two, three and four bytes, a combining accent and a joined emoji: each a place to cut wrongly.
WORDS = (
    *("anchor", "belay", "bight", "bowline", "capstan", "cleat", "course", "deck", "ebb", "fathom", "fender", "flag"),
    *("galley", "halyard", "harbour", "helm", "hull", "jib", "keel", "knot", "lantern", "leeward", "line", "log"),
    *("mast", "mooring", "north", "oar", "pilot", "quay", "reef", "rope", "rudder", "sail", "shore", "sound"),
    *("spar", "star", "stern", "tack", "tide", "tiller", "voyage", "watch", "wave", "wharf", "wind", "yard"),
    *("café", "naïve", "漢字", "航海", "🙂", "⚓", "шкот", "λιμήν", "e\u0301toile", "👩\u200d🚀"),
)
LINE, PARAGRAPH = 40, 120
_REASONING_SEED = 1_000_003


def token_text(index: int, seed: int = 0) -> str:
    """The text of token `index`: a word with its leading space, or the end of a line or a paragraph."""
    if index % LINE == LINE - 1:
        return ".\n\n" if index % PARAGRAPH == PARAGRAPH - 1 else ".\n"
    mixed = (index * 0x9E3779B1 + seed * 0x85EBCA6B + 1) & 0xFFFFFFFF
    mixed = ((mixed ^ (mixed >> 16)) * 0x45D9F3B) & 0xFFFFFFFF
    word = WORDS[(mixed ^ (mixed >> 16)) % len(WORDS)]
    return word if index % LINE == 0 else f" {word}"


def reasoning_text(index: int, seed: int = 0) -> str:
    """The text of reasoning token `index`; the answer proper starts again at `token_text(0, seed)`."""
    return token_text(index, seed + _REASONING_SEED)


def answer_text(count: int, seed: int = 0) -> str:
    return "".join(token_text(index, seed) for index in range(count))


def tokens_in(text: str, seed: int = 0) -> int:
    """
    How many whole tokens `text` is.

    Raises:
        ValueError: `text` is not what the schedule gives; says where they part.
    """
    count = position = 0
    while position < len(text):
        expected = token_text(count, seed)
        if not text.startswith(expected, position):
            found = text[position : position + 24]
            raise ValueError(f"token {count} at character {position} should be {expected!r}, found {found!r}")
        position += len(expected)
        count += 1
    return count
