"""How the text of a paragraph becomes runs: read as Markdown, or taken as it was written."""

from typing import Protocol

from app.markdown.runs import Run


class Reading(Protocol):
    """`app.markdown.inline.InlineText` is one."""

    settled: list[Run]

    @property
    def is_stale(self) -> bool: ...

    def feed(self, source: str) -> None: ...

    def finish(self) -> None: ...

    def open_runs(self) -> list[Run]: ...


class Verbatim:
    """Every character stands for itself: what the user wrote, and what Belay itself says."""

    is_stale = False

    def __init__(self) -> None:
        self.settled: list[Run] = []

    def feed(self, source: str) -> None:
        self.settled.append(Run(source))

    def finish(self) -> None:
        """Nothing was held back."""

    def open_runs(self) -> list[Run]:
        return []
