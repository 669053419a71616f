"""Settings › On this computer: which model file Belay runs itself, and how."""

import os
from pathlib import Path

from msgspec.structs import replace
from PySide6.QtCore import QRegularExpression, Qt, Signal
from PySide6.QtGui import QRegularExpressionValidator
from PySide6.QtWidgets import QFileDialog, QLineEdit

from app.domain.local_model import LARGEST_CONTEXT_TOKENS, SMALLEST_CONTEXT_TOKENS, context_tokens
from app.domain.model import BUILT_IN
from app.domain.provider import ProviderPhase, ProviderState
from app.domain.settings import STANDARD_LOCAL_MODEL, LocalModelSettings, Settings
from app.engine.events import Event, LocalFileRead, ProviderChanged
from app.ui.icons import Icons
from app.ui.settings.controls import Choice, row_button
from app.ui.settings.fields import line_edit
from app.ui.settings.local_model_card import LocalModelCard
from app.ui.settings.local_model_words import describe, in_place, memory_sentence, warnings
from app.ui.settings.page import Finding, Page, plain
from app.ui.text import CANCEL, RETRY
from app.ui.theme import Theme

_INTRODUCTION = "Belay can run a model itself: what you write stays on this computer, and nothing is billed."
_OWN = "The model that came with Belay"
_FILTER = "Models (*.gguf);;All files (*)"
_FIELD_WIDTH_PX = 150
_NUMBER_OR_NOTHING = r"\d{0,7}"  # a QIntValidator would not let go of an empty field
_MINUTES = ((0, "Never"), (5, "5 minutes"), (10, "10 minutes"), (30, "30 minutes"), (60, "1 hour"))


