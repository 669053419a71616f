"""
What markdown-it makes of a whole text, and what BlockStream makes of it, in one form.

markdown-it is told of our formulas, leaves footnotes where they stand, and looks for tables only where nothing else
begins: its own order makes a table of an item or a heading with a bar in it.
"""

from collections.abc import Iterable
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_block import table as table_rule
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin

from app.markdown.blocks import Block, Code, Container, Footnote, Formula, Item, Paragraph, Quote, Rule, Table
from app.markdown.starts import TASK, formula_start
from app.markdown.stream import BlockStream

# (containers, kind, details). An item is ("item", marker, number or 0, is_done, is_tight).
Shape = tuple[tuple[object, ...], str, object]
Reading = tuple[list[Shape], dict[str, tuple[str, str]], list[str]]


def new_judge() -> MarkdownIt:
    judge = MarkdownIt("commonmark", {"html": False, "maxNesting": 200})
    judge.use(footnote_plugin, inline=False, move_to_end=False)
    judge.block.ruler.before(
        "fence", "formula", _formula_rule, {"alt": ["paragraph", "reference", "blockquote", "list"]}
    )
    judge.block.ruler.before("lheading", "late_table", table_rule, {"alt": ["paragraph", "reference"]})
    judge.core.ruler.disable("inline")
    return judge


def judged(text: str, judge: MarkdownIt) -> Reading:
    environment: dict[str, Any] = {}
    shapes = _TokenReader(judge.parse(text, environment)).shapes
    links = {label: (found["href"], found["title"]) for label, found in environment.get("references", {}).items()}
    return shapes, links, [label[1:] for label in environment.get("footnotes", {}).get("refs", {})]


def streamed(chunks: Iterable[str]) -> Reading:
    stream = BlockStream()
    for chunk in chunks:
        stream.feed(chunk)
    stream.finish()
    telling = {
        id(block.container.list) for block in stream.blocks if _is_text(block) and isinstance(block.container, Item)
    }
    shapes = [_shape(block, telling) for block in stream.blocks]
    return shapes, dict(stream.references.links), list(stream.references.footnotes)


def _is_text(block: Block) -> bool:
    return isinstance(block, Paragraph) and not block.level and bool(block.text)


def _shape(block: Block, telling: set[int]) -> Shape:
    """`telling`: lists with a paragraph right in an item; only of these does markdown-it tell if they are tight."""
    path: list[object] = []
    container: Container | None = block.container
    while container is not None:
        match container:
            case Quote():
                path.append("quote")
            case Footnote(label=label):
                path.append(("footnote", label))
            case Item(list=items):
                number = container.number if items.is_ordered else 0
                is_tight = items.is_tight if id(items) in telling else None
                path.append(("item", items.marker, number, container.is_done, is_tight))
        container = container.parent
    return tuple(reversed(path)), *_details(block)


def _details(block: Block) -> tuple[str, object]:
    match block:
        case Paragraph():
            return "text", (block.level, _lines(block.text))
        case Code():
            return (
                ("fence", (block.info, block.text.rstrip("\n")))
                if block.is_fenced
                else ("code", block.text.rstrip("\n"))
            )
        case Table():
            return "table", (block.header, *block.rows)
        case Formula():
            return "formula", block.tex
        case Rule():
            return "rule", None


def _lines(text: str) -> str:
    """Blanks at the beginning of a line, and at the end of the last, are not seen."""
    return "\n".join(line.lstrip(" \t") for line in text.split("\n")).rstrip()


def _formula_rule(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    if state.is_code_block(start):
        return False
    found = formula_start(state.src[state.bMarks[start] + state.tShift[start] : state.eMarks[start]])
    if found is None:
        return False
    if silent:
        return True
    lines, line = [found.body], start + 1
    is_over = found.is_over
    while not is_over and line < end:
        first, last = state.bMarks[line] + state.tShift[line], state.eMarks[line]
        if state.sCount[line] < 0 or (first < last and state.sCount[line] < state.blkIndent):
            break
        text = state.src[first:last].rstrip(" \t")
        is_over = text.endswith(found.end)
        lines.append(text[:-2] if is_over else text)
        line += 1
    state.line = line
    state.push("formula", "", 0).content = "\n".join(lines).strip()
    return True


class _TokenReader:
    def __init__(self, tokens: list[Token]) -> None:
        self.shapes: list[Shape] = []
        self._path: list[Any] = []
        self._lists: list[dict[str, Any]] = []
        self._cells: list[list[str]] = []
        self._found: list[tuple[tuple[Any, ...], str, object]] = []
        for number, token in enumerate(tokens):
            self._read(token, tokens, number)
        self.shapes = [(tuple(map(_step, path)), kind, details) for path, kind, details in self._found]

    def _read(self, token: Token, tokens: list[Token], number: int) -> None:  # noqa: C901 - a flat table of tokens
        match token.type:
            case "blockquote_open":
                self._path.append("quote")
            case "footnote_reference_open":
                self._path.append(("footnote", token.meta["label"]))
            case "bullet_list_open" | "ordered_list_open":
                first = int(token.attrs.get("start", 1)) if token.type.startswith("ordered") else 0
                self._lists.append({"next": first, "is_ordered": token.type.startswith("ordered"), "is_tight": None})
            case "bullet_list_close" | "ordered_list_close":
                self._lists.pop()
            case "list_item_open":
                self._begin_item(token, tokens, number)
            case "list_item_close" | "blockquote_close" | "footnote_reference_close":
                self._path.pop()
            case "paragraph_open":
                self._add("text", (0, _lines(tokens[number + 1].content)))
                if self._path and isinstance(self._path[-1], dict) and self._path[-1]["list"]["is_tight"] is None:
                    self._path[-1]["list"]["is_tight"] = token.hidden
            case "heading_open":
                self._add("text", (int(token.tag[1]), _lines(tokens[number + 1].content)))
            case "fence":
                self._add("fence", (token.info.strip(), token.content.rstrip("\n")))
            case "code_block":
                self._add("code", token.content.rstrip("\n"))
            case "hr":
                self._add("rule", None)
            case "formula":
                self._add("formula", token.content)
            case "tr_open":
                self._cells.append([])
            case "inline" if self._cells:
                self._cells[-1].append(token.content)
            case "table_close":
                self._add("table", tuple(map(tuple, self._cells)))
                self._cells = []

    def _begin_item(self, token: Token, tokens: list[Token], number: int) -> None:
        items = self._lists[-1]
        item = {"marker": token.markup, "number": items["next"], "list": items, "is_done": None}
        items["next"] += items["is_ordered"]
        self._path.append(item)
        follower = tokens[number + 1]
        if follower.type == "list_item_close":
            self._add("text", (0, ""))
        elif follower.type == "paragraph_open":
            text = tokens[number + 2]
            first, newline, rest = text.content.partition("\n")
            if (box := TASK.match(first)) is not None:
                item["is_done"] = box[1] != " "
                text.content = first[box.end() :] + newline + rest

    def _add(self, kind: str, details: object) -> None:
        self._found.append((tuple(self._path), kind, details))


def _step(step: Any) -> object:
    if not isinstance(step, dict):
        return step
    return "item", step["marker"], step["number"], step["is_done"], step["list"]["is_tight"]
