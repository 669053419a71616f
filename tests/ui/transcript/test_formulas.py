"""Formulas come from a worker that nobody waits for, once each, in any colour and at any scale."""

import logging
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QObject, QPointF
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.markdown.outlines import NotTypeset, Outlines
from app.ui.transcript.formula_worker import Typesetter
from app.ui.transcript.formulas import KEPT, MOST_HELD_UP, FormulaPicture, Formulas

SQUARE = (("M", (0.0, 0.0)), ("L", (1.0, 0.0)), ("L", (1.0, -1.0)), ("L", (0.0, -1.0)), ("Z", ()))


class Typesetting:
    """A typesetter that notes what it was asked, and hangs on what it is told to."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, bool]] = []
        self.threads: set[str] = set()
        self.loaded = 0
        self.hangs_on: set[str] = set()
        self.released = threading.Event()

    def load(self) -> Typesetter:
        self.loaded += 1
        return self.typeset

    def typeset(self, tex: str, is_display: bool) -> Outlines:
        self.asked.append((tex, is_display))
        self.threads.add(threading.current_thread().name)
        if tex in self.hangs_on:
            self.released.wait(30)
        if "bad" in tex:
            raise NotTypeset("told to")
        return Outlines(float(len(tex)), 1.0, 0.0, (SQUARE,))


@pytest.fixture
def typesetting() -> Iterator[Typesetting]:
    result = Typesetting()
    yield result
    result.released.set()


@pytest.fixture
def new_formulas(qapp: QApplication, typesetting: Typesetting) -> Iterator[Callable[..., Formulas]]:
    parent = QObject()
    yield lambda **options: Formulas(parent, **{"load": typesetting.load, **options})
    parent.deleteLater()


def get(qtbot: QtBot, formulas: Formulas, tex: str, px: float = 10, *, is_display: bool = False) -> FormulaPicture:
    qtbot.waitUntil(lambda: formulas.picture(tex, px, is_display=is_display) is not None)
    picture = formulas.picture(tex, px, is_display=is_display)
    assert picture is not None
    return picture


def ink(image: QImage) -> list[QColor]:
    pixels = (image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height()))
    return [color for color in pixels if color != QColor("white")]


def painted(picture: FormulaPicture, color: QColor, scale: int = 1) -> QImage:
    image = QImage(60 * scale, 40 * scale, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    painter.scale(scale, scale)
    picture.paint(painter, QPointF(10, 30), color)
    painter.end()
    return image


def test_a_formula_is_there_once_it_is_set(
    qtbot: QtBot, new_formulas: Callable[..., Formulas], typesetting: Typesetting
) -> None:
    formulas = new_formulas()
    with qtbot.waitSignal(formulas.ready):
        assert formulas.picture("abc", 10, is_display=False) is None
    picture = formulas.picture(" abc\n", 10, is_display=False)
    assert picture is not None
    assert picture.width == pytest.approx(3 * picture.ascent)
    assert not formulas.has_failed("abc")
    assert typesetting.threads == {"formulas"}


def test_each_formula_is_set_once_whatever_its_size(
    qtbot: QtBot, new_formulas: Callable[..., Formulas], typesetting: Typesetting
) -> None:
    formulas = new_formulas()
    small = get(qtbot, formulas, "abc", 10)
    for _ in range(3):
        assert get(qtbot, formulas, "abc", 20).width == pytest.approx(2 * small.width)
    assert get(qtbot, formulas, "abc", is_display=True).width > small.width
    assert typesetting.asked == [("abc", False), ("abc", True)]


def test_what_is_no_tex_fails_and_is_not_asked_for_again(
    qtbot: QtBot, new_formulas: Callable[..., Formulas], typesetting: Typesetting
) -> None:
    formulas = new_formulas()
    with qtbot.waitSignal(formulas.ready):
        formulas.picture("bad", 10, is_display=False)
    assert formulas.picture("bad", 10, is_display=False) is None
    assert formulas.has_failed("bad")
    assert not formulas.has_failed("good")
    qtbot.wait(40)
    assert typesetting.asked == [("bad", False)]


def test_one_that_takes_too_long_fails_and_holds_up_no_other(
    qtbot: QtBot, new_formulas: Callable[..., Formulas], typesetting: Typesetting
) -> None:
    typesetting.hangs_on = {"slow"}
    formulas = new_formulas(limit_s=0.05)
    for tex in ("slow", "one", "two"):
        formulas.picture(tex, 10, is_display=False)
    qtbot.waitUntil(lambda: [tex for tex, _ in typesetting.asked] == ["slow", "one", "two"])
    get(qtbot, formulas, "two")
    assert formulas.has_failed("slow")
    typesetting.released.set()
    qtbot.wait(40)
    assert formulas.has_failed("slow")  # that it came in the end changes nothing


def test_when_all_workers_are_held_up_no_more_are_started(
    qtbot: QtBot, new_formulas: Callable[..., Formulas], typesetting: Typesetting
) -> None:
    typesetting.hangs_on = {str(number) for number in range(9)}
    others = set(threading.enumerate())
    formulas = new_formulas(limit_s=0.02)
    for number in range(9):
        formulas.picture(str(number), 10, is_display=False)
    qtbot.waitUntil(lambda: all(formulas.has_failed(str(number)) for number in range(9)))
    assert typesetting.loaded == MOST_HELD_UP
    typesetting.released.set()
    qtbot.waitUntil(lambda: others.issuperset(threading.enumerate()))
    get(qtbot, formulas, "later")


def test_the_thread_ends_with_the_formulas(qtbot: QtBot, typesetting: Typesetting) -> None:
    others = set(threading.enumerate())
    formulas = Formulas(load=typesetting.load)
    get(qtbot, formulas, "x")
    assert not others.issuperset(threading.enumerate())
    del formulas
    qtbot.waitUntil(lambda: others.issuperset(threading.enumerate()))


def test_what_cannot_be_loaded_sets_nothing_and_breaks_nothing(
    qtbot: QtBot, new_formulas: Callable[..., Formulas], caplog: pytest.LogCaptureFixture
) -> None:
    def load() -> Typesetter:
        raise ImportError("no ziamath")

    formulas = new_formulas(load=load)
    with caplog.at_level(logging.ERROR):
        formulas.picture("x", 10, is_display=False)
        qtbot.waitUntil(lambda: formulas.has_failed("x"))
    assert "formulas cannot be set" in caplog.text


def test_only_so_many_are_kept(qtbot: QtBot, new_formulas: Callable[..., Formulas], typesetting: Typesetting) -> None:
    formulas = new_formulas()
    for start in range(0, KEPT, 100):
        for number in range(start, start + 100):
            formulas.picture(f"{number}", 10, is_display=False)
        get(qtbot, formulas, f"{start + 99}")
    assert formulas.picture("0", 10, is_display=False) is not None  # asked for again, it is kept longer
    get(qtbot, formulas, "one more")
    assert formulas.picture("0", 10, is_display=False) is not None
    assert formulas.picture("1", 10, is_display=False) is None


def test_it_is_filled_with_the_colour_that_is_asked_for(qtbot: QtBot, new_formulas: Callable[..., Formulas]) -> None:
    picture = get(qtbot, new_formulas(), "ab", 10)
    for color in (QColor("red"), QColor("blue")):
        assert color in ink(painted(picture, color))


def test_it_is_sharp_at_any_scale(qtbot: QtBot, new_formulas: Callable[..., Formulas]) -> None:
    picture = get(qtbot, new_formulas(), "ab", 11)
    black = QColor("black")
    for scale in (1, 4):
        found = ink(painted(picture, black, scale))
        blurred = [color for color in found if color != black]
        assert len(blurred) <= 4 * (picture.ascent * scale + 2)  # the edges only


def test_a_program_without_formulas_does_not_load_what_sets_them() -> None:
    code = "import sys, app.ui.transcript.view; sys.exit('ziamath' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


def test_the_real_one_sets_real_formulas(qtbot: QtBot, qapp: QApplication) -> None:
    formulas = Formulas()
    qtbot.waitUntil(lambda: formulas.picture(r"\frac{a}{b}", 15, is_display=True) is not None, timeout=20_000)
    picture = formulas.picture(r"\frac{a}{b}", 15, is_display=True)
    assert picture is not None
    assert picture.descent > 5
    formulas.picture(r"\nonsense", 15, is_display=True)
    qtbot.waitUntil(lambda: formulas.has_failed(r"\nonsense"))
    assert ink(painted(picture, QColor("black")))
