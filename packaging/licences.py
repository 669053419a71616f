"""The licences of all that the frozen program contains, in one text."""

import sys
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

_FILES_OF_OURS = (
    ("Inter (fonts)", ROOT / "resources" / "fonts" / "Inter-LICENSE.txt"),
    ("JetBrains Mono (fonts)", ROOT / "resources" / "fonts" / "JetBrainsMono-LICENSE.txt"),
    ("Lucide (icons)", ROOT / "resources" / "icons" / "lucide-LICENSE.txt"),
)
_ONLY_TO_BUILD = frozenset(
    ("pip", "setuptools", "wheel", "altgraph", "packaging", "pyinstaller", "pyinstaller-hooks-contrib", "pefile")
)
_QT_NOTE = """\
Qt 6 and PySide6 are used under the GNU Lesser General Public License, version 3. They are separate shared
libraries in the folder _internal/PySide6, and may be replaced by others of the same interface. Their source is
published by The Qt Company at https://download.qt.io/official_releases/QtForPython/ and
https://download.qt.io/official_releases/qt/ .
"""


def third_party_licences() -> str:
    """Return a section for each installed package and each bundled asset, in the order of their names."""
    sections = [_section(name, file.read_text(encoding="utf-8")) for name, file in _FILES_OF_OURS]
    packages = sorted(metadata.distributions(), key=lambda found: found.name.lower())
    sections += [
        _section(f"{package.name} {package.version}", _licence_of(package))
        for package in packages
        if package.name.lower() not in _ONLY_TO_BUILD
    ]
    return "\n".join(sections)


def _licence_of(package: metadata.Distribution) -> str:
    about = package.metadata
    named = next((str(about[key]) for key in ("License-Expression", "License") if key in about), "")
    classified = [
        line.rpartition("::")[2].strip() for line in about.get_all("Classifier") or () if "License ::" in line
    ]
    parts = [named.strip() or ", ".join(classified) or "See its project page."]
    if package.name.lower().startswith(("pyside6", "shiboken6")):
        parts.append(_QT_NOTE)
    parts += [
        Path(str(file.locate())).read_text(encoding="utf-8", errors="replace")
        for file in package.files or ()
        if file.name.upper().startswith(("LICEN", "COPYING", "NOTICE")) and "dist-info" in str(file)
    ]
    return "\n\n".join(parts)


def _section(title: str, text: str) -> str:
    return f"{'=' * 78}\n{title}\n{'=' * 78}\n\n{text.strip()}\n"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(third_party_licences(), encoding="utf-8")
