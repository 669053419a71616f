"""What a bug report needs to know of this installation. Holds no key, no password, no prompt and no reply."""

from typing import NamedTuple

from msgspec import Struct


class Fact(NamedTuple):
    name: str
    value: str


class Chapter(NamedTuple):
    title: str
    facts: tuple[Fact, ...]


class Diagnosis(Struct, frozen=True, kw_only=True):
    """`chapters` are for reading; the sizes are those of the data folder and of the database in it."""

    chapters: tuple[Chapter, ...]
    folder_bytes: int
    database_bytes: int
    conversations: int
    messages: int

    def as_text(self) -> str:
        """Plain text to be copied: a line a fact, names in a column."""
        lines: list[str] = []
        for title, facts in self.chapters:
            width = max((len(fact.name) for fact in facts), default=0)
            lines += [title, *(f"  {fact.name:<{width}}  {fact.value}".rstrip() for fact in facts), ""]
        return "\n".join(lines).rstrip() + "\n"


def size_in_words(size_bytes: int) -> str:
    """As people read it: 812 KB, 1.2 MB."""
    size = float(size_bytes)
    for unit in ("bytes", "KB", "MB"):
        if size < 1000:
            return f"{size:.0f} {unit}" if unit != "MB" or size >= 100 else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} GB"
