"""
--self-test: what an installation must prove on the user's machine.

Prints one JSON line per check, then the verdict. Works in a folder of its own and with a key of its own: it never
touches the user's data or keys, and never prompts.
"""

import asyncio
import json
import logging
import os
import ssl
import stat
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TextIO

import truststore
from msgspec.structs import replace
from PySide6.QtCore import qVersion
from PySide6.QtGui import QFontDatabase, QImageReader
from PySide6.QtWidgets import QApplication

from app.domain.abort import AbortSignal
from app.domain.completion import ChatProvider, CompletionRequest, Delta, Turn
from app.domain.conversation import MessageId, MessageStatus, Role
from app.domain.provider import Endpoint, ModelSource, ProviderPhase, Secret
from app.engine.threads import DaemonThreads
from app.main import App, begin, build, close
from app.providers.bundled import has_runtime
from app.providers.local_model import LocalModel
from app.providers.sources import connect_endpoint
from app.self_test import keyring_check, late_parts
from app.storage.features import check_sqlite, schema_of
from app.storage.migrations import APPLICATION_ID, NEWEST
from app.storage.paths import DataFolder, resources
from app.storage.settings_file import load_settings, save_settings
from app.ui.application import new_application
from app.ui.event_loop import new_event_loop
from app.ui.palette import BODY_FONT, CODE_FONT
from app.version import VERSION

Details = dict[str, object]

MODEL_LIMIT_S = 60.0
STOP_AFTER_CHARS = 80
LOOPBACK_ANSWER = "Grüße, 世界 🙂"


class CheckFailed(Exception):
    """A check's own word for what is wrong."""


