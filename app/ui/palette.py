"""The colours, light and dark, and the measures they are used with."""

from typing import NamedTuple


class Palette(NamedTuple):
    """Colours as #rrggbb. Text on its ground keeps a contrast of 4.5 : 1 at least, `muted` too."""

    is_dark: bool
    background: str
    sidebar: str
    text: str
    muted: str
    bubble: str
    field: str  # the composer's ground
    code_background: str
    inline_code: str
    border: str
    hover: str
    selected: str
    link: str
    selection: str
    found: str  # the ground of what Find found
    found_current: str  # of the one that next and previous stand on
    strong: str  # the Send button's ground
    on_strong: str
    danger: str
    success: str  # small marks only, as `warning` and `scrollbar`
    warning: str
    warning_background: str
    scrollbar: str
    # Code on its ground, by what it is.
    syntax_keyword: str
    syntax_function: str
    syntax_class: str
    syntax_builtin: str
    syntax_string: str
    syntax_number: str
    syntax_comment: str
    syntax_operator: str
    syntax_tag: str


LIGHT = Palette(
    is_dark=False,
    background="#ffffff",
    sidebar="#f7f7f8",
    text="#0d0d0d",
    muted="#6b6b6b",
    bubble="#f3f3f4",
    field="#ffffff",
    code_background="#f9f9f9",
    inline_code="#ececee",
    border="#e6e6e8",
    hover="#ececee",
    selected="#e4e4e7",
    link="#1a5fd0",
    selection="#b9d4fb",
    found="#fff0c2",
    found_current="#ffdc7a",
    strong="#0d0d0d",
    on_strong="#ffffff",
    danger="#b3261e",
    success="#1f8a4c",
    warning="#b26a00",
    warning_background="#fdf3e1",
    scrollbar="#d3d3d7",
    syntax_keyword="#a626a4",
    syntax_function="#2f5fd0",
    syntax_class="#9a5b00",
    syntax_builtin="#0a7186",
    syntax_string="#3a7d34",
    syntax_number="#a8590a",
    syntax_comment="#6c6e75",
    syntax_operator="#3c4a5e",
    syntax_tag="#c2372e",
)

DARK = Palette(
    is_dark=True,
    background="#1c1c1e",
    sidebar="#161618",
    text="#ececec",
    muted="#9b9ba1",
    bubble="#2d2d30",
    field="#2d2d30",
    code_background="#141416",
    inline_code="#333337",
    border="#37373b",
    hover="#28282b",
    selected="#323236",
    link="#7ab4ff",
    selection="#2f4f7d",
    found="#3d3314",
    found_current="#6b5210",
    strong="#ececec",
    on_strong="#1c1c1e",
    danger="#f2b8b5",
    success="#5cc98a",
    warning="#e3ac52",
    warning_background="#3a2f1c",
    scrollbar="#4c4c51",
    syntax_keyword="#d59bea",
    syntax_function="#82b1ff",
    syntax_class="#f0c27b",
    syntax_builtin="#6fd3e0",
    syntax_string="#a5d68f",
    syntax_number="#f2b27a",
    syntax_comment="#979aa3",
    syntax_operator="#b9c0cc",
    syntax_tag="#f28b82",
)

BODY_FONT = "Inter"
CODE_FONT = "JetBrains Mono"
BODY_PX = 15
SMALL_PX = 13
CODE_PX = 13
COLUMN_WIDTH = 760  # the transcript's text; about 90 characters
