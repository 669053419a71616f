"""Link reference definitions, taken off the beginning of a paragraph."""

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, reference

from app.markdown.references import References


class Definitions:
    def __init__(self, references: References) -> None:
        self._references = references
        self._reader = MarkdownIt("zero")

    def take(self, text: str) -> str:
        """Note what the text defines at its beginning. Returns the rest of it."""
        rest, found = self._read(text)
        for label, target in found.items():
            if label not in self._references.links:
                self._references.links[label] = target
                self._references.version += 1
        return rest

    def rest_of(self, text: str) -> str:
        """What `take` would return."""
        return self._read(text)[0]

    def _read(self, text: str) -> tuple[str, dict[str, tuple[str, str]]]:
        defined: dict[str, tuple[str, str]] = {}
        while text.startswith("["):
            environment: dict[str, dict[str, dict[str, str]]] = {}
            state = StateBlock(text, self._reader, environment, [])
            if not reference(state, 0, state.lineMax, False):
                break
            for label, found in environment["references"].items():
                defined.setdefault(label, (found["href"], found["title"]))
            text = "\n".join(text.split("\n")[state.line :])
        return text, defined
