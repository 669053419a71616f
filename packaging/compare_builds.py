"""
Proves that the same commit gives the same program and the same packages, byte for byte, wherever it is built.

`python packaging/compare_builds.py [--edition lite]` clones the last commit into two folders of different names, runs
`make package` in each, and compares what lies in their dist. `python packaging/compare_builds.py ONE OTHER` compares
two folders that are there. Exit code 1 if anything differs.
"""

import argparse
import hashlib
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
# Of different lengths: a path that leaks in moves what comes after it.
PLACES = ("one", "another_place/with_a_longer_name")


def main() -> int:
    parser = argparse.ArgumentParser(description="Compare two builds of the last commit, or two folders.")
    parser.add_argument("folders", nargs="*", type=Path, metavar="FOLDER", help="two folders that are there already")
    parser.add_argument("--edition", choices=("full", "lite", "both"), default="both")
    options = parser.parse_args()
    if options.folders:
        if len(options.folders) != 2:
            parser.error("two folders, or none")
        return compare(*options.folders)
    with tempfile.TemporaryDirectory(prefix="belay-builds-") as made:
        one, other = (built(Path(made) / name, options.edition) for name in PLACES)
        return compare(one, other)


def built(place: Path, edition: str) -> Path:
    """Build the last commit in `place`. Returns the folder with what was made."""
    print(f"building in {place.name}…", flush=True)
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(place)], check=True)
    command = ["make", "--no-print-directory", "package", f"ARGS=--edition {edition}"]
    subprocess.run(command, cwd=place, check=True)
    return place / "dist"


def compare(one: Path, other: Path) -> int:
    found = differences(one, other)
    for sentence in found:
        print(sentence)
    print(f"{len(found)} differences" if found else f"the same: {len(contents(one))} files, folders and links")
    return 1 if found else 0


def differences(one: Path, other: Path) -> list[str]:
    """Return a sentence for each path that is not the same in both."""
    first, second = contents(one), contents(other)
    sentences = []
    for name in sorted(first.keys() | second.keys()):
        if name not in first or name not in second:
            sentences.append(f"only in {one if name in first else other}: {name}")
        elif first[name] != second[name]:
            sentences.append(f"differs: {name} ({' '.join(first[name])} and {' '.join(second[name])})")
    return sentences


def contents(folder: Path) -> dict[str, tuple[str, str]]:
    """Return for each path below `folder` its mode, and what it holds: a file's hash or a link's target."""
    return {str(path.relative_to(folder)): (stat.filemode(path.lstat().st_mode), _held(path)) for path in _all(folder)}


def _all(folder: Path) -> list[Path]:
    found = sorted(folder.rglob("*"))
    if not found:
        raise SystemExit(f"{folder} is empty, or is not there")
    return found


def _held(path: Path) -> str:
    if path.is_symlink():
        return str(path.readlink())
    if not path.is_file():
        return ""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:16]


if __name__ == "__main__":
    sys.exit(main())
