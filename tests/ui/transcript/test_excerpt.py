"""What is copied of a message says what it stood in: list markers, quotes, headings."""

import pytest

from app.ui.transcript.cells.cell import END, START
from app.ui.transcript.materials import Materials
from tests.ui.transcript.bodies import new_body

WHOLE = (0, START), (1 << 60, END)

DOCUMENT = """\
# Title

Some **bold** text.

- one
- two `code`
  1. nested
  2. second

     with a paragraph
- [x] done
- [ ] open

> quoted
>
> - in a list

***

```py
x = 1
```

| a | b |
| --- | --- |
| 1 | 2 |"""


def test_markdown_of_all_of_it_is_what_was_written(materials: Materials) -> None:
    assert new_body(DOCUMENT, materials).markdown_between(*WHOLE) == DOCUMENT.replace("***", "---")


@pytest.mark.parametrize(
    "source",
    [
        "1. one\n2. two\n3. three",
        "7) seven\n8) eight",
        "* a\n* b\n\n  c",
        "- one\n  goes on\n- two",
        "> a\n>\n> b\n> > c",
        "- > quoted in an item\n  >\n  > more\n- next",
        "Text[^a].\n\n[^a]: Note.",
        "a\n\n---\n\nb",
        "$$\nx\n$$",
        "- a\n  - b\n    - c\n\n      d",
        "## Two\ntext at once",
        "- x\n\n  ```py\n  code\n  ```\n- y",
    ],
)
def test_markdown_written_again_is_the_same(materials: Materials, source: str) -> None:
    assert new_body(source, materials).markdown_between(*WHOLE) == source


def test_plain_text_keeps_the_markers_of_lists_and_quotes_but_none_of_emphasis(materials: Materials) -> None:
    body = new_body("# Title\n\nSome **bold** text.\n\n- one\n- two\n  - three\n\n> quoted", materials)
    assert body.text_between(*WHOLE) == "Title\n\nSome bold text.\n\n- one\n- two\n  - three\n\n> quoted"


def test_a_part_of_an_item_is_copied_without_its_marker(materials: Materials) -> None:
    body = new_body("- one\n- two three", materials)
    assert body.text_between((1, (0, 4)), (1, (0, 9))) == "three"
    assert body.markdown_between((1, (0, 4)), (1, (0, 9))) == "three"
    assert body.html_between((1, (0, 4)), (1, (0, 9))) == "three"


def test_a_selection_that_begins_inside_an_item_has_the_markers_of_the_next(materials: Materials) -> None:
    body = new_body("- one two\n- three\n  - four", materials)
    assert body.markdown_between((0, (0, 4)), (2, END)) == "two\n- three\n  - four"


def test_an_excerpt_from_deep_in_a_list_begins_at_the_margin(materials: Materials) -> None:
    body = new_body("- one\n  - two\n  - three\n- four", materials)
    assert body.markdown_between((1, START), (2, END)) == "- two\n- three"


def test_what_ends_before_the_first_character_of_a_cell_has_nothing_of_it(materials: Materials) -> None:
    body = new_body("one\n\ntwo", materials)
    assert body.text_between((0, START), (1, START)) == "one"


def test_html_nests_as_the_text_does(materials: Materials) -> None:
    body = new_body("# T\n\nA **b**\n\n- one\n  1. two\n- three\n\n> q", materials)
    assert body.html_between(*WHOLE) == (
        "<h1>T</h1><p>A <strong>b</strong></p>"
        "<ul><li>one<ol><li>two</li></ol></li><li>three</li></ul>"
        "<blockquote><p>q</p></blockquote>"
    )


def test_html_shows_markup_in_text_as_it_was_written(materials: Materials) -> None:
    assert new_body("<b>x</b> & y", materials).html_between(*WHOLE) == "<p>&lt;b&gt;x&lt;/b&gt; &amp; y</p>"


def test_folded_thoughts_are_not_copied_and_unfolded_ones_are(materials: Materials) -> None:
    body = new_body("Answer", materials, reasoning="Thought")
    assert body.text_between(*WHOLE) == "Answer"
