"""The page On this computer shows what a file needs before it runs, and says what becomes of it."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLabel
from pytestqt.qtbot import QtBot

from app.domain.errors import LocalModelOutOfMemory, ModelFileGone, ModelFileUnusable
from app.domain.local_model import ModelFile
from app.domain.model import BUILT_IN, ENVIRONMENT
from app.domain.provider import ProviderPhase, ProviderState
from app.domain.settings import LocalModelSettings, Settings
from app.engine.events import LocalFileRead, ProviderChanged
from app.providers.local_model import DEMO_NOTE
from app.ui.icons import Icons
from app.ui.settings.local_model_page import LocalModelPage
from app.ui.settings.page import Page
from app.ui.theme import Theme
from tests.ui.settings.conftest import Hand

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # the offscreen platform

SMALL = ModelFile(
    path="/m/Small <b>3B.gguf",
    size_bytes=2_000_000_000,
    parameters=3_210_000_000,
    quantization="Q4_K_M",
    trained_context_tokens=16_384,
    cache_bytes=100_000,
)
READY = ProviderState(id=BUILT_IN, name="Built-in model", phase=ProviderPhase.READY, note=DEMO_NOTE)


class Bench(Hand):
    """The page in its window."""

    def __init__(self, hand: Hand, page: LocalModelPage) -> None:
        self.dialog, self.changes, self.page = hand.dialog, hand.changes, page
        self.looked_at: list[str] = []
        self.retries = 0
        page.look_requested.connect(self.looked_at.append)
        page.retry_requested.connect(self.on_retry)

    def on_retry(self) -> None:
        self.retries += 1

    def text(self, name: str) -> str:
        label = self.find(name)
        assert isinstance(label, QLabel)
        return label.text() if label.isVisible() else ""

    def shows(self, name: str) -> bool:
        return bool(self.find(name).isVisible())

    def show(self, **settings: object) -> None:
        self.dialog.show_settings(Settings(local_model=LocalModelSettings(**settings)))  # type: ignore[arg-type]  # callers name fields

    def told(self, file: ModelFile, free_bytes: int | None = None) -> None:
        self.page.take(LocalFileRead(file.path, file, None, free_bytes))


@pytest.fixture
def bench(opened: Callable[[Sequence[Page]], Hand], theme: Theme, icons: Icons) -> Bench:
    page = LocalModelPage(theme, icons, READY)
    bench = Bench(opened([page]), page)
    bench.show()
    return bench


def test_the_demo_says_honestly_what_it_is(bench: Bench) -> None:
    assert bench.text("localModelTitle") == "The model that came with Belay"
    assert "don't rely on its answers" in bench.text("localModelFacts")
    assert bench.text("localModelStatus") == "Ready"
    assert not bench.shows("useStandardModel")
    assert not bench.shows("retryLocalModel")


def test_a_file_is_shown_with_what_it_needs_before_it_runs(bench: Bench) -> None:
    bench.page.propose(SMALL.path)
    assert bench.looked_at == [SMALL.path]
    assert bench.text("candidateFacts") == "Looking at it…"
    assert not bench.shows("runModelFile")
    bench.told(SMALL, 8_000_000_000)
    assert bench.text("candidateTitle") == "Small <b>3B.gguf"
    assert bench.text("candidateFacts") == "3.2B parameters · Q4_K_M · trained for 16,384 tokens · 2.0 GB"
    assert bench.text("candidateMemory") == "Needs about 3.0 GB with a context of 8,192 tokens; 8.0 GB are free."
    assert bench.text("candidateWarning") == ""
    assert bench.changes == [], "nothing runs before the user says so"
    bench.click("runModelFile")
    assert bench.changes == [("local_model", LocalModelSettings(file=SMALL.path))]
    assert not bench.shows("candidateTitle")


def test_too_little_memory_is_warned_of_and_not_forbidden(bench: Bench) -> None:
    bench.page.propose(SMALL.path)
    bench.told(SMALL, 2_500_000_000)
    assert "more memory than is free" in bench.text("candidateWarning")
    assert bench.shows("runModelFile")
    bench.click("cancelModelFile")
    assert bench.changes == []
    assert not bench.shows("candidateTitle")


def test_a_context_beyond_the_training_and_a_model_in_parts_are_warned_of(bench: Bench) -> None:
    bench.show(context_tokens=32_768)
    bench.page.propose(SMALL.path)
    parts = ModelFile(path=SMALL.path, size_bytes=1, trained_context_tokens=16_384, parts=3)
    bench.told(parts, None)
    assert "trained for 16,384 tokens" in bench.text("candidateWarning")
    assert "first of 3 files" in bench.text("candidateWarning")
    assert "free" not in bench.text("candidateMemory"), "what the system does not say is not said"


def test_what_is_no_model_is_told_and_can_not_be_run(bench: Bench) -> None:
    bench.page.propose("/m/letter.gguf")
    bench.page.take(LocalFileRead("/m/letter.gguf", None, ModelFileUnusable("letter.gguf is not a GGUF file.").fault))
    assert bench.text("candidateWarning") == "This file is no model that can be run. letter.gguf is not a GGUF file."
    assert not bench.shows("runModelFile")


def test_the_file_that_runs_is_described_and_can_be_given_back(bench: Bench) -> None:
    bench.show(file=SMALL.path, context_tokens=4096)
    bench.page.begin()
    assert bench.looked_at == [SMALL.path]
    bench.told(SMALL, 9)
    assert bench.text("localModelTitle") == "Small <b>3B.gguf"
    assert bench.text("localModelMemory").endswith("with a context of 4,096 tokens.")
    bench.click("useStandardModel")
    assert bench.changes == [("local_model", LocalModelSettings(context_tokens=4096))]


def test_a_file_that_is_gone_is_told_before_it_is_needed(bench: Bench) -> None:
    bench.show(file=SMALL.path)
    bench.page.take(LocalFileRead(SMALL.path, None, ModelFileGone("gone").fault))
    assert "moved, deleted" in bench.text("localModelWarning")


def test_loading_and_failing_are_shown_with_the_button_that_helps(bench: Bench) -> None:
    bench.page.take(ProviderChanged(ProviderState(id=BUILT_IN, name="x", phase=ProviderPhase.STARTING, progress=0.43)))
    assert bench.text("localModelStatus") == "Loading… 43%"
    fault = LocalModelOutOfMemory("ended").fault
    bench.page.take(ProviderChanged(ProviderState(id=BUILT_IN, name="x", phase=ProviderPhase.FAILED, fault=fault)))
    told = "There is not enough memory for this model. Choose a smaller file or a shorter context."
    assert bench.text("localModelStatus") == told, "the way here needs not be told"
    bench.page.take(ProviderChanged(ProviderState(id=ENVIRONMENT, name="x", phase=ProviderPhase.READY)))
    assert bench.shows("retryLocalModel"), "another provider is another matter"
    bench.click("retryLocalModel")
    assert bench.retries == 1
    bench.page.take(ProviderChanged(ProviderState(id=BUILT_IN, name="x")))
    assert bench.text("localModelStatus") == "Not loaded: the next message loads it."


def test_numbers_are_applied_when_they_are_written_and_nothing_is_automatic(bench: Bench) -> None:
    assert bench.find("localContext").placeholderText() == "Automatic: 8,192"
    bench.write("localContext", "4096")
    assert bench.changes == []
    QTest.keyClick(bench.find("localContext"), Qt.Key.Key_Return)
    assert bench.changes.pop() == ("local_model", LocalModelSettings(context_tokens=4096))
    bench.show(context_tokens=4096)
    bench.write("localContext", "7")
    QTest.keyClick(bench.find("localContext"), Qt.Key.Key_Tab)
    assert bench.changes.pop() == ("local_model", LocalModelSettings(context_tokens=512)), "less is no conversation"
    bench.show(context_tokens=512)
    bench.write("localContext", "abc")
    QTest.keyClick(bench.find("localContext"), Qt.Key.Key_Tab)
    assert bench.changes.pop() == ("local_model", LocalModelSettings())


def test_the_idle_time_is_chosen_from_a_few(bench: Bench) -> None:
    bench.choose("localIdle", "Never")
    assert bench.changes == [("local_model", LocalModelSettings(idle_minutes=0))]


def test_the_file_is_chosen_in_a_dialog_that_blocks_nothing(bench: Bench, tmp_path: Path) -> None:
    path = tmp_path / "own.gguf"
    path.write_bytes(b"GGUF")
    bench.click("chooseModelFile")
    [dialog] = bench.page.findChildren(QFileDialog)
    dialog.fileSelected.emit(str(path))
    assert bench.looked_at == [str(path)]
    dialog.close()


def test_no_label_takes_text_for_markup_and_every_control_has_a_name(bench: Bench, qtbot: QtBot) -> None:
    bench.show(file=SMALL.path)
    bench.told(SMALL)
    labels = [label for label in bench.page.findChildren(QLabel) if label.text()]
    assert labels
    assert all(label.textFormat() is Qt.TextFormat.PlainText for label in labels)
    for name in ("localContext", "localThreads", "localIdle", "chooseModelFile", "useStandardModel"):
        assert bench.find(name).accessibleName(), name
