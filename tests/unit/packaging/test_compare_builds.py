"""Two builds are the same only if every name, byte, mode and link is."""

from collections.abc import Callable
from pathlib import Path

import pytest
from compare_builds import compare, differences


def build(folder: Path) -> Path:
    (folder / "lib").mkdir(parents=True)
    (folder / "lib" / "a.so").write_bytes(b"\x7fELF")
    (folder / "lib" / "a.so").chmod(0o644)
    (folder / "a.so").symlink_to("lib/a.so")
    return folder


def relink(folder: Path) -> None:
    (folder / "a.so").unlink()
    (folder / "a.so").symlink_to("lib/b.so")


CHANGES: dict[str, Callable[[Path], object]] = {
    "a byte": lambda folder: (folder / "lib" / "a.so").write_bytes(b"\x7fELf"),
    "a mode": lambda folder: (folder / "lib" / "a.so").chmod(0o600),
    "a link": relink,
    "a file more": lambda folder: (folder / "lib" / "b.so").touch(),
    "a file less": lambda folder: (folder / "lib" / "a.so").unlink(),
}


def test_the_same_is_the_same(tmp_path: Path) -> None:
    assert compare(build(tmp_path / "one"), build(tmp_path / "other")) == 0


@pytest.mark.parametrize("change", CHANGES)
def test_one_change_is_one_difference(tmp_path: Path, change: str) -> None:
    one, other = build(tmp_path / "one"), build(tmp_path / "other")
    CHANGES[change](other)
    assert len(differences(one, other)) == 1
    assert compare(one, other) == 1


def test_nothing_is_not_the_same_as_nothing(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="not there"):
        compare(tmp_path / "one", tmp_path / "other")
