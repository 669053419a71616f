"""What markdown-it-py makes of a whole text."""

import re
from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

from markdown_it.common.utils import MD_TRIM_CHARS, unescapeAll
from markdown_it.rules_block import StateBlock
from markdown_it.rules_block import list as list_rule
from markdown_it.token import Token

from tests.unit.markdown.judge_rules import new_parser
from tests.unit.markdown.reading import Names, Reading, trimmed


def judged(text: str) -> Reading:
    """The text as markdown-it-py reads it in one go."""
    if not text.endswith(("\n", "\r")):
        text += "\n"  # it would overlook a last line of blanks in a fence
    env: dict[str, Any] = {}
    with patch.object(list_rule, "markTightParagraphs", _mark_tight_list):
        tokens = new_parser().parse(text, env)
    references = env.get("references", {})
    return Reading(
        leaves=list(_Leaves().of(tokens)),
        links={label: (entry["href"], entry["title"]) for label, entry in references.items()},
        footnotes=[label[1:] for label in env.get("footnotes", {}).get("refs", {})],
    )


def _mark_tight_list(state: StateBlock, index: int) -> None:
    """Instead of hiding the paragraphs of a list that may have none."""
    state.tokens[index].meta = {"is_tight": True}


class _Leaves:
    """Tokens made flat."""

    def __init__(self) -> None:
        self._names = Names()
        self._path: list[_Open] = []
        self._lists: list[_OpenList] = []

    def of(self, tokens: list[Token]) -> Iterator[tuple[object, ...]]:
        for at, token in enumerate(tokens):
            if token.type.endswith("_open"):
                self._open(token)
            elif token.type.endswith("_close"):
                yield from self._close(token)
            if (leaf := self._leaf_at(tokens, at)) is not None:
                yield leaf

    def _open(self, token: Token) -> None:
        match token.type:
            case "bullet_list_open" | "ordered_list_open":
                self._lists.append(_OpenList(token))
            case "list_item_open":
                self._path.append(_Open("item", token, self._lists[-1], self._lists[-1].next_number()))
            case "blockquote_open":
                self._path.append(_Open("quote", token))
            case "footnote_reference_open":
                self._path.append(_Open("footnote", token))

    def _close(self, token: Token) -> Iterator[tuple[object, ...]]:
        match token.type:
            case "bullet_list_close" | "ordered_list_close":
                self._lists.pop()
            case "list_item_close" | "footnote_reference_close":
                if not self._path[-1].has_leaf:
                    yield self._leaf("paragraph", 0, "")
                self._path.pop()
            case "blockquote_close":
                self._path.pop()

    def _leaf_at(self, tokens: list[Token], at: int) -> tuple[object, ...] | None:
        token = tokens[at]
        match token.type:
            case "paragraph_open" | "heading_open":
                return self._text(token, tokens[at + 1].content)
            case "fence" | "code_block":
                info = unescapeAll(token.info.strip()).strip()
                return self._leaf("code", token.type == "fence", info, tuple(token.content.split("\n")[:-1]), ())
            case "formula":
                return self._leaf("formula", token.content, "")
            case "hr":
                return self._leaf("rule")
            case "table_open":
                end = next(i for i in range(at, len(tokens)) if tokens[i].type == "table_close")
                return self._leaf("table", *_table_shape(tokens[at:end]))
        return None

    def _text(self, token: Token, content: str) -> tuple[object, ...]:
        level = 0 if token.type == "paragraph_open" else int(token.tag[1])
        box = re.match(r"\[([ xX])\][ \t](?=.*[^\s])", content)
        in_item = self._path and self._path[-1].kind == "item" and not self._path[-1].has_leaf
        if in_item and box and token.markup[:1] != "#" and content[4:].split("\n")[0].strip(MD_TRIM_CHARS):
            self._path[-1].is_done = box[1] != " "
            content = content[4:]
        return self._leaf("paragraph", level, trimmed(content))

    def _leaf(self, *shape: object) -> tuple[object, ...]:
        for container in self._path:
            container.has_leaf = True
        return (tuple(container.shape(self._names) for container in self._path), *shape)


class _OpenList:
    def __init__(self, token: Token) -> None:
        self.marker = token.markup
        self.is_ordered = token.type == "ordered_list_open"
        self.first_number = int(token.attrs.get("start", 1))
        self.is_tight = bool(token.meta.get("is_tight"))
        self._items = 0

    def next_number(self) -> int:
        self._items += 1
        return self.first_number + self._items - 1


class _Open:
    def __init__(self, kind: str, token: Token, of: _OpenList | None = None, number: int = 0) -> None:
        self.kind = kind
        self.has_leaf = False
        self.is_done: bool | None = None
        self._label = token.meta.get("label")
        self._list = of
        self._number = number

    def shape(self, names: Names) -> tuple[object, ...]:
        name = names.of(self)
        if self.kind == "quote":
            return ("quote", name)
        if self._list is None:
            return ("footnote", name, self._label)
        of = self._list
        known = (names.of(of), of.marker, of.is_ordered, of.first_number, of.is_tight)
        return ("item", name, self._number, self.is_done, known)


def _table_shape(tokens: list[Token]) -> tuple[object, ...]:
    rows: list[list[str]] = []
    alignments = []
    for i, token in enumerate(tokens):
        if token.type == "tr_open":
            rows.append([])
        elif token.type in ("th_open", "td_open"):
            rows[-1].append(tokens[i + 1].content)
            if token.type == "th_open":
                style = token.attrGet("style")
                alignments.append(str(style).removeprefix("text-align:") if style else "")
    return tuple(rows[0]), tuple(alignments), tuple(tuple(row) for row in rows[1:]), ()
