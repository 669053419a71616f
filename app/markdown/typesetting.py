"""
Formulas set in type: TeX in, outlines out. No Qt.

Importing this loads ziamath and its font, a third of a second: on a worker thread, when there is a formula.
"""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from ziamath.config import config
from ziamath.zmath import Math, loadedfonts

from app.markdown.formulas.lines import drawn_lines
from app.markdown.formulas.mathml import LABEL_ASCENT_EM, MathML
from app.markdown.formulas.tex import UnreadableTex
from app.markdown.outlines import Figure, Label, NotTypeset, Outlines, Step

MAX_CHARACTERS = 2_000
MAX_WIDTH_EM = 400.0
MAX_HEIGHT_EM = 200.0

_SIZE = 24.0  # at which ziamath works: its smallest letters depend on it, all else grows in proportion
_BOX_PADDING = 0.15 * _SIZE
_LINE = 0.04 * _SIZE
_STEP = re.compile(r"([MLQCZ])([^MLQCZ]*)")

config.svg2 = False  # a glyph is a path where it stands, not a reference
_FONT = loadedfonts["default"]


def typeset(tex: str, *, is_display: bool) -> Outlines:
    """
    Takes some 10 ms, and half a second for the worst that is let through.

    Raises:
        NotTypeset: see there.
    """
    if len(tex) > MAX_CHARACTERS:
        raise NotTypeset("it is too long")
    try:
        return _typeset(MathML(tex, _has_glyph, is_display=is_display))
    except UnreadableTex as error:
        raise NotTypeset(str(error)) from error
    except Exception as error:  # latex2mathml and ziamath raise whatever they stumble over
        raise NotTypeset(f"{type(error).__name__}: {error}") from error


def _has_glyph(character: str) -> bool:
    return character.isspace() or bool(_FONT.glyphindex(character))


def _typeset(mathml: MathML) -> Outlines:
    picture = Math(mathml.root, size=_SIZE, margin=0).svgxml()
    left, _, width, _ = map(float, picture.attrib["viewBox"].split())
    figures: list[list[Step]] = []
    rooms: list[tuple[str, Element]] = []
    marks: list[tuple[str, float, float, float]] = []
    for shape in picture:
        fill = shape.get("fill", "")
        if fill.isdecimal():
            rooms.append((mathml.foreign[int(fill)], shape))
        elif fill.startswith("mark "):
            marks.append((fill, _number(shape, "x"), _number(shape, "y"), _number(shape, "height")))
        else:
            figures.append(list(_steps(shape)))
    figures += [list(_rectangle(*line)) for line in drawn_lines(mathml.lines, marks, thickness=_LINE)]
    # Frames stand out of ziamath's boxes.
    left = min([left, *(x for figure in figures for _, points in figure for x in points[::2])])
    labels = tuple(_label(shape, text, left) for text, shape in rooms)
    return _measured(tuple(tuple(_in_ems(figure, left)) for figure in figures), labels, width / _SIZE)


def _in_ems(figure: list[Step], left: float) -> Iterator[Step]:
    for kind, points in figure:
        shifted = (value if number % 2 else value - left for number, value in enumerate(points))
        yield kind, tuple(value / _SIZE for value in shifted)


def _measured(figures: tuple[Figure, ...], labels: tuple[Label, ...], width: float) -> Outlines:
    """How far it reaches is measured on what is seen: ziamath's boxes have some air."""
    points = [point for figure in figures for _, point in figure]
    ys = [y for point in points for y in point[1::2]]
    for label in labels:
        ys += label.baseline - LABEL_ASCENT_EM * label.px, label.baseline + (1 - LABEL_ASCENT_EM) * label.px
    right = max((x for point in points for x in point[::2]), default=0.0)
    ascent, descent = max(0.0, -min(ys, default=0.0)), max(0.0, max(ys, default=0.0))
    if not ys or max(width, right) > MAX_WIDTH_EM or ascent + descent > MAX_HEIGHT_EM:
        raise NotTypeset("it is too large, or there is nothing to be seen of it")
    return Outlines(max(width, right), ascent, descent, figures, labels)


def _number(shape: Element, name: str) -> float:
    return float(shape.attrib[name])


def _label(shape: Element, text: str, left: float) -> Label:
    height = _number(shape, "height") / _SIZE
    top = _number(shape, "y") / _SIZE
    return Label(text, (_number(shape, "x") - left) / _SIZE, top + LABEL_ASCENT_EM * height, height)


def _steps(shape: Element) -> Iterator[Step]:
    match shape.tag:
        case "path" if "stroke" in shape.attrib:
            x1, y1, x2, y2 = map(float, re.findall(r"-?[\d.]+", shape.attrib["d"]))
            yield from _line(x1, y1, x2, y2, _number(shape, "stroke-width"))
        case "path":
            for kind, points in _STEP.findall(shape.attrib["d"]):
                yield kind, tuple(map(float, points.split()))
        case "rect":
            area = (_number(shape, "x"), _number(shape, "y"), _number(shape, "width"), _number(shape, "height"))
            if "stroke" in shape.attrib:
                yield from _frame(*area, _number(shape, "stroke-width"))
            else:
                yield from _rectangle(*area)
        case "g":  # a sign put together of several, such as a high brace
            for part in shape:
                yield from _steps(part)
        case _:
            raise NotTypeset(f"nothing is known of {shape.tag}")


def _rectangle(x: float, y: float, width: float, height: float) -> Iterator[Step]:
    yield "M", (x, y)
    yield "L", (x + width, y)
    yield "L", (x + width, y + height)
    yield "L", (x, y + height)
    yield "Z", ()


def _frame(x: float, y: float, width: float, height: float, thickness: float) -> Iterator[Step]:
    """Some way out from what is in it, as TeX has it."""
    x, y, width, height = x - _BOX_PADDING, y - _BOX_PADDING, width + 2 * _BOX_PADDING, height + 2 * _BOX_PADDING
    yield from _rectangle(x, y, width, height)
    # Going round the other way, the inner edge cuts a hole.
    yield from _rectangle(x + width - thickness, y + thickness, 2 * thickness - width, height - 2 * thickness)


def _line(x1: float, y1: float, x2: float, y2: float, thickness: float) -> Iterator[Step]:
    length = ((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5 or 1.0
    dx, dy = (y2 - y1) / length * thickness / 2, (x1 - x2) / length * thickness / 2
    yield "M", (x1 + dx, y1 + dy)
    yield "L", (x2 + dx, y2 + dy)
    yield "L", (x2 - dx, y2 - dy)
    yield "L", (x1 - dx, y1 - dy)
    yield "Z", ()
