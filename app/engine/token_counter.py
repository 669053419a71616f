"""Counts tokens off the UI thread, with tokenizers that are started when they are wanted and ended when not."""

import asyncio
import logging
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Protocol

from msgspec import Struct

from app.domain.tokens import NO_TOKENS, ClassCounts, TextClass, TokenCount, Vocabulary
from app.domain.usage import estimate_tokens
from app.providers.token_families import family_of

log = logging.getLogger(__name__)

IDLE_S = 60.0  # then 80 MB are given back; loading them again takes half a second of another process
ATTEMPTS = 2
KEPT_COUNTS = 50_000  # of texts that have ids: some 10 MB at most


class CountsTokens(Protocol):
    """A tokenizer, in whatever process. Used by one thread at a time."""

    def count(self, text: str) -> ClassCounts:
        """
        Return the tokens of a text by TextClass.

        Raises:
            OSError: it is gone.
        """
        ...

    def close(self) -> None:
        """Give back what it holds."""
        ...


class CountedText(Struct, frozen=True):
    """`key` is the id of a text that does not change, None for one that may: a draft."""

    text: str
    key: str | None = None


class TokenCounter:
    def __init__(self, load: Callable[[Vocabulary], CountsTokens], *, idle_s: float = IDLE_S) -> None:
        """`load` is called in a thread, once per vocabulary and again after it was given back."""
        self._load = load
        self._idle_s = idle_s
        self._lock = threading.Lock()  # one thread counts, whatever was cancelled meanwhile
        self._tokenizers: dict[Vocabulary, CountsTokens] = {}
        self._kept: OrderedDict[tuple[str, int, Vocabulary], ClassCounts] = OrderedDict()
        self._failed: set[Vocabulary] = set()
        self._idle: asyncio.TimerHandle | None = None
        self._is_closed = False

    @property
    def holds_vocabularies(self) -> bool:
        return bool(self._tokenizers)

    @property
    def kept_counts(self) -> int:
        """How many texts need not be counted again."""
        return len(self._kept)

    async def count(self, texts: Sequence[CountedText], model: str) -> list[TokenCount]:
        """
        Return each text's tokens for a model. Waits for a thread only for what has not been counted before.

        A cancel leaves the thread to finish what it counts, at most some megabytes.
        """
        family = family_of(model)
        missing = [each for each in texts if self._known(each, family.vocabulary) is None and each.text]
        fresh: dict[int, ClassCounts] = {}
        if missing:
            self._stay_awake()
            loop = asyncio.get_running_loop()
            counted = await loop.run_in_executor(None, self._count_here, missing, family.vocabulary)
            fresh = {id(each): counts for each, counts in zip(missing, counted, strict=True)}
        return [
            family.tokens(fresh.get(id(each)) or self._known(each, family.vocabulary) or NO_TOKENS) for each in texts
        ]

    def close(self) -> None:
        """Stop the timer, and end what counts, also in the middle of a text."""
        self._is_closed = True
        self._stop_timer()
        for tokenizer in tuple(self._tokenizers.values()):
            tokenizer.close()

    def _stop_timer(self) -> None:
        if self._idle is not None:
            self._idle.cancel()
            self._idle = None

    def _known(self, text: CountedText, vocabulary: Vocabulary) -> ClassCounts | None:
        return self._kept.get((text.key, len(text.text), vocabulary)) if text.key is not None else None

    def _count_here(self, texts: Sequence[CountedText], vocabulary: Vocabulary) -> list[ClassCounts]:
        """In a thread of the executor. A tokenizer that has died is started again, once."""
        with self._lock:
            for _ in range(ATTEMPTS):
                try:
                    counted = [self._tokenizer(vocabulary).count(each.text) for each in texts]
                except OSError as error:
                    log.warning("tokens not counted vocabulary=%s error=%s", vocabulary, type(error).__name__)
                    self._drop(vocabulary)
                else:
                    self._keep(texts, counted, vocabulary)
                    return counted
            self._failed.add(vocabulary)  # until the next idle time
            return [_roughly(each.text) for each in texts]

    def _keep(self, texts: Sequence[CountedText], counted: Sequence[ClassCounts], vocabulary: Vocabulary) -> None:
        if vocabulary in self._failed:
            return
        for each, counts in zip(texts, counted, strict=True):
            if each.key is not None:
                self._kept[each.key, len(each.text), vocabulary] = counts
        while len(self._kept) > KEPT_COUNTS:
            self._kept.popitem(last=False)

    def _tokenizer(self, vocabulary: Vocabulary) -> CountsTokens:
        if vocabulary in self._failed or self._is_closed:
            raise FileNotFoundError(vocabulary)
        if vocabulary not in self._tokenizers:
            self._tokenizers[vocabulary] = self._load(vocabulary)
        return self._tokenizers[vocabulary]

    def _drop(self, vocabulary: Vocabulary) -> None:
        if (tokenizer := self._tokenizers.pop(vocabulary, None)) is not None:
            tokenizer.close()

    def _stay_awake(self) -> None:
        self._stop_timer()
        self._idle = asyncio.get_running_loop().call_later(self._idle_s, self._on_idle)

    def _on_idle(self) -> None:
        self._idle = None
        asyncio.get_running_loop().run_in_executor(None, self._give_back)

    def _give_back(self) -> None:
        with self._lock:
            self._failed.clear()
            for vocabulary in tuple(self._tokenizers):
                self._drop(vocabulary)


def _roughly(text: str) -> ClassCounts:
    """Where the installation lacks its tokenizer."""
    counts = [0] * len(TextClass)
    counts[TextClass.WORDS] = sum(map(estimate_tokens, text.splitlines(keepends=True)))
    return tuple(counts)
