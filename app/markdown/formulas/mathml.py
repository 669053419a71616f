"""TeX to MathML that ziamath lays out as TeX would: its spaces, its sizes in fractions, its tables."""

import html
import re
from collections.abc import Callable
from itertools import groupby
from xml.etree.ElementTree import Element, SubElement

from latex2mathml.converter import convert_to_element

from app.markdown.formulas.lengths import ems, in_ziamath_ems
from app.markdown.formulas.spacing import space, spaced
from app.markdown.formulas.tables import TableLines, fit_table
from app.markdown.formulas.tex import UnreadableTex, readable

LABEL_ASCENT_EM = 0.88  # how much of the height of foreign letters is above the baseline
MAX_COST = 5_000  # nodes that ziamath would build, some 0.1 ms each

_ROWS = frozenset(("math", "mrow", "mphantom", "mpadded", "mtd", "msqrt", "menclose"))
_SCRIPTED = frozenset(("msub", "msup", "msubsup", "munder", "mover", "munderover"))
_KNOWN = _ROWS | _SCRIPTED | {"mi", "mn", "mo", "mtext", "mspace", "mfrac", "mroot", "mstyle", "mtable", "mtr"}
_LENGTH = re.compile("columnspacing|depth|height|linethickness|[lr]space|m(?:ax|in)size|rowspacing|voffset|width")
# Colours are the text's, addresses lead nowhere, and sizes are those of the text around.
_UNWANTED = frozenset(("border-color", "class", "href", "mathbackground", "mathcolor", "mathsize", "style", "xmlns"))

_ACCENTS = {"^": "\u02c6"}  # over one letter
_WIDE_ACCENTS = {"^": "\u0302", "~": "\u0303"}
_LONG_ARROWS = {"→": "⟶", "←": "⟵", "⇒": "⟹", "⇐": "⟸", "↔": "⟷", "⇔": "⟺"}
_FRACTION_AIR_EM = 0.1
_MATRIX_AIR_EM = 0.1
_BLANK_EM = 0.25
_FIRST_WIDE = 0x1100  # from here on most letters are as wide as high
_OPENING = frozenset("([{⟨⌊⌈")
_CLOSING = frozenset(")]}⟩⌋⌉")
_FENCES = _OPENING | _CLOSING | frozenset("|‖∣")
_LARGE = frozenset("∑∏∐∫∬∭∮∯∰⋃⋂⋁⋀⨁⨂⨀⨄⨆")
_NAME = re.compile(r"[A-Za-z][A-Za-z \u2009\u2006\u00a0]+")


class MathML:
    """
    A formula as a tree of elements that ziamath understands, at a cost that is known before it is paid.

    Rooms are left in it for what ziamath cannot draw, told apart by the `mathbackground` of their spaces:
    "rule"; the number of a text of `foreign`, in a script that the formula's font lacks; a mark of `lines`.
    """

    def __init__(self, tex: str, has_glyph: Callable[[str], bool], *, is_display: bool) -> None:
        """
        Raises:
            UnreadableTex: it is no formula, or one that would take too long.
        """
        self.foreign: list[str] = []
        self.lines: list[TableLines] = []
        self._has_glyph = has_glyph
        self.root = convert_to_element(readable(tex), display="block" if is_display else "inline")
        self._fit(self.root, is_script=False)
        if _cost(self.root) > MAX_COST:
            raise UnreadableTex("it is nested too deeply")

    def _fit(self, element: Element, *, is_script: bool) -> None:
        """This element and all in it."""
        if element.tag not in _KNOWN:
            raise UnreadableTex(f"nothing is known of {element.tag}")
        _fit_attributes(element)
        if element.tag == "mstyle":
            _hand_down_style(element)
        for number, child in enumerate(list(element)):
            self._fit(child, is_script=is_script or (element.tag in _SCRIPTED and number > 0))
        if element.text is not None:
            self._fit_text(element)
        _decide_stretching(element)
        if element.tag in _ROWS:
            _fit_row(element, is_script=is_script)
        else:
            element[:] = [_unwrapped(child) for child in element]
        match element.tag:
            case "mfrac":
                _set_in_text_style(element, first=0)
            case "mtable":
                lines = fit_table(element, len(self.lines))
                self.lines += [lines] if lines is not None else []
            case "mover" | "munder" | "munderover":
                _fit_accents(element)
        if element.tag in _SCRIPTED:
            _set_in_text_style(element, first=1)

    def _fit_text(self, element: Element) -> None:
        text = html.unescape(element.text or "")
        if text.startswith("\\") and len(text) > 1:
            raise UnreadableTex(f"the command {text} is not known")
        if element.tag == "mi" and text == "~":
            text = "∼"
        element.text = text
        is_split = element.tag == "mtext" and text[:1].isspace()
        if element.tag in ("mi", "mo", "mtext") and (is_split or not all(map(self._has_glyph, text))):
            self._split(element, text)
        elif element.tag == "mo" or (element.tag == "mi" and (_NAME.fullmatch(text) or not text.isalnum())):
            _fit_operator(element, text)  # ziamath would put spaces of its own around it

    def _split(self, element: Element, text: str) -> None:
        """What ziamath can set in pieces, and rooms for the rest, in the order of the text."""
        element.tag, element.text = "mrow", None
        element.attrib.clear()
        for is_own, characters in groupby(text, self._has_glyph):
            piece = "".join(characters)
            if is_own:
                # ziamath gives what it drew before a leading blank the colour of the blank.
                words = piece.lstrip()
                element.append(space(_BLANK_EM * (len(piece) - len(words))))
                SubElement(element, "mtext").text = words
            else:
                element.append(self._room_for(piece))

    def _room_for(self, text: str) -> Element:
        width = sum(1.0 if ord(character) > _FIRST_WIDE else 0.6 for character in text)
        number = str(len(self.foreign))
        self.foreign.append(text)
        height, depth = ems(LABEL_ASCENT_EM), ems(1 - LABEL_ASCENT_EM)
        return Element("mspace", width=ems(width), height=height, depth=depth, mathbackground=number)


