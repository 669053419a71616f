"""markdown-it-py with the rules that are ours, and where it is told to decide otherwise than it does."""

from collections.abc import Callable

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from mdit_py_plugins.footnote import footnote_plugin

from app.markdown.containers import MOST_NESTED

BlockRule = Callable[[StateBlock, int, int, bool], bool]

_LONGEST_FORMULA_LINE = 4_000


def new_parser() -> MarkdownIt:
    md = MarkdownIt("commonmark", {"html": False, "maxNesting": 100_000}).enable("table")
    md.use(footnote_plugin, move_to_end=False)
    md.core.ruler.enableOnly(["normalize", "block"])
    ruler = md.block.ruler
    ruler.before("fence", "formula", _formula, {"alt": ["paragraph", "reference", "blockquote", "list"]})
    rules = {rule.name: rule.fn for rule in ruler.__rules__}
    capped = {name: _capped(rules[name]) for name in ("blockquote", "list", "footnote_def")}
    ruler.at("blockquote", capped["blockquote"], {"alt": ["paragraph", "reference", "blockquote", "list"]})
    ruler.at("list", capped["list"], {"alt": ["paragraph", "reference", "blockquote"]})
    ruler.at("footnote_def", capped["footnote_def"], {"alt": ["paragraph", "reference"]})
    others = [rules["fence"], rules["formula"], rules["hr"], rules["heading"], *capped.values()]
    ruler.at("table", _table_of_text(rules["table"], others), {"alt": ["paragraph", "reference"]})
    return md


def _capped(rule: BlockRule) -> BlockRule:
    """Containers nest so deep and no deeper: markers beyond that are text, instead of the rest being dropped."""

    def apply(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        depth = state.env.get("depth", 0)
        if silent:
            ends_a_container = state.parentType in ("blockquote", "list") or state.sCount[start] < state.blkIndent
            return (ends_a_container or depth < MOST_NESTED) and rule(state, start, end, True)
        if depth >= MOST_NESTED:
            return False
        state.env["depth"] = depth + 1
        try:
            return rule(state, start, end, False)
        finally:
            state.env["depth"] = depth

    return apply


def _table_of_text(table: BlockRule, others: list[BlockRule]) -> BlockRule:
    """The header of a table is a line of text, as GitHub has it: no item, quote, heading or fence, nor a lazy line."""

    def apply(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        if state.sCount[start] < state.blkIndent or not table(state, start, end, True):
            return False
        parent, state.parentType = state.parentType, "root"
        begins_otherwise = any(rule(state, start, end, True) for rule in others)
        state.parentType = parent
        return not begins_otherwise and (silent or table(state, start, end, False))

    return apply


def _formula(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A formula between lines of $$ or \\[ \\], or on one line, until a blank line at the latest."""
    line = _line(state, start)
    closer = {"$$": "$$", "\\[": "\\]"}.get(line[:2])
    if state.is_code_block(start) or closer is None or len(line) > _LONGEST_FORMULA_LINE:
        return False
    body = line[2:].rstrip(" \t")
    tex: list[str] = []
    following = start + 1
    if body:
        if not body.endswith(closer) or closer in body[:-2] + closer[0] or not body[:-2].strip():
            return False
        tex.append(body[:-2])
    elif not silent:
        while following < end and not state.isEmpty(following) and state.sCount[following] >= state.blkIndent:
            line = _line(state, following).rstrip(" \t")
            following += 1
            tex.append(line.removesuffix(closer))
            if line.endswith(closer):
                break
    if not silent:
        state.line = following
        token = state.push("formula", "math", 0)
        token.content = "\n".join(tex).strip()
        token.map = [start, following]
    return True


def _line(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]
