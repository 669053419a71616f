"""The info string of a fence is read as people write it."""

import pytest

from app.markdown.syntax import language_of, title_of


@pytest.mark.parametrize(
    ("info", "language", "title"),
    [
        ("", "", "Code"),
        ("   ", "", "Code"),
        ("python", "python", "Python"),
        ("py title='a.py'", "py", "Python"),
        ("C++", "c++", "C++"),
        ("c#", "c#", "C#"),
        ("TypeScript", "typescript", "TypeScript"),
        ("{.rust .numberLines}", "rust", "Rust"),
        ("rust,ignore", "rust", "Rust"),
        ("js:src/app.js", "js", "JavaScript"),
        ("objective-c", "objective-c", "Objective-C"),
        ("Brainfuck", "brainfuck", "Brainfuck"),
        ("<b>bold</b>", "", "Code"),
        ("\u202e", "", "Code"),
    ],
)
def test_a_fence_names_its_language(info: str, language: str, title: str) -> None:
    assert language_of(info) == language
    assert title_of(info) == title
