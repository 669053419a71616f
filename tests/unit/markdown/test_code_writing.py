"""Code that is copied as Markdown or HTML is read as the same code."""

import html

from hypothesis import given
from hypothesis import strategies as st

from app.markdown.blocks import Code
from app.markdown.code_writing import code_html, fenced
from app.markdown.stream import BlockStream

_CODE = st.lists(st.text(alphabet="`~ab\t <&", max_size=8), min_size=1, max_size=5).map("\n".join)


@given(code=_CODE, info=st.sampled_from(["", "py", "a`b", "~x"]))
def test_fences_hold_any_code(code: str, info: str) -> None:
    stream = BlockStream()
    stream.feed(fenced(code, info))
    stream.finish()
    (block,) = stream.blocks
    assert isinstance(block, Code)
    assert ("\n".join(block.lines), block.info, block.is_fenced) == (code, info, True)


def test_a_fence_is_no_longer_than_it_needs_to_be() -> None:
    assert fenced("x = 1", "py") == "```py\nx = 1\n```"
    assert fenced("```\n~~~~~") == "````\n```\n~~~~~\n````"
    assert fenced("", "py") == "```py\n```"


@given(code=st.text(), language=st.text())
def test_html_has_the_code_and_no_other_markup(code: str, language: str) -> None:
    written = code_html(code, language)
    opening, _, rest = written.partition("<code")
    attribute, _, inside = rest.partition(">")
    assert opening == "<pre>"
    assert "<" not in attribute
    assert attribute.count('"') in (0, 2)
    assert html.unescape(inside.removesuffix("</code></pre>")) == html.unescape(html.escape(code))
