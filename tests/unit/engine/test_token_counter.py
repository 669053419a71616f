"""Counting happens in a thread, remembers what does not change, and gives its memory back."""

import asyncio
import threading
from collections.abc import Callable

from app.domain.tokens import ClassCounts, TextClass, Vocabulary
from app.engine.token_counter import CountedText, CountsTokens, TokenCounter
from tests.world import tokenizer


class Watched:
    """A real tokenizer, and who used it."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._real = tokenizer(vocabulary)
        self.texts: list[str] = []
        self.threads: set[int] = set()
        self.is_closed = False

    def count(self, text: str) -> ClassCounts:
        self.texts.append(text)
        self.threads.add(threading.get_ident())
        return self._real.count(text)

    def close(self) -> None:
        self.is_closed = True


def watching(made: list[Watched]) -> Callable[[Vocabulary], CountsTokens]:
    def load(vocabulary: Vocabulary) -> CountsTokens:
        made.append(Watched(vocabulary))
        return made[-1]

    return load


async def test_the_callers_thread_never_counts_nor_loads() -> None:
    made: list[Watched] = []
    counter = TokenCounter(watching(made))
    counts = await counter.count([CountedText("hello world"), CountedText("")], "gpt-4o")
    assert [count.tokens for count in counts] == [2, 0]
    assert threading.get_ident() not in made[0].threads
    counter.close()


async def test_a_text_that_does_not_change_is_counted_once() -> None:
    made: list[Watched] = []
    counter = TokenCounter(watching(made))
    for model in ("gpt-4o", "claude-sonnet-4", "gemini-2.5-pro"):
        await counter.count([CountedText("once", "id"), CountedText("draft")], model)
    assert made[0].texts.count("once") == 1, "three families, one vocabulary"
    assert made[0].texts.count("draft") == 3
    await counter.count([CountedText("once", "id")], "gpt-4")
    assert made[1].texts == ["once"]
    counter.close()


async def test_nothing_is_loaded_for_no_text() -> None:
    made: list[Watched] = []
    counter = TokenCounter(watching(made))
    await counter.count([CountedText(""), CountedText("", "id")], "gpt-4o")
    assert not made
    counter.close()


async def test_after_a_while_the_vocabularies_are_given_back_and_counts_are_kept() -> None:
    made: list[Watched] = []
    counter = TokenCounter(watching(made), idle_s=0.02)
    await counter.count([CountedText("kept", "id")], "gpt-4o")
    async with asyncio.timeout(5):
        while counter.holds_vocabularies:
            await asyncio.sleep(0.005)
    assert (await counter.count([CountedText("kept", "id")], "gpt-4o"))[0].tokens == 2
    assert len(made) == 1
    assert made[0].is_closed
    await counter.count([CountedText("new")], "gpt-4o")
    assert len(made) == 2
    counter.close()


async def test_without_its_files_it_estimates_and_goes_on() -> None:
    tried: list[Vocabulary] = []

    def load(vocabulary: Vocabulary) -> CountsTokens:
        tried.append(vocabulary)
        raise FileNotFoundError(vocabulary)

    counter = TokenCounter(load)
    (count,) = await counter.count([CountedText("The quick brown fox jumps over the lazy dog.\n" * 10)], "gpt-4o")
    assert 60 < count.tokens < 160
    before = len(tried)
    await counter.count([CountedText("again", "id")], "gpt-4o")
    assert len(tried) == before, "not at every key"
    assert not counter.kept_counts
    counter.close()


class Mortal(Watched):
    """Dies at its second text."""

    def count(self, text: str) -> ClassCounts:
        if self.texts:
            raise BrokenPipeError
        return super().count(text)


async def test_one_that_died_is_started_again() -> None:
    made: list[Mortal] = []

    def load(vocabulary: Vocabulary) -> CountsTokens:
        made.append(Mortal(vocabulary))
        return made[-1]

    counter = TokenCounter(load)
    for text in ("one", "two", "three"):
        (count,) = await counter.count([CountedText(text)], "gpt-4o")
        assert count.tokens == 1
    assert len(made) == 3
    assert [each.is_closed for each in made] == [True, True, False]
    counter.close()


async def test_after_the_quit_nothing_is_started() -> None:
    made: list[Watched] = []
    counter = TokenCounter(watching(made))
    counter.close()
    await counter.count([CountedText("late")], "gpt-4o")
    assert not made


def test_every_class_is_counted_in_the_same_place() -> None:
    assert [each.value for each in TextClass] == list(range(len(TextClass)))
