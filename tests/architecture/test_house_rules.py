"""Rules of the house that no linter knows."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
APP = ROOT / "app"
UI = sorted((APP / "ui").rglob("*.py"))
ALL = sorted(APP.rglob("*.py"))
BLOCKING_CALLS = {"exec", "exec_", "processEvents", "waitForFinished", "waitForReadyRead"}
BUILT_IN_MAIN_ONLY = {
    "ChatEngine",
    "ChatStore",
    "Database",
    "Journal",
    "Library",
    "Models",
    "Preferences",
    "Tasks",
    "Workspace",
}
ALLOWED_TOP_LEVEL = {
    "pyproject.toml", "README.md", "app", "resources", "tests", "packaging",
    "LICENSE", "CHANGELOG.md", "Makefile", ".gitignore", ".ci",
}  # fmt: skip


def calls(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", None) or getattr(node.func, "id", None)
            if name:
                yield name, node.lineno


@pytest.mark.parametrize("path", UI, ids=lambda path: str(path.relative_to(APP)))
def test_nothing_in_ui_awaits_or_runs_a_loop_of_its_own(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    awaiting = [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Await | ast.AsyncFunctionDef | ast.AsyncFor | ast.AsyncWith)
    ]
    assert awaiting == []
    blocking = [(name, line) for name, line in calls(path) if name in BLOCKING_CALLS]
    assert blocking == []


@pytest.mark.parametrize("path", ALL, ids=lambda path: str(path.relative_to(APP)))
def test_what_lives_as_long_as_the_program_is_built_in_main_only(path: Path) -> None:
    built = [(name, line) for name, line in calls(path) if name in BUILT_IN_MAIN_ONLY]
    assert built == [] or path == APP / "main.py"


@pytest.mark.parametrize("path", ALL, ids=lambda path: str(path.relative_to(APP)))
def test_every_module_says_what_lives_in_it(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("path", ALL, ids=lambda path: str(path.relative_to(APP)))
def test_no_module_keeps_state_of_its_own(path: Path) -> None:
    """Module names may hold constants: no list, set or dict that is written to, no `global`."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert [node.lineno for node in ast.walk(tree) if isinstance(node, ast.Global)] == []


def test_classes_that_are_only_fields_are_structs() -> None:
    """A dataclass takes a millisecond of the start to define."""
    assert {str(path.relative_to(APP)) for path in ALL if "dataclass" in path.read_text("utf-8")} <= {"main.py"}


def test_links_are_opened_in_one_place_only() -> None:
    """S3: one function hands addresses to the system."""
    openers = {str(path.relative_to(APP)) for path in ALL if any(name == "openUrl" for name, _ in calls(path))}
    assert openers == {"ui/link_opener.py"}


def test_the_top_level_holds_what_the_house_allows() -> None:
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True).stdout.split("\n")
    assert {name.split("/")[0] for name in tracked if name} <= ALLOWED_TOP_LEVEL


def loaded_by(module: str, names: tuple[str, ...]) -> list[str]:
    script = f"import sys, {module}; print(*[name for name in {names!r} if name in sys.modules])"
    shown = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    return shown.stdout.split()


def test_the_model_server_loads_neither_qt_nor_openai() -> None:
    """The child must stay small, and must start where Qt can't."""
    assert loaded_by("app.providers.local_model_server", ("PySide6", "openai")) == []


def test_imports_go_down_only() -> None:
    """The contracts of pyproject.toml, so that the tests alone tell too."""
    linted = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"], cwd=ROOT, capture_output=True, text=True
    )
    assert linted.returncode == 0, linted.stdout
