"""
Cuts a JSON document from outside into the objects of one list, without decoding the rest.

A decoder written in C holds the interpreter until it has done with its document: 0.7 s for 10 MB of the worst kind,
and the window would stand still. Here each step is a small one, and the reader of the pieces decodes them one by one.
"""

import re
from collections.abc import Iterator

MAX_DEPTH = 64
MAX_MARKS = 1_000_000  # brackets and strings in the document: about a second of work in a thread

_MARK = re.compile(rb'["\[\]{}]')
_IN_STRING = re.compile(rb'[^"\\]*+(?:\\.[^"\\]*+){0,5000}+', re.DOTALL)
_TO_LIST = re.compile(rb"\s*:\s*(\[|null)")


class Broken(ValueError):
    """The document is cut, too deep or too long."""


class NoSuchList(Broken):
    """The document is whole, and has no list of that name."""


def objects_in(document: bytes, name: bytes) -> Iterator[bytes]:
    """
    Yield the objects of the list that the document is, or has as its member `name`, each as its own bytes.

    What else is in the list is passed over. What is between the brackets is not looked at: each object has still to
    be decoded, and may turn out to be nonsense.

    Raises:
        NoSuchList, Broken: when it is come to; the objects before it have been yielded.
    """
    marks = _Marks(document)
    first = document.lstrip()[:1]
    if first != b"[":
        marks.go_to_list(name)
    else:
        marks.next()
    depth, begin = 0, 0
    while True:
        at, mark = marks.next()
        if mark in b"[{":
            depth += 1
            if depth > MAX_DEPTH:
                raise Broken("it is too deep")
            if depth == 1:
                begin = at
        elif mark in b"]}":
            depth -= 1
            if depth < 0:
                return
            if depth == 0 and mark == b"}":
                yield document[begin : at + 1]


class _Marks:
    """Goes through a document from bracket to bracket; a string counts as one mark."""

    def __init__(self, document: bytes) -> None:
        self._document = document
        self._at = 0
        self._seen = 0

    def next(self) -> tuple[int, bytes]:
        """Return the next bracket, or the quote that a string begins with, and go behind it."""
        self._seen += 1
        found = _MARK.search(self._document, self._at)
        if found is None:
            raise Broken("it ends in the middle")
        if self._seen > MAX_MARKS:
            raise Broken("it is too long")
        mark = found.group()
        self._at = self._end_of_string(found.end()) if mark == b'"' else found.end()
        return found.start(), mark

    def go_to_list(self, name: bytes) -> None:
        """Go behind the bracket that opens the list that is the member `name` of the document."""
        depth = 0
        while True:
            at, mark = self.next()
            if mark in b"[{":
                depth += 1
                if depth > MAX_DEPTH:
                    raise Broken("it is too deep")
            elif mark in b"]}":
                depth -= 1
                if depth <= 0:
                    raise NoSuchList(f"it has no list named {name.decode()}")
            elif depth == 1 and self._document[at + 1 : self._at - 1] == name:
                opening = _TO_LIST.match(self._document, self._at)
                if opening is not None:
                    self._at = opening.end()
                    if opening.group(1) == b"null":  # Ollama's way to say that there are none
                        self._document, self._at = b"]", 0
                    return

    def _end_of_string(self, at: int) -> int:
        while True:
            found = _IN_STRING.match(self._document, at)
            at = found.end() if found is not None else at
            following = self._document[at : at + 1]
            if following == b'"':
                return at + 1
            if not following or at + 1 == len(self._document):
                raise Broken("it ends in the middle")
