"""How a stream ended, as far as it is known, and whether that is a failure."""

from app.domain.completion import Finish, FinishReason
from app.domain.errors import AnswerEmpty, ContentFiltered, StreamBroken
from app.providers.wire import WireUsage

_FAILED_REASONS = frozenset({"error", "insufficient_system_resource", "network_error"})  # OpenRouter, DeepSeek, Zhipu


class StreamEnd:
    """What is known of the end of a stream so far."""

    def __init__(self) -> None:
        self.is_done = False
        self.has_begun = False  # a word of the answer, or of what the model thinks, has come
        self.reason: FinishReason | None = None
        self.word = ""  # the provider's own
        self._usage = WireUsage()

    def check(self) -> None:
        """
        Tell an end that is a failure from one that is none.

        Raises:
            ContentFiltered, StreamBroken, AnswerEmpty
        """
        if self.reason is FinishReason.CONTENT_FILTER:
            raise ContentFiltered
        if self.word in _FAILED_REASONS:
            raise StreamBroken(f"the provider ended it: {self.word}")
        if not self.has_begun and self.reason in (None, FinishReason.STOP):
            raise AnswerEmpty

    def note_reason(self, word: str) -> None:
        self.word = word
        try:
            self.reason = FinishReason(word)
        except ValueError:
            self.reason = FinishReason.OTHER

    def note_usage(self, usage: WireUsage | None) -> None:
        """The last word counts, also one after the finish_reason."""
        if usage is not None and (usage.prompt_tokens is not None or usage.completion_tokens is not None):
            self._usage = usage

    def finish(self) -> Finish:
        usage, reason = self._usage, self.reason or FinishReason.OTHER
        return Finish(reason, usage.prompt_tokens, usage.completion, usage.cached, usage.reasoning)
