"""
settings.json: read forgivingly, written atomically.

What this version can't read is passed over and kept: a newer Belay that wrote it finds it again.
"""

import contextlib
import json
import os
import tempfile
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

import msgspec

from app.domain.errors import StorageError
from app.domain.settings import Settings
from app.storage.paths import set_aside


class SettingsUnreadable(StorageError):
    title = "Your settings could not be read"
    advice = "Belay starts with the standard ones; the old file was kept beside the new one."


def load_settings(path: Path) -> Settings:
    """
    Return the stored settings; the standard ones if there is no file. Unknown and ill-typed entries are passed over.

    Raises:
        SettingsUnreadable: the file is no JSON object; it has been set aside.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Settings()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsUnreadable(_kept(path, str(error))) from error
    try:
        stored = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise SettingsUnreadable(_kept(path, str(error))) from error
    if not isinstance(stored, dict):
        raise SettingsUnreadable(_kept(path, "not a JSON object"))
    known: dict[str, object] = {}
    for name, kind in get_type_hints(Settings).items():
        if name in stored:
            with contextlib.suppress(msgspec.ValidationError):
                known[name] = _read(stored[name], kind)
    return Settings(**known)  # type: ignore[arg-type]  # each value was read as its field's type just above


def _read(value: object, kind: Any) -> object:
    """
    Read a value as its field's type. Of a list, each entry stands for itself: one that is ill-typed costs no other.

    Raises:
        msgspec.ValidationError: it is of another type.
    """
    if get_origin(kind) is not tuple or not isinstance(value, list):
        return msgspec.convert(value, kind)
    entries: list[object] = []
    for entry in value:
        with contextlib.suppress(msgspec.ValidationError):
            entries.append(msgspec.convert(entry, get_args(kind)[0]))
    return tuple(entries)


def save_settings(path: Path, settings: Settings) -> None:
    """
    Replace the file as a whole: a crash leaves the old one or the new one.

    Raises:
        StorageError: it could not be written; the old file is untouched.
    """
    text = _as_text(_with_unread(msgspec.to_builtins(settings), path))
    try:
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".settings-")  # made 0600
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise StorageError(f"{path.name}: {error.strerror or error}") from error


def _with_unread(written: dict[str, Any], path: Path) -> dict[str, Any]:
    """Add what the file holds and this version can't read: foreign entries, and values that nobody replaced."""
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return written
    kinds, standard = get_type_hints(Settings), msgspec.to_builtins(Settings())
    for name, value in stored.items() if isinstance(stored, dict) else ():
        if name not in kinds:
            written[name] = value
        elif get_origin(kinds[name]) is tuple and isinstance(value, list):
            kind = get_args(kinds[name])[0]
            written[name] = [*written[name], *(entry for entry in value if not _is_readable(entry, kind))]
        elif written[name] == standard[name] and not _is_readable(value, kinds[name]):
            written[name] = value
    return written


def _is_readable(value: object, kind: Any) -> bool:
    try:
        msgspec.convert(value, kind)
    except msgspec.ValidationError:
        return False
    return True


def _as_text(entries: dict[str, Any]) -> str:
    """As UTF-8 can write it: half a surrogate pair, which a paste can bring, only as an escape."""
    text = json.dumps(entries, indent=2, ensure_ascii=False) + "\n"
    return text if _is_utf_8(text) else json.dumps(entries, indent=2) + "\n"


def _is_utf_8(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _kept(path: Path, why: str) -> str:
    try:
        return f"{why}; kept as {set_aside(path).name}"
    except OSError as error:
        return f"{why}; it could not be set aside: {error.strerror}"
