"""What a screen reader is told of an answer: every finished sentence once, no Markdown, and not too often."""

import pytest

from app.ui.transcript.narration import INTERVAL_S, LONGEST_CHARACTERS, SKIPPED, Narration, Narrator

ANSWER = """# Rolling hash

Compute the **high power** once. Use `pow(base, m)`, e.g. as [the paper](http://x.org) says. It costs $O(n)$.

- first item
- second *item* here

```py
a = 1
b = 2
```

| a | b |
| - | - |
| 1 | 2 |

> A quote. With two sentences.

---

The end"""

TOLD = [
    "Rolling hash",
    "Compute the high power once.",
    "Use pow(base, m), e.g. as the paper says.",
    "It costs O(n).",
    "first item",
    "second item here",
    "Code block in Python, 2 lines.",
    "Table, 2 columns, 1 row.",
    "A quote.",
    "With two sentences.",
    "The end",
]


@pytest.mark.parametrize("size", [1, 7, 64, len(ANSWER)])
def test_an_answer_is_told_sentence_by_sentence_however_it_arrives(size: int) -> None:
    narration = Narration()
    told: list[str] = []
    for start in range(0, len(ANSWER), size):
        narration.feed(ANSWER[start : start + size])
        told += narration.take()
    narration.finish()
    told += narration.take()
    assert told == TOLD


def test_a_sentence_is_told_when_the_next_begins_and_not_before() -> None:
    narration = Narration()
    narration.feed("One is")
    assert narration.take() == []
    narration.feed(" here. Tw")
    assert narration.take() == ["One is here."]
    assert narration.take() == []
    narration.finish()
    assert narration.take() == ["Tw"]


def test_code_is_not_spelled_out_and_told_when_it_is_whole() -> None:
    narration = Narration()
    narration.feed("```\nx = 1. Then\ny\n")
    assert narration.take() == []
    narration.feed("```\n\nAfter it. ")
    assert narration.take() == ["Code block, 2 lines."]


class Clock:
    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


def test_what_comes_within_two_seconds_is_told_together() -> None:
    clock = Clock()
    narrator = Narrator(monotonic=clock)
    narrator.feed("One. ")
    assert narrator.take() == ""
    narrator.feed("Two. Three. ")
    assert narrator.take() == "One. Two."
    narrator.feed("Four. Five")
    clock.now_s += INTERVAL_S - 0.1
    assert narrator.take() == ""
    assert narrator.waits_s == pytest.approx(0.1)
    clock.now_s += 0.1
    assert narrator.take() == "Three. Four."


def test_the_end_is_told_at_once_with_the_rest() -> None:
    narrator = Narrator(monotonic=Clock())
    narrator.feed("One. Two")
    assert narrator.take() == "One."
    assert narrator.finish("Answer finished.") == "Two Answer finished."
    assert Narrator(monotonic=Clock()).finish("Answer finished.") == "Answer finished."


def test_more_than_an_ear_can_follow_is_left_out_and_it_is_said() -> None:
    narrator = Narrator(monotonic=Clock())
    narrator.feed("This is a sentence. " * 1_000)
    told = narrator.take()
    assert len(told) <= LONGEST_CHARACTERS + len(SKIPPED) + 1
    assert told.endswith(SKIPPED)
    assert narrator.finish("Answer finished.") == "This is a sentence. Answer finished."