def run(out: TextIO) -> int:
    """Run all checks. Returns the exit code: 0 if all passed, 1 if not."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    logging.getLogger().addHandler(logging.NullHandler())
    report = _Report(out)
    report.check("interpreter", _interpreter)
    report.check("sqlite", _sqlite)
    report.check("tls roots", _tls_roots)
    report.check("resources", _resources)
    with tempfile.TemporaryDirectory(prefix="belay-self-test-", ignore_cleanup_errors=True) as name:
        folder = DataFolder(Path(name) / "data")
        report.check("data folder", lambda: _data_folder(folder))
        qt = new_application()
        report.check("fonts", _fonts)
        report.check("image formats", _image_formats)
        report.check("formulas", late_parts.formulas)
        report.check("colours of code", late_parts.colors_of_code)
        report.check("token counts", late_parts.token_counts)
        loop = new_event_loop(qt)
        loop.set_default_executor(DaemonThreads())
        asyncio.set_event_loop(loop)
        try:
            loop.run_until_complete(_with_the_loop(report, qt, folder))
        finally:
            loop.close()
    return report.verdict()


class _Report:
    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._failed: list[str] = []
        self._began_s = time.monotonic()

    def check(self, name: str, check: Callable[[], Details]) -> None:
        began_s = time.monotonic()
        try:
            details, passed = check(), True
        except Exception as error:  # noqa: BLE001 - whatever is wrong is the result of the check
            details, passed = {"error": f"{type(error).__name__}: {error}"}, False
        self._say(name, passed, began_s, details)

    async def check_async(self, name: str, check: Callable[[], Awaitable[Details]]) -> None:
        began_s = time.monotonic()
        try:
            details, passed = await check(), True
        except Exception as error:  # noqa: BLE001 - as above
            details, passed = {"error": f"{type(error).__name__}: {error}"}, False
        self._say(name, passed, began_s, details)

    def verdict(self) -> int:
        took_ms = round((time.monotonic() - self._began_s) * 1000)
        self._line({"self_test": "failed" if self._failed else "passed", "failed": self._failed, "ms": took_ms})
        return 1 if self._failed else 0

    def _say(self, name: str, passed: bool, began_s: float, details: Details) -> None:
        if not passed:
            self._failed.append(name)
        self._line({"check": name, "ok": passed, "ms": round((time.monotonic() - began_s) * 1000), **details})

    def _line(self, line: Details) -> None:
        self._out.write(json.dumps(line, ensure_ascii=False) + "\n")
        self._out.flush()


def _interpreter() -> Details:
    return {
        "belay": VERSION,
        "python": sys.version.split()[0],
        "platform": sys.platform,
        "frozen": bool(getattr(sys, "frozen", False)),
    }


def _sqlite() -> Details:
    return {"sqlite": check_sqlite()}


def _tls_roots() -> Details:
    truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    roots = ssl.create_default_context().get_ca_certs()
    paths = ssl.get_default_verify_paths()
    if sys.platform == "linux" and not roots and not (paths.cafile or paths.capath):
        raise CheckFailed("this system has no certificate authorities (Debian: ca-certificates)")
    return {"openssl": ssl.OPENSSL_VERSION, "roots": len(roots)}


def _resources() -> Details:
    folder = resources()
    missing = [
        name
        for name in (
            "icons/belay.svg",
            "icons/square.svg",
            "fonts/Inter-Regular.otf",
            "fonts/JetBrainsMono-Regular.ttf",
        )
        if not (folder / name).is_file()
    ]
    if missing:
        raise CheckFailed(f"missing: {', '.join(missing)}")
    return {"files": sum(path.is_file() for path in folder.rglob("*"))}


def _data_folder(folder: DataFolder) -> Details:
    folder.prepare()
    save_settings(folder.settings, replace(load_settings(folder.settings), model="m"))
    if load_settings(folder.settings).model != "m":
        raise CheckFailed("settings do not come back")
    if os.name == "posix":
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (folder.root, folder.settings)}
        if modes != {"data": 0o700, "settings.json": 0o600}:
            raise CheckFailed(f"others may read: {modes}")
    return {}


def _fonts() -> Details:
    before = set(QFontDatabase.families())
    for path in (resources() / "fonts").glob("*.[ot]tf"):
        QFontDatabase.addApplicationFont(str(path))
    families = set(QFontDatabase.families())
    missing = {BODY_FONT, CODE_FONT} - families
    if missing:
        raise CheckFailed(f"can't be used: {', '.join(sorted(missing))}")
    return {"families": len(families), "of_the_system": len(before)}


def _image_formats() -> Details:
    formats = {bytes(found.data()).decode() for found in QImageReader.supportedImageFormats()}
    missing = {"png", "jpg", "svg"} - formats
    if missing:
        raise CheckFailed(f"Qt can't read {', '.join(sorted(missing))}")
    return {"qt": qVersion(), "formats": sorted(formats)}


async def _with_the_loop(report: _Report, qt: QApplication, folder: DataFolder) -> None:
    await report.check_async("keyring", keyring_check.keyring)
    await report.check_async("stream from loopback", _stream_from_loopback)
    app: App | None = None
    sources: tuple[ModelSource, ...] = (LocalModel(connect_endpoint),)

    def open_window() -> Details:
        nonlocal app
        app = build(qt, folder, sources)
        app.window.show()
        return {"platform": qt.platformName()}

    report.check("window", open_window)
    if app is None:
        return
    built: App = app
    try:
        await report.check_async("migrations", lambda: _migrations(built))
        if has_runtime() or not getattr(sys, "frozen", False):
            await report.check_async("stop of the built-in model", lambda: _stop_of_built_in_model(built))
    finally:
        await close(built)
        built.window.close()
        built.database.close()


async def _stream_from_loopback() -> Details:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        events: list[Details] = [{"choices": [{"delta": {"content": letter}}]} for letter in LOOPBACK_ANSWER]
        events.append({"choices": [{"delta": {}, "finish_reason": "stop"}]})
        lines = "".join(f"data: {json.dumps(event)}\n\n" for event in events) + "data: [DONE]\n\n"
        writer.write(
            b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n" + lines.encode()
        )
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    provider: ChatProvider = await connect_endpoint(
        Endpoint(name="loopback", base_url=f"http://127.0.0.1:{port}/v1", api_key=Secret(""))
    )
    try:
        request = CompletionRequest(model="m", turns=(Turn(Role.USER, "hi"),))
        parts = [chunk.text async for chunk in provider.stream(request, AbortSignal()) if isinstance(chunk, Delta)]
    finally:
        await provider.aclose()
        server.close()
    if "".join(parts) != LOOPBACK_ANSWER:
        raise CheckFailed(f"got {''.join(parts)!r}")
    return {"deltas": len(parts)}


async def _migrations(app: App) -> Details:
    found = await app.database.run(schema_of)
    if found != (APPLICATION_ID, NEWEST, 1):
        raise CheckFailed(f"application_id, user_version, foreign_keys are {found}")
    return {"schema": NEWEST}


async def _stop_of_built_in_model(app: App) -> Details:
    """Ask the real model, stop it in the middle, and compare memory with the disk."""
    begin(app)
    async with asyncio.timeout(MODEL_LIMIT_S):
        while True:
            states = tuple(app.store.providers.values())
            if states and states[0].phase is ProviderPhase.READY:
                break
            if states and states[0].phase is ProviderPhase.FAILED and states[0].fault:
                raise CheckFailed(f"{states[0].fault.title}: {states[0].fault.detail}")
            await asyncio.sleep(0.01)
        app.workspace.composer.send_requested.emit("Write a story about a sailor, in a thousand words.")
        (message_id,) = app.store.generating()
        while len(app.store.text_of(message_id)) < STOP_AFTER_CHARS:
            if not app.store.generating():
                raise CheckFailed("the answer ended by itself")
            await asyncio.sleep(0.005)
        app.workspace.composer.stop_requested.emit()
        if app.store.generating():
            raise CheckFailed("the answer went on after the stop")
        while len(app.active):  # noqa: ASYNC110 - a check looks on from outside, as a user does
            await asyncio.sleep(0.005)
    return await _compared_with_disk(app, message_id)


async def _compared_with_disk(app: App, message_id: MessageId) -> Details:
    row = await app.database.run(
        lambda db: db.execute("SELECT status, content FROM message WHERE id = ?", (message_id,)).fetchone()
    )
    message = app.store.message(message_id)
    if message is None or (row["status"], row["content"]) != (MessageStatus.STOPPED, message.content):
        raise CheckFailed("memory and disk disagree after the stop")
    if app.workspace.transcript.visible_text(message_id) != message.content:
        raise CheckFailed("window and memory disagree after the stop")
    close_ms = message.timing.close_ms
    return {"characters_kept": len(message.content), "close_ms": round(close_ms, 3) if close_ms is not None else None}