class LocalModelPage(Page):
    """A file that was chosen is looked at first, and runs when the user says so with what it needs before the eyes."""

    look_requested = Signal(str)  # what does this file say of itself?
    retry_requested = Signal()

    def __init__(self, theme: Theme, icons: Icons, state: ProviderState | None = None) -> None:
        super().__init__("local", "On this computer", words="local built-in offline private gguf llama.cpp model file")
        self._settings = STANDARD_LOCAL_MODEL
        self._state = state
        self._known: dict[str, LocalFileRead] = {}
        self._candidate = ""
        self.column.addWidget(plain(_INTRODUCTION, "advice"))
        self._card = LocalModelCard(theme, "localModel")
        self._offer = LocalModelCard(theme, "candidate")
        self._add_model_group()
        self._context = self._number_field("localContext", "Context, in tokens")
        self._threads = self._number_field("localThreads", "Threads")
        self._idle = Choice(theme, icons, "Unload the model when nobody asked it for", _MINUTES, "localIdle")
        self._idle.chosen.connect(lambda minutes: self._change(idle_minutes=minutes))
        self._add_run_group()
        self._refresh()

    def show_settings(self, settings: Settings) -> None:
        self._settings = settings.local_model
        self._idle.show_value(self._settings.idle_minutes)
        for field, value in ((self._context, self._settings.context_tokens), (self._threads, self._settings.threads)):
            if not field.hasFocus():
                field.setText(str(value) if value else "")
        self._refresh()

    def take(self, event: Event) -> None:
        match event:
            case ProviderChanged(state) if state.id == BUILT_IN:
                self._state = state
                self._refresh()
            case LocalFileRead(path):
                self._known[path] = event
                self._refresh()

    def begin(self) -> None:
        if self._settings.file:
            self.look_requested.emit(self._settings.file)

    def propose(self, path: str) -> None:
        """The user pointed at a file: see what it is."""
        self._candidate = path
        self._known.pop(path, None)
        self._refresh()
        self.look_requested.emit(path)

    def _add_model_group(self) -> None:
        group = self.add_group("Model")
        choose = row_button("Choose a GGUF file…", "chooseModelFile")
        choose.clicked.connect(self._on_choose_clicked)
        self._standard = row_button("Use Belay's own", "useStandardModel")
        self._standard.clicked.connect(lambda: self._change(file=""))
        self._retry = row_button(RETRY, "retryLocalModel", look="strong")
        self._retry.clicked.connect(self.retry_requested)
        for button in (self._retry, choose, self._standard):
            self._card.buttons.addWidget(button)
        self._card.buttons.addStretch(1)
        row = group.add_wide(self._card)
        self._run = row_button("Run this file", "runModelFile", look="strong")
        self._run.clicked.connect(self._on_run_clicked)
        cancel = row_button(CANCEL, "cancelModelFile")
        cancel.clicked.connect(self._drop_candidate)
        for button in (self._run, cancel):
            self._offer.buttons.addWidget(button)
        self._offer.buttons.addStretch(1)
        self._offer_row = group.add_wide(self._offer)
        self.findings.append(Finding("choose gguf file weights download own model memory", row, choose))

    def _add_run_group(self) -> None:
        group = self.add_group("How it runs")
        self.add_setting(
            group, "Context", self._context, words="tokens length memory",
            note="How many tokens of a conversation it reads. More needs more memory.",
        )  # fmt: skip
        self.add_setting(
            group, "Threads", self._threads, words="cpu cores processor speed",
            note="How many of the processor's cores it works on.",
        )  # fmt: skip
        self.add_setting(
            group, "Unload after", self._idle, words="idle free memory ram",
            note="Gives its memory back when it was not asked for so long. The next message loads it again.",
        )  # fmt: skip

    def _number_field(self, object_name: str, name: str) -> QLineEdit:
        field = line_edit(object_name)
        field.setAccessibleName(name)
        field.setFixedWidth(_FIELD_WIDTH_PX)
        field.setValidator(QRegularExpressionValidator(QRegularExpression(_NUMBER_OR_NOTHING), field))
        field.editingFinished.connect(self._on_number_written)
        return field

    def _refresh(self) -> None:
        self._show_running()
        self._show_candidate()
        file = self._read(self._settings.file)
        automatic = context_tokens(replace(self._settings, context_tokens=0), file.file if file else None)
        self._context.setPlaceholderText(f"Automatic: {automatic:,}")
        self._threads.setPlaceholderText(f"Automatic: {max(1, (os.cpu_count() or 2) - 1)}")

    def _show_running(self) -> None:
        state, settings = self._state, self._settings
        is_failed = state is not None and state.phase is ProviderPhase.FAILED
        read = self._read(settings.file)
        title = Path(settings.file).name if settings.file else _OWN
        facts = state.note if state is not None and not settings.file else ""
        memory = warning = ""
        if read is not None and read.file is not None:
            facts = describe(read.file)
            memory = memory_sentence(read.file, settings, None)
            warning = warnings(read.file, settings, None)
        elif read is not None and read.fault is not None and not is_failed:
            warning = f"{read.fault.title}. {in_place(read.fault.advice)}"
        self._card.show_words(title, facts, memory, warning)
        self._card.show_state(state)
        self._retry.setVisible(is_failed)
        self._standard.setVisible(bool(settings.file))

    def _show_candidate(self) -> None:
        self._offer_row.setVisible(bool(self._candidate))
        if not self._candidate:
            return
        read, name = self._read(self._candidate), Path(self._candidate).name
        self._run.setVisible(read is not None and read.file is not None)
        if read is None:
            self._offer.show_words(name, "Looking at it…")
        elif read.file is not None:
            wanted = replace(self._settings, file=self._candidate)
            memory = memory_sentence(read.file, wanted, read.free_memory_bytes)
            self._offer.show_words(
                name, describe(read.file), memory, warnings(read.file, wanted, read.free_memory_bytes)
            )
        elif read.fault is not None:
            self._offer.show_words(name, "", warning=f"{read.fault.title}. {read.fault.detail}")

    def _read(self, path: str) -> LocalFileRead | None:
        return self._known.get(path)

    def _change(self, **changes: object) -> None:
        wanted: LocalModelSettings = replace(self._settings, **changes)
        if wanted != self._settings:
            self.change_requested.emit("local_model", wanted)

    def _on_number_written(self) -> None:
        """Applied when a field is left or Enter is pressed; nothing written is for Belay to choose."""
        context = min(int(self._context.text() or 0), LARGEST_CONTEXT_TOKENS)
        threads = min(int(self._threads.text() or 0), os.cpu_count() or 1)
        if context:
            context = max(context, SMALLEST_CONTEXT_TOKENS)
        self._context.setText(str(context or ""))
        self._threads.setText(str(threads or ""))
        self._change(context_tokens=context, threads=threads)

    def _on_choose_clicked(self) -> None:
        folder = str(Path(self._settings.file).parent) if self._settings.file else str(Path.home())
        dialog = QFileDialog(self, "Choose a model", folder, _FILTER)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self.propose)
        dialog.open()

    def _on_run_clicked(self) -> None:
        path = self._candidate
        self._drop_candidate()
        if path == self._settings.file:
            self.retry_requested.emit()
        else:
            self._change(file=path)

    def _drop_candidate(self) -> None:
        self._candidate = ""
        self._refresh()
