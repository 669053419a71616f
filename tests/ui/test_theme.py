"""The look follows the system or the user, is legible, and shows code as it is."""

from pathlib import Path

import pytest
from PySide6.QtGui import QFont, QFontInfo, QPalette
from PySide6.QtWidgets import QApplication

from app.domain.settings import ColorScheme
from app.markdown.syntax import Kind
from app.ui.icons import Icons
from app.ui.palette import DARK, LIGHT, Palette
from app.ui.text import plain_tooltip
from app.ui.theme import Theme, body_font, code_font, load_fonts


def contrast(one: str, other: str) -> float:
    """As WCAG 2 defines it."""

    def luminance(color: str) -> float:
        channels = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_text_stands_out_from_every_ground_it_stands_on(palette: Palette) -> None:
    pairs = [
        (palette.text, ground)
        for ground in (palette.background, palette.sidebar, palette.field, palette.bubble, palette.hover,
                       palette.selected, palette.selection, palette.warning_background, palette.code_background)
    ]  # fmt: skip
    pairs += [(palette.muted, ground) for ground in (palette.background, palette.sidebar, palette.field)]
    pairs += [(palette.on_strong, palette.strong), (palette.background, palette.danger)]
    pairs += [(palette.link, palette.background), (palette.danger, palette.background)]
    assert [(ink, ground) for ink, ground in pairs if contrast(ink, ground) < 4.5] == []


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_the_colours_of_code_stand_out_from_its_ground_and_from_what_is_found(palette: Palette) -> None:
    inks = {name: getattr(palette, name) for name in Palette._fields if name.startswith("syntax_")}
    assert len(inks) == len(Kind)
    assert [name for name, ink in inks.items() if contrast(ink, palette.code_background) < 4.5] == []
    assert [name for name, ink in inks.items() if contrast(ink, palette.found) < 4.4] == []


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_small_marks_stand_out_too(palette: Palette) -> None:
    marks = (palette.success, palette.warning, palette.danger, palette.link)
    assert [mark for mark in marks if contrast(mark, palette.background) < 3.0] == []


def test_a_choice_changes_the_whole_application_and_says_so_once(theme: Theme, qapp: QApplication) -> None:
    changes: list[Palette] = []
    theme.changed.connect(lambda: changes.append(theme.palette))
    theme.follow(ColorScheme.DARK)
    theme.follow(ColorScheme.DARK)
    assert changes == [DARK]
    assert qapp.palette().color(QPalette.ColorRole.Window).name() == DARK.background
    assert DARK.text in qapp.styleSheet()
    theme.follow(ColorScheme.LIGHT)
    assert theme.palette is LIGHT
    assert qapp.palette().color(QPalette.ColorRole.Window).name() == LIGHT.background


def test_a_system_that_names_no_scheme_gets_the_one_its_colours_suggest(theme: Theme) -> None:
    theme.follow(ColorScheme.SYSTEM)
    assert theme.palette is LIGHT


def test_the_fonts_are_those_that_are_shipped(theme: Theme) -> None:
    assert QFontInfo(body_font()).family() == "Inter"
    assert QFontInfo(code_font()).family() == "JetBrains Mono"
    assert QFontInfo(code_font()).fixedPitch()
    assert body_font(20, QFont.Weight.Bold).pixelSize() == 20


def test_code_has_no_ligatures_and_figures_have_one_width(theme: Theme) -> None:
    code = code_font()
    assert [code.featureValue(QFont.Tag(tag)) for tag in ("calt", "liga", "clig")] == [0, 0, 0]
    assert all(code.isFeatureSet(QFont.Tag(tag)) for tag in ("calt", "liga", "clig"))
    assert body_font().featureValue(QFont.Tag("tnum")) == 1


def test_a_font_that_is_no_font_is_passed_over(qapp: QApplication, tmp_path: Path) -> None:
    (tmp_path / "broken.ttf").write_bytes(b"not a font")
    assert load_fonts(tmp_path) == ()


@pytest.mark.parametrize("ratio", [1.0, 1.25, 2.0])
def test_an_icon_has_the_pixels_and_the_colour_that_were_asked_for(theme: Theme, icons: Icons, ratio: float) -> None:
    pixmap = icons.pixmap("square", "#ff0000", 20, ratio, filled=True)
    assert pixmap.width() == round(20 * ratio)
    assert pixmap.devicePixelRatio() == ratio
    image = pixmap.toImage()
    assert image.pixelColor(image.width() // 2, image.height() // 2).name() == "#ff0000"
    assert icons.pixmap("square", "#ff0000", 20, ratio, filled=True) is pixmap


def test_an_icon_that_does_not_exist_is_a_bug_and_says_so(icons: Icons) -> None:
    with pytest.raises(FileNotFoundError):
        icons.pixmap("no-such-icon", "#000000", 16)


@pytest.mark.parametrize("text", ["plain", "a\nb", "5 > 4"])
def test_a_tooltip_without_markup_is_left_alone(text: str) -> None:
    assert plain_tooltip(text) == text


@pytest.mark.parametrize("text", ["<b>x</b>", "<img src='file:///x'>", "&lt;b&gt;"])
def test_markup_in_a_tooltip_becomes_text(text: str) -> None:
    assert text not in plain_tooltip(text)
