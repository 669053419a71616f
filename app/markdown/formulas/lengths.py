"""Lengths of TeX and MathML, as ziamath takes them."""

import re

from app.markdown.formulas.tex import UnreadableTex

MAX_EM = 40.0

# ziamath 0.13 takes an em for 4/3 of what it is: nodes/mnode.py, size_px.
_ZIAMATH_EM = 0.75
_UNITS_EM = {
    "em": 1.0,
    "ex": 0.45,
    "mu": 1 / 18,
    "pt": 0.1,
    "bp": 0.1,
    "dd": 0.107,
    "pc": 1.2,
    "mm": 0.285,
    "cm": 2.85,
    "in": 7.23,
    "px": 0.0,
}
_NAMED_EM = {"thinmathspace": 3 / 18, "mediummathspace": 4 / 18, "thickmathspace": 5 / 18}
_LENGTH = re.compile(r"([+-]*)(\d*\.?\d+)\s*([a-z]{2})?")


def ems(length: float) -> str:
    """As an attribute."""
    return f"{length * _ZIAMATH_EM:.4f}em"


def in_ziamath_ems(value: str) -> str:
    """
    One or more lengths in any unit. What is no length is none.

    Raises:
        UnreadableTex: it is longer than any formula needs.
    """
    return " ".join(map(_length, value.split())) or "0"


def _length(value: str) -> str:
    sign = "-" if value.startswith("negative") else ""
    named = _NAMED_EM.get(value.removeprefix("negative"))
    if named is not None:
        return sign + ems(named)
    found = _LENGTH.fullmatch(value)
    if found is None:
        return "0"
    sign = found[1][-1:]
    length = float(found[2]) * _UNITS_EM.get(found[3] or "px", 0.0)
    if length > MAX_EM:
        raise UnreadableTex("a length is longer than any formula needs")
    return sign + ems(length)
