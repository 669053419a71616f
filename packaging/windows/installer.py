"""The installer for Windows."""

import subprocess
from pathlib import Path

from linux.tree import Release

HERE = Path(__file__).resolve().parent


def build_installer(frozen: Path, out: Path, release: Release, edition: str, icon: Path) -> Path:
    """Write the installer into `out`. Wants makensis; a warning of it ends the build."""
    suffix = "" if edition == "full" else f"-{edition}"
    file = out / f"Belay{suffix}-{release.version}-setup.exe"
    words = {"VERSION": release.version, "PAYLOAD": frozen, "OUT": file, "ICON": icon}
    defined = [f"-D{name}={value}" for name, value in words.items()]
    subprocess.run(["makensis", "-WX", "-V2", *defined, str(HERE / "belay.nsi")], check=True)
    return file
