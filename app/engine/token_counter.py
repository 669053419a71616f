"""Counts tokens off the UI thread, with vocabularies that are loaded when they are wanted and given back when not."""

import asyncio
import ctypes
import logging
import sys
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from lzma import LZMAError
from typing import Protocol

from app.domain.tokens import NO_TOKENS, ClassCounts, TextClass, TokenCount, Vocabulary
from app.domain.usage import estimate_tokens
from app.providers.token_families import family_of

log = logging.getLogger(__name__)

IDLE_S = 60.0  # then 50 MB are given back; loading them again takes 0.25 s of a thread
KEPT_COUNTS = 50_000  # of texts that have ids: some 10 MB at most


class CountsTokens(Protocol):
    """A tokenizer: providers/tokenizer.py, which must not be imported before it is wanted."""

    def count(self, text: str) -> ClassCounts: ...


@dataclass(frozen=True, slots=True)
class CountedText:
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
        self._idle: asyncio.TimerHandle | None = None

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
        """Stop the timer."""
        if self._idle is not None:
            self._idle.cancel()
            self._idle = None

    def _known(self, text: CountedText, vocabulary: Vocabulary) -> ClassCounts | None:
        return self._kept.get((text.key, len(text.text), vocabulary)) if text.key is not None else None

    def _count_here(self, texts: Sequence[CountedText], vocabulary: Vocabulary) -> list[ClassCounts]:
        """In a thread of the executor."""
        with self._lock:
            tokenizer = self._tokenizer(vocabulary)
            counted = [tokenizer.count(each.text) for each in texts]
            for each, counts in zip(texts, counted, strict=True):
                if each.key is not None:
                    self._kept[each.key, len(each.text), vocabulary] = counts
            while len(self._kept) > KEPT_COUNTS:
                self._kept.popitem(last=False)
            return counted

    def _tokenizer(self, vocabulary: Vocabulary) -> CountsTokens:
        if vocabulary not in self._tokenizers:
            try:
                self._tokenizers[vocabulary] = self._load(vocabulary)
            except (OSError, LZMAError, ImportError) as error:
                log.warning("vocabulary not loaded name=%s error=%s", vocabulary, type(error).__name__)
                self._tokenizers[vocabulary] = RoughTokenizer()
        return self._tokenizers[vocabulary]

    def _stay_awake(self) -> None:
        self.close()
        self._idle = asyncio.get_running_loop().call_later(self._idle_s, self._on_idle)

    def _on_idle(self) -> None:
        self._idle = None
        asyncio.get_running_loop().run_in_executor(None, self._give_back)

    def _give_back(self) -> None:
        with self._lock:
            self._tokenizers.clear()
        if sys.platform == "linux":
            # glibc keeps what is freed: 44 of 50 MB, without this.
            trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
            if trim is not None:
                trim(0)


class RoughTokenizer:
    """Stands in where the installation lacks its vocabularies."""

    def count(self, text: str) -> ClassCounts:
        counts = [0] * len(TextClass)
        counts[TextClass.WORDS] = sum(map(estimate_tokens, text.splitlines(keepends=True)))
        return tuple(counts)
