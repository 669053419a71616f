"""Formulas that chat models write are set as TeX would set them; of all others the source is left."""

import builtins
import socket
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.markdown.formulas.chemistry import chemistry
from app.markdown.formulas.lengths import in_ziamath_ems
from app.markdown.formulas.tex import UnreadableTex, readable
from app.markdown.outlines import NotTypeset, Outlines
from app.markdown.typesetting import typeset
from tests.unit.markdown.formula_samples import SAMPLES

_PIECES = st.one_of(
    st.sampled_from("ab12+-=,()[]|_^{}&%$#~'好"),
    st.sampled_from(
        ["\\\\", "\\frac", "\\left(", "\\right)", "\\sqrt", "\\text{a b}", "\\alpha", "\\sum", "\\hspace{2em}"]
    ),
    st.sampled_from(["\\begin{cases}", "\\end{cases}", "\\begin{pmatrix}", "\\end{pmatrix}", "\\color{red}"]),
)


def display(tex: str) -> Outlines:
    return typeset(tex, is_display=True)


def inline(tex: str) -> Outlines:
    return typeset(tex, is_display=False)


@pytest.mark.parametrize("tex", SAMPLES)
def test_what_models_write_is_set(tex: str) -> None:
    outlines = display(tex)
    assert outlines.width > 0.5
    assert 0.4 < outlines.ascent < 4
    assert outlines.descent < 4
    xs = [x for figure in outlines.figures for _, points in figure for x in points[::2]]
    assert min(xs) >= 0
    assert max(xs) <= outlines.width + 0.001


@pytest.mark.parametrize(
    "tex",
    [
        "",
        r"\ ",
        r"\unknown{x}",
        r"\includegraphics{/etc/passwd}",
        r"\input{/etc/passwd}",
        r"\frac{1}",
        r"\left( x",
        "x^1^2",
        "{" * 900,
        r"\frac{1}{" * 150 + "x" + "}" * 150,
        r"\left(" * 120 + "x" + r"\right)" * 120,
        r"\def\a{\a\a}\a",
        r"\newcommand{\a}{\a}\a",
        r"\hspace{99999em} x",
        r"\rule{9999cm}{9999cm}",
        r"\hspace{39em}" * 20 + "x",
        r"\text{unclosed",
        "x+" * 990,
        "x" * 2_001,
    ],
)
def test_what_is_no_formula_or_too_much_of_one_is_refused(tex: str) -> None:
    with pytest.raises(NotTypeset):
        display(tex)


def test_braces_around_braces_cost_nothing() -> None:
    assert display("{" * 100 + "x" + "}" * 100) == display("x")


@given(st.lists(_PIECES, max_size=14).map(" ".join))
@settings(max_examples=60, deadline=None)
def test_anything_is_set_or_refused(tex: str) -> None:
    try:
        outlines = display(tex)
    except NotTypeset:
        return
    assert outlines.figures or outlines.labels


def test_no_formula_opens_a_file_or_a_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    display("x")  # the font is read once

    def refuse(*_args: object, **_kwargs: object) -> None:
        raise AssertionError("something was opened")

    monkeypatch.setattr(builtins, "open", refuse)
    monkeypatch.setattr(socket, "socket", refuse)
    for tex in (*SAMPLES[:10], r"\text{<mglyph src='file:///etc/passwd'/>}", r"\href{http://a.example/x}{y}"):
        display(tex)


def test_markup_in_a_text_is_text() -> None:
    letters = display(r"\text{<mi>x</mi>}")
    assert len(letters.figures) == len("<mi>x</mi>")


def test_a_formula_reaches_above_and_below_its_baseline() -> None:
    fraction, letter = inline(r"\frac{a}{b}"), inline("x")
    assert letter.descent < 0.05
    assert fraction.ascent > letter.ascent
    assert fraction.descent > 0.2
    assert display(r"\frac{a}{b}").ascent > fraction.ascent


@pytest.mark.parametrize(
    ("tex", "same"),
    [
        ("x^{2}", "x^2"),
        (r"{x}", "x"),
        (r"\begin{aligned} a &= b \end{aligned}", r"\begin{align*} a &= b \end{align*}"),
        (r"\begin{align} a &= b \end{align}", r"\begin{align*} a &= b \end{align*}"),
        (r"\begin{equation} a \end{equation}", "a"),
        (r"\color{red} x", "x"),
        (r"\textcolor{red}{x}", "x"),
        (r"a \\[4pt] b", r"a \\ b"),
        (r"a \label{eq:1} \nonumber", "a"),
        (r"\large x", "x"),
        (r"\R", r"\mathbb{R}"),
        (r"\bm{x}", r"\boldsymbol{x}"),
        (r"\not= y", r"\neq y"),
        (r"\text{a $x$ b}", r"\text{a }x\text{ b}"),
        (r"\text{a {b} \textbf{c}}", r"\text{a b c}"),
        (r"\operatorname{arg\,min}", r"\operatorname{arg min}"),
    ],
)
def test_two_ways_to_write_the_same_look_the_same(tex: str, same: str) -> None:
    assert display(tex) == display(same)


def test_a_tag_stands_after_its_equation() -> None:
    assert len(display(r"x \tag{7}").figures) == len("x(7)")
    assert len(display(r"x \tag*{7}").figures) == len("x7")


def width(tex: str) -> float:
    return inline(tex).width