def _fit_attributes(element: Element) -> None:
    is_rule = element.tag == "mspace" and "mathbackground" in element.attrib
    for name, value in list(element.attrib.items()):
        if name in _UNWANTED:
            del element.attrib[name]
        elif _LENGTH.fullmatch(name):
            element.set(name, in_ziamath_ems(value))
    if is_rule:
        element.set("mathbackground", "rule")


def _hand_down_style(element: Element) -> None:
    for child in element:
        for name, value in element.attrib.items():
            child.attrib.setdefault(name, value)
    element.tag = "mrow"
    element.attrib.clear()


def _fit_operator(element: Element, text: str) -> None:
    element.tag = "mo"
    is_prefix = text in _OPENING or text in _LARGE or _NAME.fullmatch(text)
    element.attrib.setdefault("form", "prefix" if is_prefix else "postfix" if text in _CLOSING else "infix")
    element.set("lspace", "0em")
    element.set("rspace", "0em")


def _decide_stretching(parent: Element) -> None:
    """ziamath stretches whatever can be; TeX what stands after left and right, and the fences of a matrix."""
    is_matrix = any(child.tag == "mtable" for child in parent)
    for child in parent:
        if child.tag == "mo" and "minsize" not in child.attrib:
            child.attrib.setdefault("stretchy", "true" if is_matrix and child.text in _FENCES else "false")


def _fit_row(row: Element, *, is_script: bool) -> None:
    children = [child for child in row if child.text or len(child) or child.tag not in ("mtext", "mrow")]
    result: list[Element] = []
    for child in spaced(children, is_script=is_script):
        if child.tag != "mrow":
            result += _as_tex_has_it(child)
        elif child.attrib or any(map(_must_stay_in_row, child)):
            result.append(child)
        else:
            result += child  # else all in it would take twice the time
    row[:] = result


def _as_tex_has_it(element: Element) -> tuple[Element, ...]:
    """
    ziamath leaves more beside a fraction than TeX, and lifts an exponent by the height of the bracket before it.
    """
    if element.tag == "mfrac":
        return space(-_FRACTION_AIR_EM), element, space(-_FRACTION_AIR_EM)
    if element.tag == "mtable":
        return space(_MATRIX_AIR_EM), element, space(_MATRIX_AIR_EM)
    if element.tag in ("msup", "msub", "msubsup") and element[0].tag == "mo" and element[0].text in _CLOSING:
        bracket = element[0]
        element[0] = space(0.0)
        return bracket, element
    return (element,)


def _must_stay_in_row(element: Element) -> bool:
    """It stretches to the height of its row, or ends a line of it."""
    return element.get("stretchy") == "true" or "linebreak" in element.attrib


def _unwrapped(element: Element) -> Element:
    """As above, for what stands in no row."""
    while element.tag == "mrow" and len(element) == 1 and not element.attrib:
        element = element[0]
    return element


def _set_in_text_style(element: Element, *, first: int) -> None:
    for child in element[first:]:
        child.attrib.setdefault("displaystyle", "false")


def _fit_accents(element: Element) -> None:
    base = element[0]
    if base.tag == "mo" and base.text in _LONG_ARROWS and any(child.tag != "mo" for child in element[1:]):
        base.text = _LONG_ARROWS[base.text]  # the arrow grows with what stands over it
    signs = _ACCENTS if element.get("accent") == "true" else _WIDE_ACCENTS
    for child in element[1:]:
        if child.tag == "mo" and child.text in signs and not (child.text == "~" and len(_letters(element[0])) == 1):
            child.text = signs[child.text]


def _letters(element: Element) -> str:
    return "".join(element.itertext())


def _cost(element: Element) -> int:
    """ziamath lays out every child of a row twice, once to learn how high it is, and looks at all before it."""
    children = sum(map(_cost, element))
    return 1 + len(element.text or "") + (2 * children + len(element) ** 2 // 500 if element.tag in _ROWS else children)
