"""Where things lie on this computer: the user's data folder and the program's resources."""

import os
import sys
import time
from pathlib import Path
from typing import NamedTuple

import platformdirs

from app.domain.errors import DatabaseUnusable


class DataFolder(NamedTuple):
    """All that Belay keeps for a user. The folder is 0700, each file 0600."""

    root: Path

    @property
    def database(self) -> Path:
        return self.root / "belay.db"

    @property
    def settings(self) -> Path:
        return self.root / "settings.json"

    @property
    def log(self) -> Path:
        return self.root / "belay.log"

    @property
    def crash_log(self) -> Path:
        return self.root / "crash.log"

    @property
    def lock(self) -> Path:
        return self.root / "belay.lock"

    def prepare(self) -> None:
        """
        Create the folder if need be, closed to others, and see that it can be written.

        Raises:
            DatabaseUnusable: it can't be created or written; the reason is in `detail`.
        """
        probe = self.root / f".probe-{os.getpid()}"
        try:
            self.root.mkdir(parents=True, exist_ok=True, mode=0o700)
            if os.name == "posix":
                self.root.chmod(0o700)
            probe.touch(mode=0o600)
            probe.unlink()
        except OSError as error:
            raise DatabaseUnusable(f"{self.root}: {error.strerror or error}") from error


def data_folder(chosen: str | None) -> DataFolder:
    """Return the folder named on the command line or in BELAY_DATA_DIR, else the system's place for such data."""
    named = chosen or os.environ.get("BELAY_DATA_DIR")
    if named:
        return DataFolder(Path(named).expanduser().absolute())
    return DataFolder(platformdirs.user_data_path("belay-chat", appauthor=False))


def resources() -> Path:
    """Return the folder of fonts and icons: in the frozen program, beside the source, or inside the wheel."""
    if frozen := getattr(sys, "_MEIPASS", None):
        return Path(frozen) / "resources"
    package = Path(__file__).resolve().parents[1]
    beside = package.parent / "resources"
    return beside if beside.is_dir() else package / "resources"


def set_aside(path: Path) -> Path:
    """Rename a file that can't be used, with its companions, so that nothing of it is lost. Returns its new name."""
    target = path.with_name(f"{path.name}.set-aside-{time.strftime('%Y%m%dT%H%M%S')}")
    path.rename(target)
    for ending in ("-wal", "-shm"):
        companion = path.with_name(path.name + ending)
        if companion.exists():
            companion.rename(target.with_name(target.name + ending))
    return target