def test_signs_between_things_have_space_and_others_none() -> None:
    plain = width("a") + width("b")
    assert width("a+b") > plain + width("+") + 0.3
    assert width("a=b") > width("a+b")
    assert width("+b") < width("b") + width("+") + 0.1
    assert width("(-b)") < width("(") + width("-") + width("b") + width(")") + 0.25
    assert width("a,b") < width("a") + width(",") + width("b") + 0.3
    assert width("x^{a+b}") - width("x^{ab}") < 0.7 * (width("a+b") - width("ab"))


def test_what_stands_over_something_is_set_closely() -> None:
    assert display(r"\overset{a=b}{x}").width < 0.8 * (width("a") + width("=") + width("b"))


def test_a_name_keeps_away_from_its_argument_but_not_from_a_bracket() -> None:
    assert width(r"\log x") > width(r"\log") + width("x") + 0.1
    assert width(r"\log(x)") < width(r"\log") + width("(x)") + 0.05
    assert width(r"2\log") > width("2") + width(r"\log") + 0.1


def test_a_sum_in_a_fraction_is_small_and_has_its_limits_beside_it() -> None:
    alone, inside = display(r"\sum_{i=1}^n"), display(r"\frac{\sum_{i=1}^n}{x}")
    assert inside.ascent < alone.ascent + 0.5


def test_brackets_and_braces_grow_with_what_they_enclose() -> None:
    small, tall = display(r"\left( x \right)"), display(r"\left( \frac{\frac{a}{b}}{c} \right)")
    assert tall.ascent + tall.descent > 1.8 * (small.ascent + small.descent)
    assert display(r"(\frac{a}{b})").figures[0] == display("(x)").figures[0]


def test_rows_of_equations_are_evenly_spaced() -> None:
    def depth(rows: int) -> float:
        outlines = display(r"\begin{aligned}" + r" \\ ".join(["x &= y"] * rows) + r"\end{aligned}")
        return outlines.ascent + outlines.descent

    steps = [second - first for first, second in pairwise(map(depth, (1, 2, 3, 4)))]
    assert steps[0] == pytest.approx(1.5, abs=0.05)
    assert steps == pytest.approx([steps[0]] * 3, abs=0.01)


@pytest.mark.parametrize(
    ("columns", "rows", "lines"),
    [
        ("cc", r"a & b \\ c & d", 0),
        ("c|c", r"a & b \\ c & d", 1),
        ("|c|c|", r"\hline a & b \\ \hline c & d \\ \hline", 2),
    ],
)
def test_lines_between_columns_and_rows_are_drawn(columns: str, rows: str, lines: int) -> None:
    table = display(rf"\begin{{array}}{{{columns}}} {rows} \end{{array}}")
    assert len(table.figures) == len("abcd") + lines
    for figure in table.figures[4:]:
        xs, ys = [p[0] for _, p in figure if p], [p[1] for _, p in figure if p]
        assert max(max(xs) - min(xs), max(ys) - min(ys)) > 1.5
        assert min(max(xs) - min(xs), max(ys) - min(ys)) == pytest.approx(0.04, abs=0.001)


def test_a_box_goes_all_around() -> None:
    outlines = display(r"\boxed{x_j}")
    frame, bare = outlines.figures[0], display("x_j")
    ys = [points[1] for _, points in frame if points]
    assert min(ys) < -bare.ascent - 0.1
    assert max(ys) > bare.descent + 0.1


def test_a_script_that_the_font_lacks_becomes_a_label_where_it_belongs() -> None:
    outlines = display(r"v = \frac{\text{路程}}{\text{时间 }t}")
    assert [label.text for label in outlines.labels] == ["路程", "时间"]
    above, below = outlines.labels
    assert above.baseline < 0 < below.baseline
    assert above.px == pytest.approx(1.0, abs=0.01)
    assert inline(r"x^{\text{好}}").labels[0].px < 0.8
    assert [label.text for label in display("速度 = x").labels] == ["速", "度"]


@pytest.mark.parametrize(
    ("written", "tex"),
    [
        ("2H2 + O2 -> 2H2O", r"2\,\mathrm {H}_{2}+\mathrm {O}_{2}\rightarrow 2\,\mathrm {H}_{2}\mathrm {O}"),
        ("SO4^2-", r"\mathrm {SO}_{4}^{2-}"),
        ("Na+", r"\mathrm {Na}^{+}"),
        ("[Fe(CN)6]^{3-}", r"[\mathrm {Fe}(\mathrm {CN})_{6}]^{3-}"),
        ("CuSO4.5H2O", r"\mathrm {CuSO}_{4}\cdot 5\,\mathrm {H}_{2}\mathrm {O}"),
        (r"A ->[\Delta] B", r"\mathrm {A}\xrightarrow{\Delta}\mathrm {B}"),
        ("A <=> B", r"\mathrm {A}\rightleftharpoons \mathrm {B}"),
    ],
)
def test_chemistry_becomes_tex(written: str, tex: str) -> None:
    assert chemistry(written) == tex
    assert display(rf"\ce{{{written}}}").figures


def test_lengths_are_read_in_every_unit_and_endless_ones_refused() -> None:
    assert in_ziamath_ems("1em") == in_ziamath_ems("10pt") == in_ziamath_ems("18mu")
    assert in_ziamath_ems("-2em") == "-1.5000em"
    assert in_ziamath_ems("0em 2em") == "0.0000em 1.5000em"
    assert in_ziamath_ems("nonsense") == "0"
    with pytest.raises(UnreadableTex):
        in_ziamath_ems("41em")


def test_a_brace_that_a_text_should_show_is_refused_rather_than_lost() -> None:
    with pytest.raises(UnreadableTex):
        readable(r"\text{a \} b}")
