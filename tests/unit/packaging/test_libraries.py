"""A library that is neither shipped nor asked for is found before a package is made."""

import shutil
import sys
from pathlib import Path

import pytest
from linux.libraries import strangers

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="reads what Linux loads"),
    pytest.mark.skipif(shutil.which("objdump") is None, reason="wants objdump (Debian: binutils)"),
]


def module_of_python(name: str, folder: Path) -> Path:
    file = pytest.importorskip(name).__file__
    if file is None:
        pytest.skip(f"{name} is built into this Python")
    return Path(shutil.copy(file, folder))


def test_a_module_whose_library_was_left_out_is_named(tmp_path: Path) -> None:
    module = module_of_python("_lzma", tmp_path)
    assert strangers(tmp_path) == {"liblzma.so.5": module.name}


def test_a_library_that_lies_in_the_program_is_none(tmp_path: Path) -> None:
    module_of_python("_lzma", tmp_path)
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "liblzma.so.5").touch()
    assert strangers(tmp_path) == {}
